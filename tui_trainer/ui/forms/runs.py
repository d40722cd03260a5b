"""A row that names a run."""

from __future__ import annotations

from dataclasses import dataclass, fields

from tui_trainer.ui.forms.row import FieldRow, OnEnter


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class RunRow(FieldRow):
    """The id of a run: chosen from the list of runs."""

    @classmethod
    def of(cls, row: FieldRow, label: str) -> RunRow:
        """The same field under another label."""
        own = {field.name: getattr(row, field.name) for field in fields(FieldRow)}
        return cls(**own | {"label": label})

    @property
    def help(self) -> tuple[tuple[str, str], ...]:
        back = [("Backspace", "goes back to random weights")] if self.value else []
        return (*super().help, ("Enter", "chooses one of the runs"), *back)

    @property
    def on_enter(self) -> OnEnter:
        return "pick"
