"""The process that holds torch.

It answers questions about experiments, as JSON lines on stdin and stdout, until it is given a run; then it trains that
and ends. Its main thread keeps the lock alive and listens to the mailbox, to signals and to whether its parent still
lives; a second thread trains.
"""

from __future__ import annotations

import contextlib
import faulthandler
import os
import signal
import socket
import sys
import threading
import time
import traceback
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from types import FrameType
from typing import IO, TYPE_CHECKING, Any

from tui_trainer.runs.workers import ALLOW_CODE

if TYPE_CHECKING:
    from tui_trainer.runs.folder import RunFolder
    from tui_trainer.runs.lock import Lock

TICK_SECONDS = 0.05
TOUCH_SECONDS = 2.0
GRACE_SECONDS = 5.0
"""A training thread that does not answer an interruption, because one step takes so long, is given up after this."""

LONGEST_LINE = 16_000_000
EXIT_CODES = {"finished": 0, "stopped": 0, "failed": 1, "interrupted": 130}


def main() -> int:
    """Talks until there is a run, then trains it. Returns the exit code of the process."""
    faulthandler.enable()
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    # Before CUDA is initialized: its numbers for GPUs are those of nvidia-smi, and its matrix products repeatable.
    os.environ.setdefault("CUDA_DEVICE_ORDER", "PCI_BUS_ID")
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    # Threads that wait for each other by spinning make training many times slower where others use the cores, too.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    answers = _take_stdout()
    if ALLOW_CODE in sys.argv[1:]:
        from tui_trainer.choices.models.module import allow_code

        allow_code()
    parent = os.getppid()  # now: importing torch takes long enough for it to end meanwhile

    import torch

    _say(answers, {"ready": True, "torch": torch.__version__})
    _warm_up()
    from tui_trainer.engine.answers import answer

    while line := sys.stdin.buffer.readline(LONGEST_LINE):
        question = _read(line)
        if "run" not in question:
            _say(answers, answer(question, partial(_say, answers)))
            continue
        job = _take_up(question, answers)
        if job:
            return job.train(parent)
    return 0


def _take_stdout() -> IO[bytes]:
    """The stream for answers; what libraries print goes to stderr from now on."""
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    return answers


def _warm_up() -> None:
    """What torch and the others do once, at their first use, shall not be waited for later."""
    import torch

    from tui_trainer.engine import run  # noqa: F401

    torch.nn.functional.linear(torch.ones(2, 3), torch.ones(4, 3, requires_grad=True)).sum().backward()


def _read(line: bytes) -> Mapping[str, Any]:
    from tui_trainer.runs.lines import decode

    return decode(line) or {}


def _say(answers: IO[bytes], answer: Mapping[str, Any]) -> None:
    from tui_trainer.runs.lines import encode

    with contextlib.suppress(BrokenPipeError):
        answers.write(encode(answer) + b"\n")


def _take_up(question: Mapping[str, Any], answers: IO[bytes]) -> Job | None:
    """Takes the lock of a run and says so; None, after saying why, if it cannot be trained."""
    from tui_trainer.choices.models import ModelError
    from tui_trainer.engine.answers import errors
    from tui_trainer.engine.past import read_past
    from tui_trainer.experiment.overrides import set_values
    from tui_trainer.experiment.problems import ExperimentError, Problem
    from tui_trainer.runs.events import EventWriter, NewerVersion
    from tui_trainer.runs.folder import RunFolder
    from tui_trainer.runs.lock import Lock, LockHeld

    identity, more = {"id": question.get("id")}, question.get("extend", 0)
    folder = RunFolder(Path(str(question["run"])))
    lock = Lock(folder.lock_file)
    try:
        experiment = folder.experiment()
        experiment.model.check_code()
        if not isinstance(more, int) or more < 0:
            raise ValueError(f"cannot extend by {more!r} epochs")
        # What was said to a worker that is gone, and that it has not answered, is void: nobody waits for it any more.
        offset = folder.mailbox_file.stat().st_size if folder.mailbox_file.exists() else 0
        lock.take()
        past = read_past(folder)
        if past.finished and not more:
            raise ValueError("this run is finished (extend it to train on)")
        if more:
            set_values(experiment, {"training.epochs": (past.planned_epochs or experiment.training.epochs) + more})
        EventWriter(folder.events_file).close()  # no use in training where nothing can be said
        _turn_to_log(folder.log_file)
    except (ExperimentError, ModelError, NewerVersion, LockHeld, OSError, ValueError) as error:
        lock.release()
        _say(answers, {**identity, **errors([Problem("", str(error))])})
        return None
    job = Job(folder, lock, offset, bool(question.get("detached")), more, str(question.get("device", "")))
    job.listen()
    _say(answers, {**identity, "running": os.getpid()})
    answers.close()
    return job


class Job:
    """A run that this process trains."""

    def __init__(
        self, folder: RunFolder, lock: Lock, offset: int, detached: bool, more_epochs: int, device: str
    ) -> None:
        from tui_trainer.engine.control import Control
        from tui_trainer.runs.mailbox import MailboxReader

        self._folder = folder
        self._lock = lock
        self._mailbox = MailboxReader(folder.mailbox_file, offset)
        self._detached = detached
        self._more_epochs = more_epochs
        self._device = device  # where to train if the experiment leaves that open
        self._control = Control()
        self._state = ""
        self._interrupted = 0.0  # when

    def listen(self) -> None:
        """From now on signals end training with a checkpoint."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._on_signal)

    def train(self, parent: int) -> int:
        """Trains the run to its end. Returns the exit code."""
        training = threading.Thread(target=self._train, name="training", daemon=True)
        training.start()
        touched = time.monotonic()
        while training.is_alive():
            training.join(TICK_SECONDS)
            self._control.tick()
            self._read_mailbox()
            if not self._detached and os.getppid() != parent:
                self._interrupt("the program that started it is gone")
            if time.monotonic() - touched >= TOUCH_SECONDS:
                touched = time.monotonic()
                self._give_sign()
            if self._interrupted and time.monotonic() - self._interrupted > GRACE_SECONDS:
                self._give_up()
        return EXIT_CODES.get(self._state, 1)

    def _train(self) -> None:
        from tui_trainer.engine.run import train_run

        try:
            self._state = train_run(self._folder, self._control, self._more_epochs, self._device)
        except BaseException:  # not even the log could be written
            traceback.print_exc()

    def _give_sign(self) -> None:
        from tui_trainer.runs.lock import LockLost

        try:
            self._lock.touch()
        except LockLost as error:
            print(f"{error}: it may be another worker's by now", flush=True)
            os._exit(EXIT_CODES["interrupted"])  # without a word in the log, which may be another's too
        except OSError:
            pass  # a full or slow disk; the next one may come through

    def _read_mailbox(self) -> None:
        from tui_trainer.engine.control import Command

        for record, end in self._mailbox.read_new():
            name = record["command"]
            self._detached = self._detached or name == "detach"
            self._control.send(Command(name, record, {"id": record["id"], "mailbox": end}))

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        if number == signal.SIGHUP and self._detached:
            return
        self._interrupt("its terminal was closed" if number == signal.SIGHUP else "interrupted")

    def _interrupt(self, reason: str) -> None:
        self._interrupted = self._interrupted or time.monotonic()
        self._control.interrupt(reason)

    def _give_up(self) -> None:
        from tui_trainer.runs.events import EventWriter

        with contextlib.suppress(OSError):
            EventWriter(self._folder.events_file).write(
                "interrupted", reason=f"{self._control.interruption}; the step that was under way took too long to save"
            )
        os._exit(EXIT_CODES["interrupted"])


def _turn_to_log(path: Path) -> None:
    """From now on stdin is empty, and what is printed, by C code too, is appended to `path`."""
    from tui_trainer.runs.files import open_plain

    empty = os.open(os.devnull, os.O_RDONLY)
    log = open_plain(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    sys.stdout.flush()
    sys.stderr.flush()
    for descriptor, standard in ((empty, 0), (log, 1), (log, 2)):
        os.dup2(descriptor, standard)
    os.close(empty)
    os.close(log)
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    print(f"worker {os.getpid()} on {socket.gethostname()}, {time.strftime('%Y-%m-%d %H:%M:%S')}")


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)  # taking torch apart takes longer than a small run, and the lock is held until it is done
