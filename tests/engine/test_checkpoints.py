"""Which checkpoints are written and kept, and which are believed."""

from __future__ import annotations

import errno
import json
import pickle
import stat
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.engine.laboratory import events, small, train, weights
from tui_trainer.engine import checkpoints
from tui_trainer.engine.checkpoints import CheckpointError, Checkpoints, is_rung, load


def state(step: int, epoch: float = 0.5, floats: int = 10) -> dict[str, Any]:
    return {
        "step": step,
        "epoch": epoch,
        "model": {"w": torch.full((floats,), float(step))},
        "changes": {"a": (1, None)},
    }


@pytest.fixture
def saved(tmp_path: Path) -> Checkpoints:
    return Checkpoints(tmp_path / "checkpoints", {"classes": ["a", "b"]})


def kept(saved: Checkpoints) -> list[int]:
    return sorted(int(path.name) for path in saved.folder.iterdir())


def test_a_checkpoint_comes_back_as_it_was(saved: Checkpoints) -> None:
    saved.write(state(7), ["last"], 10)
    folder = saved.folder / "7"
    assert sorted(path.name for path in folder.iterdir()) == ["manifest.json", "preprocessing.json", "state.pt"]
    assert json.loads((folder / "preprocessing.json").read_text()) == {"classes": ["a", "b"]}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in folder.iterdir())
    loaded = load(folder)
    assert torch.equal(loaded["model"]["w"], torch.full((10,), 7.0))
    assert loaded["changes"] == {"a": (1, None)}


def test_the_last_two_the_best_and_the_ladder_are_kept(saved: Checkpoints) -> None:
    saved.best_step = 3
    for step in range(1, 31):
        saved.write(state(step, epoch=step + 0.5), ["last"], 30)
    assert kept(saved) == [3, 29, 30]
    for step in range(31, 61):
        saved.write(state(step, epoch=float(step - 30)), ["ladder"], 30)
    assert kept(saved) == sorted([3, *range(33, 61, 3), 59])


@pytest.mark.parametrize(("epochs", "rungs"), [(1, 1), (5, 5), (10, 10), (11, 5), (30, 10), (201, 9), (1000, 10)])
def test_a_ladder_has_at_most_ten_rungs(epochs: int, rungs: int) -> None:
    assert sum(is_rung(epoch, epochs) for epoch in range(epochs + 1)) == rungs
    assert not is_rung(0, epochs)
    assert not is_rung(1.5, epochs)


def test_the_ladder_gives_way_where_checkpoints_are_large(saved: Checkpoints, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpoints, "MOST_BYTES", 500_000)
    saved.best_step = 1
    for step in range(1, 11):
        saved.write(state(step, epoch=float(step), floats=20_000), ["ladder"], 10)
    steps = kept(saved)
    assert {1, 9, 10} < set(steps)
    assert len(steps) == 6
    assert max(b - a for a, b in pairwise(steps)) <= 4  # what is left is spread over the run
    assert sum(path.stat().st_size for path in saved.folder.rglob("state.pt")) <= 500_000


def test_what_a_crash_left_is_cleared_away(saved: Checkpoints) -> None:
    saved.write(state(1), ["last"], 10)
    (saved.folder / ".2").mkdir()
    (saved.folder / ".2" / "state.pt").write_bytes(b"half")
    (saved.folder / "3").mkdir()
    again = Checkpoints(saved.folder, {})
    found, problems = again.newest()
    assert found
    assert found["step"] == 1
    assert problems == ["checkpoint 3 is not whole: its manifest is missing"]
    assert kept(again) == [1]


def test_what_is_no_checkpoint_is_left_alone(saved: Checkpoints) -> None:
    (saved.folder / ".git").mkdir()
    Checkpoints(saved.folder, {})
    assert (saved.folder / ".git").exists()


@pytest.mark.parametrize("how", ["newer", "unreadable"])
def test_a_checkpoint_that_may_be_good_is_not_removed(
    saved: Checkpoints, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved.write(state(1), ["last"], 10)
    saved.write(state(5), ["last"], 10)
    if how == "newer":
        spoil(saved.folder / "5", how)
    else:
        monkeypatch.setattr(checkpoints, "read_plain", out_of_order)
    with pytest.raises((CheckpointError, OSError), match=r"newer than this program|Input/output error"):
        saved.newest()
    assert kept(saved) == [1, 5]


def out_of_order(path: Path, limit: int) -> bytes:
    raise OSError(errno.EIO, "Input/output error")


def test_nothing_is_left_of_a_checkpoint_that_did_not_fit(saved: Checkpoints, monkeypatch: pytest.MonkeyPatch) -> None:
    saved.write(state(1), ["last"], 10)
    written: list[Path] = []

    def write(path: Path, content: bytes) -> None:
        if written:
            raise OSError(28, "No space left on device")
        written.append(path)
        path.write_bytes(content)

    monkeypatch.setattr(checkpoints, "_write_file", write)
    with pytest.raises(OSError, match="No space left"):
        saved.write(state(2), ["last"], 10)
    assert [path.name for path in saved.folder.iterdir()] == ["1"]


class Evil:
    def __reduce__(self) -> tuple[Any, ...]:
        return print, ("code ran",)


def spoil(folder: Path, how: str) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    if how == "flipped":
        content = bytearray((folder / "state.pt").read_bytes())
        content[300] ^= 1
        (folder / "state.pt").write_bytes(bytes(content))
    elif how == "cut":
        (folder / "state.pt").write_bytes((folder / "state.pt").read_bytes()[:100])
    elif how == "missing":
        (folder / "preprocessing.json").unlink()
    elif how == "newer":
        (folder / "manifest.json").write_text(json.dumps({**manifest, "version": 2}))
    elif how == "nonsense":
        (folder / "manifest.json").write_text('{"version": 1, "files": [1]}')
    elif how == "endless":
        manifest["files"]["state.pt"]["bytes"] = float("inf")
        (folder / "manifest.json").write_text(json.dumps(manifest))
    elif how == "linked":
        (folder / "state.pt").rename(folder / "real.pt")
        (folder / "state.pt").symlink_to(folder / "real.pt")


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("flipped", "checkpoint 5 is damaged: state.pt is not what was written"),
        ("cut", "checkpoint 5 is damaged"),
        ("missing", "checkpoint 5 is not whole: preprocessing.json is missing"),
        ("newer", "checkpoint 5 has version 2, newer than this program knows"),
        ("nonsense", "checkpoint 5 is not whole"),
        ("endless", "checkpoint 5 is not whole"),
        ("linked", "checkpoint 5 is not whole: state.pt is missing"),
    ],
)
def test_a_checkpoint_that_is_not_what_was_written_is_refused(saved: Checkpoints, how: str, words: str) -> None:
    saved.write(state(5), ["last"], 10)
    spoil(saved.folder / "5", how)
    with pytest.raises(CheckpointError, match=words):
        load(saved.folder / "5")
    Checkpoints(saved.folder, {})


def test_no_code_runs_from_a_checkpoint(saved: Checkpoints, capsys: pytest.CaptureFixture[str]) -> None:
    import hashlib

    saved.write(state(5), ["last"], 10)
    folder = saved.folder / "5"
    content = pickle.dumps(Evil(), protocol=2)
    (folder / "state.pt").write_bytes(content)
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["files"]["state.pt"] = {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(CheckpointError, match="checkpoint 5 cannot be read"):
        load(folder)
    assert "code ran" not in capsys.readouterr().out


def test_a_run_keeps_a_ladder_its_best_and_its_end() -> None:
    folder = train(small(training={"epochs": 20}))
    ladder = [event["step"] for event in events(folder, "checkpoint") if "ladder" in event["reasons"]]
    assert ladder == [14 * i for i in range(1, 10)]  # every second epoch; the last one is the end
    best = events(folder)[-1]["summary"]["best"]["step"]
    there = {int(path.name) for path in folder.checkpoints.iterdir()}
    assert {*ladder, best, 140} <= there
    assert not set(weights(folder, best)) ^ set(weights(folder, 140))
    assert json.loads((folder.checkpoints / "140" / "preprocessing.json").read_text())["classes"] == ["upper", "lower"]
