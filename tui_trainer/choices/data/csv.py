"""The user's own tables."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import field_validator

from tui_trainer.choices.base import setting
from tui_trainer.choices.data.base import DataError, DataSet, Fill, Samples
from tui_trainer.choices.data.own_files import encoding_field, file_field, file_stamp
from tui_trainer.choices.data.tables.layout import Delimiter, Header
from tui_trainer.choices.data.tables.order import in_order
from tui_trainer.choices.data.tables.reading import Table
from tui_trainer.choices.data.tables.roles import Roles, assign_roles, find_column
from tui_trainer.choices.data.tables.source import SUFFIXES, Source, find_head, find_source
from tui_trainer.choices.data.tables.wishes import TASKS, FillText, Predict, Wishes
from tui_trainer.choices.given import Given


class Csv(DataSet):
    """A table of your own: CSV or TSV, or Parquet by the name's ending; a row a sample, one column predicted.

    Columns of numbers are inputs as they are, columns of texts an input for each of their values (one-hot);
    texts of more than 50 different values and whole numbers that count rows or are called an id are left out, as they
    name rows. What a file looks like and what is to be
    predicted is guessed, said, and can be set. With a `window`, rows that follow each other make sequences. At most
    1 GB is read, and nothing that does not fit in memory.
    """

    group = "your own"
    kind: Literal["csv"] = "csv"
    names_columns = ("target", "exclude", "categories", "time")

    file: str = file_field("The table: a header and a row for each sample.", SUFFIXES)
    target: str = setting(
        "",
        max_length=1000,
        help="The column to predict: its name, or its position from 1 (-1: the last). Empty: guessed.",
    )
    predict: Predict = setting(
        "auto",
        help="What the target is: a class (classification) or a number (regression); auto takes texts, and whole "
        "numbers of few different values, for classes.",
    )
    exclude: tuple[str, ...] = setting((), strict=False, help="Columns that are no inputs, by name or position.")
    categories: tuple[str, ...] = setting(
        (),
        strict=False,
        help="Columns whose every value is a category of its own, such as numbers that are codes, or texts of more "
        "than 50 values, which are left out otherwise.",
    )
    fill: Fill = setting(
        "refuse",
        help="Missing numbers: refused with their line, or filled with the training part's mean or median, or with "
        "zero. Rows without a target are left out then.",
    )
    fill_text: FillText = setting(
        "category", help="Missing categories: a category of their own, the most common one, or refused with their line."
    )
    split: Literal["stratified", "ratio", "time"] = setting(
        "stratified",
        help="Which rows validate: stratified keeps the proportions of the classes, ratio draws from all rows but "
        "leaves each class one to train on, time takes the last ones.",
    )
    time: str = setting(
        "", max_length=1000, help="A column of dates or numbers by which rows are put in order. Empty: as they stand."
    )
    validation_file: str = file_field("A second table of the same columns: all of it validates.", SUFFIXES)
    window: int = setting(
        0,
        ge=0,
        le=100_000,
        unit="rows",
        ladder=(0, 2, 4, 8, 12, 16, 24, 32, 48, 64, 96, 128, 256, 512),
        help="So many rows that follow each other make a sequence, from which the target's next values are predicted; "
        "0: each row is a sample of its own.",
        low="Patterns that take longer cannot be seen.",
        high="Fewer and larger samples, and more to look through.",
    )
    horizon: int = setting(
        1,
        ge=1,
        le=10_000,
        unit="rows",
        ladder=(1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64),
        help="With a window: how many of the target's next values are predicted.",
        low="1 predicts the next value alone.",
        high="What lies further ahead is harder to tell.",
    )
    delimiter: Delimiter = setting("auto", help="What parts the columns; auto finds out.")
    header: Header = setting("auto", help="Whether the first row names the columns; auto finds out.")
    encoding: str = encoding_field()

    @field_validator("exclude", "categories", mode="before")
    @classmethod
    def _listed(cls, value: Any) -> Any:
        """A single name stands for a list of one."""
        return (value,) if isinstance(value, str) and value else value

    def given(self) -> Given:
        return Given("sequence" if self.window else "features", TASKS[self.predict])

    def unused(self, given: Given) -> Mapping[str, str]:
        found = dict(super().unused(given))
        if not self.window:
            found["horizon"] = "without a window one row predicts one value"
        if self.validation_file:
            found["train_share"] = "the second table validates"
        if self.validation_file and not self.test_share:
            found["split"] = "the second table validates"
        elif self.window and not self.validation_file:
            found["split"] = "rows that follow each other are split by time"
        return found

    def load(self, seed: int) -> Samples:
        from tui_trainer.choices.data.tables.samples import make_samples
        from tui_trainer.choices.data.tables.windows import windows

        source = find_source(self.file, self.delimiter, self.header, self.encoding, "file")
        roles = assign_roles(source.names, self.target, self.exclude, self.time, source.unlikely, source.flags)
        categories = tuple(find_column(name, source.names, "categories") for name in self.categories)
        table = self._read(source, roles, categories)
        validation = self._validation(table, roles, categories) if self.validation_file else None
        wishes = Wishes(
            roles,
            self.predict,
            categories,
            self.fill,
            self.fill_text,
            stratify=self.split == "stratified",
            ordered=self.split == "time" or bool(self.window),
            in_series=bool(self.window),
        )
        samples = make_samples(table, validation, wishes)
        return windows(samples, self.window, self.horizon, source.path) if self.window else samples

    def _read(self, source: Source, roles: Roles, as_text: Collection[str]) -> Table:
        used = {*roles.inputs, roles.target, roles.time}
        wanted = [name for name in source.names if name in used]
        table = source.read(wanted, as_text)
        return in_order(table, roles.time) if roles.time else table

    def _validation(self, table: Table, roles: Roles, categories: Collection[str]) -> Table:
        """The second table, whose columns hold texts where those of the first do."""
        source = find_source(self.validation_file, self.delimiter, self.header, self.encoding, "validation_file")
        lacking = [name for name in (*roles.inputs, roles.target, roles.time) if name and name not in source.names]
        if lacking:
            raise DataError(
                f"{source.path}: there is no column {lacking[0]!r}; it must have those of {table.path.name}",
                "validation_file",
            )
        texts = {column.name for column in table.columns if column.texts is not None and not column.are_dates}
        return self._read(source, roles, texts | set(categories))

    def columns(self) -> tuple[str, ...]:
        return find_head(self.file, self.delimiter, self.header, self.encoding).names

    def stamp(self) -> Hashable:
        return file_stamp(self.file), file_stamp(self.validation_file)

    def size(self) -> str:
        return Path(self.file).name
