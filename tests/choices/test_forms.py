"""Every choice explains itself and its fields, and can be made from its defaults."""

from __future__ import annotations

import pytest

from tui_trainer.choices.base import Choice, Settings, families
from tui_trainer.choices.forms import FormField
from tui_trainer.choices.training import Training

CHOICES = [cls for kinds in families().values() for cls in kinds.values()]
FORMS: list[type[Settings]] = [*CHOICES, Training]
FIELDS = {f"{cls.__name__}.{field.name}": field for cls in FORMS for field in cls.form()}
NUMBERS = {name: field for name, field in FIELDS.items() if field.type in ("integer", "number", "integers")}


def test_every_family_has_its_choices() -> None:
    kinds = {family: set(members) for family, members in families().items()}

    assert kinds == {
        "data": {"digits", "mnist", "gaussians", "xor", "circles", "moons", "spirals", "sine"},
        "model": {"linear", "mlp"},
        "activation": {
            *("step", "identity", "sigmoid", "tanh", "relu", "leaky_relu", "elu", "gelu", "silu", "softplus")
        },
        "initialization": {"auto", "normal", "xavier", "he"},
        "optimizer": {"sgd", "momentum", "rmsprop", "adam"},
        "regularization": {"l1", "l2", "dropout", "batch_norm", "early_stopping"},
    }


@pytest.mark.parametrize("cls", CHOICES, ids=lambda cls: cls.__name__)
def test_a_choice_explains_itself(cls: type[Choice]) -> None:
    summary = cls.summary()

    assert "\n\n" in cls.explanation() or cls.family == "initialization"
    assert summary.endswith(".")
    assert len(summary) <= 130  # a line of a picker


@pytest.mark.parametrize("cls", CHOICES, ids=lambda cls: cls.__name__)
def test_a_choice_is_made_from_its_defaults(cls: type[Choice]) -> None:
    choice = cls.pick(cls.model_fields["kind"].default)

    assert type(choice) is cls
    assert cls.model_validate(choice.model_dump()) == choice


@pytest.mark.parametrize("field", FIELDS.values(), ids=FIELDS)
def test_a_field_is_explained(field: FormField) -> None:
    assert field.help.endswith(".")


@pytest.mark.parametrize("field", NUMBERS.values(), ids=NUMBERS)
def test_a_number_says_what_too_low_and_too_high_look_like(field: FormField) -> None:
    assert field.low.endswith(".")
    assert field.high.endswith(".")


@pytest.mark.parametrize("field", NUMBERS.values(), ids=NUMBERS)
def test_a_number_has_bounds_and_a_ladder_within_them(field: FormField) -> None:
    assert field.bounds()
    assert len(field.ladder) >= 3
    assert list(field.ladder) == sorted(field.ladder)
    assert all(_within(field, rung) for rung in field.ladder)
    defaults = field.default if isinstance(field.default, tuple) else (field.default,)
    assert all(default is None or default in field.options or default in field.ladder for default in defaults)


def _within(field: FormField, value: float) -> bool:
    return (
        (field.minimum is None or value >= field.minimum)
        and (field.maximum is None or value <= field.maximum)
        and (field.above is None or value > field.above)
        and (field.below is None or value < field.below)
    )
