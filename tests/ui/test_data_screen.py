"""The look at data before training, simpler methods on it, and the download of what is not here."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests import looks
from tests.ui.dashboards import FakeApp, ready, screen_text, until
from tests.ui.dashboards import said as said_by
from tests.ui.views import HOSTILE, INERT
from tui_trainer.choices.data.base import Missing, PublishedFile
from tui_trainer.choices.data.digits import Digits
from tui_trainer.experiment.problems import Problem
from tui_trainer.runs.data_look import DataLook
from tui_trainer.ui.data.samples import shown_samples
from tui_trainer.ui.pictures.look import Look
from tui_trainer.ui.screens.data import TITLES, DataScreen
from tui_trainer.ui.terminal.glyphs import to_ascii

KINDS: dict[str, Callable[[], dict[str, Any]]] = {
    "table": looks.table,
    "numbers": looks.numbers,
    "images": looks.images,
    "colour": lambda: looks.images(3),
    "sequences": looks.sequences,
    "texts": looks.texts,
}


@pytest.fixture(autouse=True)
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal with all colours."""
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")


def app_with(home: Path, said: dict[str, Any] | None = None) -> FakeApp:
    app = FakeApp(home)
    app.worker.data = said or looks.table()
    return app


async def opened(app: FakeApp, pilot: Pilot[Any], *keys: str) -> str:
    """What is on the data screen once the worker has looked and the keys are pressed."""
    if not isinstance(app.screen, DataScreen):
        await ready(pilot)
        await pilot.press("a")
        await until(pilot, lambda: isinstance(app.screen, DataScreen), "the data screen")
        await until(pilot, lambda: "Looking at the data" not in screen_text(app), "a look")
    await pilot.press(*keys)
    await pilot.pause()
    return screen_text(app)


async def test_the_overview_says_what_there_is(home: Path) -> None:
    app = app_with(home)
    async with app.run_test(size=(120, 36)) as pilot:
        shown = await opened(app, pilot)
        for words in (
            "250",
            "160  (64 %)",
            "50  (20 %), set aside: not looked at",
            "3 features",
            "class: one of 2 classes",
            "12 values in 9 rows, filled with the mean",
            "target guessed: class",
            "id left out",
            "colour: red, blue",
        ):
            assert words in shown
        assert "cat" in shown
        assert "50.0 %" in shown
        await pilot.press("escape")
        assert not isinstance(app.screen, DataScreen)


async def test_ranges_missing_values_and_idle_features(home: Path) -> None:
    app = app_with(home)
    async with app.run_test(size=(80, 24)) as pilot:
        shown = await opened(app, pilot, "2")
        length = next(line for line in shown.splitlines() if "length" in line)
        assert length.split()[2:5] == ["0.0000", "2.0000", "4.0000"]
        assert "12 6%" in length
        assert "▂▄█▄▂" in length.replace("▁", "▂") or "█" in length
        assert "never varies" in shown
        assert "never vary: stuck" in shown


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 60)], ids=str)
@pytest.mark.parametrize("kind", KINDS)
async def test_every_kind_is_drawn_in_every_size(home: Path, kind: str, size: tuple[int, int]) -> None:
    app = app_with(home, KINDS[kind]())
    async with app.run_test(size=size) as pilot:
        seen = [await opened(app, pilot, str(number)) for number in range(1, len(TITLES) + 1)]
        assert len(set(seen)) == len(TITLES)
        assert f"▸5 {TITLES[4]}" in seen[4]
        if kind == "texts":
            assert "to be or not to be" in seen[2]
        if kind == "sequences":
            assert "█" in seen[2]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "environment", [{"NO_COLOR": "1"}, {"TERM": "xterm", "COLORTERM": ""}, {"LC_ALL": "C"}], ids=["none", "16", "ASCII"]
)
async def test_poor_terminals_lose_nothing(
    home: Path, kind: str, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    app = app_with(home, KINDS[kind]())
    async with app.run_test(size=(100, 30)) as pilot:
        for number in range(1, len(TITLES) + 1):
            shown = (await opened(app, pilot, str(number))).replace("? Help", "Help")
            if "LC_ALL" in environment:
                assert "?" not in to_ascii(shown)


@pytest.mark.parametrize("channels", [1, 3])
def test_images_are_pixels_in_colour_or_signs(channels: int) -> None:
    seen = DataLook.read(looks.images(channels))
    pixels = [span for row in shown_samples(seen, 80, Look()) for span in row if " on #" in span[1]]
    colours = {colour for _, role in pixels for colour in role.split(" on ") if colour}
    assert len(colours) == 15
    signs = "".join(text for row in shown_samples(seen, 80, Look(ascii=True)) for text, _ in row)
    assert "@" in signs
    assert signs.isascii()


async def test_other_features_are_drawn_by_keys(home: Path) -> None:
    app = app_with(home)
    async with app.run_test(size=(120, 36)) as pilot:
        shown = await opened(app, pilot, "4")
        assert "across length (1/3" in shown
        assert "up width (2/3" in shown
        assert "•" in shown
        assert "○" in shown
        assert "across stuck (3/3" in await opened(app, pilot, "right")
        assert "up length (1/3" in await opened(app, pilot, "down")


async def test_a_scatter_of_some_features_says_so(home: Path) -> None:
    app = app_with(home, looks.table(all_columns=60))
    async with app.run_test(size=(120, 36)) as pilot:
        assert "the 3 most telling of 60" in await opened(app, pilot, "4")


async def test_what_is_long_scrolls(home: Path) -> None:
    app = app_with(home)
    async with app.run_test(size=(80, 24)) as pilot:
        shown = await opened(app, pilot, "3")
        assert "  40  " not in shown
        assert "  40  " in await opened(app, pilot, "end")
        first = await opened(app, pilot, "home")
        assert (await opened(app, pilot, "down", "j")) != first


async def test_n_shows_other_samples(home: Path) -> None:
    app = app_with(home)
    texts = ["to be or not to be", "that is the question", "whether 'tis nobler"]
    sample = looks.texts()["samples"][0]
    app.worker.pages = [
        looks.texts() | {"samples": [sample | {"text": text}], "samples_from": at, "samples_of": 3}
        for at, text in enumerate(texts)
    ]
    async with app.run_test(size=(80, 24)) as pilot:
        assert "Other samples" not in await opened(app, pilot)
        shown = await opened(app, pilot, "3")
        assert "1 to 1 of 3" in shown
        assert "n Other samples" in shown
        await pilot.press("n")
        await until(pilot, lambda: texts[1] in screen_text(app), "another passage")
        assert texts[0] not in screen_text(app)
        assert "2 to 2 of 3" in screen_text(app)
        await pilot.press("n")
        await until(pilot, lambda: texts[2] in screen_text(app), "the last one")
        await pilot.press("n")
        await until(pilot, lambda: texts[0] in screen_text(app), "the first one again")
        await pilot.press("N")
        await until(pilot, lambda: texts[2] in screen_text(app), "the one before")


async def test_where_all_samples_are_seen_there_are_no_others(home: Path) -> None:
    app = app_with(home)
    async with app.run_test(size=(80, 24)) as pilot:
        assert "Other samples" not in await opened(app, pilot, "3")


async def test_names_from_files_are_only_text(home: Path) -> None:
    said = looks.table(notes=[HOSTILE])
    said["columns"][0]["name"] = HOSTILE
    app = app_with(home, said)
    async with app.run_test(size=(120, 36)) as pilot:
        assert INERT in await opened(app, pilot)
        await opened(app, pilot, "2")
        assert app.is_running


async def test_data_that_is_wrong_says_what_would_be_right(home: Path) -> None:
    app = app_with(home)
    async with app.run_test(size=(100, 30)) as pilot:
        await ready(pilot)
        app.worker.problems = [Problem("data.file", "line 7: 'abc' is no number; exclude the column")]
        shown = await opened(app, pilot)
        assert "data.file: line 7: 'abc' is no number; exclude the column" in shown


async def test_data_that_cannot_be_split_is_shown_with_the_reason(home: Path) -> None:
    app = app_with(home, looks.table(problems=[{"path": "data", "message": "class 'x' has a single sample"}]))
    async with app.run_test(size=(100, 30)) as pilot:
        shown = await opened(app, pilot)
        assert "class 'x' has a single sample" in shown
        assert "12 values" in shown


# Baselines


async def test_baselines_are_measured_once_and_judge_the_network(home: Path) -> None:
    app = app_with(home, looks.images())
    async with app.run_test(size=(120, 36)) as pilot:
        app.worker.may_answer.clear()
        shown = await opened(app, pilot, "b")
        await until(pilot, lambda: "40 of 100 trees" in screen_text(app), "progress")
        app.worker.may_answer.set()
        await until(pilot, lambda: "random forest" in screen_text(app) and "seconds" in screen_text(app), "figures")
        shown = screen_text(app)
        forest = next(line for line in shown.splitlines() if line.startswith("│ random forest"))
        assert forest.split()[3:5] == ["0.6000", "0.6000"]
        assert "on validation" not in said_by(app), "it stands there already"
        await pilot.press("escape", "b")
        await until(
            pilot, lambda: "on validation: random forest .600" in said_by(app), "a word, where they are not seen"
        )
        await pilot.press("space")
        await until(pilot, lambda: app.worker.recordings, "a run")
        app.recording.train(8)
        await until(pilot, lambda: app.laboratory.view and app.laboratory.view.epoch >= 8, "epochs")
        await until(pilot, lambda: "forest" in screen_text(app), "a line with its name on the plots")
        assert app.made == 2, "measured once"
        shown = await opened(app, pilot, "5")
        assert "network: digits-mlp" in shown
        assert "random forest's .600" in shown


async def test_b_on_the_main_screen_measures_and_calls_off(home: Path) -> None:
    app = app_with(home)
    async with app.run_test(size=(120, 36)) as pilot:
        await ready(pilot)
        app.worker.may_answer.clear()
        await pilot.press("b")
        await until(pilot, lambda: "b calls it off" in screen_text(app), "progress")
        await pilot.press("b")
        await until(pilot, lambda: "baselines called off" in said_by(app), "the end of it")
        app.worker.may_answer.set()
        await pilot.pause()
        assert app.laboratory.baselines.of(app.laboratory.experiment) is None
        await pilot.press("b")
        await until(pilot, lambda: app.laboratory.baselines.of(app.laboratory.experiment), "figures")
        await until(pilot, lambda: "on validation: random forest .600" in said_by(app), "a word")


async def test_where_baselines_mean_nothing_that_is_said(home: Path) -> None:
    app = app_with(home, looks.texts())
    app.worker.no_baselines = "there are no baselines for language: they predict classes or numbers"
    async with app.run_test(size=(120, 36)) as pilot:
        await opened(app, pilot, "b")
        await until(pilot, lambda: "no baselines for language" in screen_text(app), "the reason")


async def test_baselines_belong_to_their_data(home: Path) -> None:
    app = app_with(home)
    async with app.run_test(size=(120, 36)) as pilot:
        await ready(pilot)
        await pilot.press("b")
        laboratory = app.laboratory
        await until(pilot, lambda: laboratory.baselines.of(laboratory.experiment), "figures")
        await pilot.press("4", "right")
        assert laboratory.baselines.of(laboratory.experiment), "another optimizer has the same data"
        await pilot.press("1", "down", "right")
        other = laboratory.experiment.model_copy(update={"seed": 9})
        assert laboratory.baselines.of(other) is None


# Downloads


async def test_what_is_not_here_is_downloaded_with_a_bar(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lacking: list[Missing] = [Missing("digits", tmp_path / "digits", (PublishedFile("a.gz", 11_000_000, ""),), "x.org")]
    monkeypatch.setattr(Digits, "missing", lambda self: lacking[0] if lacking else None)
    app = app_with(home)
    async with app.run_test(size=(120, 36)) as pilot:
        shown = await opened(app, pilot)
        assert "digits is not on this machine yet" in shown
        assert "d downloads it: 11 MB from x.org" in shown
        app.worker.may_answer.clear()
        await pilot.press("d")
        await until(pilot, lambda: " 45 %" in screen_text(app), "a bar")
        await pilot.press("d")
        await until(pilot, lambda: "d downloads it" in screen_text(app), "the end of it")
        await pilot.press("d")
        await until(pilot, lambda: " 45 %" in screen_text(app), "a bar")
        lacking.clear()
        app.worker.may_answer.set()
        await until(pilot, lambda: "target guessed" in screen_text(app), "a look at what was downloaded")
        assert app.worker.fetched


async def test_facts_of_the_overview_are_read_in_full(home: Path) -> None:
    """With windows some of no part, several numbers to predict, and words for which one line is too short."""
    content = looks.numbers() | {
        "rows": 880,
        "parts": {"train": 684, "validation": 176, "test": 0},
        "available": 684,
        "ordered": True,
        "target": "load_mw",
        "outputs": 7,
        "fill": "median",
        "missing_rows": 125,
    }
    for column in content["columns"]:
        column["missing"] = 43
    app = app_with(home, content)
    async with app.run_test(size=(104, 36)) as pilot:
        shown = " ".join(" ".join(line[:50].strip("│ ") for line in (await opened(app, pilot)).splitlines()).split())
        assert "load_mw: 7 numbers" in shown
        assert "rows, filled with the median" in shown
        assert "20 of them left out: they reach over the border of two parts" in shown


def test_tokens_that_nobody_sees_have_names() -> None:
    content = looks.texts()
    names = (" ", "\n", "\t", "e")
    members = [{"index": i, "name": name, "train": 9, "validation": 1} for i, name in enumerate(names)]
    content["counts"] = {"of": "token", "all": 4, "members": members}
    assert [it.name for it in DataLook.read(content).members] == [" ", "newline", "tab", "e"]
