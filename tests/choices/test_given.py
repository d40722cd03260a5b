"""What is known of data without loading it, which models take it, and which fields change nothing with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from tests.engine.laboratory import small
from tui_trainer.choices.base import Choice
from tui_trainer.choices.data import Csv, DataSet, Npz, Sentences
from tui_trainer.choices.forms import FormField
from tui_trainer.choices.given import UNKNOWN, Given
from tui_trainer.choices.losses import Auto, Loss
from tui_trainer.choices.models import Cnn, Mlp, Model, ModelError, Rnn, Transformer
from tui_trainer.choices.models.cnn import Block
from tui_trainer.choices.optimizers import AdamW, Momentum, Optimizer
from tui_trainer.choices.tasks import TaskError, task_for
from tui_trainer.engine.build import build
from tui_trainer.engine.split import split
from tui_trainer.modules.signature import Signature

FILES = {"mnist", "fashion_mnist", "images", "csv", "npz", "text"}
MODELS = [kind for kind in Model.kinds() if kind != "module"]
_SAMPLE = {1: "features", 2: "sequence", 3: "image"}


def quick(kind: str) -> DataSet:
    """A data set of that kind with few samples, where there is a choice."""
    fields = {field.name for field in DataSet.kinds()[kind].form()}
    return DataSet.pick(kind, **({"samples": 50} if "samples" in fields else {}))


@pytest.mark.parametrize("kind", [kind for kind in DataSet.kinds() if kind not in FILES])
def test_what_a_data_set_says_that_it_gives_is_what_it_gives(kind: str) -> None:
    data = quick(kind)
    samples = data.load(0)
    sample = "text" if samples.vocabulary else _SAMPLE[len(samples.shape)]
    assert data.given() == Given(sample, samples.task)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", [kind for kind in DataSet.kinds() if kind not in FILES])
def test_a_model_or_loss_misses_something_exactly_where_it_is_refused(kind: str) -> None:
    data = quick(kind)
    samples = data.load(0)
    signature = task_for(samples, Mlp(), Auto()).signature(samples)
    for name in MODELS:
        model = Model.pick(name)
        assert bool(model.misses(data.given())) == refused(model, signature), name
    for name in set(Loss.kinds()) - {"binary_cross_entropy"}:  # which takes two classes alone
        loss = Loss.pick(name)
        assert bool(loss.misses(data.given())) == misjudges(loss, samples), name


@pytest.mark.parametrize(
    ("loss", "task", "missed"),
    [
        ("mse", "language", "numbers"),
        ("cross_entropy", "regression", "classes"),
        ("binary_cross_entropy", "regression", "classes"),
        ("binary_cross_entropy", "language", "two classes"),
        ("binary_cross_entropy", "classification", ""),
    ],
)
def test_a_loss_says_what_it_judges(loss: str, task: str, missed: str) -> None:
    assert Loss.pick(loss).misses(Given(task=task)) == missed


def refused(model: Model, signature: Signature) -> bool:
    try:
        model.check(signature)
    except ModelError:
        return True
    return False


def misjudges(loss: Loss, samples: Any) -> bool:
    try:
        task_for(samples, Mlp(), loss)
    except TaskError:
        return True
    return False


def test_of_data_that_nobody_knows_nothing_is_missed() -> None:
    assert all(not Model.pick(kind).misses(UNKNOWN) for kind in MODELS)
    assert all(not Loss.pick(kind).misses(UNKNOWN) for kind in Loss.kinds())
    assert Npz().given() == UNKNOWN


def test_code_of_ones_own_needs_a_word_on_the_command_line() -> None:
    assert Model.pick("module").misses(UNKNOWN) == "--allow-code"


# Fields without an effect

IMAGE = (Signature((1, 6, 6), 4), Given("image", "classification"))
SEQUENCE = (Signature((6, 3), 4), Given("sequence", "classification"))
LANGUAGE = (Signature((6,), 9, vocabulary=9, positions=6), Given("text", "language"))
TRANSLATION = (Signature((9,), 9, vocabulary=9, positions=4, source=5), Given("text", "translation"))
TINY: dict[str, Any] = {"d_model": 16, "heads": 2, "d_ff": 32}
CASES = [
    *((Transformer(**TINY), case) for case in (SEQUENCE, IMAGE, LANGUAGE, TRANSLATION)),
    *((Rnn(hidden=8, cell=cell), case) for cell in ("vanilla", "lstm", "gru") for case in (SEQUENCE, LANGUAGE)),
]


@pytest.mark.parametrize(("model", "case"), CASES, ids=str)
def test_just_the_unused_fields_of_a_model_change_nothing(model: Model, case: tuple[Signature, Given]) -> None:
    signature, given = case
    unused = model.unused(given)
    before = scores(model, signature)
    for field in model.form():
        changed = model.model_copy(update={field.name: another(field, getattr(model, field.name))})
        if not refused(changed, signature):
            after = scores(changed, signature)
            assert torch.equal(before, after) == (field.name in unused), field.name


@pytest.mark.parametrize("pooling", ["none", "max"])
def test_a_window_counts_where_something_is_pooled(pooling: str) -> None:
    block = Block(filters=2, pooling=pooling)  # type: ignore[arg-type]
    before, after = (
        scores(Cnn(blocks=(block.model_copy(update={"window": window}),), hidden=()), IMAGE[0]) for window in (2, 3)
    )
    assert torch.equal(before, after) == ("window" in block.unused(UNKNOWN))


@pytest.mark.parametrize(
    ("optimizer", "field"),
    [
        (Momentum(momentum=0.0), "dampening"),
        (Momentum(), "dampening"),
        (AdamW(weight_decay=0.0), "decay_biases"),
        (AdamW(), "decay_biases"),
    ],
    ids=str,
)
def test_just_the_unused_fields_of_an_optimizer_change_nothing(optimizer: Optimizer, field: str) -> None:
    form = next(it for it in optimizer.form() if it.name == field)
    changed = optimizer.model_copy(update={field: another(form, getattr(optimizer, field))})
    assert torch.equal(moved(optimizer), moved(changed)) == (field in optimizer.unused(UNKNOWN))


@pytest.mark.parametrize(
    "fields",
    [{}, {"window": 3}, {"validation_file": True}, {"validation_file": True, "test_share": 0.2}],
    ids=str,
)
def test_unused_fields_of_a_table_leave_its_parts_alone(tmp_path: Path, fields: dict[str, Any]) -> None:
    lines = ["a,b,label", *(f"{i % 7},{i * i % 11},{'yes' if i % 3 else 'no'}" for i in range(40))]
    (tmp_path / "table.csv").write_text("\n".join(lines))
    if fields.get("validation_file"):
        fields = fields | {"validation_file": str(tmp_path / "table.csv")}
    data = Csv(file=str(tmp_path / "table.csv"), **fields)
    unused = data.unused(data.given())
    others: dict[str, Any] = {"horizon": 2, "train_share": 0.5, "split": "time"}
    for name, value in others.items():
        changed = data.model_copy(update={name: value})
        assert name not in unused or parts(data) == parts(changed), name
    assert ("split" in unused) == (parts(data) == parts(data.model_copy(update={"split": "time"})))


def test_texts_are_not_scaled_and_numbers_are() -> None:
    text = Sentences()
    assert set(text.unused(text.given())) == {"scaling"}
    assert not DataSet.pick("moons").unused(Given("features", "classification"))


@pytest.mark.parametrize(
    "settings", [cls.pick(kind) for cls in (Model, DataSet, Optimizer, Loss) for kind in cls.kinds()], ids=str
)
def test_only_fields_of_the_form_are_unused(settings: Choice) -> None:
    for given in (UNKNOWN, *(case[1] for case in (IMAGE, SEQUENCE, LANGUAGE, TRANSLATION))):
        assert set(settings.unused(given)) <= {field.name for field in settings.form()}


def test_a_transformers_shape_speaks_of_what_counts() -> None:
    model = Transformer(encoder_layers=3, decoder_layers=2)
    assert model.shape(LANGUAGE[1]) == "2 × 64, 4 heads"
    assert model.shape(SEQUENCE[1]) == "3 × 64, 4 heads"
    assert model.shape(TRANSLATION[1]) == model.shape() == "3+2 × 64, 4 heads"


def another(field: FormField, value: Any) -> Any:
    """A value that the field allows, and does not have."""
    if field.type == "toggle":
        return not value
    if field.options:
        return next(option for option in field.options if option != value)
    return 2 * value if value else 0.5


def scores(model: Model, signature: Signature) -> torch.Tensor:
    """What the network with its initial weights says of a few samples."""
    experiment = small().model_copy(update={"model": model})
    network = build(experiment, signature, torch.device("cpu")).model.eval()
    draw = torch.Generator().manual_seed(1)
    if signature.is_text:
        x = torch.randint(signature.vocabulary, (3, *signature.inputs), generator=draw)
    else:
        x = torch.randn(3, *signature.inputs, generator=draw)
    with torch.no_grad():
        said: torch.Tensor = network(x)
    return said


def moved(optimizer: Optimizer) -> torch.Tensor:
    """A weight matrix and a bias behind a few updates."""
    parameters = [torch.nn.Parameter(torch.ones(2, 2)), torch.nn.Parameter(torch.ones(2))]
    made = optimizer.build(parameters, torch.tensor(0.1))
    for step in range(3):
        for parameter in parameters:
            parameter.grad = torch.full_like(parameter, float(step + 1))
        made.step()
    return torch.cat([parameter.detach().flatten() for parameter in parameters])


def parts(data: DataSet) -> tuple[bytes, ...]:
    """The samples and the indices of the parts that train, validate and test."""
    samples = data.load(0)
    made = split(samples, data, 0)
    return tuple(each.tobytes() for each in (samples.x, samples.y, made.train, made.validation, made.test))  # type: ignore[union-attr]
