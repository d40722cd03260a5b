"""What to try next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tui_trainer.choices.regularizers import Regularizer
from tui_trainer.experiment.diff import change_in_words, flat
from tui_trainer.experiment.dump import to_mapping
from tui_trainer.experiment.fields import field_at
from tui_trainer.experiment.schema import Experiment
from tui_trainer.insight.verdict.base import Proposal
from tui_trainer.insight.verdict.case import Case

ENOUGH_SEEDS = 5
FEWEST_ON_A_BORDER = 3
"""Of two values, each is on the border: that says nothing."""


def repeats(case: Case) -> list[Proposal]:
    """More seeds, where there are too few to test a difference, and none is on its way."""
    if case.basis.so_far:
        return []
    seeds = max(len(case.result(i).outcomes) for i in case.present)
    if seeds >= ENOUGH_SEEDS:
        return []
    return [Proposal(f"{ENOUGH_SEEDS} seeds", "repeats", ENOUGH_SEEDS)]


def beyond(case: Case, best: int) -> tuple[str, list[Proposal]]:
    """A sentence and the next value, if `best` has the lowest or highest value of the one number that was varied."""
    paths = case.differing
    if len(paths) != 1:
        return "", []
    path = paths[0]
    values = {i: _number(case.experiments[i], path) for i in case.present}
    numbers = sorted({number for number in values.values() if number is not None})
    here = values[best]
    if len(numbers) < FEWEST_ON_A_BORDER or None in values.values() or here not in (numbers[0], numbers[-1]):
        return "", []
    highest = here == numbers[-1]
    experiment = case.experiments[best]
    proposed = _neighbour(experiment, path, here, 1 if highest else -1) if experiment else None
    if proposed is None or proposed in numbers:
        return "", []
    words = _in_words(path, proposed)
    side = "highest" if highest else "lowest"
    tried = f"Of the values tried, {_in_words(path, here)} is the {side}"
    sentence = f"{tried}: the best may lie beyond it. Try {words}."
    return sentence, [Proposal(words, path, proposed)]


def goes_too_far(case: Case, loser: int, winner: int) -> tuple[str, list[Proposal]]:
    """What of the loser goes too far, if it differs from the winner in nothing else, and something milder."""
    paths = case.differing_of((loser, winner))
    experiment = case.experiments[loser]
    if experiment is None or len(paths) != 1:
        return "", []
    path = paths[0]
    mine, other = _number(experiment, path), _number(case.experiments[winner], path)
    if mine is None or other is None:
        return "", []
    words = f"here {_in_words(path, mine)} is"
    if path == "optimizer.lr" and mine < other:
        return f"{words} too low", []
    word = "too strong" if path.startswith("regularization.") else "too high" if path == "optimizer.lr" else ""
    if not word or mine <= other:
        return "", []
    milder = _half(experiment, path, mine)
    proposed = [] if milder is None or milder <= other else [Proposal(_in_words(path, milder), path, milder)]
    return f"{words} {word}", proposed


def _in_words(path: str, value: float) -> str:
    return change_in_words(path, value).replace("_", " ")


def _number(experiment: Experiment | None, path: str) -> float | None:
    """The number at a path; 0 for a regularizer that is absent, where 0 turns it off."""
    values: Mapping[str, object] = flat(experiment) if experiment else {}
    value = values.get(path)
    if value is None and path.startswith("regularization.") and experiment is not None:
        kind = Regularizer.kinds().get(path.split(".")[1])
        return 0.0 if kind is not None and kind.off() is not None else None
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _half(experiment: Experiment, path: str, value: float) -> float | None:
    """The first rung below that is at most half as much: less would hardly show."""
    rung = _neighbour(experiment, path, value, -1)
    while rung is not None and rung > value / 2:
        rung = _neighbour(experiment, path, rung, -1)
    return rung


def _neighbour(experiment: Experiment, path: str, value: float, direction: int) -> float | None:
    """The next rung of the field's ladder that it allows."""
    field = field_at(path, to_mapping(experiment))
    if field is None or not field.ladder:
        return None
    rung = field.neighbour(value, direction)
    outside = (
        (field.above is not None and rung <= field.above)
        or (field.below is not None and rung >= field.below)
        or (field.minimum is not None and rung < field.minimum)
        or (field.maximum is not None and rung > field.maximum)
    )
    return None if outside or rung == value else rung


def merged(*lists: Sequence[Proposal]) -> tuple[Proposal, ...]:
    """All of them, each once."""
    return tuple({(it.path, repr(it.value)): it for some in lists for it in some}.values())
