"""What the presets with convolutions say of themselves."""

from __future__ import annotations

from pathlib import Path
from statistics import mean

from tests.presets.conftest import SELDOM, Train, TrainExperiment
from tui_trainer.experiment.presets import find


def test_mnist_cnn_reads_97_of_100_images_that_it_has_not_seen(train: Train, mnist: Path) -> None:
    view = train("mnist-cnn", data__folder=str(mnist), **SELDOM)

    assert view.last
    assert view.last.validation["accuracy"] >= 0.97


def test_digits_cnn_reads_digits_without_a_dense_layer_before_the_output(train: Train) -> None:
    view = train("digits-cnn")

    assert view.last
    assert view.last.validation["accuracy"] >= 0.98


def test_on_300_small_images_filters_have_the_lower_loss_and_take_longer(train_experiment: TrainExperiment) -> None:
    comparison = find("cnn-against-mlp").comparison()
    lasts = {arm.name: [train_experiment(arm.seeded(repeat)).last for repeat in range(2)] for arm in comparison.arms}

    loss = {name: mean(it.validation["loss"] for it in several if it) for name, several in lasts.items()}
    accuracy = {name: mean(it.validation["accuracy"] for it in several if it) for name, several in lasts.items()}
    assert loss["cnn"] < loss["mlp"]
    assert abs(accuracy["cnn"] - accuracy["mlp"]) < 0.03
