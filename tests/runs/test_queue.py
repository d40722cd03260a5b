"""Runs that wait for their turn."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.runs import fake_worker
from tests.runs.processes import until
from tui_trainer.experiment.parse import parse
from tui_trainer.experiment.schema import Experiment
from tui_trainer.runs.description import Description
from tui_trainer.runs.events import EventWriter
from tui_trainer.runs.folder import RunFolder
from tui_trainer.runs.lock import LockState
from tui_trainer.runs.mailbox import send
from tui_trainer.runs.origin import Origin
from tui_trainer.runs.queue import CONTEXT_BYTES, Job, RunQueue
from tui_trainer.runs.store import Store
from tui_trainer.runs.view import read
from tui_trainer.runs.warm_worker import WarmWorker


class Hall:
    """Workers that train until they are told to end."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.training: dict[str, str] = {}  # id -> device
        alive = self.training
        monkeypatch.setattr(RunFolder, "lock_state", lambda self: LockState(1 if self.id in alive else None, 0.0, 0.0))

    def train(self, job: Job, folder: RunFolder, device: str) -> None:
        self.training[folder.id] = device

    def end(self, folder: RunFolder) -> None:
        del self.training[folder.id]


@pytest.fixture
def hall(monkeypatch: pytest.MonkeyPatch) -> Hall:
    return Hall(monkeypatch)


@pytest.fixture
def queue(hall: Hall, tmp_path: Path) -> Callable[..., RunQueue]:
    def make(cores: int = 2, **said: object) -> RunQueue:
        describe = (lambda experiment: Description(parameters=1, **said)) if said else None  # type: ignore[arg-type]
        return RunQueue(hall.train, Store(tmp_path), describe, cores=cores)

    return make


def add(queue: RunQueue, count: int) -> list[Job]:
    jobs = [Job(Experiment(seed=i), Origin(comparison="c", arm="a", repeat=i)) for i in range(count)]
    for job in jobs:
        queue.add(job)
    return jobs


def test_as_many_train_as_there_are_cores_and_the_others_follow_in_their_order(hall, queue) -> None:  # type: ignore[no-untyped-def]
    waiting = queue(cores=3)
    jobs = add(waiting, 5)
    first = waiting.pump()
    assert [folder.origin() for folder in first] == [job.origin for job in jobs[:3]]
    assert list(waiting.jobs) == jobs[3:]
    assert waiting.pump() == []
    hall.end(first[1])
    assert [folder.origin() for folder in waiting.pump()] == [jobs[3].origin]


@pytest.mark.parametrize(("cores", "threads", "at_once"), [(1, 1, 2), (2, 2, 2), (8, 2, 4), (8, 3, 2)])
def test_two_train_side_by_side_on_any_machine(queue, cores: int, threads: int, at_once: int) -> None:  # type: ignore[no-untyped-def]
    waiting = queue(cores=cores, threads=threads, devices=("cpu",))
    add(waiting, 6)
    assert len(waiting.pump()) == at_once == waiting.at_once(Experiment())


def test_gpus_are_taken_in_turn(hall, queue) -> None:  # type: ignore[no-untyped-def]
    waiting = queue(cores=16, devices=("cuda:0", "cuda:1"), device="cuda:0")
    add(waiting, 9)
    assert len(waiting.pump()) == 8
    assert list(hall.training.values()) == ["cuda:0", "cuda:1"] * 4


def test_a_gpu_takes_no_more_than_fit_its_memory_but_always_one(hall, queue) -> None:  # type: ignore[no-untyped-def]
    size = 1 << 30
    free = {"cuda:0": 2 * (size + CONTEXT_BYTES), "cuda:1": 1}
    waiting = queue(cores=16, devices=("cuda:0", "cuda:1"), bytes={"total": size}, free=free)
    add(waiting, 9)
    waiting.pump()
    assert sorted(hall.training.values()) == ["cuda:0", "cuda:0", "cuda:1"]


def test_a_gpu_that_is_full_does_not_keep_another_from_taking_more(hall, queue) -> None:  # type: ignore[no-untyped-def]
    size = 1 << 30
    free = {"cuda:0": size + CONTEXT_BYTES, "cuda:1": 3 * (size + CONTEXT_BYTES)}
    waiting = queue(cores=16, devices=("cuda:0", "cuda:1"), bytes={"total": size}, free=free)
    add(waiting, 9)
    waiting.pump()
    assert list(hall.training.values()) == ["cuda:0", "cuda:1", "cuda:1", "cuda:1"]


def test_an_experiment_that_names_its_device_is_not_sent_elsewhere(hall, queue) -> None:  # type: ignore[no-untyped-def]
    waiting = queue(cores=16, devices=("cuda:0", "cuda:1"), device="cuda:1")
    waiting.add(Job(Experiment(device="cuda:1")))
    waiting.pump()
    assert list(hall.training.values()) == ["cuda:1"]


def test_a_job_that_is_cancelled_is_not_trained(hall, queue) -> None:  # type: ignore[no-untyped-def]
    waiting = queue()
    jobs = add(waiting, 2)
    assert waiting.cancel(jobs[0])
    assert not waiting.cancel(jobs[0])
    assert [folder.origin() for folder in waiting.pump()] == [jobs[1].origin]


def test_a_folder_that_cannot_be_made_is_told_and_the_next_one_tried(hall, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "runs").write_text("a file where the folder should be")
    told: list[str] = []
    waiting = RunQueue(hall.train, Store(tmp_path), failed=lambda job, why: told.append(why))
    add(waiting, 2)
    assert waiting.pump() == []
    assert len(told) == 2
    assert not waiting.jobs
    assert "cannot be made" in told[0]


def test_no_more_train_than_the_memory_holds_but_always_two(hall, queue) -> None:  # type: ignore[no-untyped-def]
    size = 1 << 30
    for free, at_once in ((4 * (size + CONTEXT_BYTES), 4), (1, 2)):
        waiting = queue(cores=64, devices=("cpu",), bytes={"total": size}, free={"cpu": free})
        add(waiting, 9)
        assert len(waiting.pump()) == at_once == waiting.at_once(Experiment())


def test_what_could_not_be_said_once_is_asked_again(hall: Hall, tmp_path: Path) -> None:
    answers: list[Description | None] = [None, Description(parameters=1, threads=4, devices=("cpu",))]
    waiting = RunQueue(hall.train, Store(tmp_path), lambda experiment: answers.pop(0), cores=8)
    assert waiting.at_once(Experiment()) == 8
    assert waiting.at_once(Experiment()) == waiting.at_once(Experiment(seed=5)) == 2


def test_a_worker_that_cannot_be_had_is_told_by_who_asked_for_it(tmp_path: Path) -> None:
    """And the next run is not kept waiting by it."""

    def refuse(job: Job, folder: RunFolder, device: str) -> None:
        refused.append(folder)

    refused: list[RunFolder] = []
    waiting = RunQueue(refuse, Store(tmp_path), cores=1)
    add(waiting, 5)
    assert waiting.pump() == refused
    assert len(refused) == 5


COMPARISON = "20260101-000000-c-aaaa"


def arm(name: str, source: str = "", repeat: int = 0) -> Job:
    """A job of an arm, which begins from another one's weights."""
    experiment = parse({"warm_start": {"run": f"arm: {source}"}} if source else {}).model_copy(update={"seed": repeat})
    return Job(experiment, Origin(comparison=COMPARISON, arm=name, repeat=repeat))


def end(folder: RunFolder, state: str) -> None:
    EventWriter(folder.events_file).write(state, step=0, epoch=0.0, reason="")


class TestBeginningFromAnotherArm:
    @pytest.fixture
    def told(self) -> list[str]:
        return []

    @pytest.fixture
    def waiting(self, hall: Hall, tmp_path: Path, told: list[str]) -> RunQueue:
        return RunQueue(hall.train, Store(tmp_path), failed=lambda job, why: told.append(why), cores=4)

    def test_it_waits_until_that_is_finished_and_others_go_first(self, hall: Hall, waiting: RunQueue) -> None:
        jobs = [arm("tuned", "first"), arm("first"), arm("scratch")]
        for job in jobs:
            waiting.add(job)
        first, scratch = waiting.pump()
        assert [it.origin() for it in (first, scratch)] == [jobs[1].origin, jobs[2].origin]
        assert waiting.pump() == []
        end(first, "finished")
        hall.end(first)
        assert [it.origin() for it in waiting.pump()] == [jobs[0].origin]

    def test_each_repeat_waits_for_its_own(self, hall: Hall, waiting: RunQueue) -> None:
        jobs = [arm(name, source, repeat) for repeat in (0, 1) for name, source in (("first", ""), ("tuned", "first"))]
        for job in jobs:
            waiting.add(job)
        one, two = waiting.pump()
        end(two, "finished")
        hall.end(two)
        assert [it.origin() for it in waiting.pump()] == [jobs[3].origin]
        assert waiting.jobs == (jobs[1],)
        assert one.origin().repeat == 0

    def test_one_that_was_trained_before_will_do(self, hall: Hall, waiting: RunQueue, tmp_path: Path) -> None:
        source = Store(tmp_path).create(Experiment(), arm("first").origin)
        end(source, "finished")
        waiting.add(arm("tuned", "first"))
        assert len(waiting.pump()) == 1

    @pytest.mark.parametrize("state", ["failed", "stopped", "interrupted"])
    def test_it_is_given_up_where_that_did_not_finish(
        self, hall: Hall, waiting: RunQueue, told: list[str], state: str
    ) -> None:
        for job in (arm("first"), arm("tuned", "first"), arm("once more", "tuned"), arm("scratch")):
            waiting.add(job)
        first, _ = waiting.pump()
        end(first, state)
        hall.end(first)
        assert waiting.pump() == []
        assert told[0] == f"the arm 'first', whose weights it begins from, did not finish ({state})"
        waiting.pump()
        assert told[1] == "the arm 'tuned', whose weights it begins from, was never trained"
        assert waiting.jobs == ()

    def test_a_run_that_goes_on_needs_nobody(self, hall: Hall, waiting: RunQueue, tmp_path: Path) -> None:
        job = arm("tuned", "first")
        folder = Store(tmp_path).create(job.experiment, job.origin)
        waiting.add(Job(job.experiment, job.origin, folder))
        assert waiting.pump() == [folder]


def test_processes_take_them_in_their_order(tmp_path: Path) -> None:
    store = Store(tmp_path)
    with WarmWorker((sys.executable, "-P", fake_worker.__file__)) as worker:
        waiting = RunQueue(lambda job, folder, device: [worker.run(folder, device=device)].clear(), store, cores=1)
        jobs = add(waiting, 4)
        started = waiting.pump()
        assert [folder.origin() for folder in started] == [job.origin for job in jobs[:2]]
        assert waiting.pump() == []
        while waiting.jobs or started:
            folder = started.pop(0)
            send(folder, "stop")
            until(lambda folder=folder: not folder.lock_state().held)  # type: ignore[misc]
            started += waiting.pump()
    assert [read(folder).state for folder in store.folders()] == ["stopped"] * 4
