"""What a worker says about experiments while it waits for a run."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from tui_trainer.experiment.problems import ExperimentError, Problem

TELL_SECONDS = 0.1
"""Between two words about a download lies at least so long."""

Say = Callable[[Mapping[str, Any]], None]


def answer(question: Mapping[str, Any], say: Say) -> dict[str, Any]:
    """The answer to a question; what takes its time says meanwhile how far it is. Whoever asks gets an answer."""
    from tui_trainer.engine.failures import explain

    identity = {"id": question.get("id")}
    try:
        return {**identity, **_content(question, lambda progress: say({**identity, "progress": progress}))}
    except ExperimentError as error:
        return {**identity, **errors(error.problems)}
    except Exception as error:
        traceback.print_exc()
        return {**identity, **errors([Problem("", explain(error))])}


def errors(problems: Sequence[Problem]) -> dict[str, Any]:
    """What is wrong, as an answer."""
    return {"errors": [{"path": problem.path, "message": problem.message} for problem in problems]}


def _content(question: Mapping[str, Any], progress: Say) -> dict[str, Any]:
    for name, made in _ANSWERS.items():
        mapping = question.get(name)
        if isinstance(mapping, Mapping):
            return made(mapping, progress)
    raise ExperimentError(
        [Problem("", "a question must say what to describe, what to look at or to score, or which run to train")]
    )


def _describe(mapping: Mapping[str, Any], progress: Say) -> dict[str, Any]:
    from tui_trainer.engine.describe import describe

    return {"description": describe(mapping)}


def _look(mapping: Mapping[str, Any], progress: Say) -> dict[str, Any]:
    from tui_trainer.engine.look import look

    return {"look": look(mapping)}


def _samples(mapping: Mapping[str, Any], progress: Say) -> dict[str, Any]:
    """The same look, with others of the samples."""
    from tui_trainer.engine.look import look

    experiment, page = mapping.get("experiment"), mapping.get("page")
    if not isinstance(experiment, Mapping) or not isinstance(page, int):
        raise ExperimentError([Problem("", "which samples to show takes an experiment and the number of a page")])
    return {"look": look(experiment, page)}


def _baselines(mapping: Mapping[str, Any], progress: Say) -> dict[str, Any]:
    from tui_trainer.engine.baselines import baselines

    return {"baselines": baselines(mapping, partial(_tell, progress))}


def _fetch(mapping: Mapping[str, Any], progress: Say) -> dict[str, Any]:
    from tui_trainer.engine.fetch import fetch
    from tui_trainer.experiment.parse import parse

    data, told = parse(mapping).data, 0.0

    def tell(done: int, total: int) -> None:
        nonlocal told
        if time.monotonic() - told >= TELL_SECONDS or done >= total:
            told = time.monotonic()
            progress({"what": data.kind, "done": done, "total": total})

    fetch(data, tell)
    return {"fetched": True}


def _score(mapping: Mapping[str, Any], progress: Say) -> dict[str, Any]:
    from tui_trainer.engine.score import score
    from tui_trainer.runs.folder import RunFolder

    return {"score": score(RunFolder(Path(str(mapping["run"])))).to_mapping()}


def _tell(progress: Say, what: str, share: float) -> None:
    progress({"what": what, "done": round(share, 3), "total": 1})


_ANSWERS: Mapping[str, Callable[[Mapping[str, Any], Say], dict[str, Any]]] = {
    "describe": _describe,
    "look": _look,
    "samples": _samples,
    "baselines": _baselines,
    "fetch": _fetch,
    "score": _score,
}
