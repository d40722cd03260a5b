"""What a network writes, and how it answers."""

from __future__ import annotations

from rich.cells import cell_len

from tui_trainer.plots.spec import Row
from tui_trainer.runs.picture import Picture, Sequences, Text
from tui_trainer.runs.summary import epochs
from tui_trainer.ui.pictures.look import Look, Place, Steps
from tui_trainer.ui.terminal.glyphs import STATES
from tui_trainer.ui.widgets.explanation import paragraph
from tui_trainer.ui.widgets.rows import STRONG, exact, fit, whole

_RIGHT, _WRONG = STATES["finished"], STATES["failed"]


def text_rows(picture: Picture, text: Text, width: int, height: int, look: Look) -> list[Row]:
    """The latest text, and below it those before, each with the epoch in which it was written."""
    rows: list[Row] = []
    for number, sample in enumerate(reversed(text.samples)):
        head: Row = [(f"epoch {epochs(sample.epoch)}", STRONG if not number else "label")]
        if not number:
            head.append((f"   behind the prompt “{text.prompt}”, at temperature {text.temperature:g}", "label"))
        written = [row for line in sample.lines for row in paragraph(line, width, "label" if number else "")]
        rows += [whole(head, width), *written, []]
    return rows[:height]


def sequences_steps(found: Sequences, width: int, height: int, place: Place) -> Steps:
    return Steps(-(-len(found.answers) // max(1, height - 2)))


def sequences_rows(picture: Picture, found: Sequences, width: int, height: int, look: Look) -> list[Row]:
    """Answers in lines: the source, the right answer and the network's, in which wrong characters stand out."""
    share = found.right / max(1, found.asked)
    head: Row = [
        (f"{found.right:,} of {found.asked:,}", STRONG),
        (f" whole answers right ({100 * share:.1f} %)", "label"),
    ]
    columns = [
        max((cell_len(text) for text in texts), default=0)
        for texts in (
            ["source", *(it.source for it in found.answers)],
            ["right", *(it.right for it in found.answers)],
            ["answer", *(it.said for it in found.answers)],
        )
    ]
    room = max(3, (width - 8) // 3)
    columns = [min(column, room) for column in columns]
    titles = [fit(title, column) + "  " for title, column in zip(("source", "right", "answer"), columns, strict=True)]
    rows: list[Row] = [[("   ", ""), *((title, "label") for title in titles)]]
    each = max(1, height - 2)
    for answer in found.answers[look.place.across * each : (look.place.across + 1) * each]:
        mark = (_RIGHT, "run-0") if answer.is_right else (_WRONG, "warning")
        texts = [
            fit(text, column) for text, column in zip((answer.source, answer.right, answer.said), columns, strict=True)
        ]
        said = compared(texts[2], texts[1])
        rows.append([mark, ("  ", ""), (texts[0] + "  ", ""), (texts[1] + "  ", ""), *said])
    return [exact(row, width) for row in [head, *rows]]


def compared(said: str, right: str) -> Row:
    """What was said, with what differs from what would be right."""
    row: Row = []
    for at, character in enumerate(said):
        role = "" if right[at : at + 1] == character else "warning"
        if row and row[-1][1] == role:
            row[-1] = (row[-1][0] + character, role)
        else:
            row.append((character, role))
    return row
