"""Tables of one's own: what is recognized in them, and what becomes of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tui_trainer.choices.data import Csv, Samples
from tui_trainer.engine.prepare import prepare
from tui_trainer.experiment.schema import Experiment

Load = Callable[..., Samples]

FLOWERS = "length,width,kind\n" + "1.5,2,rose\n2.5,3,tulip\n3.5,4,rose\n4.5,5,tulip\n"


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """`load("a,b\\n1,2\\n", target="b")` reads that text as a file."""

    def load(
        content: str | bytes, name: str = "table.csv", second: str | bytes | None = None, **fields: Any
    ) -> Samples:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        if second is not None:
            other = tmp_path / "second.csv"
            other.write_bytes(second.encode() if isinstance(second, str) else second)
            fields["validation_file"] = str(other)
        return Csv(file=str(path), **fields).load(0)

    return load


def test_a_table_becomes_features_and_classes(load: Load) -> None:
    samples = load(FLOWERS)

    assert samples.x.dtype == np.float32
    assert samples.x.tolist() == [[1.5, 2], [2.5, 3], [3.5, 4], [4.5, 5]]
    assert samples.y.dtype == np.int64
    assert samples.y.tolist() == [0, 1, 0, 1]
    assert samples.classes == ("rose", "tulip")
    assert samples.features == ("length", "width")
    assert (samples.task, samples.target) == ("classification", "kind")
    assert samples.notes == ("predicts kind (the last column)", "kind has 2 values: classification")


@pytest.mark.parametrize("target", ["width", "WIDTH", "2", "-2"])
def test_the_target_goes_by_name_or_position(load: Load, target: str) -> None:
    samples = load(FLOWERS, target=target, predict="number")

    assert samples.target == "width"
    assert samples.task == "regression"
    assert samples.y.dtype == np.float32
    assert samples.y.tolist() == [2, 3, 4, 5]
    assert samples.features == ("length", "kind=rose", "kind=tulip")


def test_categories_become_an_input_for_each_value(load: Load) -> None:
    samples = load("city,price\nOslo,1.5\nRome,2.5\nOslo,3.5\n")

    assert samples.features == ("city=Oslo", "city=Rome")
    assert samples.x.tolist() == [[1, 0], [0, 1], [1, 0]]
    assert samples.encoding["columns"] == [
        {"name": "city", "kind": "category", "values": ["Oslo", "Rome"], "missing": ""}
    ]


def test_numbers_that_are_codes_can_be_categories(load: Load) -> None:
    samples = load("zip,price\n0101,1.5\n0202,2.5\n0101,3.5\n", categories=("zip",))
    assert samples.features == ("zip=0101", "zip=0202")


def test_a_column_that_names_its_rows_is_left_out_and_said(load: Load) -> None:
    rows = "".join(f"name {i},{i % 3},{i}.5\n" for i in range(60))

    samples = load("name,size,price\n" + rows)
    assert samples.features == ("size",)
    assert samples.notes[-1] == "name left out: 60 different texts (name it under categories to use it)"

    samples = load("name,size,price\n" + rows, categories=("name",))
    assert len(samples.features) == 61


@pytest.mark.parametrize(
    ("name", "numbers"),
    [
        ("customer_id", [100_000 + 7 * i % 60 for i in range(60)]),
        ("CustomerID", [5 * i for i in range(60)]),
        ("상품번호", list(range(1, 61))),
        ("number", [i * 7 % 60 for i in range(60)]),
    ],
)
def test_numbers_that_tell_rows_apart_are_left_out_and_said(load: Load, name: str, numbers: list[int]) -> None:
    rows = "".join(f"{number},{i % 3},{i % 7}.5\n" for i, number in enumerate(numbers))

    samples = load(f"{name},size,price\n" + rows)

    assert samples.features == ("size",)
    assert samples.notes[-1] == f"{name} left out: it numbers the rows"


def test_numbers_that_repeat_or_leave_gaps_are_features_whatever_the_order(load: Load) -> None:
    rows = "".join(f"{2 * i},{i // 2},{i}.5,{i % 7}.5\n" for i in range(60))
    assert load("even,customer_id,length,price\n" + rows).features == ("even", "customer_id", "length")


def test_numbers_that_count_are_a_feature_where_there_is_no_other(load: Load) -> None:
    assert load("day,price\n" + "".join(f"{i},{i % 7}.5\n" for i in range(60))).features == ("day",)


@pytest.mark.parametrize("price", ["${}.50", "{}.50 €", "$1,{}.50", "-${}.50", "₩{}", "{}원"])
def test_prices_are_numbers(load: Load, price: str) -> None:
    rows = "".join(f'{i % 3},"{price.format(100 + i)}"\n' for i in range(30))

    samples = load("size,price\n" + rows)

    number = price.strip("€원 ").replace("$", "").replace(",", "").replace("₩", "")
    assert samples.task == "regression"
    assert samples.y.tolist() == [float(number.format(100 + i)) for i in range(30)]


def test_a_single_name_stands_for_a_list_of_one() -> None:
    assert Csv.model_validate({"file": "a.csv", "exclude": "id", "categories": "zip"}).exclude == ("id",)


def test_columns_can_be_excluded(load: Load) -> None:
    assert load(FLOWERS, exclude=("1",)).features == ("width",)
    assert "excluded: length" in load(FLOWERS, exclude=("1",)).notes
    assert load(FLOWERS, exclude=("length",)).features == ("width",)


@pytest.mark.parametrize(
    ("content", "fields"),
    [
        (FLOWERS.replace(",", ";"), {}),
        (FLOWERS.replace(",", "\t"), {}),
        (FLOWERS.replace(",", "|"), {}),
        (FLOWERS.replace(",", "   "), {}),
        (FLOWERS.replace(",", ";").replace(".", ","), {}),
        (FLOWERS.replace("\n", "\r\n"), {}),
        (FLOWERS.replace("\n", "\n\n"), {}),
        (FLOWERS + ",,\n,,\n", {}),
        (FLOWERS.replace("\n", ",\n"), {}),
        (FLOWERS.replace(",", " , "), {}),
        ("\ufeff" + FLOWERS, {}),
        (FLOWERS.encode("utf-16"), {}),
        ('length,width,kind\n"1.5","2",rose\n"2.5","3",tulip\n"3.5","4",rose\n"4.5","5",tulip\n', {}),
        (FLOWERS.replace(",", ";"), {"delimiter": "semicolon"}),
        (FLOWERS, {"delimiter": "comma", "header": "yes", "encoding": "ascii"}),
    ],
    ids=[
        *(
            "semicolons",
            "tabs",
            "bars",
            "blanks",
            "decimal commas",
            "CRLF",
            "blank lines",
            "empty rows",
            "trailing commas",
        ),
        *("spaces around", "byte order mark", "utf-16", "quotes", "named delimiter", "all named"),
    ],
)
def test_how_a_table_is_written_is_found_out(load: Load, content: str | bytes, fields: dict[str, Any]) -> None:
    samples = load(content, **fields)

    assert samples.x.tolist() == [[1.5, 2], [2.5, 3], [3.5, 4], [4.5, 5]]
    assert samples.features == ("length", "width")
    assert samples.classes == ("rose", "tulip")


def test_a_table_without_a_header(load: Load) -> None:
    without = FLOWERS.partition("\n")[2]

    samples = load(without)
    assert samples.features == ("column 1", "column 2")
    assert len(samples.y) == 4

    assert len(load(FLOWERS, header="no", categories=("1", "2"), split="ratio").y) == 5
    assert load(without, header="yes", split="ratio").features == ("1.5", "2")


def test_thousands_are_grouped_by_commas_or_points(load: Load) -> None:
    assert load('a,b\n"1,234.5",1.5\n"2,000",2.5\n').x.tolist() == [[1234.5], [2000]]
    assert load("a;b\n1.234,5;1\n2.000,0;2\n", predict="number").x.tolist() == [[1234.5], [2000]]


def test_row_names_without_a_heading_as_r_writes_them(load: Load) -> None:
    assert load("a b\nr1 1 2.5\nr2 3 4.5\n", target="b", exclude=("row",)).x.tolist() == [[1], [3]]


def test_columns_of_the_same_name_are_told_apart(load: Load) -> None:
    assert load("a,a,b\n1,2,3.5\n4,5,6.5\n").features == ("a", "a (2)")


KOREAN = "도시,온도,종류\n서울,1.5,맑음\n부산,2.5,흐림\n서울,3.5,맑음\n부산,2.0,흐림\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949"])
def test_encodings_are_found_out(load: Load, encoding: str) -> None:
    samples = load(KOREAN.encode(encoding))
    assert samples.features == ("도시=부산", "도시=서울", "온도")
    assert samples.classes == ("맑음", "흐림")


def test_an_encoding_can_be_named(load: Load) -> None:
    assert load(KOREAN.encode("cp949"), encoding="cp949").classes == ("맑음", "흐림")
    assert load("a,b\ncafé,1.5\nthé,2.5\n".encode("latin-1"), encoding="latin-1").features == ("a=café", "a=thé")


def test_korean_far_behind_the_head_is_found_out(load: Load) -> None:
    rows = "a,1.5\nb,2.5\n" * 40_000
    samples = load(f"x,y\n{rows}서울,3.5\n".encode("cp949"))
    assert samples.features == ("x=a", "x=b", "x=서울")


def test_western_texts_are_read(load: Load) -> None:
    text = "name,price\n" + "".join(f"{word},{i}.5\n" for i, word in enumerate(["café", "naïve", "garçon", "über"] * 5))
    assert "name=café" in load(text.encode("latin-1")).features


@pytest.mark.parametrize(
    ("values", "task"),
    [
        (["yes", "no", "yes", "no"], "classification"),
        (["0", "1", "0", "1"], "classification"),
        (["1.5", "2.5", "1.5", "2.5"], "regression"),
        (["1", "2", "3", "4"], "regression"),
        ([str(i) for i in range(30)] * 3, "regression"),
        (["True", "False"] * 2, "classification"),
    ],
)
def test_classes_or_numbers_are_told_from_the_target(load: Load, values: list[str], task: str) -> None:
    samples = load("a,result\n" + "".join(f"{i}.5,{value}\n" for i, value in enumerate(values)))

    assert samples.task == task
    assert task in samples.notes[-1]
    assert bool(samples.classes) == (task == "classification")


def test_what_was_guessed_of_the_target_can_be_overridden(load: Load) -> None:
    table = "a,b\n" + "".join(f"{i},{i % 3 + 9}\n" for i in range(9))

    assert load(table).classes == ("9", "10", "11")
    assert load(table, predict="number").task == "regression"
    assert load(table, target="a", predict="class", split="ratio").classes == tuple("012345678")


GAPS = "a,city,y\n1,Oslo,1.5\n,Rome,2.5\n3,,3.5\n4,Oslo,4.5\n"


def test_missing_values_are_filled_or_are_a_category(load: Load) -> None:
    samples = load(GAPS, fill="mean")
    assert samples.fill == "mean"
    assert np.isnan(samples.x[1, 0])
    assert samples.features == ("a", "city=Oslo", "city=Rome", "city=(missing)")
    assert samples.x[2, 1:].tolist() == [0, 0, 1]
    assert "a: 1 missing, filled with the mean" in samples.notes

    samples = load(GAPS, fill="zero", fill_text="most_common")
    assert samples.features == ("a", "city=Oslo", "city=Rome")
    assert samples.x[2, 1:].tolist() == [1, 0]


@pytest.mark.parametrize("word", ["", " ", "\t", " NA ", "NA", "n/a", "NaN", "null", "None", "?", "#N/A"])
def test_what_stands_for_a_missing_value(load: Load, word: str) -> None:
    samples = load(f"a,y\n1,1.5\n{word},2.5\n3,3.5\n", fill="median")
    assert np.isnan(samples.x[1, 0])


def test_rows_without_a_target_are_left_out_where_gaps_are_filled(load: Load) -> None:
    samples = load("a,y\n1,1.5\n2,\n3,3.5\n", fill="mean")
    assert samples.y.tolist() == [1.5, 3.5]
    assert "1 row without y left out" in samples.notes


def test_an_empty_column_is_left_out(load: Load) -> None:
    samples = load("a,b,y\n1,,1.5\n2,,2.5\n")
    assert samples.features == ("a",)
    assert "b left out: it is empty" in samples.notes


def test_how_rows_are_split(load: Load) -> None:
    assert load(FLOWERS).stratify
    assert not load(FLOWERS).ordered
    assert not load(FLOWERS, split="ratio").stratify
    assert load(FLOWERS, split="time").ordered


@pytest.mark.parametrize(
    "times",
    [
        ("2024-03-01", "2024-01-01", "2024-02-01"),
        ("3", "1", "2"),
        ("1.3.2024 12:00", "1.3.2024 10:00", "1.3.2024 11:00"),
    ],
)
def test_rows_are_put_in_the_order_of_time(load: Load, times: tuple[str, ...]) -> None:
    table = "when,a,y\n" + "".join(f"{when},{i},{i}.5\n" for i, when in enumerate(times))
    samples = load(table, time="when", split="time")

    assert samples.features == ("a",)
    assert samples.y.tolist() == [1.5, 2.5, 0.5]


def test_a_second_file_validates(load: Load) -> None:
    samples = load(FLOWERS, second="kind,width,length\ntulip,7,6.5\n")

    assert samples.validation_from == 4
    assert samples.x[-1].tolist() == [6.5, 7]
    assert samples.y.tolist() == [0, 1, 0, 1, 1]


def test_categories_that_only_the_second_file_has_are_said(load: Load) -> None:
    samples = load("city,y\nOslo,1.5\nRome,2.5\n", second="city,y\nParis,3.5\n123,4.5\n")
    assert samples.x[2:].tolist() == [[0, 0], [0, 0]]
    assert "city: 2 rows that validate with values that table.csv lacks" in samples.notes


def series(rows: int) -> str:
    return "a,y\n" + "".join(f"{10 * i},{i}\n" for i in range(rows))


def test_windows_make_sequences_that_predict_what_comes_next(load: Load) -> None:
    samples = load(series(10), target="y", predict="number", window=3)

    assert samples.x.shape == (7, 3, 2)
    assert samples.features == ("a", "y")
    assert samples.x[0].tolist() == [[0, 0], [10, 1], [20, 2]]
    assert samples.y.shape == (7,)
    assert samples.y.tolist() == [3, 4, 5, 6, 7, 8, 9]
    assert samples.ordered
    assert samples.overlap == 3  # sample 0 ends with row 3, with which sample 3 begins


def test_a_longer_horizon_predicts_several_values(load: Load) -> None:
    samples = load(series(10), target="y", predict="number", window=3, horizon=2)

    assert samples.x.shape == (6, 3, 2)
    assert samples.y.tolist()[0] == [3, 4]
    assert samples.y.shape == (6, 2)
    assert samples.outputs == 2
    assert samples.overlap == 4


def test_windows_of_classes_see_their_past(load: Load) -> None:
    table = "a,y\n" + "".join(f"{i},{'up' if i % 2 else 'down'}\n" for i in range(8))
    samples = load(table, window=2)

    assert samples.features == ("a", "y=down", "y=up")
    assert samples.x[0].tolist() == [[0, 1, 0], [1, 0, 1]]
    assert samples.y.tolist() == [0, 1, 0, 1, 0, 1]


def test_windows_do_not_reach_from_one_file_into_the_other(load: Load) -> None:
    samples = load(series(6), second=series(5), target="y", predict="number", window=2)
    assert samples.validation_from == 4
    assert samples.y.tolist() == [2, 3, 4, 5, 2, 3, 4]


def test_a_parquet_file_is_the_same_table(load: Load, tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    (tmp_path / "flowers.csv").write_text(FLOWERS)
    frame = pd.read_csv(tmp_path / "flowers.csv")
    frame["sure"] = [True, False, True, False]
    frame.to_parquet(tmp_path / "flowers.parquet")

    samples = Csv(file=str(tmp_path / "flowers.parquet"), target="kind").load(0)
    assert samples.features == ("length", "width", "sure=False", "sure=True")
    assert samples.x[1].tolist() == [2.5, 3, 1, 0]
    assert samples.classes == ("rose", "tulip")


def test_the_columns_are_known_from_the_head(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("a;b\n1;2\n3;4\n")
    assert Csv(file=str(path)).columns() == ("a", "b")
    assert Csv(file=str(path), delimiter="comma").columns() == ("a;b",)
    assert all(name in Csv.model_fields for name in Csv.names_columns)


def test_a_file_that_is_written_anew_is_loaded_again(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text(FLOWERS)
    experiment = Experiment(data=Csv(file=str(path)))
    assert len(prepare(experiment).samples.y) == 4

    path.write_text(FLOWERS + "5.5,6,rose\n")
    assert len(prepare(experiment).samples.y) == 5


def test_cells_of_blanks_are_missing_categories(load: Load) -> None:
    samples = load("city,y\nOslo,1.5\n\t,2.5\n NA ,3.5\n")
    assert samples.features == ("city=Oslo", "city=(missing)")
    assert samples.x.tolist() == [[1, 0], [0, 1], [0, 1]]


def test_a_table_of_thousands_of_columns_is_seen_as_one(tmp_path: Path) -> None:
    file, columns = tmp_path / "wide.csv", 1500
    names = [*(f"a column with a name that is very long: {'x' * 200} {number}" for number in range(columns)), "kind"]
    rows = [[*(str(row * number % 7) for number in range(columns)), "xy"[row % 2]] for row in range(30)]
    file.write_text("".join(",".join(cells) + "\n" for cells in [names, *rows]))
    samples = Csv(file=str(file)).load(0)
    assert samples.x.shape == (30, columns)
    assert samples.classes == ("x", "y")
