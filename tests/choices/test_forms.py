"""Every choice explains itself and its fields, and can be made from its defaults."""

from __future__ import annotations

import pytest

from tui_trainer.choices.base import Choice, Settings, families
from tui_trainer.choices.forms import FormField
from tui_trainer.choices.training import Training

CHOICES = [cls for kinds in families().values() for cls in kinds.values()]
FORMS: list[type[Settings]] = [*CHOICES, Training]
FIELDS = {f"{cls.__name__}.{field.name}": field for cls in FORMS for field in cls.form()}
FIELDS |= {f"{name}.{column.name}": column for name, field in FIELDS.items() for column in field.columns}
NUMBERS = {name: field for name, field in FIELDS.items() if field.type in ("integer", "number", "integers")}


def test_every_family_has_its_choices() -> None:
    kinds = {family: set(members) for family, members in families().items()}

    assert kinds == {
        "data": {
            *("digits", "mnist", "fashion_mnist", "iris", "wine", "breast_cancer", "diabetes"),
            *("csv", "npz", "images", "text"),
            *("gaussians", "xor", "circles", "moons", "spirals", "sine", "plane", "gaussian_bumps"),
            *("parity", "adding", "sine_continuation", "remember_first", "sentences", "copy", "reverse"),
        },
        "model": {"linear", "mlp", "cnn", "rnn", "transformer", "autoencoder", "module"},
        "activation": {
            *("step", "identity", "sigmoid", "tanh", "relu", "leaky_relu", "elu", "gelu", "silu", "softplus")
        },
        "initialization": {"auto", "normal", "xavier", "he", "orthogonal", "uniform", "zeros"},
        "optimizer": {"sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw"},
        "regularization": {
            *("l1", "l2", "weight_decay", "dropout", "input_noise", "label_smoothing", "augmentation"),
            *("batch_norm", "layer_norm", "gradient_clipping", "early_stopping"),
        },
        "loss": {"auto", "cross_entropy", "binary_cross_entropy", "mse", "mae", "huber"},
        "schedule": {*("constant", "step", "exponential", "cosine", "one_cycle", "inverse_sqrt", "reduce_on_plateau")},
    }


@pytest.mark.parametrize("cls", CHOICES, ids=lambda cls: cls.__name__)
def test_a_choice_explains_itself(cls: type[Choice]) -> None:
    summary = cls.summary()

    assert "\n\n" in cls.explanation() or cls.family == "initialization"
    assert summary.endswith((".", "?"))
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
    if field.type == "integers" and not field.default:
        return  # they name something, such as classes: nobody walks along them
    assert len(field.ladder) >= 3
    assert list(field.ladder) == sorted(field.ladder)
    assert all(_within(field, rung) for rung in field.ladder)
    defaults = field.default if isinstance(field.default, tuple) else (field.default,)
    assert all(default is None or default in field.options or default in field.ladder for default in defaults)


def test_what_a_path_names_and_how_a_table_is_laid_out_stand_in_the_form() -> None:
    assert (FIELDS["Csv.file"].type, FIELDS["Csv.file"].path) == ("path", "file")
    assert ".csv" in FIELDS["Csv.file"].suffixes
    assert (FIELDS["Mnist.folder"].type, FIELDS["Mnist.folder"].path) == ("path", "folder")
    blocks = FIELDS["Cnn.blocks"]
    assert (blocks.type, blocks.row, blocks.fewest, blocks.most) == ("table", "block", 1, 50)
    assert [column.name for column in blocks.columns] == ["filters", "kernel", "stride", "padding", "pooling", "window"]
    assert [column.type for column in blocks.columns] == ["integer"] * 4 + ["option", "integer"]
    assert blocks.bounds() == "1 to 50 blocks"
    assert FIELDS["Csv.exclude"].type == "texts"


def test_rows_are_written_out_and_shortened() -> None:
    blocks = FIELDS["Cnn.blocks"]
    long = blocks.rows([8, {"kernel": 5}, blocks.default[1]])
    assert [(row["filters"], row["kernel"], row["pooling"]) for row in long] == [
        (8, 3, "max"),
        (16, 5, "max"),
        (32, 3, "max"),
    ]
    assert blocks.short_rows(long) == [8, {"kernel": 5}, 32]
    assert blocks.short_rows([{"filters": 16}]) == [16]


def _within(field: FormField, value: float) -> bool:
    return (
        (field.minimum is None or value >= field.minimum)
        and (field.maximum is None or value <= field.maximum)
        and (field.above is None or value > field.above)
        and (field.below is None or value < field.below)
    )
