"""Images that do not fit in memory: read by processes of their own, with the same figures, to the last bit."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
import torch

from tests.engine.laboratory import Script, command, create, events, figures, same, small, train, weights
from tests.images import draw_images
from tui_trainer.choices.data import DataError, Images
from tui_trainer.choices.data.image_files import ImageFiles, ImageReader
from tui_trainer.choices.data.lazy import ByteInputs
from tui_trainer.engine.run import train_run
from tui_trainer.engine.score import score
from tui_trainer.engine.streaming import Reader, StreamedInputs
from tui_trainer.experiment.overrides import set_values
from tui_trainer.experiment.schema import Experiment
from tui_trainer.runs.picture import read_picture
from tui_trainer.runs.store import Store
from tui_trainer.runs.view import read
from tui_trainer.runs.workers import Worker

PATIENCE = 60.0


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return draw_images(tmp_path_factory.mktemp("images"), each=20)


def images(folder: Path, memory: float = 0.0, **training: Any) -> Experiment:
    """32 images train, in 7 updates an epoch; with so little memory they are read from their files."""
    data = {"kind": "images", "folder": str(folder), "pixels": 8, "memory": memory}
    return small(data=data, training={"batch_size": 5, "epochs": 3, **training})


def readers() -> list[psutil.Process]:
    """The processes that read for this one."""
    return [child for child in psutil.Process().children() if child.status() != psutil.STATUS_ZOMBIE]


def wait_until_gone(processes: list[psutil.Process]) -> None:
    _, alive = psutil.wait_procs(processes, timeout=PATIENCE)
    assert not alive


def test_the_figures_are_those_of_images_in_memory(folder: Path) -> None:
    in_memory, as_bytes, from_files = (train(images(folder, memory)) for memory in (1.0, 2e-5, 0.0))

    assert isinstance(Images(folder=str(folder), pixels=8, memory=1.0).load(0).x, np.ndarray)
    assert isinstance(Images(folder=str(folder), pixels=8, memory=2e-5).load(0).x, ByteInputs)
    assert isinstance(Images(folder=str(folder), pixels=8, memory=0.0).load(0).x, ImageFiles)
    assert read(from_files).state == "finished"
    assert figures(in_memory) == figures(as_bytes) == figures(from_files)
    assert same(weights(in_memory), weights(from_files))


def test_a_run_that_was_interrupted_goes_on_to_the_last_bit(folder: Path) -> None:
    whole = train(images(folder))
    cut = create(images(folder))
    train_run(cut, Script(interrupt_at=10))
    assert read(cut).state == "interrupted"
    train_run(cut, Script())

    assert read(cut).state == "finished"
    assert figures(cut) == figures(whole)
    assert same(weights(cut), weights(whole))


def test_a_pause_and_another_batch_size_in_the_midst_of_an_epoch(folder: Path) -> None:
    def changed(memory: float) -> dict[str, Any]:
        script = Script(
            {
                9: [command("set", path="training.batch_size", value=3)],
                12: [command("pause")],
                14: [command("resume")],
            }
        )
        return figures(train(images(folder, memory), script))

    assert changed(0.0) == changed(1.0)


def test_an_autoencoder_reads_its_targets_too(folder: Path) -> None:
    changes = {"model": {"kind": "autoencoder"}, "optimizer": {"kind": "adam", "lr": 0.001}}
    in_memory, from_files = (train(set_values(images(folder, memory), changes)) for memory in (1.0, 0.0))

    assert read(from_files).state == "finished", read(from_files).reason
    assert figures(in_memory) == figures(from_files)


def test_the_processes_end_with_the_run(folder: Path) -> None:
    before = readers()
    train(images(folder, epochs=1))

    wait_until_gone([child for child in readers() if child not in before])


def test_a_test_part_is_scored_and_leaves_no_processes(folder: Path) -> None:
    from_files, in_memory = (train(set_values(images(folder, it), {"data.test_share": 0.2})) for it in (0.0, 1.0))
    before = readers()

    assert score(from_files).figures == score(in_memory).figures
    wait_until_gone([child for child in readers() if child not in before])


def test_streams_that_take_turns(folder: Path) -> None:
    files = sorted(folder.glob("*/*.png"))
    inputs = ImageFiles(files, ImageReader(8, "rgb"))
    reader = Reader(inputs)
    first, second = ([np.arange(begin, begin + 4) for begin in range(at, at + 16, 4)] for at in (0, 20))
    one, other = reader.stream(first), reader.stream(second)
    read = [(next(one), next(other)) for _ in range(2)]
    read += list(zip(one, other, strict=True))
    reader.close()

    assert len(read) == 4
    for (a, b), rows, more in zip(read, first, second, strict=True):
        assert np.array_equal(a, inputs.read(rows))
        assert np.array_equal(b, inputs.read(more))


def test_what_stands_for_a_tensor_is_asked_like_one(folder: Path) -> None:
    files = sorted(folder.glob("*/*.png"))
    whole = torch.from_numpy(ImageFiles(files, ImageReader(8, "rgb"))[:])
    reader = Reader(ImageFiles(files, ImageReader(8, "rgb")))
    rows = np.arange(len(files))[::-1].copy()
    streamed = StreamedInputs(reader, rows, lambda raw: raw.float(), torch.device("cpu"))
    expected = whole.flip(0)

    assert (streamed.shape, len(streamed)) == (tuple(expected.shape), len(expected))
    for index in (3, slice(2, 5), torch.tensor([4, 0]), np.array([7]), torch.tensor([], dtype=torch.int64)):
        assert torch.equal(streamed[index], expected[index])
    assert torch.equal(torch.cat(list(streamed.split(7))), expected)
    assert [len(batch) for batch in streamed.batches(np.arange(11), 4)] == [4, 4, 3]
    reader.close()


def test_every_picture_of_them_can_be_drawn(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = train(images(folder))
    drawn = read_picture(run)

    assert drawn
    assert drawn.confusion
    assert capsys.readouterr().err == ""


def test_reading_draws_nothing_from_the_noise_of_the_network(folder: Path) -> None:
    reader = Reader(ImageFiles(sorted(folder.glob("*/*.png")), ImageReader(8, "rgb")))
    torch.manual_seed(1)
    expected = torch.rand(3)
    torch.manual_seed(1)
    list(reader.stream([np.arange(3)]))
    reader.close()

    assert torch.equal(torch.rand(3), expected)


def test_a_file_that_is_damaged_inside_ends_the_run_and_is_named(tmp_path: Path) -> None:
    draw_images(tmp_path, each=10, size=40)
    bad = tmp_path / "dark" / "3.png"
    bad.write_bytes(bad.read_bytes()[:-600])  # its head is whole
    folder = train(images(tmp_path))

    assert read(folder).state == "failed"
    assert str(bad) in read(folder).reason
    assert "Traceback" not in read(folder).reason
    assert events(folder, "failed")


def test_a_damaged_file_is_found_beforehand_where_it_is_to_be_skipped(tmp_path: Path) -> None:
    draw_images(tmp_path, each=10, size=40)
    bad = tmp_path / "dark" / "3.png"
    bad.write_bytes(bad.read_bytes()[:-600])
    samples = Images(folder=str(tmp_path), memory=0.0, broken="skip").load(0)

    assert len(samples.y) == 19
    assert "3.png" in samples.notes[0]
    with pytest.raises(DataError, match=r"3\.png"):
        Images(folder=str(tmp_path)).load(0)


def test_nothing_is_left_when_a_worker_is_killed(folder: Path) -> None:
    run = Store().create(images(folder, epochs=100_000))
    with Worker() as worker:
        worker.run(run)
        until = time.monotonic() + PATIENCE
        while not (view := read(run)).evaluations:
            assert view.state in ("starting", "running"), view.reason
            assert time.monotonic() < until
            time.sleep(0.05)
        assert view.pid
        children = psutil.Process(view.pid).children()
        assert children
        os.kill(view.pid, signal.SIGKILL)
        wait_until_gone(children)
    assert run.lock_state().held is False
