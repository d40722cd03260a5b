"""Networks that a function of the person's own makes."""

from __future__ import annotations

import importlib
import importlib.util
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

_imported: set[str] = set()
"""The modules of the working directory that came with a function: they may have been edited by the next time."""


class OwnCodeError(Exception):
    """The function cannot be had, fails, or returns what is no network for that data: the message says which."""


def make(function: str, inputs: tuple[int, ...], outputs: int, scores: tuple[int, ...], *, text: bool) -> nn.Module:
    """The network that `function` (`package.module:name`) makes for samples of the shape `inputs`, tried out.

    `scores` is the shape of what it must give for a sample; `text`: samples are tokens. Whatever it draws, it draws the
    same each time. Raises OwnCodeError; a traceback goes to stderr.
    """
    called = _find(function)
    with torch.random.fork_rng(devices=[]), _telling(f"{function}{inputs, outputs} failed"):
        torch.manual_seed(0)
        network = called(inputs, outputs)
    if not isinstance(network, nn.Module):
        raise OwnCodeError(f"{function} returns a {type(network).__name__} (it must return an nn.Module)")
    if not any(parameter.requires_grad for parameter in network.parameters()):
        raise OwnCodeError(f"the network of {function} has no parameters to learn")
    given = _try_out(network, function, inputs, text)
    if not isinstance(given, Tensor):
        raise OwnCodeError(
            f"the network of {function} gives a {type(given).__name__} (it must give one tensor of scores)"
        )
    if tuple(given.shape) != (2, *scores) or not given.is_floating_point():
        kind = "" if given.is_floating_point() else f" of {given.dtype}".replace("torch.", "")
        raise OwnCodeError(
            f"the network of {function} gives scores of the shape {tuple(given.shape)}{kind} for 2 samples "
            f"(they must be floating point, {(2, *scores)})"
        )
    return network


def _find(function: str) -> Callable[..., Any]:
    """The function of that name, from a file as it is now."""
    module_name, _, name = function.partition(":")
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.append(here)  # behind all else: a file that is called like a library does not take its place
    for old in _imported:
        sys.modules.pop(old, None)
    importlib.invalidate_caches()
    before = set(sys.modules)
    with _telling(f"{module_name} cannot be imported"), _no_bytecode():
        if importlib.util.find_spec(module_name.partition(".")[0]) is None:
            raise OwnCodeError(f"there is no module {module_name} in {here} or among the installed packages")
        try:
            module = importlib.import_module(module_name)
        finally:
            _imported.clear()
            _imported.update(new for new in set(sys.modules) - before if _lies_in(new, here))
    found = getattr(module, name, None)
    if not callable(found):
        raise OwnCodeError(f"{module_name} has {'no function' if found is None else 'something else called'} {name}")
    return found  # type: ignore[no-any-return]


def _lies_in(module_name: str, folder: str) -> bool:
    file: str | None = getattr(sys.modules[module_name], "__file__", None)
    return file is not None and Path(file).is_relative_to(folder) and "site-packages" not in Path(file).parts


def _try_out(network: nn.Module, function: str, inputs: tuple[int, ...], text: bool) -> object:
    """What the network gives for two samples of nothing but zeros."""
    device = next(network.parameters()).device
    was_training = network.training
    samples = torch.zeros(2, *inputs, dtype=torch.int64 if text else torch.float32, device=device)
    with torch.no_grad(), _telling(f"the network of {function} cannot take {tuple(samples.shape)}"):
        given = network.eval()(samples)
    network.train(was_training)
    return given


@contextmanager
def _telling(what: str) -> Iterator[None]:
    """Turns whatever code of one's own raises into one line; the rest goes to stderr."""
    try:
        yield
    except OwnCodeError:
        raise
    except (Exception, SystemExit) as error:
        traceback.print_exc()
        words = (str(error).strip().splitlines() or [""])[0][:300]
        place = _place(error)
        raise OwnCodeError(f"{what}: {type(error).__name__}: {words}{place}") from None


def _place(error: BaseException) -> str:
    """The last line of the person's own files that led to the error."""
    here = str(Path.cwd())
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename).is_relative_to(here)
        and "site-packages" not in Path(frame.filename).parts
        and Path(frame.filename) != Path(__file__)
    ]
    if isinstance(error, SyntaxError) and error.filename:
        return f" ({Path(error.filename).name}:{error.lineno})"
    return f" ({Path(frames[-1].filename).name}:{frames[-1].lineno})" if frames else ""


@contextmanager
def _no_bytecode() -> Iterator[None]:
    """Leaves no compiled files behind: their time has whole seconds only, and a file may be edited twice in one."""
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        yield
    finally:
        sys.dont_write_bytecode = before
