"""A run whose data is not there yet downloads it first, and says how far that is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.laboratory import Script, command, create, events, small
from tests.mirror import Mirror, serving
from tui_trainer.choices.data import Mnist
from tui_trainer.engine.control import Control
from tui_trainer.engine.describe import describe
from tui_trainer.engine.fetch import fetch
from tui_trainer.engine.run import train_run
from tui_trainer.experiment.dump import to_mapping
from tui_trainer.experiment.problems import ExperimentError
from tui_trainer.experiment.schema import Experiment
from tui_trainer.runs.folder import RunFolder
from tui_trainer.runs.summary import summarize
from tui_trainer.runs.view import read


@pytest.fixture
def mirror(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mirror]:
    monkeypatch.setenv("TUI_TRAINER_CACHE", str(tmp_path))
    with serving() as mirror:
        mirror.publish(monkeypatch)
        yield mirror


def on_mnist() -> Experiment:
    return small(data={"kind": "mnist"}, training={"epochs": 1})


def types(folder: RunFolder) -> list[str]:
    return [event["type"] for event in events(folder)]


def test_a_run_downloads_its_data_first(mirror: Mirror) -> None:
    folder = create(on_mnist())
    assert train_run(folder, Script()) == "finished"

    said = events(folder, "preparing")
    total = sum(map(len, mirror.files.values()))
    assert said[-1]["what"] == "mnist"
    assert (said[-1]["done"], said[-1]["total"]) == (total, total)
    assert types(folder).index("started") == len(said)
    assert read(folder).samples == {"train": 40, "validation": 20}
    assert summarize(folder).started_time is not None
    assert summarize(folder).experiment_mapping  # behind what was said about the download

    again = create(on_mnist())
    assert train_run(again, Script()) == "finished"
    assert "preparing" not in types(again)


def test_a_run_whose_data_cannot_be_had_fails_and_says_why(mirror: Mirror) -> None:
    mirror.files.clear()
    folder = create(on_mnist())

    assert train_run(folder, Script()) == "failed"
    reason = read(folder).reason
    assert "mnist cannot be downloaded" in reason
    assert "the server says 404" in reason
    assert "set data.folder to a folder with train-images-idx3-ubyte.gz" in reason


def test_a_download_can_be_stopped(mirror: Mirror) -> None:
    folder = create(on_mnist())
    assert train_run(folder, Script({0: [command("stop")]})) == "stopped"
    assert events(folder, "stopped")[0]["id"] == "stop"
    assert Mnist().missing()

    interrupted = create(on_mnist())
    assert train_run(interrupted, Script(interrupt_at=0)) == "interrupted"
    assert train_run(interrupted, Script()) == "finished"  # taken up again


def test_other_commands_wait_until_it_trains(mirror: Mirror) -> None:
    folder, control = create(on_mnist()), Control()
    control.send(command("extend", epochs=1))
    train_run(folder, control)

    assert read(folder).planned_epochs == 2
    assert "extend" in read(folder).acknowledged


def test_what_is_missing_is_described_by_its_outline(mirror: Mirror) -> None:
    description = describe(to_mapping(on_mnist()))

    assert description["samples"] == {"train": 60_000, "validation": 10_000, "available": 60_000}
    assert description["shape"] == [1, 28, 28]
    assert description["notes"][0].startswith("mnist is downloaded first")
    assert mirror.asked == []


def test_fetching_by_itself(mirror: Mirror) -> None:
    said: list[int] = []
    fetch(Mnist(), lambda done, total: said.append(done))
    assert said[-1] == sum(map(len, mirror.files.values()))

    fetch(small().data, lambda done, total: pytest.fail("nothing is missing"))


def test_fetching_what_cannot_be_had(mirror: Mirror) -> None:
    mirror.files.clear()
    with pytest.raises(ExperimentError) as caught:
        fetch(Mnist(), lambda done, total: None)
    assert caught.value.problems[0].path == "data.folder"
