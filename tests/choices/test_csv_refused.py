"""Tables that cannot be learned from: each says file and line, what is wrong, and what would be right."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import psutil
import pytest

from tui_trainer.choices.data import Csv, DataError


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "table.csv"


def refusal(file: Path | str, **fields: Any) -> tuple[str, str]:
    """The field to mend, and what is said of it, without the folder."""
    with pytest.raises(DataError) as caught:
        Csv(file=str(file), **fields).load(0)
    return caught.value.field, str(caught.value).replace(f"{Path(file).parent}/", "")


@pytest.mark.parametrize(
    ("content", "fields", "field", "says"),
    [
        ("", {}, "file", "table.csv: empty"),
        ("\n\n  \n", {}, "file", "table.csv: empty: there is nothing but blanks in it"),
        ("a,b\n", {}, "file", "table.csv: a header alone; a header and a row for each sample are needed"),
        ("a,b\n1,2\n", {}, "file", "table.csv: a single row; there must be two samples at least"),
        ("a,b\n1,x\n2,x\n", {}, "target", "table.csv: every row has 'x' as 'b'; two classes at least are needed"),
        ("a,b\n1,7\n2,7\n", {"predict": "class"}, "target", "every row has '7'"),
        (
            "a,y\n1,1.5\n2,2.5\nmany,3.5\n4,4.5\n",
            {},
            "file",
            "table.csv:4: 'a' is 'many' where the column holds numbers; correct it, or name the column under "
            "categories or exclude",
        ),
        ("a,y\n1,1.5\n\n2,2.5\n\nmany,3.5\n4,4.5\n", {}, "file", "table.csv:6: 'a' is 'many'"),
        ('a,b,y\n1,"two\nlines",1.5\nx,b,2.5\n3,c,3.5\n', {}, "file", "table.csv:4: 'a' is 'x'"),
        (
            "a,y\n1,1.5\n2,2.5\n3,many\n4,4.5\n",
            {},
            "target",
            "table.csv:4: target 'y' is 'many' where",
        ),
        ("a,y\n1,one\n2,two\n", {"predict": "number"}, "predict", "table.csv:2: target 'y' is 'one', no number"),
        ("a,y\n1,1.5\ninf,2.5\n3,3.5\n", {}, "file", "table.csv:3: 'a' is inf; every number must be finite"),
        ("a,y\n1,1.5\n-1e300,2.5\n3,3.5\n", {}, "file", "table.csv:3: 'a' is -1e+300; every number must be finite"),
        ("a,y\n1,1.5\n2,-inf\n3,3.5\n", {}, "target", "table.csv:3: target 'y' is -inf"),
        (
            "a,y\n1,1.5\nNaN,2.5\n3,3.5\n",
            {},
            "fill",
            "table.csv:3: 'a' is missing; correct it, or have it filled (fill: mean, median or zero)",
        ),
        ("a,c,y\n1,x,1.5\n2,,2.5\n", {"fill_text": "refuse"}, "fill_text", "table.csv:3: 'c' is missing"),
        ("a,y\n1,1.5\n2,\n3,3.5\n", {}, "fill", "table.csv:3: target 'y' is missing; delete the row"),
        ("a,y\n1,1.5\n2,\n", {"window": 1, "fill": "mean"}, "target", "delete the row"),
        ("a,y,b\n1,,1\n2,,1\n", {"target": "y"}, "target", "table.csv: target 'y' is empty in every row"),
        (
            "when,a,y\n2024-01-31,1,1.5\n2024-02-01,2,2.5\n",
            {},
            "exclude",
            "table.csv:2: 'when' is '2024-01-31', a date, which no network reads; split it into numbers (year, month, "
            "weekday), name it as `time`, or exclude it",
        ),
        ("a,when\n1,31.12.2023\n2,1.1.2024\n", {"target": "when"}, "target", "target 'when' holds dates"),
        ("t,a,y\nlater,1,1.5\nsoon,2,2.5\n", {"time": "t"}, "time", "table.csv:2: 't' is 'later', neither a date nor"),
        ("t,a,y\n1,1,1.5\n,2,2.5\n", {"time": "t"}, "time", "table.csv:3: 't' is missing, so that nobody knows when"),
        ("a,b\n1,2\n3,4,5\n6,7\n", {}, "file", "table.csv:3: 3 columns, and the rows above have 2"),
        ("a,b\n1,2\n3,4\n6", {}, "file", "table.csv:4: 1 columns, and the rows above have 2"),
        ('a,b\n1,2\n"3,4\n5,6\n', {}, "file", "table.csv:3: "),
        ("a,y\n1,2.5\n2,3.5\n", {"target": "z"}, "target", "there is no column 'z' (columns: a, y)"),
        ("area,price\n1,2.5\n2,3.5\n", {"target": "prise"}, "target", "(did you mean 'price'? columns: area, price)"),
        ("a,y\n1,2.5\n2,3.5\n", {"target": "3"}, "target", "there is no column '3' (columns: a, y)"),
        ("a,y\n1,2.5\n2,3.5\n", {"exclude": ("b",)}, "exclude", "there is no column 'b'"),
        ("a,y\n1,2.5\n2,3.5\n", {"categories": ("b",)}, "categories", "there is no column 'b'"),
        ("a,y\n1,2.5\n2,3.5\n", {"time": "b"}, "time", "there is no column 'b'"),
        ("a,y\n1,2.5\n2,3.5\n", {"target": "y", "exclude": ("y",)}, "exclude", "to be predicted, and excluded as well"),
        ("a,y\n1,2.5\n2,3.5\n", {"target": "y", "time": "y"}, "time", "to be predicted, and says when as well"),
        ("a,y\n1,2.5\n2,3.5\n", {"exclude": ("a",)}, "exclude", "no column is left to predict 'y' from"),
        (
            "a,y\n1,p\n2,q\n3,p\n4,r\n5,r\n",
            {},
            "split",
            "table.csv:3: 'y' is 'q' in this row alone, and each class must train and validate; add another row of it, "
            "or draw from all rows (split: ratio)",
        ),
        ("a,y\n1,1.5\n2,\n3,2.5\nmany,3.5\n", {"fill": "mean"}, "file", "table.csv:5: 'a' is 'many'"),
        ("t,a,y\n3,many,1.5\n2,1,2.5\n1,2,3.5\n", {"time": "t"}, "file", "table.csv:2: 'a' is 'many'"),
        ("a,b,c\n1,2\n3,4\n", {}, "file", "table.csv:2: 2 columns, and the row above has 3"),
        ("a,y\n1,2.5\n2,3.5\n", {"window": 2}, "window", "2 rows, too few for a window of 2 and a horizon of 1"),
        ("a,y\n1,p\n2,q\n3,p\n4,q\n", {"window": 1, "horizon": 2}, "horizon", "a class is predicted for the next row"),
        (b"a,b\n1,2\n\xff\xfe\xfd\x00\x01", {}, "file", "table.csv:3: not text: it holds a zero byte"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", {}, "file", "not text: it holds a zero byte"),
        (
            "a,b\n1,2\n3,caf\u00e9\n".encode("latin-1"),
            {"encoding": "utf-8"},
            "encoding",
            "table.csv:3: not text in utf-8",
        ),
        ("a,b\n1,2\n", {"encoding": "utf-9"}, "encoding", "there is no encoding 'utf-9'"),
        ("a,b\n1,2\n", {"encoding": "base64"}, "encoding", "there is no encoding 'base64'"),
        (
            "a,y\n" + "".join(f"{i},{i}\n" for i in range(1200)),
            {"predict": "class"},
            "target",
            "target 'y' has 1,200 different values, too many for classes (at most 1,000)",
        ),
    ],
)
def test_a_table_that_cannot_be_learned_from(
    file: Path, content: str | bytes, fields: dict[str, Any], field: str, says: str
) -> None:
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    mend, said = refusal(file, **fields)

    assert mend == field
    assert says in said
    assert "\n" not in said


@pytest.mark.parametrize(
    ("second", "says"),
    [
        ("a,kind\n1,x\n2,z\n", "second.csv:3: 'kind' is 'z', a class that table.csv does not have"),
        ("a,other\n1,x\n2,y\n", "second.csv: there is no column 'kind'; it must have those of table.csv"),
        ("a,kind\nmany,x\nmore,y\n", "second.csv:2: 'a' is 'many'"),
        ("a,kind\n1,x\nmore,y\n3,x\n", "second.csv:3: 'a' is 'more'"),
        ("a,kind\n", "second.csv: a header alone"),
        ("", "second.csv: empty"),
    ],
)
def test_a_second_table_that_does_not_fit_the_first(file: Path, second: str, says: str) -> None:
    file.write_text("a,kind\n1,x\n2,y\n3,x\n4,y\n")
    other = file.with_name("second.csv")
    other.write_text(second)

    field, said = refusal(file, validation_file=str(other))
    assert says in said
    assert field == "validation_file"


def test_no_file_is_named() -> None:
    assert refusal("") == ("file", "no file is named; name the one to learn from")


def test_there_is_no_such_file(file: Path) -> None:
    assert refusal(file) == ("file", "table.csv: no such file")
    assert "no such user" in refusal("~nobody-of-this-name/x.csv")[1]
    assert "cannot be read" in refusal("x" * 1000)[1]
    assert "cannot be read" in refusal("a\0b")[1]


def test_a_folder_or_a_pipe_in_place_of_a_file(file: Path) -> None:
    file.mkdir()
    assert refusal(file) == ("file", "table.csv: a folder; name a file in it")

    pipe = file.with_name("pipe.csv")
    os.mkfifo(pipe)
    assert refusal(pipe)[1].startswith("pipe.csv: not an ordinary file, but a pipe or device")


def test_a_file_that_may_not_be_read(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_text("a,b\n1,2\n")
    whole = Path.open

    def refuse(path: Path, *args: Any, **kwargs: Any) -> Any:
        if path == file:
            raise PermissionError(13, "Permission denied", str(path))
        return whole(path, *args, **kwargs)

    monkeypatch.setattr(Path, "open", refuse)
    assert refusal(file) == ("file", "table.csv: cannot be read: Permission denied")


def test_a_file_of_two_gigabytes_is_refused_before_it_is_read(file: Path) -> None:
    with file.open("wb") as big:
        big.write(b"a,b\n1,2\n")
        big.truncate(2_000_000_000)
    assert refusal(file) == ("file", "table.csv: 2 GB, and at most 1.07 GB can be read; take a part of it")


def test_a_file_that_does_not_fit_into_memory_is_refused_before_it_is_read(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with file.open("wb") as big:
        big.truncate(100_000_000)
    monkeypatch.setattr(psutil, "virtual_memory", lambda: SimpleNamespace(available=500_000_000))
    assert refusal(file)[1] == (
        "table.csv: reading it takes about 1.2 GB of memory, and 500 MB are free; take a part of it"
    )


def test_a_parquet_file_that_cannot_be_learned_from(file: Path) -> None:
    pytest.importorskip("pyarrow")
    parquet = file.with_suffix(".parquet")

    parquet.write_bytes(b"PAR1 nothing else")
    assert "not a Parquet file, or a damaged one" in refusal(parquet)[1]

    pd.DataFrame({"a": [[1], [2]], "y": [1.5, 2.5]}).to_parquet(parquet)
    assert "column 'a' holds list" in refusal(parquet)[1]

    pd.DataFrame({"a": [1.0, None, 3.0], "y": [1.5, 2.5, 3.5]}).to_parquet(parquet)
    assert refusal(parquet)[1].startswith("table.parquet: row 2: 'a' is missing")

    pd.DataFrame({"a": pd.to_datetime(["2024-01-01", "2024-01-02"]), "y": [1.5, 2.5]}).to_parquet(parquet)
    assert "a date, which no network reads" in refusal(parquet)[1]

    whole = parquet.read_bytes()
    parquet.write_bytes(whole[: len(whole) // 2])
    assert "not a Parquet file, or a damaged one" in refusal(parquet)[1]


def test_parquet_without_pyarrow_says_what_to_install(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    parquet = file.with_suffix(".parquet")
    parquet.write_bytes(b"PAR1")
    assert "pip install 'tui-trainer[parquet]'" in refusal(parquet)[1]


def test_a_first_line_without_an_end_is_no_table(file: Path) -> None:
    file.write_text("x" * 5_000_000)
    assert refusal(file) == ("file", "table.csv: not a table: field larger than field limit (1048576)")
    file.write_text("long" * 25_000 + ("," + "long" * 25_000) * 49 + "\n1\n")
    assert refusal(file) == ("file", "table.csv: not a table: its first 4,194,304 bytes are a single row")
