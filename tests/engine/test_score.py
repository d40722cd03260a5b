"""The test part: set aside, scored on request, once for each network."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.engine.laboratory import create, small, train
from tui_trainer.engine import prepare as prepare_module
from tui_trainer.engine import score as scoring
from tui_trainer.engine.prepare import prepare
from tui_trainer.engine.score import score
from tui_trainer.experiment.problems import ExperimentError
from tui_trainer.runs.score import read_score, score_file
from tui_trainer.runs.view import read

APART = {"samples": 200, "test_share": 0.25, "train_samples": 50}


def test_the_best_network_is_scored_on_samples_that_it_has_never_met() -> None:
    experiment = small(data=APART)
    split = prepare(experiment).split
    folder = train(experiment)
    made = score(folder)

    assert not set(split.test) & {*split.train, *split.validation}
    assert (made.samples, made.looks) == (len(split.test), 1) == (50, 1)
    view = read(folder)
    assert view.best
    assert (made.step, set(made.figures)) == (view.best.step, set(view.best.validation))
    assert view.samples["test"] == 50
    assert view.score == made


def test_the_same_network_is_not_looked_at_again(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = train(small(data=APART))
    made = score(folder)
    monkeypatch.setattr(scoring, "_measure", lambda *asked: pytest.fail("looked at again"))
    assert score(folder) == made


def test_another_network_of_the_run_is_another_look() -> None:
    folder = train(small(data=APART))
    first = score(folder)
    text = score_file(folder).read_text()
    score_file(folder).write_text(text.replace(f'"step": {first.step}', f'"step": {first.step + 7}'))
    assert score(folder).looks == 2


@pytest.mark.parametrize(
    ("data", "words"),
    [({"test_share": 0.0}, "set no test part aside"), ({"test_share": 0.25}, "no evaluation yet")],
)
def test_what_cannot_be_scored_is_told(data: dict[str, float], words: str) -> None:
    experiment = small(data=data)
    folder = create(experiment) if "yet" in words else train(experiment)
    with pytest.raises(ExperimentError, match=words):
        score(folder)


def test_lost_weights_are_told() -> None:
    folder = train(small(data=APART))
    shutil.rmtree(folder.checkpoints)
    with pytest.raises(ExperimentError, match="checkpoint of its best epoch"):
        score(folder)
    assert read_score(folder) is None


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"v": 2}', '{"v": 1, "step": -1}', "null"])
def test_a_damaged_score_is_none(content: str) -> None:
    folder = create(small())
    score_file(folder).write_text(content)
    assert read_score(folder) is None


def test_data_that_was_edited_since_is_told(tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    rows = [f"{i % 13},{(i % 13) * 2 + i % 3}" for i in range(200)]
    table.write_text("\n".join(["a,b", *rows]))
    folder = train(
        small(data={"kind": "csv", "file": str(table), "target": "b", "predict": "number", "test_share": 0.2})
    )
    table.write_text("\n".join(["a,b", *(f"{row}7" for row in rows)]))
    prepare_module.forget()
    with pytest.raises(ExperimentError, match="data has changed"):
        score(folder)
