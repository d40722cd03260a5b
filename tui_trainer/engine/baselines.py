"""What simpler methods get on the same split: is a network worth it?

Scikit-learn's logistic or linear regression and its random forest (Breiman, "Random Forests", 2001), beside a guess
that looks at no input. They get the inputs that the network gets, scaled and with missing values filled.
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits
from torch import nn

from tui_trainer.choices.data import DataError
from tui_trainer.choices.tasks import TaskError
from tui_trainer.engine.evaluate import Evaluator
from tui_trainer.engine.figures import writable
from tui_trainer.engine.prepare import Data, Part, prepare
from tui_trainer.engine.seeds import derive
from tui_trainer.experiment.parse import parse
from tui_trainer.experiment.problems import ExperimentError, Problem
from tui_trainer.experiment.schema import Experiment

MOST_ROWS = 20_000
MOST_CELLS = 20_000_000
"""Rows of each part: at most so many, and so many numbers in all."""

TREES = 100
TREES_AT_ONCE = 5
MOST_STEPS = 300
"""Trees of the forest, how many of them are grown between two words of progress, steps of the logistic regression."""

TASKS = ("classification", "regression")

Inputs = NDArray[np.float32]
Targets = NDArray[Any]
Scores = NDArray[np.float64]
Tell = Callable[[str, float], None]
"""Told what is being done, and which share of all is done."""


@dataclass(frozen=True)
class _Rows:
    """Rows of one part, as scikit-learn takes them."""

    indices: NDArray[np.int64]  # among the samples
    x: Inputs  # (rows, inputs)
    y: Targets  # as the data says
    targets: torch.Tensor  # as the loss takes them


@dataclass(frozen=True)
class _Fitted:
    """What a method says of inputs: scores as the network's, of both parts, and whether that took fewer rows."""

    name: str
    train: Scores
    validation: Scores


def baselines(mapping: Mapping[str, Any], tell: Tell) -> dict[str, Any]:
    """The figures of each method on both parts, as plain data.

    Raises ExperimentError if the experiment's data cannot be used, or its task is none that they can learn.
    """
    experiment = parse(mapping)
    data = _data(experiment)
    began = time.perf_counter()
    tell("reading", 0.0)
    train, validation = _parts(data, experiment)
    made = [_guess(data, train, validation, time.perf_counter() - began)]
    if "window" in data.samples.encoding and not data.samples.classes:
        made.append(_judged(data, _last_value(data, train, validation), train, validation, 0.0))
    methods = _of_classes if data.task.name == "classification" else _of_numbers
    began = time.perf_counter()
    with threadpool_limits(1):  # the other cores are for what trains meanwhile
        for fitted in methods(train, validation, len(data.samples.classes), derive(experiment.seed, "baselines"), tell):
            made.append(_judged(data, fitted, train, validation, time.perf_counter() - began))
            began = time.perf_counter()
    return {
        "methods": made,
        "rows": {"train": len(train.y), "validation": len(validation.y)},
        "of": {"train": len(data.split.train), "validation": len(data.split.validation)},
    }


def _data(experiment: Experiment) -> Data:
    try:
        data = prepare(experiment)
    except DataError as error:
        raise ExperimentError([Problem(f"data.{error.field}" if error.field else "data", str(error))]) from None
    except TaskError as error:
        raise ExperimentError([Problem("loss", str(error))]) from None
    if data.task.name not in TASKS:
        raise ExperimentError(
            [Problem("", f"there are no baselines for {data.task.name}: they predict classes or numbers")]
        )
    return data


def _parts(data: Data, experiment: Experiment) -> tuple[_Rows, _Rows]:
    preprocessing = data.preprocessing(experiment.data)
    most = min(MOST_ROWS, MOST_CELLS // _width(data))
    spread = data.split.validation
    if len(spread) > most:
        spread = spread[np.linspace(0, len(spread) - 1, most).astype(np.int64)]

    def rows(indices: NDArray[np.int64]) -> _Rows:
        part = data.part(indices, preprocessing, torch.device("cpu"))
        x = part.x[:].numpy()  # all of it, also where it is read from files
        part.close()
        return _Rows(indices, _flat(x, len(data.samples.vocabulary)), data.samples.y[indices], part.y)

    return rows(data.split.train[:most]), rows(spread)


def _width(data: Data) -> int:
    return max(1, len(data.samples.vocabulary) or int(np.prod(data.samples.shape)))


def _flat(x: NDArray[Any], vocabulary: int) -> Inputs:
    """Inputs as one row a sample; of a text, how often each token stands in it."""
    flat = x.reshape(len(x), -1)
    if not vocabulary:
        return flat.astype(np.float32)
    counts = np.zeros((len(x), vocabulary), np.float32)
    np.add.at(counts, (np.arange(len(x))[:, None], flat), 1)
    return counts


# Methods


def _of_classes(train: _Rows, validation: _Rows, classes: int, seed: int, tell: Tell) -> Iterator[_Fitted]:
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    def scored(method: Any, x: Inputs, floor: float) -> Scores:
        """Logarithms of the probabilities of all classes; one that training never shows has next to none."""
        shares = np.zeros((len(x), classes))
        shares[:, method.classes_] = method.predict_proba(x)
        return np.log((shares + floor) / (1 + classes * floor))

    if len(np.unique(train.y)) > 1:
        tell("logistic regression", 0.05)
        linear = make_pipeline(StandardScaler(), LogisticRegression(max_iter=MOST_STEPS))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a step more would hardly change it
            linear.fit(train.x, train.y)
        yield _Fitted("logistic regression", *(scored(linear, part.x, 1e-9) for part in (train, validation)))
    forest = RandomForestClassifier(warm_start=True, random_state=seed % 2**32)
    _grow(forest, train, tell)
    # A share of votes knows no smaller step than one tree; what got none would cost the log loss without bounds.
    floor = 1 / (TREES * classes)
    yield _Fitted("random forest", *(scored(forest, part.x, floor) for part in (train, validation)))


def _of_numbers(train: _Rows, validation: _Rows, classes: int, seed: int, tell: Tell) -> Iterator[_Fitted]:
    from sklearn.ensemble import RandomForestRegressor
    from sklearn.linear_model import LinearRegression, Ridge
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    targets = _Rows(train.indices, train.x, train.targets.numpy(), train.targets)

    def scored(method: Any, x: Inputs) -> Scores:
        return np.asarray(method.predict(x), dtype=np.float64).reshape(len(x), -1)

    # With fewer rows than inputs, plain least squares fits them all and says nothing of others.
    enough = train.x.shape[1] < len(train.x)
    name = "linear regression" if enough else "ridge regression"
    tell(name, 0.05)
    linear = make_pipeline(StandardScaler(), LinearRegression() if enough else Ridge())
    linear.fit(targets.x, targets.y)
    yield _Fitted(name, *(scored(linear, part.x) for part in (train, validation)))
    forest = RandomForestRegressor(
        warm_start=True, random_state=seed % 2**32, max_features=1.0 if train.x.shape[1] <= 50 else 1 / 3
    )
    _grow(forest, targets, tell)
    yield _Fitted("random forest", *(scored(forest, part.x) for part in (train, validation)))


def _grow(forest: Any, train: _Rows, tell: Tell) -> None:
    for trees in range(TREES_AT_ONCE, TREES + 1, TREES_AT_ONCE):
        tell(f"random forest: {trees - TREES_AT_ONCE} of {TREES} trees", 0.2 + 0.75 * trees / TREES)
        forest.set_params(n_estimators=trees)
        forest.fit(train.x, train.y)


# Figures


def _guess(data: Data, train: _Rows, validation: _Rows, seconds: float) -> dict[str, Any]:
    """The guess that looks at no input, made from what the network trains on."""
    task, y, outputs = data.task, data.samples.y, data.samples.outputs
    known = y[data.split.train]
    return {
        "name": task.guess,
        "train": writable(task.baseline(known, train.y, outputs)),
        "validation": writable(task.baseline(known, validation.y, outputs)),
        "errors": {},
        "seconds": seconds,
    }


def _judged(data: Data, fitted: _Fitted, train: _Rows, validation: _Rows, seconds: float) -> dict[str, Any]:
    """The figures of a method, by the task that judges the network."""
    evaluator = Evaluator(data.task, data.samples.outputs, torch.device("cpu"))

    def scores(raw: Scores) -> torch.Tensor:
        made = torch.from_numpy(raw.astype(np.float32))
        # A single score is that of the second class, against none for the first.
        return made[:, 1:] - made[:, :1] if data.task.criterion.single_score else made

    def measured(part: _Rows, raw: Scores) -> dict[str, float | None]:
        return writable(evaluator.measure(nn.Identity(), Part(scores(raw), part.targets), lambda: None))

    return {
        "name": fitted.name,
        "train": measured(train, fitted.train),
        "validation": measured(validation, fitted.validation),
        "errors": writable(_errors(data, scores(fitted.validation), validation.targets)),
        "seconds": seconds,
    }


def _last_value(data: Data, train: _Rows, validation: _Rows) -> _Fitted:
    """That the target stays as it is at the end of the window, of which it is the last feature."""

    def scores(part: _Rows) -> Scores:
        x = np.asarray(data.samples.x[part.indices])
        last = np.repeat(x[:, -1, -1:], data.samples.outputs, axis=1)
        return data.task.targets(x, last).astype(np.float64)

    return _Fitted("last value", scores(train), scores(validation))


def _errors(data: Data, scores: torch.Tensor, targets: torch.Tensor) -> dict[str, float]:
    """How far the validation figures may be off because other samples might have been drawn: their standard errors."""
    each = {"loss": data.task.losses(scores, targets)}
    if data.task.name == "regression":
        predicted, true = data.task.shaped(scores, targets)
        off = (predicted - true).abs().reshape(len(targets), -1).mean(dim=1)
        each["mae"] = off * data.task.target_scaling()["scale"]
    return {name: float(values.double().std(correction=0)) / len(targets) ** 0.5 for name, values in each.items()}
