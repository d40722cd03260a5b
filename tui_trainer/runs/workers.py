"""The processes that hold torch: they say what an experiment amounts to, and then train one run.

A worker speaks JSON lines on its stdin and stdout until it is given a run; from then on it is known by its lock, its
log and its mailbox only. All calls here block, and may come from any thread.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from queue import Empty, SimpleQueue
from typing import IO, Any, Self, TypeVar

from tui_trainer.experiment.problems import ExperimentError, Problem
from tui_trainer.experiment.text import clean
from tui_trainer.runs import parsing
from tui_trainer.runs.baselines import Baselines
from tui_trainer.runs.data_look import DataLook
from tui_trainer.runs.description import Description
from tui_trainer.runs.folder import RunFolder
from tui_trainer.runs.lines import decode, encode
from tui_trainer.runs.problems import WorkerError, WorkerGone
from tui_trainer.runs.progress import Progress, Told
from tui_trainer.runs.score import TestScore

__all__ = ["Description", "Worker", "WorkerError", "WorkerGone"]

# -P: a torch.py that lies in the working directory is not what is meant by torch.
COMMAND = (sys.executable, "-P", "-m", "tui_trainer.engine.worker")

ALLOW_CODE = "--allow-code"
"""The worker's argument that lets it run functions which experiments name."""

ANSWER_WITHIN = 300.0
"""Seconds after which a worker that says nothing counts as hung: importing torch from a cold disk takes its time."""

Answer = TypeVar("Answer")


class _Permission:
    """Whether workers may run code of the person's own: only this program's command line can say so."""

    given = False


def allow_code(allowed: bool = True) -> None:
    """Has the workers that are started from now on run the functions which experiments name, or not."""
    _Permission.given = allowed


def worker_command() -> tuple[str, ...]:
    """The command that starts a worker."""
    return (*COMMAND, ALLOW_CODE) if _Permission.given else COMMAND


class Worker:
    """One process: answers questions until it is given a run, then trains that and ends."""

    def __init__(self, command: Sequence[str] | None = None) -> None:
        """Starts it and does not wait. Raises OSError."""
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 (its last words are read once it has ended)
        self._process = subprocess.Popen(
            command or worker_command(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            start_new_session=True,
        )
        self._ids = itertools.count(1)
        self._asking = threading.Lock()
        self._waiting: dict[int, SimpleQueue[Mapping[str, Any] | None]] = {}
        self._ready = False
        self._end = ""  # how it ended
        self._taken = False  # no more questions: it was given a run, or it has ended
        threading.Thread(target=self._listen, name=f"worker {self._process.pid}", daemon=True).start()

    @property
    def ready(self) -> bool:
        """Whether it has imported torch, so that an answer takes no time."""
        return self._ready

    @property
    def free(self) -> bool:
        """Whether it can be asked."""
        return not self._taken

    @property
    def asked(self) -> int:
        """How many questions it has not answered yet."""
        return len(self._waiting)

    def describe(self, mapping: Mapping[str, Any]) -> Description:
        """What the experiment that `mapping` says amounts to.

        Raises ExperimentError if it cannot be built, WorkerError if there is no answer.
        """
        return self._read({"describe": mapping}, "description", Description.read)

    def look(self, mapping: Mapping[str, Any], page: int = 0) -> DataLook:
        """What the data of that experiment holds, with one page of its samples. Raises as `describe`."""
        question = {"samples": {"experiment": mapping, "page": page}} if page else {"look": mapping}
        return self._read(question, "look", DataLook.read)

    def baselines(self, mapping: Mapping[str, Any], progress: Told) -> Baselines:
        """What simpler methods get on that experiment's data; takes its time, and says how far it is.

        Raises ExperimentError also where they have no meaning.
        """
        return self._read({"baselines": mapping}, "baselines", Baselines.read, progress)

    def fetch(self, mapping: Mapping[str, Any], progress: Told) -> None:
        """Has the data of that experiment downloaded. Raises as `describe`."""
        self._ask({"fetch": mapping}, progress)

    def score(self, folder: RunFolder) -> TestScore:
        """How the network that the run in `folder` left behind does on the test part; remembered in the folder.

        Raises ExperimentError with what stands in the way, WorkerError if there is no answer.
        """
        answer = self._ask({"score": {"run": str(folder.path)}})
        try:
            return TestScore.read(parsing.mapping(answer["score"]))
        except (LookupError, ValueError) as error:
            raise WorkerError(f"the worker's score makes no sense: {clean(error, 200)}") from None

    def run(self, folder: RunFolder, detached: bool = False, extend: int = 0, device: str = "") -> int:
        """Has it train the run in `folder` (`extend`: so many epochs more than planned) and returns its pid.

        `device` is where to train if the run's experiment leaves that open. It has the run's lock then. Unless
        `detached`, it ends when this process does. Raises ExperimentError if the run cannot be trained, WorkerError if
        there is no answer.
        """
        try:
            question = {"run": str(folder.path), "detached": detached, "extend": extend, "device": device}
            answer = self._ask(question, last=True)
            pid = answer.get("running")
            if not isinstance(pid, int):
                raise WorkerError("the worker does not say that it trains")
        except WorkerGone:
            raise
        except BaseException:
            self._process.kill()
            raise
        return pid

    def dismiss(self) -> None:
        """Takes no more questions: it ends once it has answered those that it was asked."""
        with self._asking:
            if not self._taken:
                self._taken = True
                with contextlib.suppress(OSError):
                    self._pipe.close()

    def close(self) -> None:
        """Ends it, unless it has a run."""
        with self._asking:
            if not self._taken:
                self._taken = True
                self._process.kill()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def _read(
        self,
        question: Mapping[str, Any],
        name: str,
        read: Callable[[Mapping[str, Any]], Answer],
        progress: Told | None = None,
    ) -> Answer:
        answer = self._ask(question, progress)
        try:
            return read(parsing.mapping(answer[name]))
        except (LookupError, ValueError) as error:
            raise WorkerError(f"what the worker says makes no sense ({name}): {clean(error, 200)}") from None

    def _ask(self, question: Mapping[str, Any], progress: Told | None = None, last: bool = False) -> Mapping[str, Any]:
        reply: SimpleQueue[Mapping[str, Any] | None] = SimpleQueue()
        with self._asking:
            if self._taken:
                raise WorkerGone(self._end or "the worker has ended")
            number = next(self._ids)
            try:
                self._pipe.write(encode({"id": number, **question}) + b"\n")
                self._pipe.flush()
            except OSError:
                self._taken = True
                raise WorkerGone("the worker has ended") from None
            self._waiting[number] = reply
            self._taken = last
        answer = self._next(reply)
        while "progress" in answer:
            if progress is not None:
                progress(Progress.read(answer["progress"]))
            answer = self._next(reply)
        if "errors" in answer:
            raise ExperimentError(_problems(answer["errors"]))
        return answer

    def _next(self, reply: SimpleQueue[Mapping[str, Any] | None]) -> Mapping[str, Any]:
        try:
            answer = reply.get(timeout=ANSWER_WITHIN)
        except Empty:
            self._process.kill()
            raise WorkerError(f"the worker has not answered for {ANSWER_WITHIN:.0f} seconds") from None
        if answer is None:
            raise WorkerError(self._end)
        return answer

    def _listen(self) -> None:
        """Hands out the answers until there are no more, then sees it to its end."""
        output = self._process.stdout
        assert output
        for line in output:
            answer = decode(line) or {}  # what is no answer was printed by a library
            self._ready = self._ready or answer.get("ready") is True
            number = answer.get("id")
            with self._asking:
                reply = self._waiting.get(number) if isinstance(number, int) else None
                if reply and "progress" not in answer:
                    del self._waiting[number]  # type: ignore[arg-type]
            if reply:
                reply.put(answer)
        with self._asking:
            self._taken = True
        self._process.wait()
        self._end = self._last_words()
        for reply in self._waiting.values():
            reply.put(None)
        for stream in (output, self._pipe, self._errors):
            with contextlib.suppress(OSError):
                stream.close()

    def _last_words(self) -> str:
        """How it ended, with the last line that it wrote to stderr."""
        code = self._process.returncode
        how = f"was ended by signal {-code} ({signal.strsignal(-code)})" if code < 0 else f"ended with code {code}"
        size = os.fstat(self._errors.fileno()).st_size
        tail = os.pread(self._errors.fileno(), 4000, max(0, size - 4000)).decode(errors="replace").split("\n")
        words = next((clean(line, 500).strip() for line in reversed(tail) if line.strip()), "")
        return f"the worker {how}: {words}" if words else f"the worker {how}"

    @property
    def _pipe(self) -> IO[bytes]:
        assert self._process.stdin
        return self._process.stdin


def _problems(errors: Any) -> list[Problem]:
    listed = errors if isinstance(errors, list) else []
    told = [error for error in listed if isinstance(error, Mapping)]
    return [Problem(parsing.text(error.get("path")), parsing.text(error.get("message"))) for error in told]
