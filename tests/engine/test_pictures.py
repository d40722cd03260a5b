"""What the network sees: drawn while somebody looks, true to the evaluation, and never at the cost of a run."""

from __future__ import annotations

import math
import os
import signal
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
import torch

from tests.engine.laboratory import Script, command, create, events, figures, small, train
from tests.runs.processes import until
from tui_trainer.choices.data.digits import Digits
from tui_trainer.engine import run
from tui_trainer.engine.pictures import classes, drawing
from tui_trainer.engine.run import train_run
from tui_trainer.experiment.schema import Experiment
from tui_trainer.runs.folder import RunFolder
from tui_trainer.runs.picture import Picture, look_at, looking, picture_file, read_picture, write_picture
from tui_trainer.runs.view import read
from tui_trainer.runs.workers import Worker

DIGITS = {"kind": "digits", "train_samples": 100}
WAVE = {"kind": "sine", "samples": 100}


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The steps at which pictures were written; there is no rest between two of them."""
    steps: list[int] = []

    def note(folder: RunFolder, content: dict[str, Any]) -> None:
        steps.append(content["step"])
        write_picture(folder, content)

    monkeypatch.setattr(drawing, "write_picture", note)
    monkeypatch.setattr(drawing, "SECONDS", 0.0)
    monkeypatch.setattr(drawing, "REST", 0)
    return steps


def looked_at(experiment: Experiment) -> RunFolder:
    """A run at which somebody looks until it ends, however long it takes."""
    folder = create(experiment)
    look_at(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(looking, "LOOKED_SECONDS", math.inf)
        train_run(folder, Script())
    return folder


def picture_of(folder: RunFolder) -> Picture:
    picture = read_picture(folder)
    assert picture
    return picture


# When


def test_while_nobody_looks_only_the_end_is_drawn(drawn: list[int]) -> None:
    train(small())
    assert drawn == [42]


def test_while_somebody_looks_every_evaluation_is_drawn(drawn: list[int]) -> None:
    folder = looked_at(small())
    assert drawn == [*(it.step for it in read(folder).evaluations), 42]


def test_pictures_have_a_rest_between_them(drawn: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "SECONDS", 1000.0)
    looked_at(small())
    assert drawn == [0, 42]


def test_a_pause_is_drawn(drawn: list[int]) -> None:
    script = Script({10: [command("pause")], 11: [command("resume")]})
    folder = train(small(), script)
    (paused,) = events(folder, "paused")
    assert drawn == [paused["step"], 42]


def test_a_single_step_is_drawn(drawn: list[int]) -> None:
    train(small(), Script({5: [command("step")], 7: [command("resume")]}))
    assert drawn == [6, 42]


def test_a_run_that_is_stopped_or_interrupted_is_drawn(drawn: list[int]) -> None:
    train(small(), Script({10: [command("stop")]}))
    train(small(), Script(interrupt_at=20))
    assert drawn == [10, 20]


def test_an_interruption_does_not_wait_for_a_picture(drawn: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    train(small(), Script({10: [command("pause")]}, interrupt_at=11))
    assert drawn == [10]  # at the end, not at the pause
    monkeypatch.setattr(run, "PATIENCE", -1.0)
    slow = train(small(), Script(interrupt_at=20))
    assert drawn == [10]
    assert read(slow).state == "interrupted"


def test_the_best_weights_that_are_put_back_are_drawn_as_what_they_are() -> None:
    wild = {"optimizer": {"kind": "sgd", "lr": 3.0}, "regularization": {"early_stopping": {"patience": 5}}}
    folder = train(small(**wild, training={"epochs": 30}))
    best = read(folder).best
    assert best
    assert best.step < read(folder).step
    assert picture_of(folder).step == best.step


def test_looking_changes_no_figure() -> None:
    assert figures(looked_at(small())) == figures(train(small()))


# What


def test_a_plane_says_what_the_evaluation_says() -> None:
    folder = train(small(data={"kind": "moons", "samples": 500}, training={"epochs": 20}))
    picture, last = picture_of(folder), read(folder).last
    assert last
    assert picture.confusion
    assert picture.confusion.right / picture.confusion.samples == pytest.approx(last.validation["accuracy"])
    assert picture.confusion.samples == sum(map(sum, picture.confusion.counts)) == 100
    assert picture.mistakes
    assert picture.mistakes.wrong == 100 - picture.confusion.right

    plane = picture.boundary
    assert plane
    assert plane.validation.right == picture.confusion.right
    assert (plane.train.samples, len(plane.train.x)) == (400, 300)
    assert plane.train.right / 400 == pytest.approx(last.train["accuracy"])
    # Moons are about 3 wide and 1.5 high, and the upper one comes first.
    assert plane.x[0] < -0.9
    assert plane.x[1] > 1.9
    assert picture.classes[plane.classes[plane.columns // 3]] == "upper"
    assert picture.classes[plane.classes[-plane.columns // 3]] == "lower"


def test_points_are_taken_for_what_their_cell_is_taken_for() -> None:
    plane = picture_of(train(small(data={"kind": "spirals", "samples": 400}, training={"epochs": 20}))).boundary
    assert plane
    agreed = []
    for x, y, predicted in zip(plane.train.x, plane.train.y, plane.train.predicted, strict=True):
        column = int((x - plane.x[0]) / (plane.x[1] - plane.x[0]) * plane.columns)
        row = int((plane.y[1] - y) / (plane.y[1] - plane.y[0]) * plane.rows)
        agreed.append(plane.classes[row * plane.columns + column] == predicted)
    assert np.mean(agreed) > 0.95


def test_the_worst_mistakes_are_images_of_the_data() -> None:
    picture = picture_of(train(small(data=DIGITS)))
    assert picture.mistakes
    assert picture.boundary is None
    worst = picture.mistakes.worst
    assert len(worst) == 12
    assert [it.loss for it in worst] == sorted((it.loss for it in worst), reverse=True)
    known = {tuple((image * 255 / 16).round().astype(int).ravel().tolist()) for image in Digits().load(0).x}
    for mistake in worst:
        assert (mistake.input.image.height, mistake.input.image.width) == (8, 8)
        assert mistake.input.image.greys in known
        assert mistake.true != mistake.predicted == mistake.top[0][0]
        assert -np.log(dict(mistake.top)[mistake.true]) == pytest.approx(mistake.loss, rel=1e-3)


def test_a_row_is_shown_as_it_was_before_scaling() -> None:
    picture = picture_of(train(small(data={"kind": "moons", "samples": 300}, training={"epochs": 1})))
    assert picture.mistakes
    plane = picture.boundary
    assert plane
    places = set(zip(plane.validation.x, plane.validation.y, strict=True))
    assert all((it.input.values[0], it.input.values[1]) in places for it in picture.mistakes.worst)


def test_numbers_are_predicted_in_their_own_unit() -> None:
    folder = train(small(data=WAVE, training={"epochs": 30}))
    predictions, last = picture_of(folder).predictions, read(folder).last
    assert predictions
    assert last
    for part, figures_of in ((predictions.train, last.train), (predictions.validation, last.validation)):
        errors = np.abs(np.subtract(part.targets, part.predicted))
        assert errors.mean() == pytest.approx(figures_of["mae"], rel=1e-3)
    assert predictions.r2 is not None
    residuals = np.subtract(predictions.validation.targets, predictions.validation.predicted)
    unexplained = np.square(residuals).mean() / np.var(predictions.validation.targets)
    assert predictions.r2 == pytest.approx(1 - unexplained, abs=1e-3)
    assert predictions.residual_deviation == pytest.approx(residuals.std(), rel=1e-3)
    nearest = [min(range(200), key=lambda i: abs(predictions.curve_x[i] - x)) for x in predictions.train.inputs]
    fitted = [predictions.curve_y[i] for i in nearest]
    assert fitted == pytest.approx(predictions.train.predicted, abs=0.05)


def test_many_classes_are_cut_to_the_most_confused() -> None:
    y = torch.arange(100).repeat(2)
    scores = torch.nn.functional.one_hot(y, 100).float()
    scores[50] = scores[51]  # 50 is taken for 51, once
    said = classes.confusion(scores, y)
    assert len(said["classes"]) == classes.CLASSES
    assert {50, 51} <= set(said["classes"])
    at, other = said["classes"].index(50), said["classes"].index(51)
    assert said["counts"][at][other] == 1
    assert said["totals"][at] == 2
    assert said["right"] == 199


# What may go wrong


def test_a_picture_that_cannot_be_written_costs_the_run_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(drawing, "write_picture", full)
    assert read(looked_at(small())).state == "finished"


def test_a_network_that_diverged_draws_nothing_that_is_not_finite() -> None:
    folder = looked_at(small(data=WAVE, optimizer={"kind": "sgd", "lr": 1000.0}, training={"epochs": 60}))
    assert read(folder).state == "failed"
    assert read_picture(folder) is None or picture_of(folder).step == 0


# With a real worker


@pytest.fixture
def worker() -> Iterator[Callable[..., RunFolder]]:
    pids: list[int] = []

    def begin(**groups: Any) -> RunFolder:
        folder = create(small(**groups))
        pids.append(Worker().run(folder))
        return folder

    yield begin
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue


def test_a_picture_appears_while_somebody_looks_and_none_before(worker: Callable[..., RunFolder]) -> None:
    folder = worker(training={"epochs": 1_000_000, "evaluate_every": 5, "pace": 1000})
    until(lambda: len(read(folder).evaluations) > 3)
    assert not picture_file(folder).exists()

    def first() -> bool:
        look_at(folder)
        return picture_file(folder).exists()

    until(first)
    step = picture_of(folder).step

    def next_one() -> bool:
        look_at(folder)
        return picture_of(folder).step > step

    until(next_one)
