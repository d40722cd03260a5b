"""The screen that shows what a model sees."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests import pictures, recorded
from tests.recorded import Recording
from tests.ui.dashboards import screen_text
from tests.ui.inspecting import all_colours, ready, seen, stage
from tests.ui.views import HOSTILE, INERT, Stage, until
from tui_trainer.runs.folder import RunFolder
from tui_trainer.runs.picture import is_looked_at, picture_file, write_picture
from tui_trainer.runs.store import Store
from tui_trainer.ui.pictures.boundary import shades
from tui_trainer.ui.pictures.confusion import commonest
from tui_trainer.ui.screens.inspect import InspectScreen
from tui_trainer.ui.terminal.glyphs import to_ascii


@pytest.fixture(autouse=True)
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    all_colours(monkeypatch)


@pytest.fixture
def store(home: Path) -> Store:
    return Store(home)


async def until_shown(app: Stage, text: str) -> None:
    await until(lambda: text in screen_text(app))


async def test_the_boundary_comes_first_and_tab_and_digits_go_through_the_views(store: Store) -> None:
    app = stage(seen(store, pictures.plane()))
    async with app.run_test(size=(120, 36)) as pilot:
        shown = await ready(app, pilot)
        assert "▸1 Boundary   2 Confusion   3 Mistakes" in shown
        assert "a run  ✓ finished  epoch 12 of 30" in shown
        assert "▀" in shown
        assert "train 88.3 % right" in shown
        assert "7 of 60 wrong" in shown
        assert "x -1 to 1   y -1 to 1" in shown
        assert "▸2 Confusion" in await ready(app, pilot, "tab")
        assert "▸1 Boundary" in await ready(app, pilot, "shift+tab")
        assert "▸3 Mistakes" in await ready(app, pilot, "3")
        assert "▸3 Mistakes" in await ready(app, pilot, "4"), "there is no fourth view"
        await pilot.press("escape")
        assert app.result is None


async def test_points_are_drawn_by_part_and_by_whether_they_are_right(store: Store) -> None:
    app = stage(seen(store, pictures.plane()))
    async with app.run_test(size=(120, 36)) as pilot:
        plane = {sign: (await ready(app, pilot)).count(sign) for sign in "•○×⊗"}
        assert min(plane.values()) > 1
        shown = await ready(app, pilot, "t")
        assert "points shown: validation" in shown
        assert shown.count("×") == 1, "only the legend shows a training point"
        assert shown.count("⊗") == plane["⊗"]
        assert "points shown: train" in await ready(app, pilot, "t")
        assert "points shown: none" in await ready(app, pilot, "t")
        assert "points shown" not in await ready(app, pilot, "t")


async def test_letters_stand_for_classes_where_they_are_wanted(store: Store) -> None:
    app = stage(seen(store, pictures.plane(3)))
    async with app.run_test(size=(120, 36)) as pilot:
        assert "▀" in await ready(app, pilot)
        shown = await ready(app, pilot, "a")
        assert "▀" not in shown
        assert {"aaa", "bbb", "ccc"} <= {shown[i : i + 3] for i in range(len(shown))}
        assert "a arm 1" in shown


@pytest.mark.parametrize(
    "environment", [{"NO_COLOR": "1"}, {"TERM": "xterm", "COLORTERM": ""}, {"LC_ALL": "C"}], ids=["none", "16", "ASCII"]
)
async def test_letters_stand_for_classes_where_colours_do_not_do(
    store: Store, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    app = stage(seen(store, pictures.plane()))
    async with app.run_test(size=(120, 36)) as pilot:
        shown = await ready(app, pilot)
        assert "▀" not in shown
        assert "aaa" in shown
        assert "bbb" in shown


@pytest.mark.parametrize("content", pictures.ALL.values(), ids=pictures.ALL)
async def test_an_ascii_terminal_loses_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch, content: dict[str, Any]
) -> None:
    """What has no character of its own in ASCII would be drawn as ?."""
    monkeypatch.setenv("LC_ALL", "C")
    app = stage(seen(store, content))
    async with app.run_test(size=(120, 36)) as pilot:
        shown = await ready(app, pilot)
        for _ in range(shown.splitlines()[1].count("   ")):
            shown = shown.replace("²", "2").replace("? Help", "Help")
            assert "?" not in to_ascii(shown)
            assert not set("▀▁▂▃▄▅▆▇█░▒▓") & set(shown), "these would be blank"
            shown = await ready(app, pilot, "tab")


async def test_the_confusion_matrix_and_its_words(store: Store) -> None:
    app = stage(seen(store, pictures.images()))
    async with app.run_test(size=(120, 36)) as pilot:
        shown = await ready(app, pilot, "2")
        assert "300 of 377 right (79.6 %)" in shown
        assert "0 taken for 1: 7 of 46 (15 %)" in shown
        row = next(line for line in shown.splitlines() if line.startswith("│ 0 "))
        assert row.split()[2:6] == ["30", "7", "5", "3"]


async def test_a_narrow_confusion_matrix_keeps_all_classes(store: Store) -> None:
    app = stage(seen(store, pictures.images()), seen(store, pictures.images(), "another"))
    async with app.run_test(size=(80, 24)) as pilot:
        shown = await ready(app, pilot, "2")
        row = next(line for line in shown.splitlines() if line.startswith("│ 0 "))
        assert len(row.split("│")[1].split()) == 11


async def test_mistakes_are_walked_through(store: Store) -> None:
    app = stage(seen(store, pictures.images()))
    async with app.run_test(size=(120, 36)) as pilot:
        shown = await ready(app, pilot)
        assert "▸1 Mistakes" in shown
        assert "77 of 377 wrong; the worst 12 first" in shown
        assert "1/12  true 0, predicted 4 (0.83)" in shown
        assert "3/12  true 2, predicted 6 (0.83)" in await ready(app, pilot, "right", "right")
        assert "2/12" in await ready(app, pilot, "left")
        below = await ready(app, pilot, "down")
        assert "2/12" not in below
        assert "2/12" in await ready(app, pilot, "up")
        assert "12/12" in await ready(app, pilot, *["right"] * 20)
        assert "1/12" in await ready(app, pilot, *["up"] * 20)


async def test_rows_are_told_with_the_names_of_their_features(store: Store) -> None:
    app = stage(seen(store, pictures.plane()))
    async with app.run_test(size=(120, 36)) as pilot:
        shown = await ready(app, pilot, "3", "down")
        assert "2/3  true arm 2, predicted arm 1 (0.80)" in shown
        assert "x 0.25  y -0.5" in shown


async def test_numbers_have_a_curve_and_residuals(store: Store) -> None:
    app = stage(seen(store, pictures.wave()))
    async with app.run_test(size=(120, 36)) as pilot:
        shown = await ready(app, pilot)
        assert "▸1 Predictions" in shown
        assert "─ learned   y over x" in shown
        assert "R²         0.9300" in shown
        assert "○" in shown


@pytest.mark.parametrize(("content", "name"), [(pictures.plane(), "plane"), (pictures.images(28), "images")])
async def test_two_runs_stand_side_by_side(store: Store, content: dict[str, Any], name: str) -> None:
    app = stage(seen(store, content, "first"), seen(store, pictures.wave(), "second"))
    async with app.run_test(size=(160, 40)) as pilot:
        shown = await ready(app, pilot)
        assert "A  first" in shown
        assert "B  second" in shown
        assert "This run has no such picture." in shown
        last = await ready(app, pilot, "shift+tab")
        assert "Predictions" in last
        assert "R²" in last


async def test_a_run_without_a_picture_says_how_to_get_one(store: Store) -> None:
    app = stage(seen(store, None))
    async with app.run_test() as pilot:
        shown = " ".join((await ready(app, pilot)).replace("│", " ").split())
        assert "press E to train it for some more epochs" in shown


async def test_a_live_run_is_looked_at_and_its_pictures_follow(store: Store) -> None:
    recording = recorded.running(store)
    assert recording.folder
    app = stage(("alive", recording.folder))
    async with app.run_test(size=(120, 36)) as pilot:
        assert "comes with the next evaluation" in " ".join((await ready(app, pilot)).split())
        assert is_looked_at(recording.folder)
        write_picture(recording.folder, pictures.plane(epoch=13.0))
        await until_shown(app, "epoch 13 of 30")
        picture_file(recording.folder).write_text("{")
        write_picture(recording.folder, pictures.plane(epoch=14.0))
        await until_shown(app, "epoch 14 of 30")
    recording.release_lock()


async def test_a_damaged_picture_leaves_the_one_before(store: Store) -> None:
    recording = recorded.running(store)
    assert recording.folder
    write_picture(recording.folder, pictures.plane())
    app = stage(("alive", recording.folder))
    async with app.run_test(size=(120, 36)) as pilot:
        assert "▸1 Boundary" in await ready(app, pilot)
        picture_file(recording.folder).write_text("{")
        recording.train(1)
        recording.end()
        recording.release_lock()
        await until_shown(app, "✓ finished")
        assert "▸1 Boundary" in screen_text(app)


async def test_a_run_is_paused_stepped_and_paced_from_here(store: Store) -> None:
    recording = recorded.running(store)
    write_picture(folder_of(recording), pictures.plane())
    app = stage(("alive", folder_of(recording)))
    obeyed: list[str] = []

    def has_obeyed(*commands: str) -> bool:
        obeyed.extend(recording.obey())
        return obeyed == list(commands)

    async with app.run_test(size=(80, 24)) as pilot:
        for view in ("1", "3"):
            shown = await ready(app, pilot, view)
            assert "Space Pause, go on  n Step  N Epoch" in shown
            assert "Esc Back" in shown
        await pilot.press("space")
        await until(lambda: has_obeyed("pause"))
        await until_shown(app, "‖ paused")
        await pilot.press("n")
        await until(lambda: has_obeyed("pause", "step"))
        await pilot.press("minus")
        await until(lambda: has_obeyed("pause", "step", "set"))
        assert recording.present.training.pace != "full"
        await pilot.press("space")
        await until(lambda: has_obeyed("pause", "step", "set", "resume"))
    recording.release_lock()


def folder_of(recording: Recording) -> RunFolder:
    assert recording.folder
    return recording.folder


async def test_the_screen_is_exported_into_the_runs_folder(store: Store) -> None:
    app = stage(seen(store, pictures.plane()))
    async with app.run_test(size=(120, 36)) as pilot:
        await ready(app, pilot, "e", "e")
        folder = RunFolder(next(store.root.glob("runs/*"))).path
        await until(lambda: (folder / "screen-2.svg").exists())
        await until(lambda: {"screen.svg", "screen-2.svg"} <= said(app))
        assert "arm" in (folder / "screen.svg").read_text()


def said(app: Stage) -> set[str]:
    """The words of all messages."""
    return {word for notification in app._notifications for word in notification.message.split()}


async def test_names_are_inert(store: Store) -> None:
    content = pictures.plane()
    content["classes"] = [HOSTILE, "b"]
    content["features"] = [HOSTILE, "y"]
    app = stage(seen(store, content, HOSTILE))
    async with app.run_test(size=(120, 36)) as pilot:
        for key in ("1", "2", "3"):
            assert "\x1b" not in await ready(app, pilot, key)
        assert INERT in screen_text(app)
        assert app.is_running


PAIRS = list(zip(list(pictures.ALL.values())[::2], list(pictures.ALL.values())[1::2], strict=True))


@pytest.mark.parametrize("size", [(1, 1), (20, 5), (40, 10), (300, 20), (30, 80)])
@pytest.mark.parametrize("pair", [*PAIRS, (pictures.plane(5), pictures.images(28))])
async def test_any_size_is_borne(store: Store, size: tuple[int, int], pair: tuple[dict[str, Any], ...]) -> None:
    app = stage(*(seen(store, content) for content in pair))
    async with app.run_test(size=size) as pilot:
        await ready(app, pilot)
        for _ in range(5):
            await pilot.press("tab", "right", "down", "s")
        assert app.is_running


def test_shades_that_nearly_fit_stay(store: Store) -> None:
    from tui_trainer.runs.picture import read_picture

    def boundary(confidence: int) -> Any:
        content = pictures.plane()
        content["boundary"]["confidence"] = [confidence] * len(content["boundary"]["confidence"])
        _, folder = seen(store, content)
        picture = read_picture(folder)
        assert picture
        return picture.boundary

    low, little_more, high = boundary(79), boundary(82), boundary(100)
    before = shades(low, 2)
    assert shades(little_more, 2) != before
    assert shades(little_more, 2, before) == before
    assert shades(high, 2, before) == shades(high, 2)


def test_confusions_are_ranked(store: Store) -> None:
    from tui_trainer.runs.picture import read_picture

    _, folder = seen(store, pictures.images())
    picture = read_picture(folder)
    assert picture
    assert picture.confusion
    found = commonest(picture.confusion)
    assert found[0] == (0, 1, 7)
    assert [count for _, _, count in found] == sorted((count for _, _, count in found), reverse=True)


@pytest.mark.parametrize(
    ("content", "key", "size"),
    [
        (pictures.plane(), "1", (80, 24)),
        (pictures.plane(5), "1", (120, 36)),
        (pictures.images(), "2", (120, 36)),
        (pictures.images(28), "1", (80, 24)),
        (pictures.wave(), "1", (120, 36)),
    ],
    ids=["narrow boundary", "boundary", "confusion", "mistakes", "predictions"],
)
def test_picture(snap_compare: Any, store: Store, content: dict[str, Any], key: str, size: tuple[int, int]) -> None:
    app = stage(seen(store, content, "a run"))

    async def wait(pilot: Pilot[Any]) -> None:
        await ready(app, pilot, key)

    assert snap_compare(app, terminal_size=size, run_before=wait)


async def test_a_click_chooses_a_view_and_presses_a_key(store: Store) -> None:
    app = stage(seen(store, pictures.images()))
    async with app.run_test(size=(80, 24)) as pilot:
        top = (await ready(app, pilot)).splitlines()[1]
        await pilot.click(offset=(top.index("Confusion") + 2, 1))
        shown = await ready(app, pilot)
        assert "▸2 Confusion" in shown
        await pilot.click(offset=(shown.splitlines()[-2].index("Esc Back") + 1, 22))
        assert not isinstance(app.screen, InspectScreen)
