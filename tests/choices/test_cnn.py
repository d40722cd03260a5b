"""The convolutional network: its shapes are known before anything is built, and are those that torch finds."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from tests.choices.learning import Learner, build, live
from tui_trainer.choices.models import Cnn, Linear, Mlp, Model, ModelError
from tui_trainer.choices.models.cnn import Block, block_shapes
from tui_trainer.choices.optimizers import Optimizer
from tui_trainer.choices.regularizers import Regularizer
from tui_trainer.modules.signature import Signature


def cnn(*blocks: object, hidden: Sequence[int] = (4,)) -> Cnn:
    return Cnn.model_validate({"blocks": list(blocks), "hidden": list(hidden)})


def refusal(model: Model, signature: Signature) -> ModelError:
    with pytest.raises(ModelError) as caught:
        model.check(signature)
    return caught.value


def random_block(generator: random.Random) -> Block:
    padding: Any = generator.choice(["same", "valid", 0, 1, 2])
    return Block(
        filters=generator.randint(1, 4),
        kernel=generator.randint(1, 5),
        stride=generator.choice([1, 1, 2, 3]),
        padding=padding,
        pooling=generator.choice(["none", "max", "average"]),
        window=generator.choice([1, 2, 2, 3]),
    )


def shapes_in_torch(blocks: Sequence[Block], image: tuple[int, int, int]) -> list[tuple[tuple[int, ...], ...]] | None:
    """The shapes behind convolution and pooling of each block as plain torch has them; None where it refuses."""
    x, shapes = torch.zeros(1, *image), []
    try:
        for block in blocks:
            x = nn.Conv2d(x.shape[1], block.filters, block.kernel, block.stride, block.padding)(x)
            convolved = tuple(x.shape[1:])
            pooling = {"max": nn.MaxPool2d, "average": nn.AvgPool2d}.get(block.pooling)
            x = pooling(block.window)(x) if pooling else x
            shapes.append((convolved, tuple(x.shape[1:])))
    except (RuntimeError, ValueError):
        return None
    return shapes


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel")
@pytest.mark.parametrize("seed", range(100))
def test_shapes_are_those_of_torch_and_what_does_not_fit_is_refused_where_torch_refuses(seed: int) -> None:
    generator = random.Random(seed)
    blocks = [random_block(generator) for _ in range(generator.randint(1, 4))]
    image = (generator.randint(1, 3), generator.randint(1, 20), generator.randint(1, 20))

    found = shapes_in_torch(blocks, image)

    if found is None:
        with pytest.raises(ModelError):
            block_shapes(blocks, image)
    else:
        assert [(it.convolution, it.output) for it in block_shapes(blocks, image)] == found
        assert build(Cnn(blocks=tuple(blocks)), image, 3)(torch.zeros(2, *image)).shape == (2, 3)


@pytest.mark.parametrize(
    ("model", "image", "said", "field"),
    [
        (
            cnn(4, 4, {"kernel": 5, "padding": "valid"}),
            (1, 12, 12),
            "block 3: a 5x5 kernel does not fit a 3x3 input (at most 3, more padding, or less pooling before it)",
            "blocks.2.kernel",
        ),
        (
            cnn({"kernel": 9, "padding": 1}),
            (3, 6, 20),
            "block 1: a 9x9 kernel does not fit a 6x20 input padded by 1 (at most 8, more padding, or less pooling "
            "before it)",
            "blocks.0.kernel",
        ),
        (
            cnn(4, {"window": 5}),
            (1, 8, 8),
            "block 2: a 5x5 pooling window does not fit 4x4 channels (at most 4, or pooling none)",
            "blocks.1.window",
        ),
        (
            cnn({"stride": 2, "kernel": 5}),
            (1, 8, 8),
            "block 1: padding same keeps the size, and stride 2 cannot (write padding 2, or stride 1)",
            "blocks.0.padding",
        ),
    ],
    ids=["kernel", "padded", "window", "stride"],
)
def test_what_does_not_fit_is_named_with_its_block(
    model: Cnn, image: tuple[int, int, int], said: str, field: str
) -> None:
    error = refusal(model, Signature(image, 10))

    assert (str(error), error.field) == (said, field)
    with pytest.raises(ModelError):
        build(model, image, 10)


@pytest.mark.parametrize(
    ("signature", "said"),
    [
        (Signature((12,), 3), "cnn takes images, and a sample here is 12 numbers; pick mlp"),
        (
            Signature((20, 3), 3),
            "cnn takes images, and a sample here is a sequence of 20 x 3 numbers; pick rnn, transformer or mlp",
        ),
        (
            Signature((64,), 50, vocabulary=50, positions=64),
            "cnn takes images, and a sample here is a text of 64 tokens; pick rnn or transformer",
        ),
    ],
    ids=["table", "sequence", "text"],
)
def test_it_takes_images_only_and_says_what_would_fit(signature: Signature, said: str) -> None:
    assert str(refusal(Cnn(), signature)) == said


@pytest.mark.parametrize("model", [Linear(), Mlp()], ids=["linear", "mlp"])
def test_dense_layers_refuse_texts_and_answers_at_positions_but_take_sequences(model: Model) -> None:
    assert "pick rnn or transformer" in str(refusal(model, Signature((9,), 5, vocabulary=5)))
    assert "one at each of 4 positions" in str(refusal(model, Signature((9, 2), 5, positions=4)))
    model.check(Signature((9, 2), 5))
    assert build(model, (9, 2), 5)(torch.zeros(3, 9, 2)).shape == (3, 5)


def test_the_names_of_parameters_do_not_depend_on_optional_layers() -> None:
    def names(*regularizers: Regularizer) -> set[str]:
        module = build(cnn(2, 3), (1, 8, 8), regularizers=[(each, live(each)) for each in regularizers])
        return {name for name, _ in module.named_parameters()}

    plain = names()
    full = names(Regularizer.pick("dropout"), Regularizer.pick("batch_norm"))

    layers = ("blocks.0.linear", "blocks.1.linear", "hidden.0.linear", "output")
    assert plain == {f"{layer}.{part}" for layer in layers for part in ("weight", "bias")}
    assert plain < full
    assert {name for name in full - plain if "blocks.1" in name} == {"blocks.1.norm.weight", "blocks.1.norm.bias"}


def test_the_members_of_a_block_stand_in_their_order_and_pooling_only_where_it_pools() -> None:
    both = [Regularizer.pick("dropout"), Regularizer.pick("batch_norm")]
    model = cnn(2, {"pooling": "none"}, {"window": 1}, {"pooling": "average"})
    module = build(model, (1, 9, 9), regularizers=[(each, live(each)) for each in both])

    names = [[name for name, _ in block.named_children()] for block in module.get_submodule("blocks").children()]
    pooled, plain = ["linear", "norm", "activation", "pooling", "dropout"], ["linear", "norm", "activation", "dropout"]
    assert names == [pooled, plain, plain, pooled]
    assert isinstance(module.get_submodule("blocks.3.pooling"), nn.AvgPool2d)


def test_a_norm_has_a_scale_for_each_channel_and_dropout_leaves_out_single_places() -> None:
    norm, dropout = Regularizer.pick("batch_norm"), Regularizer.pick("dropout", rate=0.5)
    model = cnn({"filters": 3, "pooling": "none"}, hidden=())
    module = build(model, (1, 6, 6), regularizers=[(each, live(each)) for each in (norm, dropout)])
    seen: list[Tensor] = []
    module.get_submodule("blocks.0").register_forward_hook(lambda _, inputs, output: seen.append(output))

    module.train()(torch.randn(4, 1, 6, 6))

    assert module.get_parameter("blocks.0.norm.weight").shape == (3,)
    zeros = (seen[0] == 0).float().mean(dim=(2, 3))
    assert ((zeros > 0) & (zeros < 1)).all()


def test_weight_decay_acts_on_filters() -> None:
    decay = Regularizer.pick("l2", strength=1.0)
    images, classes = torch.zeros(4, 1, 4, 4), torch.tensor([0, 1, 0, 1])
    learner = Learner(
        model=cnn(4, hidden=()),
        optimizer=Optimizer.pick("sgd", lr=0.1),
        regularizers=[decay],
        samples=(images, classes),
    )
    filters = learner.module.get_parameter("blocks.0.linear.weight")
    before = filters.detach().norm()

    learner.train(10)

    # Nothing but the decay moves weights that see zeros: ten steps by a tenth.
    assert torch.isclose(filters.norm(), before * 0.9**10, rtol=1e-4)


def test_it_learns_where_a_pattern_is_what_counts_and_not_its_place() -> None:
    generator = torch.Generator().manual_seed(0)
    images, classes = torch.zeros(60, 1, 8, 8), torch.arange(60) % 2
    for image, kind in zip(images, classes, strict=True):
        row, column = (int(torch.randint(0, 6, (1,), generator=generator)) for _ in range(2))
        if kind:
            image[0, row, column : column + 3] = 1
        else:
            image[0, row : row + 3, column] = 1
    learner = Learner(model=cnn(4, hidden=()), samples=(images, classes))

    learner.train(150)

    assert learner.figures()["accuracy"] == 1


@pytest.mark.parametrize(
    ("model", "shape"),
    [
        (cnn(16, 32, hidden=(64,)), "16-32 · 64"),
        (cnn(8, 8, 8, hidden=()), "3 × 8"),
        (cnn(8, hidden=(10, 10)), "8 · 2 × 10"),
    ],
    ids=str,
)
def test_it_says_its_shape_in_a_few_characters(model: Cnn, shape: str) -> None:
    assert model.shape() == shape
