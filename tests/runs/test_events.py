"""Lines that are torn, damaged, long, newer, or written by two processes at once."""

from __future__ import annotations

import json
import math
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tui_trainer.runs.events import EventReader, EventWriter, NewerVersion
from tui_trainer.runs.lines import LineReader, LineWriter


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "events.jsonl"


def steps(reader: EventReader) -> list[int]:
    return [event["step"] for event in reader.read_new()]


def test_what_is_written_is_read_once_and_only_its_owner_may(log: Path) -> None:
    writer = EventWriter(log)
    reader = EventReader(log)
    writer.write("train", step=1, epoch=0.5)
    (event,) = reader.read_new()
    assert (event["v"], event["type"], event["step"], event["epoch"]) == (1, "train", 1, 0.5)
    assert event["time"] > 1.6e9
    assert reader.read_new() == []
    writer.write("train", step=2, epoch=1.0)
    assert steps(reader) == [2]
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


def test_each_line_is_one_write(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = []
    writer = EventWriter(log)
    monkeypatch.setattr(os, "write", lambda descriptor, data: written.append(data) or len(data))
    writer.write("train", losses=[0.1] * 1000)
    assert len(written) == 1
    assert written[0].endswith(b"\n")
    assert written[0].count(b"\n") == 1


def test_a_last_line_waits_for_its_end(log: Path) -> None:
    line = json.dumps({"v": 1, "type": "train", "step": 1}).encode()
    log.write_bytes(line[:10])
    reader = EventReader(log)
    assert reader.read_new() == []
    with log.open("ab") as file:
        file.write(line[10:])
    assert reader.read_new() == []
    with log.open("ab") as file:
        file.write(b"\n")
    assert steps(reader) == [1]
    assert reader.damaged == 0


def test_a_torn_line_costs_itself_only(log: Path) -> None:
    writer = EventWriter(log)
    writer.write("train", step=1)
    writer.close()
    with log.open("ab") as file:
        file.write(b'{"v":1,"type":"train","st')  # a worker died in the middle of it
    reader = EventReader(log)
    assert steps(reader) == [1]
    EventWriter(log).write("train", step=2)
    assert steps(reader) == [2]
    assert reader.damaged == 1


def test_a_whole_line_that_lacks_only_its_end_is_kept(log: Path) -> None:
    log.write_bytes(b'{"v":1,"type":"train","step":1}')
    EventWriter(log).write("train", step=2)
    reader = EventReader(log)
    assert steps(reader) == [1, 2]
    assert reader.damaged == 0


def test_after_a_full_disk_the_next_line_begins_anew(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    writer = EventWriter(log)
    real = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: real(descriptor, data[:9]))
    with pytest.raises(OSError, match="part of a line"):
        writer.write("train", step=1)
    monkeypatch.undo()
    writer.write("train", step=2)
    assert steps(EventReader(log)) == [2]


@pytest.mark.parametrize(
    "damage",
    [
        b"\xff\xfe\x00",
        b"[1,2]",
        b"{",
        b'"text"',
        b"\x00" * 4096,
        b"[" * 100_000,
        b'{"v":1}',
        b'{"type":"train"}',
        b'{"v":"1","type":"train"}',
        b'{"v":1,"type":["train"]}',
        b'{"v":1,"step":' + b"9" * 10_000 + b',"type":"train"}',
    ],
)
def test_damaged_lines_are_counted_and_left_out(log: Path, damage: bytes) -> None:
    good = [json.dumps({"v": 1, "type": "train", "step": i}).encode() for i in (1, 2)]
    log.write_bytes(b"\n".join([good[0], damage, good[1], b""]))
    reader = EventReader(log)
    assert steps(reader) == [1, 2]
    assert reader.damaged == 1


def test_lines_of_many_megabytes(log: Path) -> None:
    writer = EventWriter(log)
    losses = [0.1234567] * 500_000
    writer.write("train", step=1, losses=losses)
    writer.write("train", step=2)
    assert log.stat().st_size > 4_000_000
    first, second = EventReader(log).read_new()
    assert first["losses"] == losses
    assert second["step"] == 2


def test_a_newer_version_is_refused_and_an_older_one_read(log: Path) -> None:
    log.write_bytes(b'{"v":0,"type":"train","step":1}\n')
    reader = EventReader(log)
    assert steps(reader) == [1]
    with log.open("ab") as file:
        file.write(b'{"v":2,"type":"train","step":2}\n')
    with pytest.raises(NewerVersion, match="version 2, newer than this program knows"):
        reader.read_new()


def test_figures_that_are_not_finite_become_null(log: Path) -> None:
    EventWriter(log).write("train", loss=[1.0, math.nan, math.inf], deep={"x": (-math.inf,)})
    line = log.read_text()
    assert "NaN" not in line
    assert "Infinity" not in line
    assert json.loads(line)["loss"] == [1.0, None, None]
    assert json.loads(line)["deep"] == {"x": [None]}


def test_a_log_that_is_not_there_yet(log: Path) -> None:
    reader = EventReader(log)
    assert reader.read_new() == []
    EventWriter(log).write("train", step=1)
    assert steps(reader) == [1]


@pytest.mark.parametrize("kind", ["link", "pipe", "folder"])
def test_what_is_no_plain_file_is_neither_read_nor_written(log: Path, tmp_path: Path, kind: str) -> None:
    if kind == "link":
        (tmp_path / "secret").write_text('{"v":1,"type":"train","step":1}\n')
        log.symlink_to(tmp_path / "secret")
    elif kind == "pipe":
        os.mkfifo(log)
    else:
        log.mkdir()
    assert EventReader(log).read_new() == []
    with pytest.raises(OSError):
        EventWriter(log)


_APPEND = """
import sys
from pathlib import Path
from tui_trainer.runs.lines import LineWriter
name, path = sys.argv[1:]
for i in range(300):
    writer = LineWriter(Path(path))
    writer.write({"from": name, "i": i, "filling": name * 5000})
    writer.close()
"""


def test_two_processes_append_at_once(log: Path) -> None:
    writers = [subprocess.Popen([sys.executable, "-c", _APPEND, name, str(log)]) for name in "ab"]
    assert [writer.wait(60) for writer in writers] == [0, 0]
    reader = LineReader(log)
    records = [record for record, _ in reader.read_new()]
    assert reader.damaged == 0
    for name in "ab":
        assert [record["i"] for record in records if record["from"] == name] == list(range(300))


def test_reading_goes_on_from_an_offset(log: Path) -> None:
    writer = LineWriter(log)
    for i in range(3):
        writer.write({"i": i})
    ends = [end for _, end in LineReader(log).read_new()]
    assert ends[-1] == log.stat().st_size
    assert [(record["i"], end) for record, end in LineReader(log, ends[0]).read_new()] == [(1, ends[1]), (2, ends[2])]
