"""Forks of what is damaged, cut off, thinned out or diverged."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.engine.laboratory import Script, command, create, figures, same, small, train, weights
from tests.engine.test_fork import NOISY, at_epoch, fork
from tui_trainer.engine import checkpoints
from tui_trainer.engine.run import train_run
from tui_trainer.experiment.overrides import set_values
from tui_trainer.experiment.problems import ExperimentError
from tui_trainer.runs import forks
from tui_trainer.runs import summary as summaries
from tui_trainer.runs.folder import RunFolder
from tui_trainer.runs.records import Checkpoint
from tui_trainer.runs.store import Store
from tui_trainer.runs.summary import summarize
from tui_trainer.runs.view import read

OTHER_KINDS = {"optimizer": "sgd", "regularization.l2": 0.1, "regularization.dropout": False}


def test_before_its_fork_it_was_what_its_parent_was_whatever_has_changed_there() -> None:
    parent = train(NOISY, Script({9: [command("set", path="optimizer.lr", value=0.02)]}))
    child = fork(parent, 3, OTHER_KINDS)
    train_run(child, Script({3: [command("set", path="optimizer.lr", value=0.3)]}))
    view = read(child)
    assert view.present_at(0) == NOISY
    assert view.present_at(14) == read(parent).present_at(14)
    assert view.present_at(21) == view.experiment
    assert view.present_at(28) == view.present
    grandchild = fork(child, 5, {"optimizer": "momentum"})
    train_run(grandchild, Script())
    for step in (0, 14, 21, 28):
        assert read(grandchild).present_at(step) == view.present_at(step)


def test_a_fork_of_a_fork_from_before_the_first_one_is_a_fork_of_the_grandparent() -> None:
    parent = train(NOISY)
    child = fork(parent, 3, OTHER_KINDS)
    train_run(child, Script())
    inherited = read(child).checkpoints[0]
    assert inherited.step < 21
    changed = {"optimizer.lr": 0.003}
    again = Store().fork(child, inherited, set_values(NOISY, changed))
    train_run(again, Script())
    wanted = fork(parent, inherited.epoch, changed)
    train_run(wanted, Script())
    assert figures(again) == figures(wanted)
    assert [change.path for change in read(again).changes] == ["optimizer.lr"]


def test_a_run_in_a_list_is_what_it_became_however_long_the_parents_log(monkeypatch: pytest.MonkeyPatch) -> None:
    child = fork(train(NOISY), 3, {"optimizer.lr": 0.002})
    train_run(child, Script())
    monkeypatch.setattr(summaries, "MIDDLE_BYTES", 100)
    monkeypatch.setattr(summaries, "TAIL_BYTES", (500, 1000))
    listed, view = summarize(child), read(child)
    assert (listed.experiment, listed.present) == (view.experiment, view.present)
    assert listed.origin.from_epoch == 3
    assert listed.started_time == view.started_time


def test_it_began_when_it_was_forked() -> None:
    parent = train(NOISY)
    store = Store()
    store.mark_seen()
    child = fork(parent, 3)
    train_run(child, Script())
    began, ended = read(child).started_time, read(parent).last_time
    assert began
    assert ended
    assert began > ended
    assert [run.id for run in store.news().ended] == [child.id]


def test_the_log_says_that_it_is_a_fork_where_its_origin_is_damaged() -> None:
    parent = train(NOISY, Script({10: [command("set", path="optimizer.lr", value=0.02)]}))
    whole, child = (fork(parent, 3, {"optimizer.lr": 0.002}) for _ in range(2))
    train_run(whole, Script())
    child.origin_file.write_text('{"parent": "../../etc", "from_step": -1}')
    train_run(child, Script())
    assert figures(child) == figures(whole)


def test_a_fork_whose_log_is_lost_goes_on_from_its_own_checkpoint() -> None:
    parent = train(NOISY)
    whole, child = (fork(parent, 3, {"optimizer.lr": 0.002}) for _ in range(2))
    train_run(whole, Script())
    train_run(child, Script(interrupt_at=9))
    child.events_file.unlink()
    assert train_run(child, Script()) == "finished"
    assert same(weights(child), weights(whole))


def test_a_fork_whose_log_is_lost_before_it_began_fails_in_a_sentence() -> None:
    child = fork(train(NOISY), 3, {"optimizer.lr": 0.002})
    child.events_file.unlink()
    assert train_run(child, Script()) == "failed"
    assert "fork again" in read(child).reason


def test_a_parent_whose_last_line_is_half_written() -> None:
    parent = train(NOISY)
    expected = figures(parent)
    with parent.events_file.open("ab") as log:
        log.write(b'{"v":1,"time":1.0,"type":"evalu')
    child = fork(parent, 3)
    train_run(child, Script())
    assert figures(child) == expected
    assert read(child).damaged_lines == 0


def test_a_parent_that_a_newer_program_wrote_is_refused() -> None:
    parent = train(NOISY)
    checkpoint = at_epoch(parent, 3)
    with parent.events_file.open("a") as log:
        log.write('{"v":99,"time":1.0,"type":"dreamt"}\n')
    with pytest.raises(ExperimentError, match="newer than this program knows"):
        Store().fork(parent, checkpoint, NOISY)
    assert Store().folders() == [parent]


def test_a_checkpoint_that_is_saved_again_while_it_is_copied_is_taken_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    parent = train(NOISY)
    place = parent.checkpoints / "21"
    copy = forks._copy_file
    replaced: list[Path] = []

    def meanwhile(name: str, target: Path, folder: int) -> None:
        copy(name, target, folder)
        if not replaced:
            state = checkpoints.load(place)
            replaced.append(place)
            checkpoints.Checkpoints(parent.checkpoints, {"another": "one"}).write({**state, "seconds": 99.0}, [], 6)

    monkeypatch.setattr(forks, "_copy_file", meanwhile)
    child = fork(parent, 3)
    assert replaced
    assert checkpoints.load(child.checkpoints / "21")["step"] == 21


@pytest.mark.parametrize("name", ["..", "21/../21", "/etc", "", "٢١", "021"])
def test_a_checkpoint_whose_name_is_no_step_is_refused(name: str) -> None:
    parent = train(NOISY)
    with pytest.raises(ExperimentError, match="is no checkpoint"):
        Store().fork(parent, Checkpoint(21, 3.0, name, (), 0), NOISY)
    assert Store().folders() == [parent]
    assert list(Store().runs_folder.iterdir()) == [parent.path]


def test_a_link_in_the_place_of_a_checkpoint_is_none(tmp_path: Path) -> None:
    parent = train(NOISY)
    checkpoint = at_epoch(parent, 3)
    place = parent.checkpoints / "21"
    shutil.move(place, tmp_path / "21")
    place.symlink_to(tmp_path / "21")
    with pytest.raises(ExperimentError, match="gone"):
        Store().fork(parent, checkpoint, NOISY)


def test_a_disk_that_takes_no_links_gets_copies(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object, **options: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "link", refuse)
    parent = train(NOISY)
    child = fork(parent, 3)
    file = child.checkpoints / "21" / "state.pt"
    assert (file.stat().st_nlink, file.stat().st_mode & 0o777) == (1, 0o600)
    assert train_run(child, Script()) == "finished"
    assert figures(child) == figures(parent)


def test_a_full_disk_leaves_no_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    parent = train(NOISY)
    checkpoint = at_epoch(parent, 3)

    def full(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(forks, "_copy_events", full)
    with pytest.raises(OSError, match="No space left"):
        Store().fork(parent, checkpoint, NOISY)
    assert list(Store().runs_folder.iterdir()) == [parent.path]


_FORK_AND_DIE = """
import os, signal, sys
from pathlib import Path
from tui_trainer.runs import forks
from tui_trainer.runs.folder import RunFolder
from tui_trainer.runs.store import Store
from tui_trainer.runs.view import read
name = sys.argv[2]
true = getattr(forks, name)
def deadly(*arguments):
    true(*arguments)
    os.kill(os.getpid(), signal.SIGKILL)
setattr(forks, name, deadly)
parent = RunFolder(Path(sys.argv[1]))
view = read(parent)
Store().fork(parent, next(it for it in view.checkpoints if it.epoch == 3), view.present)
"""


@pytest.mark.parametrize("moment", ["_copy_checkpoint", "_copy_events", "_say_forked", "write_new"])
def test_who_is_killed_while_forking_leaves_no_run_and_the_parent_whole(moment: str) -> None:
    parent = train(NOISY)
    before = figures(parent)
    killed = subprocess.run([sys.executable, "-c", _FORK_AND_DIE, str(parent.path), moment], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert Store().folders() == [parent]
    assert figures(parent) == before
    child = fork(parent, 3)
    train_run(child, Script())
    assert figures(child) == before


def replace_and_die(folder: RunFolder, moved: bool) -> None:
    """The disk as a worker leaves it that is killed while it puts a checkpoint in the place of another."""
    place = folder.checkpoints / "21"
    shutil.copytree(place, folder.checkpoints / ".21")
    if moved:
        shutil.rmtree(place)
    else:
        (place / "state.pt").unlink()


@pytest.mark.parametrize("moved", [False, True])
def test_a_worker_killed_while_it_takes_the_parents_checkpoint_over_costs_nothing(moved: bool) -> None:
    parent = train(NOISY)
    child = fork(parent, 3)
    replace_and_die(child, moved)
    assert train_run(child, Script()) == "finished"
    assert figures(child) == figures(parent)
    assert not (child.checkpoints / ".21").exists()


DIVERGING = small(optimizer={"kind": "sgd", "lr": 1000}, activation="identity", training={"epochs": 50})


def test_a_run_that_diverges_leaves_the_last_state_that_was_sound() -> None:
    parent = train(DIVERGING)
    view = read(parent)
    assert view.diverged
    last = view.evaluations[-1]
    assert last.step in [it.step for it in view.checkpoints]
    for checkpoint in view.checkpoints:
        saved = weights(parent, checkpoint.step)
        assert all(bool(tensor.isfinite().all()) for tensor in saved.values())


def test_what_a_person_did_to_a_run_can_be_undone_where_it_was_done() -> None:
    calm = set_values(DIVERGING, {"optimizer.lr": 0.01})
    parent = train(calm, Script({23: [command("set", path="optimizer.lr", value=1000.0)]}))
    view = read(parent)
    assert view.diverged
    at_change = next(it for it in view.checkpoints if it.step == max(view.evaluations[-1].step, 23))
    for checkpoint in (at_change, view.checkpoints[0]):
        present = view.present_at(checkpoint.step)
        assert present
        child = Store().fork(parent, checkpoint, set_values(present, {"optimizer.lr": 0.01}))
        assert train_run(child, Script()) == "finished"
        assert read(child).best


def test_with_a_rate_that_is_right_from_the_first_step_it_is_as_if_never_wrong() -> None:
    parent = train(DIVERGING)
    first = read(parent).checkpoints[0]
    assert first.step == 0
    child = Store().fork(parent, first, set_values(DIVERGING, {"optimizer.lr": 0.01}))
    train_run(child, Script())
    assert read(child).state == "finished"
    right = train(set_values(DIVERGING, {"optimizer.lr": 0.01}))
    assert figures(child)["train"] == figures(right)["train"]
    assert same(weights(child), weights(right))


def test_a_device_is_for_runs_that_leave_it_open() -> None:
    fixed, open_ = create(NOISY), create(set_values(NOISY, {"device": "auto"}))
    assert train_run(fixed, Script(), device="cuda:77") == "finished"
    assert train_run(open_, Script(), device="cuda:77") == "failed"
    assert "cuda:77" in read(open_).reason
    again = create(set_values(NOISY, {"device": "auto"}))
    assert train_run(again, Script(), device="cpu") == "finished"
    assert read(again).device == "cpu"
