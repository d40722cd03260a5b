"""Reads values out of events. What a log says is data: a wrong type is a ValueError, text is cleaned.

Figures that are not finite are written as null and read as NaN.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from tui_trainer.choices.tasks import CLASSIFICATION, Metric, Task
from tui_trainer.experiment.text import clean
from tui_trainer.runs.records import Change, DataFacts, Figures, LayerFigures, LayerShape

MOST_TEXTS = 100_000
Event = Mapping[str, Any]
Window = tuple[int, int, float, float, float, float, float]
"""First step, the step behind the last one, its epoch; mean, lowest and highest loss; learning rate of the last step,
NaN if it followed no schedule."""


def number(value: Any) -> float:
    if value is None:
        return math.nan
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{value!r} is no number")
    try:
        return float(value)
    except OverflowError:
        raise ValueError("a number without bounds") from None


def finite(value: Any) -> float:
    if not math.isfinite(number(value)):
        raise ValueError(f"{value!r} is not finite")
    return number(value)


def moment(value: Any) -> float:
    """Seconds since 1970, within what calendars know."""
    if not 0 <= finite(value) < 1e11:
        raise ValueError(f"{value!r} is no time")
    return finite(value)


def whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**63:
        raise ValueError(f"{value!r} is no whole number")
    return value


def optional_whole(value: Any) -> int | None:
    return None if value is None else whole(value)


def optional_number(value: Any) -> float | None:
    return None if value is None else number(value)


def text(value: Any) -> str:
    """One clean line; empty for None."""
    return "" if value is None else clean(value, 2000)


def texts(value: Any) -> tuple[str, ...]:
    return tuple(text(member) for member in _list(value)[:MOST_TEXTS])


def mapping(value: Any) -> Mapping[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise ValueError(f"{value!r} is no mapping")
    return value


def numbers(value: Any) -> list[float]:
    return [number(member) for member in _list(value)]


def wholes(value: Any) -> tuple[int, ...]:
    return tuple(whole(member) for member in _list(value))


def figures(value: Any) -> Figures:
    return {clean(name, 100): number(member) for name, member in mapping(value).items()}


def words(value: Any) -> Mapping[str, str]:
    return {text(name): text(member) for name, member in mapping(value).items()}


def counts(value: Any) -> Mapping[str, int]:
    return {text(name): whole(member) for name, member in mapping(value).items()}


def plain(value: Any) -> Any:
    """A value of an experiment: a number, a word, a list of such."""
    if isinstance(value, str):
        return clean(value, 2000)
    if isinstance(value, list):
        return tuple(plain(member) for member in value)
    return value if value is None or isinstance(value, bool | int | float) else text(value)


def layer_shapes(value: Any) -> tuple[LayerShape, ...]:
    return tuple(
        LayerShape(
            text(layer.get("name")),
            wholes(layer.get("output")),
            whole(layer.get("parameters", 0)),
        )
        for layer in map(mapping, _list(value))
    )


def layer_figures(value: Any) -> tuple[LayerFigures, ...]:
    return tuple(
        LayerFigures(
            text(layer.get("name")),
            number(layer.get("gradient_norm")),
            number(layer.get("update_ratio")),
            number(layer.get("weight_norm")),
            number(layer.get("zero_share")),
            optional_number(layer.get("dead_share")),
            optional_number(layer.get("saturated_share")),
            layer.get("frozen") is True,
        )
        for layer in map(mapping, _list(value))
    )


def data_facts(value: Any) -> DataFacts | None:
    if value is None:
        return None
    facts = mapping(value)
    return DataFacts(
        wholes(facts.get("class_counts")),
        texts(facts.get("constant_features")),
        text(facts.get("best_feature")),
        number(facts.get("best_feature_score")),
        whole(facts.get("repeated_rows", 0)),
        whole(facts.get("rows_compared", 0)),
    )


def loss_windows(event: Event) -> list[Window]:
    """The windows of a train event."""
    loss = mapping(mapping(event["train"])["loss"])
    mean = numbers(loss["mean"])
    low, high = (numbers(loss[name]) if name in loss else mean for name in ("min", "max"))
    first, stride = whole(event["first"]), whole(event["stride"])
    last = whole(event.get("last", stride))
    begin, end = map(finite, _list(event["epochs"]))
    rates = numbers(event["lr"]) if "lr" in event else [math.nan] * len(mean)
    if not len(mean) == len(low) == len(high) == len(rates) or not 1 <= last <= stride:
        raise ValueError("windows that do not fit together")
    steps = stride * (len(mean) - 1) + last
    ends = [min(steps, (i + 1) * stride) for i in range(len(mean))]
    return [
        (first + i * stride, first + done, begin + (end - begin) * done / steps, mean[i], low[i], high[i], rates[i])
        for i, done in enumerate(ends)
    ]


def task(value: Any) -> Task:
    """The task that a log describes: classification if it says nothing."""
    description = mapping(value)
    metrics = tuple(
        Metric(
            text(metric.get("name")),
            bool(metric.get("higher_is_better")),
            text(metric.get("unit")),
            text(metric.get("title")),
            bool(metric.get("is_bounded", True)),
        )
        for metric in map(mapping, _list(description.get("metrics")))
    )
    if not metrics:
        return CLASSIFICATION
    guess = text(description.get("guess")) or CLASSIFICATION.guess
    return Task(text(description.get("name")), loss=text(description.get("loss")), metrics=metrics, guess=guess)


def _list(value: Any) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise ValueError(f"{value!r} is no list")
    return value


def changes(value: Any, step: int, epoch: float) -> list[Change]:
    """What was changed at one step, as a list of {path, old, new}."""
    said = [mapping(member) for member in _list(value)[:MOST_TEXTS]]
    return [Change(step, epoch, text(it["path"]), plain(it.get("old")), plain(it.get("new"))) for it in said]
