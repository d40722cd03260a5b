"""The folder of runs: making, finding, listing, renaming and deleting them; the draft; what is new."""

from __future__ import annotations

import json
import os
import resource
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import recorded
from tests.recorded import Recording
from tests.runs.processes import lock_holder
from tui_trainer.experiment.parse import parse
from tui_trainer.experiment.schema import Experiment
from tui_trainer.runs import summary as summaries
from tui_trainer.runs.differing import differing
from tui_trainer.runs.files import write_new
from tui_trainer.runs.folder import RunFolder
from tui_trainer.runs.origin import Origin
from tui_trainer.runs.store import AmbiguousRun, RunAlive, RunNotFound, Store
from tui_trainer.runs.view import read


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "data")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_its_place_is_in_the_environment(home: Path) -> None:
    assert Store().root == home
    assert Store().runs_folder == home / "runs"


def test_a_new_run_has_an_id_that_sorts_by_time_and_says_what_it_is(store: Store) -> None:
    folder = store.create(parse({"name": "MNIST 300, weight decay!"}))
    date, time, *slug, random = folder.id.split("-")
    assert (len(date), len(time), len(random)) == (8, 6, 4)
    assert slug == ["mnist", "300", "weight", "decay"]
    assert store.create(Experiment()).id.split("-")[2:-1] == ["digits", "mlp"]


@pytest.mark.parametrize("name", ["../../etc", "/", "\x1b[31m", "한국어", "-rf", ".", "a" * 100, "x\x00y"])
def test_hostile_names_make_plain_folders(store: Store, name: str) -> None:
    folder = store.create(Experiment(name=name))
    assert folder.path.parent == store.runs_folder
    assert folder.id.isascii()
    assert folder.id.replace("-", "").isalnum()
    assert len(folder.id) < 80
    assert store.find(folder.id) == folder


def test_only_the_owner_may_read_a_run(store: Store) -> None:
    old = os.umask(0)
    try:
        folder = Recording(store).train(1).folder
    finally:
        os.umask(old)
    assert folder
    assert [mode(path) for path in (store.root, store.runs_folder, folder.path)] == [0o700] * 3
    assert {mode(path) for path in folder.path.iterdir()} == {0o600}


def test_ids_are_made_exclusively(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    suffixes = iter(["aaaa", "aaaa", "bbbb"])
    monkeypatch.setattr("tui_trainer.runs.ids.secrets.token_hex", lambda length: next(suffixes))
    monkeypatch.setattr("tui_trainer.runs.ids.time.strftime", lambda form: "20250102-030405")
    first, second = store.create(Experiment(name="x")), store.create(Experiment(name="x"))
    assert (first.id, second.id) == ("20250102-030405-x-aaaa", "20250102-030405-x-bbbb")


def test_whoever_looks_while_a_run_is_made_sees_none_or_one_that_starts(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[list[str]] = []

    def watched(path: Path, text: str) -> None:
        write_new(path, text)
        seen.append([run.state for run in store.list()])

    monkeypatch.setattr("tui_trainer.runs.store.write_new", watched)
    store.create(Experiment(), Origin(comparison="c"))
    assert seen == [[], [], ["starting"]]


def test_a_full_disk_leaves_no_folder(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, text: str) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tui_trainer.runs.store.write_new", full)
    with pytest.raises(OSError, match="No space left"):
        store.create(Experiment())
    assert list(store.runs_folder.iterdir()) == []


def test_the_experiment_is_kept_as_it_was_written(store: Store) -> None:
    experiment = parse({"name": "x", "optimizer": "adam", "regularization": {"l2": 0.1}})
    folder = store.create(experiment)
    assert folder.experiment() == experiment
    assert "lr" not in folder.experiment_file.read_text()


def test_finding_by_a_unique_beginning(store: Store) -> None:
    for id in ("20250101-000000-a-1111", "20250101-000000-a-1111-copy", "20250202-000000-b-2222"):
        (store.runs_folder / id).mkdir(parents=True)
        (store.runs_folder / id / "experiment.yaml").touch()
    assert store.find("202502").id == "20250202-000000-b-2222"
    assert store.find("20250101-000000-a-1111").id == "20250101-000000-a-1111"
    with pytest.raises(AmbiguousRun, match="any of 2 runs") as error:
        store.find("202501")
    assert error.value.candidates == ["20250101-000000-a-1111", "20250101-000000-a-1111-copy"]


@pytest.mark.parametrize("prefix", ["", "nothing", "../", "/", ".", "*", "\x00", "\x1b[31m", "20250101-000000-a-1111/"])
def test_a_prefix_is_never_a_path(store: Store, prefix: str) -> None:
    (store.runs_folder / "20250101-000000-a-1111").mkdir(parents=True)
    (store.runs_folder / "20250101-000000-a-1111" / "experiment.yaml").touch()
    with pytest.raises(RunNotFound) as error:
        store.find(prefix)
    assert "\x1b" not in str(error.value)


def test_the_list_tells_the_state_and_figures_of_each_run(store: Store) -> None:
    made = {
        "running": recorded.running(store),
        "paused": recorded.paused(store),
        "stalled": recorded.stalled(store),
        "finished": recorded.finished(store),
        "failed": recorded.failed(store),
        "stopped": recorded.stopped(store),
        "interrupted": recorded.interrupted(store),
        "died": recorded.died(store),
    }
    try:
        runs = {run.id: run for run in store.list()}
        assert len(runs) == len(made)
        for state, recording in made.items():
            assert recording.folder
            run, view = runs[recording.folder.id], read(recording.folder)
            assert (run.state, view.state) == (state, state)
            assert (run.name, run.reason) == (view.name, view.reason)
            assert (run.step, run.epoch, run.planned_epochs) == (view.step, view.epoch, view.planned_epochs)
            assert view.last
            assert run.train == pytest.approx(view.last.train, nan_ok=True)
            assert run.validation == pytest.approx(view.last.validation, nan_ok=True)
            assert run.alive == (state in ("running", "paused", "stalled"))
            if run.best:
                assert view.best
                assert (run.best.step, run.best.validation) == (view.best.step, view.best.validation)
        assert runs[made["failed"].folder.id].differences == "optimizer.lr 0.1 → 10"  # type: ignore[union-attr]
        assert runs[made["finished"].folder.id].best  # type: ignore[union-attr]
    finally:
        for recording in made.values():
            recording.release_lock()


def test_the_latest_comes_first(store: Store) -> None:
    for start in (2.0, 1.0, 3.0):
        recording = Recording(store, start_time=start)
        assert recording.folder
        recording.folder.path.rename(store.runs_folder / f"20250101-000000-x-{int(start)}{int(start)}ab")
    assert [run.started_time for run in store.list()] == [3.0, 2.0, 1.0]


def test_only_head_and_tail_of_a_huge_log_are_read(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    ended = Recording(store, experiment={"training": {"epochs": 20}}).train(10)
    died = Recording(store, experiment={"training": {"epochs": 20}}).train(10)
    for recording in (ended, died):
        assert recording.folder
        with recording.folder.events_file.open("ab") as file:
            file.truncate(3_000_000_000)  # a hole: a log of 3 GB whose middle is nothing
            file.write(b"\n")
        recording.train(10)
    ended.end()
    read_bytes = 0
    real = summaries.read_plain

    def counting(path: Path, limit: int, offset: int = 0) -> bytes:
        nonlocal read_bytes
        content = real(path, limit, offset)
        read_bytes += len(content)
        return content

    monkeypatch.setattr(summaries, "read_plain", counting)
    runs = {run.id: run for run in store.list()}
    assert read_bytes < 600_000 + 2 * summaries.MIDDLE_BYTES
    assert ended.folder
    assert died.folder
    assert runs[ended.folder.id].state == "finished"
    assert runs[ended.folder.id].epoch == 20
    assert runs[died.folder.id].state == "died"
    assert runs[died.folder.id].validation["accuracy"] > 0.9


def test_a_first_line_of_a_megabyte(store: Store) -> None:
    recording = Recording(store, features=[f"feature {i}" for i in range(100_000)]).train().end()
    (run,) = store.list()
    assert recording.folder
    assert recording.folder.events_file.stat().st_size > 1_000_000
    assert (run.state, run.parameters) == ("finished", 7510)


def test_damaged_and_hostile_folders_do_not_break_the_list(store: Store, tmp_path: Path) -> None:
    good = recorded.finished(store)
    assert good.folder

    def folder(name: str, log: bytes | None = None, experiment: bytes = b"") -> Path:
        path = store.runs_folder / name
        path.mkdir()
        (path / "experiment.yaml").write_bytes(experiment)
        if log is not None:
            (path / "events.jsonl").write_bytes(log)
        return path

    folder("20250101-empty")
    folder("20250102-binary", os.urandom(100_000), os.urandom(1000))
    folder("20250103-newer", b'{"v":9,"type":"started","time":1}\n')
    folder("20250104-nested", b"[" * 50_000 + b"\n")
    folder("20250105-link").joinpath("events.jsonl").symlink_to(good.folder.events_file)
    os.mkfifo(folder("20250106-pipe") / "events.jsonl")
    os.mkfifo(folder("20250107-pipes") / "lock")
    folder("20250108-log-is-a-folder").joinpath("events.jsonl").mkdir()
    folder("20250109-name").joinpath("name").write_bytes(b"\x1b[31mred\xff" * 100)
    folder("\x1b[31m")
    (store.runs_folder / "20250110-no-experiment").mkdir()
    (store.runs_folder / "20250111-file").touch()
    (store.runs_folder / "20250112-link").symlink_to(good.folder.path)
    (store.runs_folder / "20250113-dangling").symlink_to(tmp_path / "nowhere")
    runs = {run.id[:8]: run for run in store.list()}
    assert sorted(runs)[:-1] == [f"202501{day:02}" for day in range(1, 10)]
    assert runs["20250101"].state == "died"
    assert "newer than this program knows" in runs["20250103"].problem
    assert "\x1b" not in runs["20250109"].name
    assert runs["20250109"].name.startswith("[31mred")
    for run in runs.values():
        assert isinstance(run.what + run.differences, str)
        read(run.folder)


def test_a_run_that_nobody_took_up_is_starting_and_then_died(store: Store) -> None:
    folder = store.create(Experiment(name="waiting"))
    (run,) = store.list()
    assert (run.state, run.name) == ("starting", "waiting")
    with pytest.raises(RunAlive):
        store.delete(folder)
    os.utime(folder.lock_file, (0, 0))
    (run,) = store.list()
    assert (run.state, run.reason) == ("died", "no worker ever took it up")
    store.delete(folder)
    assert store.list() == []


def test_deleting_spares_what_is_alive_and_what_lies_outside(store: Store, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "experiment.yaml").touch()
    inside = recorded.finished(store).folder
    assert inside
    (inside.path / "checkpoints").symlink_to(precious)
    with lock_holder(inside.lock_file), pytest.raises(RunAlive, match="stop it first"):
        store.delete(inside)
    assert inside.path.exists()
    store.delete(inside)
    assert not inside.path.exists()
    (store.runs_folder / "20250101-link").symlink_to(precious)
    for path in (
        precious,
        store.runs_folder / "20250101-link",
        store.runs_folder / ".." / ".." / "precious",
        store.runs_folder / "..",
        store.runs_folder,
        store.runs_folder / "missing",
    ):
        with pytest.raises(RunNotFound):
            store.delete(RunFolder(path))
    assert (precious / "experiment.yaml").exists()


def test_a_new_name(store: Store) -> None:
    folder = recorded.finished(store).folder
    assert folder
    store.rename(folder, "  my \x1b[31mfavourite\n run ")
    assert folder.display_name() == "my [31mfavourite  run"
    assert read(folder).name == store.list()[0].name == folder.display_name()
    assert mode(folder.name_file) == 0o600
    store.rename(folder, "")
    assert folder.display_name() == read(folder).name == "recorded"


def test_the_draft_comes_back(store: Store) -> None:
    assert store.load_draft().experiment is None
    mapping = {"name": "mine", "optimizer": {"kind": "adam", "lr": 1e-5}, "model": {"hidden": [3, 2]}}
    store.save_draft(mapping)
    assert store.load_draft().experiment == parse(mapping)
    assert mode(store.root / "draft.yaml") == 0o600
    store.save_draft({})
    assert store.load_draft().experiment == Experiment()
    assert [path.name for path in store.root.iterdir()] == ["draft.yaml"]


@pytest.mark.parametrize("damage", [b"\xff\xfe", b"{", b"optimizer: gone\n", b"a: &a [*a]\n", b"- 1\n"])
def test_a_damaged_draft_is_left_out_with_a_word(store: Store, damage: bytes) -> None:
    store.save_draft({})
    (store.root / "draft.yaml").write_bytes(damage)
    draft = store.load_draft()
    assert draft.experiment is None
    assert draft.problem.startswith("the draft cannot be read: ")


def test_a_draft_is_whole_whenever_the_program_ends(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.save_draft({"name": "old"})

    def no_space(*given: object) -> None:
        raise OSError("no space")

    monkeypatch.setattr("tui_trainer.runs.files.write_new", no_space)
    with pytest.raises(OSError):
        store.save_draft({"name": "new"})
    experiment = store.load_draft().experiment
    assert experiment
    assert experiment.name == "old"


@pytest.fixture
def full_disk() -> Iterator[None]:
    """No file takes a byte."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, limits[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def test_a_full_disk_leaves_no_empty_file(tmp_path: Path, full_disk: None) -> None:
    with pytest.raises(OSError):
        write_new(tmp_path / "new.yaml", "text")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "old.yaml").write_text("old")
    with pytest.raises(FileExistsError):
        write_new(tmp_path / "old.yaml", "new")
    assert (tmp_path / "old.yaml").read_text() == "old"


@pytest.fixture
def seen(store: Store) -> Iterator[tuple[Recording, Recording, Recording]]:
    """Two runs that were alive and one that had ended when the dashboard was left."""
    one, two, old = recorded.running(store), recorded.running(store), recorded.finished(store)
    store.mark_seen()
    yield one, two, old
    for recording in (one, two, old):
        recording.release_lock()


def ids(runs: tuple[summaries.RunSummary, ...]) -> list[str]:
    return [run.id for run in runs]


def test_news_says_what_ended_and_what_still_runs(store: Store, seen: tuple[Recording, Recording, Recording]) -> None:
    one, two, _ = seen
    assert one.folder
    assert two.folder
    assert ids(store.news().ended) == []
    assert len(store.news().running) == 2
    one.end().release_lock()
    two.release_lock()  # died: its log says nothing
    news = store.news()
    assert sorted(ids(news.ended)) == sorted([one.folder.id, two.folder.id])
    assert {run.state for run in news.ended} == {"finished", "died"}
    assert news.running == ()
    store.mark_seen()
    assert store.news().ended == ()


def test_news_of_a_run_that_began_and_ended_meanwhile(store: Store) -> None:
    recorded.finished(store)
    store.mark_seen()
    since = json.loads((store.root / "seen.json").read_text())["time"]
    later = recorded.finished(store, start_time=since + 60)
    assert later.folder
    assert ids(store.news().ended) == [later.folder.id]


def test_the_first_visit_has_no_news(store: Store) -> None:
    recorded.finished(store)
    assert store.news().ended == ()


@pytest.mark.parametrize("damage", ["", "[]", "{}", '{"time":"x","alive":3}', "[" * 100_000])
def test_a_damaged_memory_of_the_last_visit_is_no_news(store: Store, damage: str) -> None:
    recorded.finished(store)
    (store.root / "seen.json").write_text(damage)
    assert store.news().ended == ()


def test_the_last_words_of_a_worker(store: Store) -> None:
    folder = store.create(Experiment())
    assert folder.last_words() == ""
    folder.log_file.write_bytes(b"x" * 10_000 + b"\nFatal Python error: \x1b[31mSegmentation fault\n\xff\n")
    words = folder.last_words()
    assert len(words) < 5000
    assert "Fatal Python error: [31mSegmentation fault" in words


def test_a_summary_knows_what_was_changed_and_planned_long_before_the_end(store: Store) -> None:
    recording = Recording(store, experiment={"training": {"epochs": 300}}).train(5)
    recording.change("optimizer.lr", 0.3)
    recording.extend(40)
    recording.train(300).end("stopped")
    assert recording.folder
    assert recording.folder.events_file.stat().st_size > 3 * summaries.TAIL_BYTES[0]
    (run,) = store.list()
    assert run.planned_epochs == 340
    assert [(change.path, change.new) for change in run.changes] == [("optimizer.lr", 0.3), ("training.epochs", 340)]
    assert "lr 0.3" in run.what
    told = differing(run, None, lambda name: None)
    assert told
    assert told.in_short == "epochs 300, then 340, lr 0.1, then 0.3"


@pytest.mark.parametrize(("count", "said"), [(30.0, "30"), (0.2, "0.2"), (1354.5187, "1354.5"), (3.0400001, "3")])
def test_epochs_are_rounded_to_what_can_be_read(count: float, said: str) -> None:
    assert summaries.epochs(count) == said
