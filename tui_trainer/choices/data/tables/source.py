"""A file that holds a table: looked at first, then read column by column."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from tui_trainer.choices.data.own_files import file_encoding, own_file
from tui_trainer.choices.data.paths import expand
from tui_trainer.choices.data.tables import reading
from tui_trainer.choices.data.tables.columns_seen import flags, unlikely_targets
from tui_trainer.choices.data.tables.layout import Delimiter, Header, Layout, read_layout
from tui_trainer.choices.data.tables.reading import Table

LARGEST_TEXT, LARGEST_PARQUET = 2**30, 2**32
"""Bytes of a file: a larger one is refused before it is read."""

MEMORY = 12.0
"""Bytes of memory that reading takes for each byte of a text file, at worst."""

SUFFIXES = (".csv", ".tsv", ".tab", ".txt", ".parquet", ".pq")


@dataclass(frozen=True)
class Source:
    """A file with what its first rows show."""

    path: Path
    field: str  # of the data set: the one that names the file
    layout: Layout
    encoding: str = ""  # of a text file
    rows: int = 0  # about so many, where somebody asked

    @property
    def names(self) -> tuple[str, ...]:
        """Of its columns."""
        return self.layout.names

    @property
    def unlikely(self) -> Sequence[str]:
        """The columns that are hardly what a person wants predicted, as far as the first rows show."""
        return unlikely_targets(self.layout)

    @property
    def flags(self) -> Sequence[str]:
        """The columns of two values, such as yes and no, one of which is likely predicted."""
        return flags(self.layout)

    def read(self, wanted: Collection[str], as_text: Collection[str]) -> Table:
        """Some of its columns. Raises DataError if they cannot be had."""
        if is_parquet(self.path):
            return reading.read_parquet(self.path, wanted, as_text, self.field)
        return reading.read_text_table(self.path, self.layout, self.encoding, wanted, as_text, self.field)


def is_parquet(path: Path) -> bool:
    """Whether a file's name says that it is a Parquet file."""
    return path.suffix.lower() in (".parquet", ".pq")


def find_head(name: str, delimiter: Delimiter = "auto", header: Header = "auto", encoding: str = "auto") -> Source:
    """Looks at the head of a file only. Raises DataError if it holds no table."""
    if is_parquet(Path(name)):
        return _parquet(name, "file")
    path = own_file(name, "file", LARGEST_TEXT, MEMORY)
    head = read_layout(path, delimiter=delimiter, header=header, encoding=encoding)
    return Source(path, "file", head, rows=_rows_about(path, head))


def find_source(name: str, delimiter: Delimiter, header: Header, encoding: str, field: str) -> Source:
    """Looks at the table in a file. Raises DataError if there is none that can be read."""
    if name and is_parquet(expand(name, field)):
        return _parquet(name, field)
    path = own_file(name, field, LARGEST_TEXT, MEMORY)
    head = read_layout(path, delimiter=delimiter, header=header, encoding=encoding, field=field)
    return Source(path, field, head, file_encoding(path, encoding, field))


def _parquet(name: str, field: str) -> Source:
    path = own_file(name, field, LARGEST_PARQUET, 1)
    head, rows = reading.parquet_head(path, field)
    return Source(path, field, head, rows=rows)


def _rows_about(path: Path, head: Layout) -> int:
    """How many rows a file has, if the others are as long as the first ones."""
    return len(head.head) if head.whole else len(head.head) * path.stat().st_size // head.bytes
