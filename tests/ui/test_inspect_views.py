"""What the screen of pictures shows of networks other than classifiers of points, and the keys that move in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests import pictures
from tests.ui.inspecting import all_colours, ready, seen, stage
from tui_trainer.runs.picture import read_picture
from tui_trainer.runs.store import Store
from tui_trainer.ui.pictures.attention import habits
from tui_trainer.ui.pictures.reconstruction import bars
from tui_trainer.ui.pictures.texts import compared
from tui_trainer.ui.pictures.views import VIEWS, views_of


@pytest.fixture(autouse=True)
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    all_colours(monkeypatch)


@pytest.fixture
def store(home: Path) -> Store:
    return Store(home)


def keys_told(shown: str) -> str:
    """The line that says which keys do what."""
    return shown.splitlines()[-2]


async def test_filters_of_every_layer_and_channel_are_reached_by_keys(store: Store) -> None:
    app = stage(seen(store, pictures.convolutions()))
    async with app.run_test(size=(120, 36)) as pilot:
        shown = await ready(app, pilot, "3")
        assert "▸3 Filters" in shown
        assert "blocks 1  layer 1 of 2   4 filters of 3×3" in shown
        assert "−0.5000" in shown
        assert "↓ Layer" in keys_told(shown)
        assert "→ More" not in keys_told(shown), "one channel, all filters seen"
        shown = await ready(app, pilot, "down")
        assert "blocks 2  layer 2 of 2   8 filters of 3×3   input channel 1 of 4" in shown
        assert "→ More" in keys_told(shown)
        assert "input channel 2 of 4" in await ready(app, pilot, "right")
        assert "input channel 2 of 4" in await ready(app, pilot, "right"), "no more channels are drawn"
        assert "input channel 1 of 4" in await ready(app, pilot, "left")
        assert "layer 1 of 2" in await ready(app, pilot, "up")
        assert "layer 1 of 2" in await ready(app, pilot, "up")


async def test_maps_stand_beside_their_sample(store: Store) -> None:
    app = stage(seen(store, pictures.convolutions()))
    async with app.run_test(size=(120, 36)) as pilot:
        shown = await ready(app, pilot, "4")
        assert "blocks 1  layer 1 of 2   4 maps of 8×8" in shown
        assert "true 3" in shown
        assert "said 5 0.61" in shown
        assert "8 maps of 4×4" in await ready(app, pilot, "down")


async def test_many_filters_go_on_pages(store: Store) -> None:
    content = pictures.convolutions(channels=90)
    app = stage(seen(store, content))
    async with app.run_test(size=(60, 16)) as pilot:
        shown = await ready(app, pilot, "3")
        assert "filters 1 to " in shown
        first = shown.partition("filters 1 to ")[2].split()[0]
        assert f"filters {int(first) + 1} to " in await ready(app, pilot, "right")


async def test_where_titles_do_not_fit_the_keys_of_the_views_do(store: Store) -> None:
    app = stage(seen(store, pictures.convolutions()))
    async with app.run_test(size=(40, 18)) as pilot:
        assert " 1   2  ▸3 Filters   4 " in await ready(app, pilot, "3")
        assert " 1   2   3  ▸4 Maps " in await ready(app, pilot, "4")


async def test_each_view_remembers_where_one_was(store: Store) -> None:
    app = stage(seen(store, pictures.convolutions()))
    async with app.run_test(size=(120, 36)) as pilot:
        assert "3/12" in await ready(app, pilot, "1", "right", "right")
        assert "layer 2 of 2" in await ready(app, pilot, "3", "down")
        assert "layer 1 of 2" in await ready(app, pilot, "4")
        assert "3/12" in await ready(app, pilot, "1")
        assert "layer 2 of 2" in await ready(app, pilot, "3")


async def test_attention_of_every_sample_layer_and_head_is_reached_by_keys(store: Store) -> None:
    app = stage(seen(store, pictures.written()))
    async with app.run_test(size=(120, 36)) as pilot:
        shown = await ready(app, pilot, "2")
        assert "decoder 1  layer 1 of 2   head 1 of 2   sample 1 of 2" in shown
        assert "t h e _ c a t" in shown
        assert "100% on itself, 0% on the one before" in shown
        assert "→ Head   ↓ Layer   s Sample" in keys_told(shown)
        shown = await ready(app, pilot, "right")
        assert "head 2 of 2" in shown
        assert "95% on the one before" not in shown
        assert "100% on the one before" in shown
        shown = await ready(app, pilot, "down", "s")
        assert "decoder 2  layer 2 of 2   head 2 of 2   sample 2 of 2" in shown
        assert "t a m _ e h t" in shown
        assert "sample 1 of 2" in await ready(app, pilot, "s")


async def test_attention_to_another_text_has_its_tokens_above(store: Store) -> None:
    app = stage(seen(store, pictures.answered()))
    async with app.run_test(size=(120, 36)) as pilot:
        shown = await ready(app, pilot, "2")
        assert "100% of a row on its strongest key" in shown
        assert any(line.strip("│ ").split() == list("abc") for line in shown.splitlines())
        assert "│ <start>" in shown


async def test_reconstructions_stand_below_their_inputs(store: Store) -> None:
    app = stage(seen(store, pictures.reconstructed()))
    async with app.run_test(size=(120, 36)) as pilot:
        shown = await ready(app, pilot)
        assert "▸1 Reconstruction" in shown
        assert "mean squared error on validation 0.1500   64 numbers through 2" in shown
        assert "0 0.1000" in shown
        assert "11" not in shown.split(), "the last sample is on the next page, or named by its class"
        assert "→ Samples" in keys_told(shown)
        assert "1 0.2100" in await ready(app, pilot, *["right"] * 5)


async def test_rows_that_are_no_images_are_told_in_values(store: Store) -> None:
    app = stage(seen(store, pictures.reconstructed_rows()))
    async with app.run_test(size=(120, 36)) as pilot:
        shown = await ready(app, pilot)
        assert "1/5   error 0.4000" in shown
        (row,) = (line for line in shown.splitlines() if "weight" in line)
        assert row.strip("│ ").split() == ["weight", "100", "99", "-1"]
        assert "2/5   error 0.3900" in await ready(app, pilot, "right")
        assert "3 of 200 validation samples (1.5 %)" in await ready(app, pilot, "2")


async def test_the_bottleneck_is_a_scatter_of_classes(store: Store) -> None:
    app = stage(seen(store, pictures.reconstructed()))
    async with app.run_test(size=(120, 36)) as pilot:
        shown = await ready(app, pilot, "2")
        assert "the two numbers of the bottleneck   60 of 200 validation samples" in shown
        assert all(shown.count(sign) > 2 for sign in "0123456789")


async def test_a_larger_bottleneck_says_that_components_are_shown(store: Store) -> None:
    app = stage(seen(store, pictures.reconstructed(bottleneck=8)))
    async with app.run_test(size=(120, 36)) as pilot:
        shown = await ready(app, pilot, "2")
        assert "first two principal components of 8 numbers (40% and 25% of their variance)" in shown


async def test_odd_samples_stand_beside_the_spread_of_errors(store: Store) -> None:
    app = stage(seen(store, pictures.reconstructed()))
    async with app.run_test(size=(120, 36)) as pilot:
        shown = await ready(app, pilot, "3")
        assert "3 of 200 validation samples (1.5 %) exceed 99 % of the training errors" in shown
        assert "1 0.2100" in shown, "the worst one comes first"
        assert "99 % of train ▲" in shown
        assert "█" in shown


async def test_texts_are_shown_as_they_were_written_the_latest_first(store: Store) -> None:
    app = stage(seen(store, pictures.written()))
    async with app.run_test(size=(120, 36)) as pilot:
        lines = [line.strip("│ ") for line in (await ready(app, pilot, "1")).splitlines()]
        assert "epoch 3   behind the prompt “the cat”, at temperature 0.8" in lines
        start = lines.index("sat")
        assert lines[start + 1] == "on the mat"
        assert lines.index("xq zt") > start


async def test_answers_are_marked_and_go_on_pages(store: Store) -> None:
    app = stage(seen(store, pictures.answered()))
    async with app.run_test(size=(80, 24)) as pilot:
        shown = await ready(app, pilot)
        assert "120 of 180 whole answers right (66.7 %)" in shown
        first = next(line for line in shown.splitlines() if "✗" in line).strip("│ ").split()
        assert first == ["✗", "abedeb", "bedeba", "bedebx"]
        assert shown.count("✓") > shown.count("✗") > 2
        assert "✓" in await ready(app, pilot, "right")


async def test_forecasts_go_on_from_what_was_known(store: Store) -> None:
    app = stage(seen(store, pictures.forecast()))
    async with app.run_test(size=(120, 36)) as pilot:
        shown = await ready(app, pilot)
        assert "▸1 Forecasts   2 Predictions" in shown
        assert "─ wave   ━ target   ┈ predicted" in shown
        assert "1/4   mean error 0.0000" in shown
        assert "2/4   mean error 0.1000" in await ready(app, pilot, "right")


async def test_a_surface_says_what_its_colours_stand_for(store: Store) -> None:
    app = stage(seen(store, pictures.hills()))
    async with app.run_test(size=(120, 36)) as pilot:
        shown = await ready(app, pilot)
        assert "▸1 Surface   2 Predictions" in shown
        assert "height −1.5000" in shown
        assert "R² 0.9300" in shown
        assert "•" in shown
        assert "points shown: none" in await ready(app, pilot, "t", "t", "t")


async def test_signs_stand_for_heat_without_colours(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = stage(seen(store, pictures.hills()))
    async with app.run_test(size=(120, 36)) as pilot:
        shown = await ready(app, pilot)
        assert {"===", "---", "...", "+++", "###"} <= {shown[i : i + 3] for i in range(len(shown))}
        assert "=-.+#" in shown


async def test_mistaken_texts_and_sequences_are_shown(store: Store) -> None:
    app = stage(seen(store, pictures.sequences(text="not a good film")), seen(store, pictures.sequences()))
    async with app.run_test(size=(160, 40)) as pilot:
        shown = await ready(app, pilot, "2")
        left, right = (line for line in [shown.split("B  a run")[0], shown.split("B  a run")[1]])
        assert "not a good film" in shown
        assert "▁█▅█" in shown
        assert left
        assert right


@pytest.mark.parametrize("content", pictures.ALL.values(), ids=pictures.ALL)
async def test_every_view_says_below_what_is_seen(store: Store, content: dict[str, Any]) -> None:
    app = stage(seen(store, content))
    async with app.run_test(size=(120, 36)) as pilot:
        await ready(app, pilot)
        picture = app.screen_stack[1]._seen[0].picture  # type: ignore[attr-defined]
        for number, view in enumerate(views_of(picture), 1):
            shown = await ready(app, pilot, str(number))
            assert f"▸{number} {view.title}" in shown
            assert view.words.split(".")[0].split(",")[0] in " ".join(shown.replace("│", " ").split())


def test_every_part_of_a_picture_has_a_view(store: Store) -> None:
    found = set()
    for content in pictures.ALL.values():
        picture = read_picture(seen(store, content)[1])
        found |= {view.name for view in views_of(picture)}
    assert found == {view.name for view in VIEWS}


def test_what_is_wrong_in_an_answer_stands_out() -> None:
    assert compared("abcx", "abcd") == [("abc", ""), ("x", "warning")]
    assert compared("xbcd", "abcd") == [("x", "warning"), ("bcd", "")]


def test_bars_are_as_high_as_their_counts() -> None:
    from tui_trainer.ui.pictures.look import Look

    assert bars([0, 1, 8, 16], 1, 2, Look()) == ["   █", " ▁██"]
    assert bars([4, 0], 2, 1, Look(ascii=True)) == ["%%  "]
    assert bars([], 1, 1, Look()) == [""]


def test_habits_name_where_a_head_looks() -> None:
    from tui_trainer.runs.picture import AttentionLayer

    layer = AttentionLayer("", ("a", "b"), ("a", "b"), ((1.0, 0.0, 0.75, 0.25),))
    assert habits(layer, layer.heads[0]) == "on average 75% on the one before, 75% on the first, 62% on itself"


@pytest.mark.parametrize(
    ("kind", "key", "size"),
    [
        ("convolutions", "3", (120, 36)),
        ("convolutions", "4", (80, 24)),
        ("written", "2", (120, 36)),
        ("reconstructed", "1", (80, 24)),
        ("reconstructed", "2", (120, 36)),
        ("reconstructed", "3", (120, 36)),
        ("answered", "1", (80, 24)),
        ("forecast", "1", (120, 36)),
        ("hills", "1", (80, 24)),
    ],
)
def test_view(snap_compare: Any, store: Store, kind: str, key: str, size: tuple[int, int]) -> None:
    app = stage(seen(store, pictures.ALL[kind]))

    async def wait(pilot: Pilot[Any]) -> None:
        await ready(app, pilot, key)

    assert snap_compare(app, terminal_size=size, run_before=wait)
