"""Comparisons on the bench: trained in their turn, followed, commanded, and put together by a person."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.recorded import Recording, finished, running
from tests.ui.dashboards import MAPPING, Bench
from tui_trainer.experiment.comparison import Comparison, vary
from tui_trainer.experiment.overrides import set_values
from tui_trainer.experiment.parse import parse
from tui_trainer.runs import queue
from tui_trainer.runs.folder import RunFolder
from tui_trainer.runs.origin import Origin
from tui_trainer.runs.view import RunReader
from tui_trainer.ui.laboratory import following
from tui_trainer.ui.laboratory.comparing import Comparing
from tui_trainer.ui.laboratory.sides import changes

BASE = parse({**MAPPING, "training": {"batch_size": 32, "epochs": 4}})
THREE = vary(BASE, "optimizer.lr", [0.01, 0.1, 1.0])


@pytest.fixture
def bench(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    """A laboratory on a machine that trains two runs at once."""
    monkeypatch.setattr(queue, "_cores", lambda: 2)
    monkeypatch.setattr(following, "INTERVAL", 0.02)
    made = Bench(home)
    made.laboratory.begin()
    made.until(lambda: made.laboratory.described, "a description")
    yield made
    made.close()


def comparing(bench: Bench) -> Comparing:
    assert bench.laboratory.comparing is not None
    return bench.laboratory.comparing


def started(bench: Bench, comparison: Comparison = THREE, count: int = 2) -> Comparing:
    """A comparison whose first `count` runs train."""
    bench.laboratory.comparisons.begin(comparison)
    made = comparing(bench)
    bench.until(lambda: states(made).count("running") == count, f"{count} runs that train")
    return made


def states(made: Comparing) -> list[str]:
    return [run.state for run in made.views]


def names(made: Comparing) -> list[str]:
    return [side.arm.name for side in made.state.sides]


def waiting(made: Comparing) -> list[int]:
    return [side.waiting for side in made.state.sides]


def end(bench: Bench, index: int) -> None:
    """Let a run come to its end."""
    recording = bench.worker.recordings[index]
    recording.train().end()
    recording.release_lock()


# Training


def test_a_preset_opens_with_nothing_started_and_space_starts_it(bench: Bench) -> None:
    bench.laboratory.comparisons.begin(THREE, start=False)
    made = comparing(bench)
    assert "comparison-opened" in bench.changed
    assert names(made) == ["lr 0.01", "lr 0.1", "lr 1"]
    assert (made.views, made.alive, made.id) == ((), False, "")
    assert bench.store.comparisons.all() == []
    made.toggle()
    bench.until(lambda: states(made) == ["running", "running"], "two runs that train")
    assert waiting(made) == [0, 0, 1]
    assert bench.store.comparisons.load(made.id) == THREE
    assert bench.laboratory.under_way.waiting == 1


def test_what_waits_begins_when_there_is_room(bench: Bench) -> None:
    made = started(bench)
    end(bench, 0)
    bench.until(lambda: states(made) == ["finished", "running", "running"], "the third run")
    assert [recording.experiment.optimizer.lr for recording in bench.worker.recordings] == [0.01, 0.1, 1.0]
    assert waiting(made) == [0, 0, 0]


def test_all_sides_train_with_one_seed_before_any_does_with_the_next(bench: Bench) -> None:
    bench.laboratory.comparisons.begin(vary(BASE, "optimizer.lr", [0.01, 0.1]).repeated(2))
    bench.until(lambda: len(bench.worker.recordings) == 2, "two runs")
    assert [it.experiment.optimizer.lr for it in bench.worker.recordings] == [0.01, 0.1]


def test_each_run_knows_what_it_was_started_for(bench: Bench) -> None:
    made = started(bench)
    origins = [folder.origin() for folder in made.folders]
    assert origins == [Origin(comparison=made.id, arm=name) for name in ("lr 0.01", "lr 0.1")]


def test_table_verdict_and_findings_come_by_themselves(bench: Bench) -> None:
    made = started(bench, vary(BASE, "optimizer.lr", [0.01, 0.1]))
    assert made.table is None
    end(bench, 0)
    end(bench, 1)
    bench.until(lambda: states(made) == ["finished", "finished"])
    bench.until(lambda: made.table and not made.table.so_far, "the table")
    assert made.table is not None
    assert made.verdict is not None
    assert [arm.name for arm in made.table.arms] == ["lr 0.01", "lr 0.1"]
    assert len(made.findings) == 2


def test_commands_are_for_all_or_for_the_selected_side(bench: Bench) -> None:
    made = started(bench)
    made.select(1)
    made.toggle()
    until_obeyed(bench, [], ["pause"])
    bench.until(lambda: states(made) == ["running", "paused"])
    made.select(None)
    made.toggle()
    until_obeyed(bench, ["pause"], [])
    bench.until(lambda: states(made) == ["paused", "paused"])
    made.toggle()
    until_obeyed(bench, ["resume"], ["resume"])


def until_obeyed(bench: Bench, *commands: list[str]) -> None:
    """Wait until each run has obeyed these commands, and no others."""
    obeyed: list[list[str]] = [[] for _ in commands]

    def look() -> bool:
        for recording, so_far in zip(bench.worker.recordings, obeyed, strict=False):
            so_far += recording.obey()
        return obeyed == list(commands)

    bench.until(look, f"{commands}")


def test_stopping_leaves_what_waits_unstarted_and_space_starts_it(bench: Bench) -> None:
    made = started(bench)
    made.stop()
    assert waiting(made) == [0, 0, 0]
    until_obeyed(bench, ["stop"], ["stop"])
    bench.until(lambda: states(made) == ["stopped", "stopped"])
    assert not made.alive
    made.toggle()
    bench.until(lambda: states(made) == ["stopped", "stopped", "running"], "the third run alone")


def test_a_step_begins_what_has_not_begun(bench: Bench) -> None:
    bench.laboratory.comparisons.begin(THREE, start=False)
    made = comparing(bench)
    made.select(0)
    made.one_step()
    bench.until(lambda: bench.worker.recordings)
    until_obeyed(bench, ["step"])
    bench.until(lambda: states(made) == ["paused"])


def test_the_pace_is_also_that_of_what_has_not_begun(bench: Bench) -> None:
    made = started(bench)
    made.pace(-1)
    assert bench.said[-1] == "pace 100 updates/s"
    until_obeyed(bench, ["set"], ["set"])
    end(bench, 0)
    bench.until(lambda: len(bench.worker.recordings) == 3)
    bench.until(lambda: bench.worker.recordings[2].obey() == ["set"])
    assert bench.worker.recordings[2].present.training.pace == 100


def test_a_run_that_cannot_be_trained_says_why_and_the_others_go_on(bench: Bench) -> None:
    bench.worker.start_problem = "no such device"
    bench.laboratory.comparisons.begin(vary(BASE, "optimizer.lr", [0.01, 0.1]))
    made = comparing(bench)
    bench.until(lambda: states(made) == ["failed", "failed"])
    assert "no such device" in bench.said
    assert bench.laboratory.under_way.waiting == 0


def test_runs_that_have_ended_go_on_in_their_turn(bench: Bench) -> None:
    made = started(bench)
    for index in range(3):
        bench.until(lambda index=index: len(bench.worker.recordings) > index)
        end(bench, index)
    bench.until(lambda: states(made) == ["finished"] * 3)
    made.extend(2)
    bench.until(lambda: bench.worker.extended[3:] == [2, 2], "two of them with a worker")
    bench.until(lambda: waiting(made) == [0, 0, 1])
    made.extend(2)  # again: what waits is not added twice
    assert bench.laboratory.under_way.waiting == 1
    end(bench, 3)
    bench.until(lambda: bench.worker.extended[3:] == [2, 2, 2], "the third")
    bench.until(lambda: bench.laboratory.under_way.being_started == bench.laboratory.under_way.waiting == 0)


def test_a_run_that_cannot_go_on_says_why_and_stays_as_it_was(bench: Bench) -> None:
    made = started(bench, vary(BASE, "optimizer.lr", [0.01, 0.1]))
    end(bench, 0)
    end(bench, 1)
    bench.until(lambda: states(made) == ["finished", "finished"])
    bench.worker.start_problem = "the data has changed"
    made.extend(2)
    bench.until(lambda: bench.said.count("the data has changed") == 2)
    assert states(made) == ["finished", "finished"]


def test_two_workers_stand_by_until_all_have_begun(bench: Bench) -> None:
    made = started(bench)
    bench.until(lambda: bench.worker.kept == [2, 1], "one alone, for the one run that is left")
    end(bench, 0)
    bench.until(lambda: states(made) == ["finished", "running", "running"])
    made.leave()
    bench.laboratory.comparisons.begin(THREE, start=False)
    comparing(bench).leave()
    bench.until(lambda: bench.worker.kept == [2, 1, 2, 1])


def test_what_is_being_started_is_stopped_once_it_listens(bench: Bench) -> None:
    bench.worker.may_start.clear()
    bench.laboratory.comparisons.begin(THREE)
    made = comparing(bench)
    bench.until(lambda: states(made) == ["starting"])
    assert (bench.laboratory.under_way.being_started, bench.laboratory.under_way.waiting) == (1, 2)
    made.stop()
    assert waiting(made) == [0, 0, 0]
    bench.worker.may_start.set()
    bench.until(lambda: bench.worker.recordings)
    until_obeyed(bench, ["stop"])
    assert not any("no worker" in said for said in bench.said)


def test_nothing_begins_any_more_once_the_program_is_to_end(bench: Bench) -> None:
    bench.worker.may_start.clear()
    bench.laboratory.comparisons.begin(THREE)
    bench.until(lambda: bench.laboratory.under_way.being_started == 1)
    bench.laboratory.under_way.start_no_more()
    bench.worker.may_start.set()
    bench.until(lambda: bench.laboratory.under_way.being_started == 0)
    bench.until(lambda: len(bench.store.folders()) == len(bench.worker.recordings) == 1)


# Opening again


def test_a_stored_comparison_is_opened_with_what_is_missing(bench: Bench) -> None:
    made = started(bench)
    made.stop()
    until_obeyed(bench, ["stop"], ["stop"])
    bench.laboratory.comparisons.open(made.id)
    bench.until(lambda: comparing(bench) is not made)
    again = comparing(bench)
    bench.until(lambda: states(again) == ["stopped", "stopped"])
    assert names(again) == ["lr 0.01", "lr 0.1", "lr 1"]
    again.toggle()
    bench.until(lambda: states(again)[-1] == "running")
    assert len(bench.worker.recordings) == 3


def test_runs_go_on_in_their_turn_after_the_comparison_was_left(bench: Bench) -> None:
    made = started(bench)
    made.leave()
    end(bench, 0)
    bench.until(lambda: len(bench.worker.recordings) == 3, "the run that waited")
    bench.laboratory.compare_chosen()
    bench.until(lambda: comparing(bench) is not made)
    bench.until(lambda: states(comparing(bench)) == ["finished", "running", "running"])


def test_a_comparison_that_is_opened_while_runs_wait_sees_them_begin(bench: Bench) -> None:
    made = started(bench)
    bench.laboratory.comparisons.open(made.id)
    bench.until(lambda: comparing(bench) is not made)
    again = comparing(bench)
    assert waiting(again) == [0, 0, 1]
    end(bench, 1)
    bench.until(lambda: states(again) == ["running", "finished", "running"])


def test_a_comparison_that_is_opened_while_a_run_begins_does_not_miss_it(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = started(bench)
    read, held, go_on = bench.store.runs_of, threading.Event(), threading.Event()

    def slowly(id: str) -> list[RunFolder]:
        found = read(id)
        held.set()
        assert go_on.wait(10)
        return found

    monkeypatch.setattr(bench.store, "runs_of", slowly)
    bench.laboratory.comparisons.open(made.id)
    assert held.wait(10)
    end(bench, 0)
    bench.until(lambda: len(bench.worker.recordings) == 3, "the third run, which was not there when it was read")
    bench.until(lambda: bench.laboratory.under_way.being_started == bench.laboratory.under_way.waiting == 0)
    go_on.set()
    bench.until(lambda: comparing(bench) is not made)
    bench.until(lambda: states(comparing(bench)) == ["finished", "running", "running"])


# Runs that are put side by side


@pytest.fixture
def some(bench: Bench) -> list[Recording]:
    """Four runs that have ended, the first and the last of them equal but for the seed."""
    rates = [(0.01, 0), (0.1, 0), (1.0, 0), (0.01, 1)]
    return [
        finished(bench.store, experiment={"name": "digits", "optimizer": {"lr": lr}, "seed": seed})
        for lr, seed in rates
    ]


def put(bench: Bench, recordings: list[Recording]) -> Comparing:
    bench.laboratory.comparisons.compare([it.folder for it in recordings if it.folder])
    made = comparing(bench)
    bench.until(lambda: made.state.sides, "the sides")
    return made


def test_runs_are_compared_once_they_have_been_read(bench: Bench, some: list[Recording]) -> None:
    made = put(bench, some)
    assert names(made) == ["lr 0.01", "lr 0.1", "lr 1"]
    assert [len(side.arm.runs) for side in made.state.sides] == [2, 1, 1]
    assert made.state.repeats == 2
    assert made.state.title == "lr 0.01 | lr 0.1 | lr 1"


def test_running_and_ended_runs_stand_side_by_side(bench: Bench, some: list[Recording]) -> None:
    alive = running(bench.store, experiment={"name": "alive"})
    made = put(bench, [some[0], alive])
    bench.until(lambda: states(made) == ["finished", "running"])
    alive.train().end()
    alive.release_lock()
    bench.until(lambda: states(made) == ["finished", "finished"])


def test_sides_are_swapped_pinned_dropped_added_and_replaced(bench: Bench, some: list[Recording]) -> None:
    made = put(bench, some[:2])
    made.pin(1)
    made.swap()
    assert (names(made), made.state.pinned) == (["lr 0.1", "lr 0.01"], 0)
    assert some[2].folder
    made.add(some[2].folder)
    bench.until(lambda: len(made.state.sides) == 3)
    made.select(2)
    made.swap()
    assert (names(made), made.state.selected) == (["lr 0.1", "lr 1", "lr 0.01"], 1)
    made.drop(0)
    assert (names(made), made.state.pinned, made.state.selected) == (["lr 1", "lr 0.01"], 0, None)
    assert some[1].folder
    made.replace(1, some[1].folder)
    bench.until(lambda: names(made) == ["lr 1", "lr 0.1"])
    made.add(some[1].folder)
    assert bench.said[-1] == "this run is there already"


def test_runs_make_a_comparison_that_can_be_saved(bench: Bench, some: list[Recording]) -> None:
    comparison = put(bench, some).comparison
    assert comparison is not None
    assert [dict(arm.changes) for arm in comparison.arms] == [{}, {"optimizer.lr": 0.1}, {"optimizer.lr": 1.0}]
    assert comparison.repeats == 2


# Repeats


def test_repeats_train_every_side_with_more_seeds(bench: Bench) -> None:
    made = started(bench, vary(BASE, "optimizer.lr", [0.01, 0.1]))
    made.add_repeats()
    assert made.state.repeats == 2
    end(bench, 0)
    end(bench, 1)
    bench.until(lambda: len(bench.worker.recordings) == 4, "the repeats")
    assert [it.experiment.seed for it in bench.worker.recordings] == [0, 0, 1, 1]
    bench.until(lambda: [len(side.arm.runs) for side in made.state.sides] == [2, 2])
    bench.until(lambda: bench.store.comparisons.load(made.id).repeats == 2, "the comparison on disk")


def test_repeats_of_what_has_not_begun_are_only_planned(bench: Bench) -> None:
    bench.laboratory.comparisons.begin(THREE, start=False)
    made = comparing(bench)
    made.add_repeats()
    assert [side.planned for side in made.state.sides] == [2, 2, 2]
    assert not bench.worker.recordings


def test_runs_that_were_put_side_by_side_are_repeated(bench: Bench, some: list[Recording]) -> None:
    made = put(bench, some[:2])
    made.add_repeats()
    bench.until(lambda: len(bench.worker.recordings) == 2, "a seed more of each")
    trained = [(it.experiment.optimizer.lr, it.experiment.seed) for it in bench.worker.recordings]
    assert trained == [(0.01, 1), (0.1, 1)]
    assert [side.planned for side in made.state.sides] == [2, 2]
    bench.until(lambda: [it.folder.origin().comparison for it in some[:2] if it.folder] == [made.id] * 2)
    bench.laboratory.comparisons.open(made.id)
    bench.until(lambda: comparing(bench) is not made)
    bench.until(lambda: [len(side.arm.runs) for side in comparing(bench).state.sides] == [2, 2])


@pytest.mark.parametrize("baseline_first", [True, False])
def test_a_side_that_switches_a_regularizer_off_is_repeated(bench: Bench, baseline_first: bool) -> None:
    regularizers: list[dict[str, object]] = [{}, {"l2": 0.01, "batch_norm": True}]
    runs = [finished(bench.store, experiment={"name": "d", "regularization": it}) for it in regularizers]
    made = put(bench, runs if baseline_first else runs[::-1])
    made.add_repeats()
    bench.until(lambda: len(bench.worker.recordings) == 2, "a seed more of each")
    trained = [it.experiment.regularization for it in bench.worker.recordings]
    meant = [it.experiment.regularization for it in runs]
    assert trained == (meant if baseline_first else meant[::-1])


def test_changes_make_the_other_experiment() -> None:
    kinds = ("sgd", "momentum", "adam", "rmsprop")
    some = [parse({"optimizer": {"kind": kind, "lr": lr}}) for kind in kinds for lr in (0.02, 0.001)]
    some += [parse({"data": {"kind": kind}}) for kind in ("digits", "moons", "sine")]
    some += [parse({"regularization": {kind: True}}) for kind in ("batch_norm", "dropout", "l2")]
    some += [parse({"optimizer": {"kind": "momentum", "momentum": 0.5}, "regularization": {"l1": 0.1, "dropout": 0.5}})]
    for one in some:
        for other in some:
            assert set_values(one, changes(one, other)) == other


def test_equal_runs_are_not_repeated_as_a_comparison(bench: Bench) -> None:
    put(bench, [finished(bench.store, experiment={"name": "d"}) for _ in range(2)]).add_repeats()
    assert "is the same experiment as" in bench.said[-1]


def test_runs_of_an_earlier_comparison_belong_to_the_one_that_repeats_them_too(bench: Bench) -> None:
    made = started(bench, vary(BASE, "optimizer.lr", [0.01, 0.1]))
    first = made.folders
    for index in (0, 1):
        end(bench, index)
    bench.until(lambda: states(made) == ["finished", "finished"])
    bench.laboratory.comparisons.compare(first)
    bench.until(lambda: comparing(bench) is not made and comparing(bench).state.sides)
    again = comparing(bench)
    again.add_repeats()
    bench.until(lambda: len(bench.worker.recordings) == 4, "the repeats")
    bench.until(lambda: len(bench.store.runs_of(again.id)) == 4, "all of them")
    assert bench.store.runs_of(made.id) == first
    bench.laboratory.comparisons.open(again.id)
    bench.until(lambda: comparing(bench) is not again)
    bench.until(lambda: [len(side.arm.runs) for side in comparing(bench).state.sides] == [2, 2])
    assert {folder.id for folder in first} < {folder.id for folder in comparing(bench).folders}


# Choosing what to compare


def test_marked_runs_are_compared_and_unmarked_then(bench: Bench, some: list[Recording]) -> None:
    laboratory = bench.laboratory
    for recording in (some[2], some[0]):
        assert recording.folder
        laboratory.comparisons.mark(recording.folder.id)
    laboratory.compare_chosen()
    bench.until(lambda: laboratory.comparing and laboratory.comparing.state.sides)
    assert names(comparing(bench)) == ["lr 1", "lr 0.01"]
    assert laboratory.comparisons.marked == ()


def test_marks_of_deleted_runs_are_forgotten(bench: Bench, some: list[Recording]) -> None:
    laboratory = bench.laboratory
    ids = [it.folder.id for it in some[:3] if it.folder]
    for id in ids:
        laboratory.comparisons.mark(id)
    shutil.rmtree(bench.store.find(ids[0]).path)
    laboratory.compare_chosen()
    bench.until(lambda: laboratory.comparing and laboratory.comparing.state.sides)
    assert [folder.id for folder in comparing(bench).folders] == ids[1:]
    laboratory.comparisons.mark(ids[0])
    laboratory.compare_chosen()
    bench.until(lambda: laboratory.comparisons.marked == ())


def test_a_run_is_compared_with_what_it_belongs_to(bench: Bench, some: list[Recording]) -> None:
    laboratory = bench.laboratory
    assert some[0].folder
    child = bench.store.create(some[1].experiment, Origin(parent=some[0].folder.id))
    laboratory.compare_chosen(child)
    bench.until(lambda: laboratory.comparing and len(laboratory.comparing.folders) == 2)
    assert comparing(bench).folders == [some[0].folder, child]


def test_the_present_run_is_compared_with_the_one_before(bench: Bench) -> None:
    laboratory = bench.laboratory
    laboratory.compare_chosen()
    bench.until(lambda: any("no run to compare" in said for said in bench.said))
    first = bench.start(epochs=2)
    laboratory.compare_chosen()
    bench.until(lambda: any("nothing to compare this run with" in said for said in bench.said))
    second = bench.start(epochs=1)
    laboratory.compare_chosen()
    bench.until(lambda: laboratory.comparing and len(laboratory.comparing.folders) == 2)
    assert comparing(bench).folders == [first.folder, second.folder]
    opened = comparing(bench)
    laboratory.compare_chosen(second.folder)  # the present run in the list
    bench.until(lambda: comparing(bench) is not opened and len(comparing(bench).folders) == 2)
    assert comparing(bench).folders == [first.folder, second.folder]


def test_an_error_while_runs_are_read_is_said_once_and_they_are_read_again(
    bench: Bench, some: list[Recording], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = put(bench, some[:1])
    alive = running(bench.store, experiment={"name": "alive"})
    assert alive.folder
    read, wrong = RunReader.read_new, [True]

    def badly(self: RunReader) -> bool:
        if wrong:
            raise RuntimeError("no such luck")
        return read(self)

    monkeypatch.setattr(RunReader, "read_new", badly)
    made.add(alive.folder)
    bench.until(lambda: bench.said and "no such luck" in bench.said[-1])
    wrong.clear()
    bench.until(lambda: states(made) == ["finished", "running"])
    assert sum("no such luck" in said for said in bench.said) == 1
