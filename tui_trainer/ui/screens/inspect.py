"""What the model sees: the pictures of one run, or of two side by side."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.events import Click
from textual.message import Message
from textual.screen import ModalScreen

from tui_trainer.experiment.text import clean
from tui_trainer.plots.spec import Row
from tui_trainer.runs.folder import RunFolder
from tui_trainer.ui.pictures.look import SHOWN, Place, Steps, terminal_look
from tui_trainer.ui.pictures.view import PictureView
from tui_trainer.ui.pictures.views import View, views_of
from tui_trainer.ui.pictures.watch import PictureWatch, Seen
from tui_trainer.ui.terminal.glyphs import NEXT
from tui_trainer.ui.widgets.hints import Hints
from tui_trainer.ui.widgets.key_line import KeyWords
from tui_trainer.ui.widgets.rows import STRONG, Rows, row_width

_LETTERS = "AB"


class InspectScreen(ModalScreen[None]):
    """One run, or two side by side, each with its name. While it is open, their workers draw pictures."""

    CSS_PATH = Path(__file__).with_suffix(".tcss")

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "next_view(1)", "Next view", id="inspect.next"),
        Binding("shift+tab", "next_view(-1)", "View before", id="inspect.previous", show=False),
        Binding("1", "view(1)", "First view; 2 the second, and so on", id="inspect.view-1", show=False),
        *(Binding(str(n), f"view({n})", id=f"inspect.view-{n}", show=False) for n in range(2, 10)),
        Binding("left,h", "across(-1)", "Mistake, sample, head or page before", id="inspect.left", show=False),
        Binding("right,l", "across(1)", "Next mistake, sample, head or page", id="inspect.right"),
        Binding("up,k", "down(-1)", "Layer before; line above", id="inspect.up", show=False),
        Binding("down,j", "down(1)", "Next layer; line below", id="inspect.down"),
        Binding("s", "sample", "Sample", id="inspect.sample"),
        Binding("space", "pause", "Pause, go on", id="run.toggle"),
        Binding("n", "command('step')", "Step", id="run.step"),
        Binding("N", "command('epoch')", "Epoch", id="run.epoch"),
        Binding("minus", "pace(-1)", "Slower", id="run.slower", show=False),
        Binding("plus,equals_sign", "pace(1)", "Faster", id="run.faster", show=False),
        Binding("t", "points", "Points", id="inspect.points"),
        Binding("a", "letters", "Letters for classes", id="inspect.letters", show=False),
        Binding("e", "export", "Export the screen", id="inspect.export", show=False),
        Binding("escape,i", "dismiss", "Back", id="inspect.back"),
        Binding("question_mark,f1", "app.help", "Help", id="inspect.help"),
    ]

    def __init__(self, folders: Sequence[tuple[str, RunFolder]]) -> None:
        super().__init__()
        named = list(folders)[: len(_LETTERS)]
        labels = _LETTERS if len(named) > 1 else [""]
        self._sides = [PictureView(label, name) for label, (name, _) in zip(labels, named, strict=False)]
        self._seen: list[Seen | None] = [None] * len(named)
        self._views = Views(id="views")
        self._chosen: View | None = None
        self._places: dict[str, Place] = {}  # where a person was in each view
        self._watch = PictureWatch([folder for _, folder in named], self._tell, self._say)

    def compose(self) -> ComposeResult:
        with Vertical(id="window") as window:
            window.border_title = "What the model sees"
            yield self._views
            with Horizontal(id="sides"):
                for side in self._sides:
                    side.set_class(len(self._sides) > 1, "-pair")  # both are equally wide inside
                    yield side.set_class(side is not self._sides[0], "-beside")
            yield ViewHints()

    def on_mount(self) -> None:
        self._look = terminal_look(self.app)
        self._watch.start()
        self._draw()

    def on_unmount(self) -> None:
        self._watch.stop()

    # What is seen

    def _tell(self, index: int, seen: Seen) -> None:
        """Called by the thread that reads."""
        with suppress(RuntimeError):  # the dashboard is gone
            self.call_later(self._show, index, seen)

    def _say(self, text: str) -> None:
        """Called by the thread that reads."""
        with suppress(RuntimeError):
            self.call_later(self.notify, clean(text), markup=False)

    def _show(self, index: int, seen: Seen) -> None:
        self._seen[index] = seen
        if self.is_mounted:
            self._draw()

    @property
    def views(self) -> tuple[View, ...]:
        """The views that any of the runs has."""
        found = [view for seen in self._seen if seen for view in views_of(seen.picture)]
        return tuple(dict.fromkeys(found))

    def _draw(self) -> None:
        views = self.views
        chosen = self._chosen if self._chosen in views else next(iter(views), None)
        self._views.show(views, chosen)
        look = replace(self._look, place=self._places.get(chosen.name, Place()) if chosen else Place())
        for side, seen in zip(self._sides, self._seen, strict=True):
            side.show(seen, chosen, look)
        self.refresh_bindings()

    # Keys

    @property
    def chosen(self) -> View | None:
        """The view that is shown."""
        return self._views.chosen

    @property
    def place(self) -> Place:
        """Where a person is in it."""
        return self._places.get(self.chosen.name, Place()) if self.chosen else Place()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys that would do nothing in this view are not offered."""
        view, steps = self.chosen, self._steps()
        if action == "points":
            return view is not None and view.points
        if action == "letters":
            return view is not None and view.name == "boundary" and self._look.blocks
        if action in ("pause", "command", "pace"):
            return any(seen.view.alive for seen in self._seen if seen and seen.view)
        there_is_more = {
            "across": steps.across > 1,
            "down": steps.down > 1 or steps.line > 0,
            "sample": steps.samples > 1,
        }
        return there_is_more.get(action, True)

    def _steps(self) -> Steps:
        """Where there is to go in this view, in the run that has most of it."""
        each = [side.steps(self.place) for side in self._sides]
        return Steps(
            max(steps.across for steps in each),
            max(steps.down for steps in each),
            max(steps.samples for steps in each),
            max(steps.line if steps.across > 1 else 0 for steps in each),
        )

    def _go(self, place: Place) -> None:
        """Go there, or as near as one can get."""
        if self.chosen:
            self._places[self.chosen.name] = place
            self._places[self.chosen.name] = self._steps().clamped(place)
            self._draw()

    def action_view(self, number: int) -> None:
        if number <= len(self.views):
            self._chosen = self.views[number - 1]
            self._draw()

    def action_next_view(self, direction: int) -> None:
        if self.views and self.chosen:
            at = self.views.index(self.chosen)
            self._chosen = self.views[(at + direction) % len(self.views)]
            self._draw()

    def action_pause(self) -> None:
        self._watch.toggle()

    def action_command(self, name: str) -> None:
        self._watch.command(name)

    def action_pace(self, direction: int) -> None:
        self._watch.pace(direction)

    def action_points(self) -> None:
        following = SHOWN[(SHOWN.index(self._look.points) + 1) % len(SHOWN)]
        self._look = replace(self._look, points=following)
        self._draw()

    def action_letters(self) -> None:
        self._look = replace(self._look, letters=not self._look.letters)
        self._draw()

    def action_export(self) -> None:
        self._watch.export(self.app.export_screenshot(title="tui-trainer"))

    def action_across(self, by: int) -> None:
        self._go(replace(self.place, across=max(0, self.place.across + by)))

    def action_down(self, by: int) -> None:
        line = self._steps().line
        if line:
            self.action_across(by * line)
        else:
            self._go(replace(self.place, down=max(0, self.place.down + by)))

    def action_sample(self) -> None:
        self._go(replace(self.place, sample=(self.place.sample + 1) % self._steps().samples))

    def on_views_chosen(self, message: Views.Chosen) -> None:
        self.action_view(message.number)


class ViewHints(Hints):
    """The keys, in the words of the view that is shown."""

    def told(self) -> Sequence[KeyWords]:
        screen = self.screen
        view = screen.chosen if isinstance(screen, InspectScreen) else None
        words = {"right": view.across.capitalize(), "down": view.down.capitalize()} if view else {}
        told = (replace(it, words=words.get(it.key, it.words)) for it in super().told())
        return [it for it in told if it.words]


class Views(Rows):
    """The views there are, each with its key. A click on one chooses it."""

    class Chosen(Message):
        """A view was clicked, by its number."""

        def __init__(self, number: int) -> None:
            super().__init__()
            self.number = number

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._all: tuple[View, ...] = ()
        self.chosen: View | None = None

    def show(self, views: tuple[View, ...], chosen: View | None) -> None:
        self._all, self.chosen = views, chosen
        self.update()

    def rows(self, width: int, height: int) -> Sequence[Row]:
        return [[span for view in self._named(width) for span in view]]

    def _named(self, width: int) -> list[Row]:
        """What stands for each view: its key and title; where there is no room for all, the title of the chosen one."""
        named: list[Row] = []
        room = width + 2 >= sum(len(view.title) + 5 for view in self._all)
        for number, view in enumerate(self._all, 1):
            chosen = view == self.chosen
            words = f"{number} {view.title}" if room or chosen else str(number)
            mark = NEXT if chosen else " "
            named.append([(mark, "mark"), (words, STRONG if chosen else "label"), ("  ", "")])
        return named

    def on_click(self, event: Click) -> None:
        offset = event.get_content_offset(self)
        start = 0
        for number, view in enumerate(self._named(self.size.width), 1):
            end = start + row_width(view)
            if offset is not None and start <= offset.x < end:
                self.post_message(self.Chosen(number))
            start = end
