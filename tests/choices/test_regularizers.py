"""Regularizers: each hook on plain values, and changes of their live fields."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
import torch
from torch import nn
from torch.nn import Parameter

from tests.choices.learning import Learner, build, live
from tui_trainer.choices.losses import BinaryCrossEntropy
from tui_trainer.choices.models import Mlp
from tui_trainer.choices.regularizers import (
    L1,
    L2,
    Augmentation,
    BatchNorm,
    Dropout,
    EarlyStopping,
    GradientClipping,
    InputNoise,
    LabelSmoothing,
    LayerNorm,
    Regularizer,
    WeightDecay,
)
from tui_trainer.choices.tasks import CLASSIFICATION, Task
from tui_trainer.choices.tasks.tokens import LANGUAGE
from tui_trainer.modules.augmentation import move
from tui_trainer.modules.batch_norm import BatchNorm as BatchNormModule
from tui_trainer.modules.dropout import Dropout as DropoutModule
from tui_trainer.modules.layer_norm import LayerNorm as LayerNormModule
from tui_trainer.modules.live import LiveValue
from tui_trainer.modules.signature import Signature


def linear_with_gradients() -> nn.Linear:
    layer = nn.Linear(2, 1)
    with torch.no_grad():
        layer.weight.copy_(torch.tensor([[2.0, -3.0]]))
        layer.bias.fill_(5.0)
    layer.weight.grad = torch.tensor([[1.0, 1.0]])
    layer.bias.grad = torch.tensor([1.0])
    return layer


@pytest.mark.parametrize(
    ("regularizer", "gradient", "penalty"),
    [(L1(strength=0.5), [1.5, 0.5], 0.5 * 5), (L2(strength=0.5), [2.0, -0.5], 0.5 / 2 * 13)],
    ids=["l1", "l2"],
)
def test_weight_penalties_act_on_weights_and_leave_biases_alone(
    regularizer: Regularizer, gradient: list[float], penalty: float
) -> None:
    layer, values = linear_with_gradients(), live(regularizer)

    regularizer.gradients(list(layer.parameters()), values)

    assert layer.weight.grad is not None
    assert layer.bias.grad is not None
    assert layer.weight.grad.flatten().tolist() == pytest.approx(gradient)
    assert layer.bias.grad.tolist() == [1.0]
    assert layer.weight.flatten().tolist() == [2.0, -3.0]
    reported = regularizer.penalty(layer, values)
    assert reported is not None
    assert reported.item() == pytest.approx(penalty)


@pytest.mark.parametrize("regularizer", [L1(strength=0.5), L2(strength=0.5)], ids=["l1", "l2"])
def test_the_added_gradient_is_that_of_the_reported_penalty(regularizer: Regularizer) -> None:
    module, values = build(Mlp(hidden=(3,))), live(regularizer)
    for parameter in module.parameters():
        parameter.grad = torch.zeros_like(parameter)
    regularizer.gradients(list(module.parameters()), values)

    weight = module.get_parameter("output.weight")
    before = regularizer.penalty(module, values)
    with torch.no_grad():
        weight[0, 0] += 1e-2
    after = regularizer.penalty(module, values)

    assert before is not None
    assert after is not None
    assert weight.grad is not None
    assert (after - before).item() / 1e-2 == pytest.approx(weight.grad[0, 0].item(), abs=6e-3)


@pytest.mark.parametrize("kind", ["l1", "l2"])
def test_a_weight_penalty_can_be_turned_up_from_nothing(kind: str) -> None:
    off = Regularizer.kinds()[kind].off()
    assert off is not None
    layer, values = linear_with_gradients(), live(off)
    assert layer.weight.grad is not None

    off.gradients(list(layer.parameters()), values)
    assert layer.weight.grad.tolist() == [[1.0, 1.0]]
    assert off.penalty(layer, values) is None

    values["strength"].set(0.5)
    off.gradients(list(layer.parameters()), values)
    assert layer.weight.grad.tolist() != [[1.0, 1.0]]
    assert off.penalty(layer, values) is not None


def test_a_weight_without_a_gradient_is_passed_over() -> None:
    frozen, layer = Parameter(torch.ones(2, 2), requires_grad=False), linear_with_gradients()
    L2(strength=0.5).gradients([frozen, *layer.parameters()], live(L2(strength=0.5)))
    assert frozen.grad is None
    assert layer.weight.grad is not None
    assert layer.weight.grad.tolist() == [[2.0, -0.5]]


def test_l1_makes_zeros_and_l2_makes_small_weights() -> None:
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(200, 20, generator=generator)
    samples = (x, (x[:, 0] > 0).long())  # 19 of the 20 inputs say nothing

    def sizes(*regularizers: Regularizer) -> torch.Tensor:
        learner = Learner(regularizers=regularizers, samples=samples)
        learner.train(400)
        return learner.module.get_parameter("hidden.0.linear.weight").detach().abs()

    plain, l1, l2 = sizes(), sizes(L1(strength=0.01)), sizes(L2(strength=0.01))

    def near_zero(weights: torch.Tensor) -> float:
        return (weights < 0.02).float().mean().item()

    assert near_zero(l1) > 0.8
    assert near_zero(plain) < 0.2
    assert near_zero(l2) < near_zero(l1)
    assert l2.square().sum() < plain.square().sum() / 2
    assert l2.max() < plain.max()


class TestDropout:
    def test_it_zeroes_the_share_and_scales_the_rest(self) -> None:
        torch.manual_seed(0)
        y = DropoutModule(LiveValue(0.2))(torch.ones(100_000))

        assert set(y.unique().tolist()) == {0.0, 1.25}
        assert (y == 0).float().mean().item() == pytest.approx(0.2, abs=0.01)

    def test_the_gradient_passes_through_the_same_units(self) -> None:
        x = torch.ones(1000, requires_grad=True)
        y = DropoutModule(LiveValue(0.5))(x)
        y.sum().backward()

        assert x.grad is not None
        assert torch.equal(x.grad, y)

    @pytest.mark.parametrize(("rate", "training"), [(0.0, True), (0.5, False)])
    def test_it_costs_and_draws_nothing_at_rate_zero_and_in_evaluation(self, rate: float, training: bool) -> None:
        module = DropoutModule(LiveValue(rate)).train(training)
        state = torch.random.get_rng_state()
        x = torch.ones(10)

        assert module(x) is x
        assert torch.equal(torch.random.get_rng_state(), state)

    def test_a_change_of_the_rate_reaches_every_layer(self) -> None:
        values = live(Dropout(rate=0.0))
        module = build(Mlp(hidden=(1000, 1000)), regularizers=[(Dropout(rate=0.0), values)]).train()
        layers = [layer for layer in module.modules() if isinstance(layer, DropoutModule)]
        assert len(layers) == 2

        values["rate"].set(0.5)

        for layer in layers:
            assert (layer(torch.ones(1000)) == 0).float().mean().item() == pytest.approx(0.5, abs=0.1)

    def test_it_leaves_the_state_of_a_model_as_it_was(self) -> None:
        plain = build(Mlp())
        dropped = build(Mlp(), regularizers=[(Dropout(), live(Dropout()))])
        assert plain.state_dict().keys() == dropped.state_dict().keys()


class TestBatchNorm:
    def test_a_batch_is_normalized_and_the_running_statistics_follow(self) -> None:
        module = BatchNormModule(2, momentum=1.0)
        x = torch.tensor([[0.0, 10.0], [2.0, 30.0]])

        y = module(x)

        torch.testing.assert_close(y, torch.tensor([[-1.0, -1.0], [1.0, 1.0]]), atol=1e-4, rtol=0)
        assert module.running_mean is not None
        assert module.running_mean.tolist() == pytest.approx([1.0, 20.0])

    def test_a_batch_of_one_uses_the_running_statistics_and_keeps_them(self) -> None:
        module = BatchNormModule(2, momentum=1.0)
        module(torch.tensor([[0.0, 10.0], [2.0, 30.0]]))
        before = {name: value.clone() for name, value in module.state_dict().items()}

        one = module(torch.tensor([[1.0, 20.0]]))

        assert one.abs().max().item() < 1e-5
        assert all(torch.equal(value, before[name]) for name, value in module.state_dict().items())
        one.sum().backward()  # and it can be trained on
        assert module.bias.grad is not None

    def test_it_takes_images(self) -> None:
        module = BatchNormModule(3)
        assert module(torch.randn(1, 3, 4, 4)).mean().item() == pytest.approx(0, abs=1e-5)

    def test_a_model_with_it_trains_and_evaluates(self) -> None:
        learner = Learner(regularizers=[BatchNorm()])
        learner.train(200)
        assert learner.figures()["accuracy"] == 1


class TestEarlyStopping:
    EPOCHS = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]

    def stop(self, losses: list[float], **fields: float) -> str | None:
        regularizer = Regularizer.pick("early_stopping", **fields)
        return regularizer.stop(losses, self.EPOCHS[: len(losses)])

    def test_it_waits_for_its_patience_and_says_why(self) -> None:
        losses = [3.0, 1.0, 2.0, 2.0, 2.0]

        assert self.stop(losses[:4], patience=3) is None
        assert (
            self.stop(losses, patience=3)
            == "early stopping: validation loss not below 1 (reached at epoch 2) for 3 epochs"
        )

    def test_an_improvement_starts_the_wait_again(self) -> None:
        assert self.stop([3.0, 2.0, 2.5, 1.0, 2.0, 2.0], patience=3) is None

    def test_an_improvement_below_the_delta_does_not_count(self) -> None:
        losses = [1.0, 0.99, 0.98, 0.97]
        assert self.stop(losses, patience=3) is None
        assert self.stop(losses, patience=3, min_delta=0.1) is not None

    def test_many_small_improvements_together_count(self) -> None:
        losses = [1.0, 0.94, 0.88, 0.82, 0.76, 0.70]
        assert self.stop(losses, patience=3, min_delta=0.1) is None

    def test_losses_that_are_no_numbers_are_no_improvement(self) -> None:
        assert self.stop([math.nan] * 3, patience=3) == "early stopping: no finite validation loss in 3 epochs"
        assert self.stop([1.0, math.nan, math.nan], patience=3) is None
        assert self.stop([1.0, math.nan, math.nan, math.nan], patience=3) is not None

    def test_patience_counts_epochs_and_not_evaluations(self) -> None:
        assert EarlyStopping(patience=10).stop([1.0, 2.0, 2.0], [5, 10, 14]) is None
        assert EarlyStopping(patience=10).stop([1.0, 2.0, 2.0], [5, 10, 15]) is not None

    def test_nothing_seen_stops_nothing(self) -> None:
        assert EarlyStopping().stop([], []) is None

    def test_whether_the_best_weights_come_back_is_its_field(self) -> None:
        assert EarlyStopping().restores_best()
        assert not EarlyStopping(restore_best=False).restores_best()
        assert not L2().restores_best()


def test_those_that_can_be_turned_up_while_training_have_an_off() -> None:
    assert {kind: cls.off() for kind, cls in Regularizer.kinds().items()} == {
        "l1": L1(strength=0.0),
        "l2": L2(strength=0.0),
        "weight_decay": WeightDecay(strength=0.0),
        "dropout": Dropout(rate=0.0),
        "input_noise": InputNoise(std=0.0),
        "label_smoothing": LabelSmoothing(share=0.0),
        "augmentation": Augmentation(shift=0.0, rotate=0.0, flip=0.0),
        "batch_norm": None,
        "layer_norm": None,
        "gradient_clipping": GradientClipping(norm=0.0),
        "early_stopping": None,
    }


@pytest.mark.parametrize("kind", [kind for kind, cls in Regularizer.kinds().items() if cls.off()])
def test_what_is_off_is_idle_until_it_is_turned_up(kind: str) -> None:
    cls = Regularizer.kinds()[kind]
    off = cls.off()
    assert off is not None
    values = live(off)
    assert off.is_idle(values)
    for value in values.values():
        value.set(0.5)
        assert not off.is_idle(values)
        value.set(0.0)
    assert not cls.pick(kind).is_idle(live(cls.pick(kind)))


@pytest.mark.parametrize(
    ("kind", "hooks"),
    [
        ("l1", {"gradients", "penalty"}),
        ("l2", {"gradients", "penalty"}),
        ("weight_decay", {"weights"}),
        ("dropout", {"layers"}),
        ("input_noise", {"batch"}),
        ("label_smoothing", {"objective"}),
        ("augmentation", {"batch"}),
        ("batch_norm", {"layers"}),
        ("layer_norm", {"layers"}),
        ("gradient_clipping", {"gradients"}),
        ("early_stopping", {"stop"}),
    ],
)
def test_a_regularizer_fills_the_hooks_that_it_needs(kind: str, hooks: set[str]) -> None:
    every = ("layers", "batch", "objective", "gradients", "weights", "penalty", "stop")
    assert {hook for hook in every if Regularizer.pick(kind).fills(hook)} == hooks


class TestWeightDecay:
    def decayed(self, regularizer: WeightDecay, lr: float = 0.1) -> nn.Linear:
        layer = linear_with_gradients()
        regularizer.weights(list(layer.parameters()), {**live(regularizer), "lr": LiveValue(lr)})
        return layer

    def test_it_takes_a_share_off_each_weight_and_leaves_biases_alone(self) -> None:
        layer = self.decayed(WeightDecay(strength=0.5))
        assert layer.weight.flatten().tolist() == pytest.approx([2.0 * 0.95, -3.0 * 0.95])
        assert layer.bias.tolist() == [5.0]
        assert layer.weight.grad is not None
        assert layer.weight.grad.tolist() == [[1.0, 1.0]]

    def test_biases_can_be_decayed_too(self) -> None:
        assert self.decayed(WeightDecay(strength=0.5, biases=True)).bias.tolist() == pytest.approx([5.0 * 0.95])

    def test_it_follows_the_present_learning_rate(self) -> None:
        assert self.decayed(WeightDecay(strength=0.5), lr=0.2).weight[0, 0].item() == pytest.approx(2.0 * 0.9)

    def test_what_is_frozen_is_not_decayed(self) -> None:
        frozen = Parameter(torch.ones(2, 2), requires_grad=False)
        WeightDecay(strength=0.5).weights([frozen], {**live(WeightDecay()), "lr": LiveValue(0.1)})
        assert frozen.eq(1).all()


@pytest.mark.parametrize(
    "regularizer", [L1(strength=0.5, biases=True), L2(strength=0.5, biases=True)], ids=["l1", "l2"]
)
def test_a_penalty_on_biases_too_is_reported_with_them(regularizer: Regularizer) -> None:
    layer = linear_with_gradients()
    regularizer.gradients(list(layer.parameters()), live(regularizer))
    assert layer.bias.grad is not None
    assert layer.bias.grad.item() == pytest.approx(1.5 if regularizer.kind == "l1" else 3.5)
    reported = regularizer.penalty(layer, live(regularizer))
    assert reported is not None
    assert reported.item() == pytest.approx(0.5 * 10 if regularizer.kind == "l1" else 0.25 * (13 + 25))


class TestGradientClipping:
    def clipped(self, norm: float) -> nn.Linear:
        layer, regularizer = linear_with_gradients(), GradientClipping(norm=norm)
        layer.weight.grad, layer.bias.grad = torch.tensor([[2.0, 2.0]]), torch.tensor([1.0])  # 3 long
        regularizer.gradients(list(layer.parameters()), live(regularizer))
        return layer

    def test_a_long_gradient_keeps_its_direction(self) -> None:
        layer = self.clipped(1.5)
        assert layer.weight.grad is not None
        assert layer.bias.grad is not None
        assert layer.weight.grad.flatten().tolist() == pytest.approx([1.0, 1.0], abs=1e-5)
        assert layer.bias.grad.item() == pytest.approx(0.5, abs=1e-5)

    @pytest.mark.parametrize("norm", [4.0, 0.0])
    def test_a_short_one_and_any_where_it_is_off_is_left_alone(self, norm: float) -> None:
        layer = self.clipped(norm)
        assert layer.weight.grad is not None
        assert layer.weight.grad.tolist() == [[2.0, 2.0]]

    def test_it_comes_behind_the_penalties(self) -> None:
        kinds = list(Regularizer.kinds())
        filling = [kind for kind in kinds if Regularizer.pick(kind).fills("gradients")]
        assert filling[-1] == "gradient_clipping"


class TestLabelSmoothing:
    def objective(self, scores: torch.Tensor, targets: torch.Tensor, task: Task, share: float) -> float:
        regularizer = LabelSmoothing(share=share)
        loss = task.loss_function()(scores, targets)
        return float(regularizer.objective(scores, targets, loss, live(regularizer)))

    def test_it_is_the_cross_entropy_with_smoothed_targets(self) -> None:
        scores, targets = torch.tensor([[2.0, -1.0, 0.5], [0.0, 3.0, 1.0]]), torch.tensor([0, 2])
        expected = nn.functional.cross_entropy(scores, targets, label_smoothing=0.3)
        assert self.objective(scores, targets, CLASSIFICATION, 0.3) == pytest.approx(expected.item())

    def test_positions_of_a_text_are_smoothed_each(self) -> None:
        scores, targets = torch.randn(2, 4, 5, generator=torch.Generator().manual_seed(0)), torch.ones(2, 4).long()
        expected = nn.functional.cross_entropy(scores.flatten(0, 1), targets.flatten(), label_smoothing=0.2)
        assert self.objective(scores, targets, LANGUAGE, 0.2) == pytest.approx(expected.item())

    def test_a_single_score_stands_for_two_classes(self) -> None:
        task = replace(CLASSIFICATION, criterion=BinaryCrossEntropy())
        scores, targets = torch.tensor([[1.5], [-0.5]]), torch.tensor([1, 1])
        smoothed = torch.tensor([[0.9], [0.9]])
        expected = nn.functional.binary_cross_entropy_with_logits(scores, smoothed)
        assert self.objective(scores, targets, task, 0.2) == pytest.approx(expected.item())


class TestInputNoise:
    def test_it_adds_noise_of_that_size_and_leaves_targets(self) -> None:
        torch.manual_seed(0)
        x, y = torch.ones(2000, 5), torch.zeros(2000).long()
        noisy, same = InputNoise(std=0.5).batch(x, y, live(InputNoise(std=0.5)))
        assert noisy.mean().item() == pytest.approx(1, abs=0.02)
        assert noisy.std().item() == pytest.approx(0.5, abs=0.02)
        assert same is y
        assert x.eq(1).all()


class TestAugmentation:
    IMAGES = torch.arange(2 * 1 * 6 * 8.0).reshape(2, 1, 6, 8)

    def moved(self, **fields: float) -> torch.Tensor:
        torch.manual_seed(0)
        regularizer = Augmentation.model_validate({"shift": 0.0, **fields})
        return regularizer.batch(self.IMAGES, torch.zeros(2).long(), live(regularizer))[0]

    def test_nothing_asked_changes_nothing(self) -> None:
        assert torch.equal(self.moved(), self.IMAGES)

    def test_a_flip_exchanges_left_and_right(self) -> None:
        assert torch.equal(self.moved(flip=1.0), self.IMAGES.flip(3))

    def test_a_shift_is_of_whole_pixels_and_repeats_the_border(self) -> None:
        for image, moved in zip(self.IMAGES, self.moved(shift=0.3), strict=True):
            candidates = []
            for down in range(-2, 3):
                for right in range(-3, 4):
                    rows = [min(max(row + down, 0), 5) for row in range(6)]
                    columns = [min(max(column + right, 0), 7) for column in range(8)]
                    candidates.append(image[:, rows][:, :, columns])
            assert any(torch.equal(moved, candidate) for candidate in candidates)

    def test_images_are_moved_differently(self) -> None:
        torch.manual_seed(0)
        same = self.IMAGES[:1].expand(8, -1, -1, -1)
        moved, _ = move(same, 0.4, 0.0, 0.0, same)
        assert len({tuple(image.flatten().tolist()) for image in moved}) > 4

    def test_a_turn_keeps_the_middle_and_stays_near_the_circle(self) -> None:
        torch.manual_seed(0)
        image = torch.zeros(1, 1, 9, 17)
        image[0, 0, 4, 8] = 1  # the middle of an image that is no square
        image[0, 0, 4, 11] = 1  # three pixels to its right
        (moved,) = move(image, 0.0, 180.0, 0.0)
        assert moved[0, 0, 4, 8].item() == pytest.approx(1, abs=1e-4)
        rows, columns = torch.meshgrid(torch.arange(9.0) - 4, torch.arange(17.0) - 8, indexing="ij")
        distance = (rows.square() + columns.square()).sqrt()
        away = moved[0, 0] * (distance > 1)
        assert away.sum() > 0.5
        assert float((away * distance).sum() / away.sum()) == pytest.approx(3, abs=0.5)

    def test_what_is_to_be_reconstructed_moves_along(self) -> None:
        torch.manual_seed(0)
        regularizer = Augmentation(shift=0.3, flip=0.5, rotate=20.0)
        x, y = regularizer.batch(self.IMAGES, self.IMAGES.clone(), live(regularizer))
        assert torch.equal(x, y)
        assert not torch.equal(x, self.IMAGES)


class TestLayerNorm:
    @pytest.mark.parametrize("shape", [(3, 4), (3, 5, 4), (3, 4, 6, 7)])
    def test_each_sample_is_normalized_alone(self, shape: tuple[int, ...]) -> None:
        x = 3 + 5 * torch.randn(shape, generator=torch.Generator().manual_seed(0))
        module = LayerNormModule(4)
        y = module(x)
        parts = y.flatten(1) if y.ndim != 3 else y.flatten(0, 1)
        torch.testing.assert_close(parts.mean(dim=1), torch.zeros(len(parts)), atol=1e-5, rtol=0)
        torch.testing.assert_close(parts.var(dim=1, correction=0), torch.ones(len(parts)), atol=1e-3, rtol=0)
        torch.testing.assert_close(module(x[:1]), y[:1])

    def test_scale_and_shift_are_those_of_a_feature_or_channel(self) -> None:
        module = LayerNormModule(2)
        with torch.no_grad():
            module.weight.copy_(torch.tensor([1.0, 0.0]))
            module.bias.copy_(torch.tensor([0.0, 7.0]))
        for shape in [(3, 2), (3, 5, 2)]:
            assert module(torch.randn(shape))[..., 1].eq(7).all()
        assert module(torch.randn(3, 2, 4, 4))[:, 1].eq(7).all()

    def test_a_model_with_it_trains_and_evaluates(self) -> None:
        learner = Learner(regularizers=[LayerNorm()])
        learner.train(200)
        assert learner.figures()["accuracy"] == 1


class TestBatchNormOfSequencesAndFrozen:
    def test_a_sequence_is_normalized_by_feature(self) -> None:
        module = BatchNormModule(2)
        x = torch.randn(3, 5, 2) * torch.tensor([1.0, 10.0]) + 3
        y = module(x)
        torch.testing.assert_close(y.flatten(0, 1).mean(dim=0), torch.zeros(2), atol=1e-5, rtol=0)
        torch.testing.assert_close(y.flatten(0, 1).std(dim=0, correction=0), torch.ones(2), atol=1e-3, rtol=0)

    def test_a_frozen_one_uses_its_running_statistics_and_keeps_them(self) -> None:
        module = BatchNormModule(2).requires_grad_(False).train()
        x = torch.tensor([[5.0, 6.0], [7.0, 9.0]])
        torch.testing.assert_close(module(x), x, rtol=1e-4, atol=1e-4)
        assert module.running_mean is not None
        assert module.running_mean.eq(0).all()


IMAGE, TEXT, TABLE = Signature((1, 8, 8), 10), Signature((5,), 10, vocabulary=9, positions=5), Signature((4,), 1)


@pytest.mark.parametrize(
    ("kind", "task", "signature"),
    [
        ("augmentation", "classification", TABLE),
        ("input_noise", "language", TEXT),
        ("batch_norm", "language", TEXT),
        ("label_smoothing", "regression", TABLE),
        ("label_smoothing", "reconstruction", IMAGE),
    ],
)
def test_what_means_nothing_for_a_task_says_why(kind: str, task: str, signature: Signature) -> None:
    assert Regularizer.kinds()[kind].misfit(task, signature)


@pytest.mark.parametrize("kind", Regularizer.kinds())
def test_all_of_them_fit_the_classification_of_images(kind: str) -> None:
    assert Regularizer.kinds()[kind].misfit("classification", IMAGE) == ""
