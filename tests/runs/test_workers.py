"""Worker processes, seen by those who ask them; the worker is a fake one without torch."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.runs import fake_worker
from tests.runs.processes import until
from tui_trainer.experiment.problems import ExperimentError
from tui_trainer.experiment.schema import Experiment
from tui_trainer.runs import workers
from tui_trainer.runs.folder import RunFolder
from tui_trainer.runs.mailbox import send
from tui_trainer.runs.store import Store
from tui_trainer.runs.view import read
from tui_trainer.runs.warm_worker import WarmWorker
from tui_trainer.runs.workers import COMMAND, Worker, WorkerError

FAKE = (sys.executable, "-P", fake_worker.__file__)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


@pytest.fixture
def warm() -> Iterator[WarmWorker]:
    with WarmWorker(FAKE) as worker:
        yield worker


def pid(worker: WarmWorker) -> int:
    """The process that answers."""
    return worker.describe({}).bytes["total"]


def is_there(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def stop(folder: RunFolder) -> None:
    send(folder, "stop")
    until(lambda: not folder.lock_state().held)


def test_it_answers_and_stays(warm: WarmWorker) -> None:
    assert warm.describe({"name": "four"}).parameters == 4
    assert pid(warm) == pid(warm)
    assert warm.ready


def test_what_is_wrong_with_an_experiment(warm: WarmWorker) -> None:
    with pytest.raises(ExperimentError) as error:
        warm.describe({"name": "wrong"})
    assert [(it.path, it.message) for it in error.value.problems] == [("data.folder", "no such folder"), ("", "x")]
    assert warm.describe({"name": "x"}).parameters == 1


def test_answers_find_their_questions_from_many_threads(warm: WarmWorker) -> None:
    names = [f"{i}" * i for i in range(1, 9)] * 10
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda name: warm.describe({"name": name}).device, names))
    assert answers == names


def test_an_answer_that_comes_later_than_the_next_one(warm: WarmWorker) -> None:
    answers: list[str] = []
    asking = threading.Thread(target=lambda: answers.append(warm.describe({"name": "later"}).device), daemon=True)
    asking.start()
    until(lambda: bool(warm._workers[0]._waiting))
    assert warm.describe({"name": "sooner"}).device == "sooner"
    asking.join(20)
    assert answers == ["later"]


def test_what_a_library_prints_is_no_answer(warm: WarmWorker) -> None:
    assert warm.describe({"name": "noise"}).device == "noise"


def test_an_answer_that_makes_no_sense(warm: WarmWorker) -> None:
    with pytest.raises(WorkerError, match="makes no sense"):
        warm.describe({"name": "nonsense"})


def test_a_crash_is_told_with_its_last_words_and_survived(warm: WarmWorker) -> None:
    with pytest.raises(WorkerError) as error:
        warm.describe({"name": "crash"})
    assert str(error.value) == "the worker ended with code 3: RuntimeError: out of[31m luck"
    assert warm.describe({"name": "x"}).parameters == 1
    with pytest.raises(WorkerError, match="ended by signal 9"):
        warm.describe({"name": "killed"})
    assert warm.describe({"name": "xy"}).parameters == 2


def test_a_worker_that_was_killed_while_nobody_asked_is_replaced(warm: WarmWorker) -> None:
    first = pid(warm)
    os.kill(first, signal.SIGKILL)
    until(lambda: not is_there(first))
    assert pid(warm) != first


def test_a_worker_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "ANSWER_WITHIN", 0.05)
    worker = Worker([sys.executable, "-c", "import sys; sys.stdin.read()"])
    with pytest.raises(WorkerError, match="has not answered"):
        worker.describe({})
    until(lambda: not worker.free)


def test_it_trains_a_run_and_another_stands_by(warm: WarmWorker, store: Store) -> None:
    folder = store.create(Experiment())
    first = pid(warm)
    assert warm.run(folder, extend=7) == first
    assert folder.lock_state().pid == first
    second = pid(warm)
    assert second != first
    until(lambda: read(folder).state == "running")
    assert read(folder).planned_epochs == 7
    stop(folder)
    assert read(folder).state == "stopped"
    until(lambda: not is_there(first))  # it is waited for: no zombie stays


def test_two_runs_at_once(warm: WarmWorker, store: Store) -> None:
    folders = [store.create(Experiment()) for _ in range(2)]
    with ThreadPoolExecutor(2) as threads:
        pids = list(threads.map(warm.run, folders))
    assert [folder.lock_state().pid for folder in folders] == pids
    assert len(set(pids)) == 2
    for folder in folders:
        stop(folder)


def test_questions_while_a_run_is_handed_over(warm: WarmWorker, store: Store) -> None:
    with ThreadPoolExecutor(4) as threads:
        asked = [threads.submit(warm.describe, {"name": "x" * i}) for i in range(40)]
        folder = store.create(Experiment())
        started = threads.submit(warm.run, folder)
        asked += [threads.submit(warm.describe, {"name": "x" * i}) for i in range(40, 80)]
        assert [it.result().parameters for it in asked] == list(range(80))
        assert folder.lock_state().pid == started.result()
    stop(folder)


def test_a_run_that_cannot_be_trained(warm: WarmWorker, store: Store) -> None:
    with pytest.raises(ExperimentError, match="has a worker already"):
        warm.run(store.create(Experiment(name="wrong")))
    with pytest.raises(WorkerError, match="no luck at all"):
        warm.run(store.create(Experiment(name="crash")))
    assert warm.describe({"name": "x"}).parameters == 1


def test_closing_spares_the_run(store: Store) -> None:
    folder = store.create(Experiment())
    with WarmWorker(FAKE) as worker:
        worker.run(folder)
        idle = pid(worker)
    until(lambda: not is_there(idle))
    assert folder.lock_state().held
    with pytest.raises(WorkerError, match="the program ends"):
        worker.describe({})
    stop(folder)


def test_a_worker_of_the_command_line_is_not_replaced(store: Store) -> None:
    folder = store.create(Experiment())
    with Worker(FAKE) as worker:
        assert worker.describe({"name": "x"}).parameters == 1
        worker.run(folder)
        with pytest.raises(WorkerError):
            worker.describe({})
    assert folder.lock_state().held
    stop(folder)


def test_a_program_that_is_not_there() -> None:
    with pytest.raises(OSError):
        WarmWorker(["/no/such/program"])


def test_no_thread_keeps_the_program_alive(warm: WarmWorker) -> None:
    pid(warm)
    assert [thread for thread in threading.enumerate() if not thread.daemon] == [threading.main_thread()]


_LAUNCH = """
import os, sys
from pathlib import Path
from tui_trainer.runs.folder import RunFolder
from tui_trainer.runs.warm_worker import WarmWorker
os.close(2)
folder, detached, *command = sys.argv[1:]
worker = WarmWorker(command)
print(worker.run(RunFolder(Path(folder)), detached=detached == "detached"), flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize("how", ["detached", "attached"])
def test_only_a_detached_run_outlives_a_program_that_is_killed(store: Store, how: str) -> None:
    folder = store.create(Experiment())
    command = [sys.executable, "-c", _LAUNCH, str(folder.path), how, *FAKE]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as program:
        assert program.stdout
        assert int(program.stdout.readline()) == folder.lock_state().pid
        program.kill()
        program.wait()
    if how == "attached":
        until(lambda: not folder.lock_state().held)
        assert read(folder).state == "interrupted"
    else:
        until(lambda: read(folder).state == "running")
        stop(folder)


def test_it_lives_in_a_session_of_its_own(warm: WarmWorker) -> None:
    # A Ctrl-C at the terminal must not reach it.
    process = pid(warm)
    assert os.getsid(process) == process


def test_what_lies_in_the_working_directory_is_no_part_of_it() -> None:
    assert COMMAND[1:] == ("-P", "-m", "tui_trainer.engine.worker")


def test_several_stand_by_for_runs_that_begin_at_once(warm: WarmWorker, store: Store) -> None:
    warm.keep(2)
    until(lambda: sum(worker.ready for worker in warm._workers) == 2)
    there = {worker._process.pid for worker in warm._workers}
    assert {warm.run(store.create(Experiment())), warm.run(store.create(Experiment()))} == there
    assert len(warm._workers) == 2
    warm.keep(1)
    assert pid(warm) not in there
    assert len(warm._workers) == 1


def test_one_that_is_not_needed_any_more_answers_first(warm: WarmWorker) -> None:
    warm.keep(2)
    until(lambda: all(worker.ready for worker in warm._workers))
    both = list(warm._workers)
    with ThreadPoolExecutor(2) as threads:
        answers = [threads.submit(warm.describe, {"name": "later"}) for _ in both]
        until(lambda: [worker.asked for worker in both] == [1, 1])  # neither waits for the other
        warm.keep(0)
        assert [worker.free for worker in both] == [True, False]
        assert warm.describe({"name": "next"}).device == "next"
        assert [answer.result().device for answer in answers] == ["later", "later"]
    until(lambda: not is_there(both[1]._process.pid))
    assert warm._workers == both[:1]


def test_more_and_fewer_stand_by_while_questions_are_asked_and_runs_begin(warm: WarmWorker, store: Store) -> None:
    with ThreadPoolExecutor(6) as threads:
        asked = []
        started = []
        for i in range(16):
            asked.append(threads.submit(warm.describe, {"name": "x" * i}))
            if i % 8 == 5:
                started.append(threads.submit(warm.run, store.create(Experiment())))
            threads.submit(warm.keep, i % 3)
        assert [it.result().parameters for it in asked] == list(range(16))
        pids = [it.result() for it in started]
    assert sorted(pids) == sorted(folder.lock_state().pid or 0 for folder in store.folders())
    for folder in store.folders():
        stop(folder)
