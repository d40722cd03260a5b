"""What is suggested for data of one's own: from its head, and without the libraries that read it whole."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tui_trainer.choices.data import Csv, Images, Mnist, Npz, Text
from tui_trainer.choices.models import Mlp
from tui_trainer.experiment.dump import to_mapping
from tui_trainer.experiment.own_data import Suggestion, experiment_for
from tui_trainer.experiment.own_path import own_data_path
from tui_trainer.experiment.parse import parse
from tui_trainer.experiment.problems import ExperimentError

Write = Callable[..., Path]

HOUSES = "id,city,area,price\n" + "".join(f"H{i},{'ab'[i % 2]},{i}.5,{i * 10}.5\n" for i in range(60))


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


def csv_of(suggestion: Suggestion) -> Csv:
    assert isinstance(suggestion.experiment.data, Csv)
    return suggestion.experiment.data


def refusal(path: Path, target: str = "") -> str:
    with pytest.raises(ExperimentError) as caught:
        experiment_for(path, target)
    return str(caught.value).replace(f"{path.parent}/", "")


def test_a_table(write: Write) -> None:
    path = write("houses.csv", HOUSES)
    suggestion = experiment_for(path)
    data = csv_of(suggestion)

    assert data.file == str(path)
    assert data.target == "price"
    assert data.exclude == ("id",)
    assert suggestion.experiment.name == "houses"
    assert isinstance(suggestion.experiment.model, Mlp)
    assert suggestion.notes == ("predicts price (by its name)", "left out: id (more than 50 different texts)")
    assert parse(to_mapping(suggestion.experiment)) == suggestion.experiment
    assert len(data.load(0).y) == 60


@pytest.mark.parametrize(
    ("header", "target"),
    [
        ("a,b,c", "c"),
        ("a,target,c", "target"),
        ("Label,b,c", "Label"),
        ("x,y,c", "c"),
        ("a,y,c", "y"),
        ("price,class,c", "class"),
    ],
)
def test_the_target_is_guessed_by_its_name_or_place(write: Write, header: str, target: str) -> None:
    path = write("t.csv", f"{header}\n" + "".join(f"{i}.5,{2 * i}.5,{3 * i}.5\n" for i in range(9)))
    suggestion = experiment_for(path)
    assert csv_of(suggestion).target == target
    assert suggestion.notes[0].startswith(f"predicts {target} (")


@pytest.mark.parametrize(
    ("header", "row", "target"),
    [
        ("age,churned,plan,zip", "{n}.5,{no},{ab},1{n}", "predicts churned (by its name)"),
        ("age,CustomerChurn,fee", "{n}.5,{no},{n}.25", "predicts CustomerChurn (by its name)"),
        ("y,default,fee", "{no},{no},{n}.25", "predicts y (by its name)"),
        ("fee,is_fraud,shop", "{n}.5,{no},{ab}", "predicts is_fraud (by its name)"),
        ("sold,gender,has_lift,fee", "{no},{ab},{no},{n}.5", "predicts sold (the likeliest column of two values)"),
        ("lift,sold,fee", "{no},{no},{n}.5", "predicts fee (the last column)"),
        ("height,fee,is_member", "{n}.5,{n}.25,{no}", "predicts is_member (the last column)"),
        ("height,fee,postal_code", "{n}.5,{n}.25,1{n}", "predicts fee (the last column but postal_code)"),
        ("height,fee,phone,CustomerID", "{n}.5,{n}.25,7{n},{n}{n}", "predicts fee (the last column that is likely)"),
        ("zip,phone", "1{n},2{n}", "predicts phone (the last column)"),
        ("day,holiday,sold,fee", "2024-01-1{n},{no},{no},{n}.5", "predicts fee (the last column)"),
    ],
)
def test_the_likeliest_target_comes_before_the_last_column(write: Write, header: str, row: str, target: str) -> None:
    rows = [row.format(n=i, no=("yes", "no")[i % 2], ab="ab"[i % 3 == 0]) for i in range(9)]
    path = write("t.csv", "\n".join([header, *rows]) + "\n")
    suggestion = experiment_for(path)
    assert suggestion.notes[0] == target
    assert csv_of(suggestion).load(0).target == target.split()[1]
    assert csv_of(suggestion).model_copy(update={"target": ""}).load(0).target == target.split()[1]


def test_the_target_is_never_what_names_rows_or_says_when(write: Write) -> None:
    rows = "".join(f"{i}.5,{i % 7}.5,name {i},2024-01-{31 - i % 30:02d}\n" for i in range(60))
    suggestion = experiment_for(write("t.csv", "a,b,c,d\n" + rows))
    assert csv_of(suggestion).target == "b"
    assert csv_of(suggestion).exclude == ("c", "d")


def test_a_target_that_is_named(write: Write) -> None:
    path = write("houses.csv", HOUSES)
    assert csv_of(experiment_for(path, "area")).target == "area"
    assert csv_of(experiment_for(path, "2")).target == "city"
    assert refusal(path, "prise") == (
        "houses.csv: there is no column 'prise' (did you mean 'price'? columns: id, city, area, price)"
    )


def test_dates_that_never_go_back_order_the_rows(write: Write) -> None:
    rows = "".join(f"2024-01-{i:02d},{i}.5,{i}.25\n" for i in range(1, 31))
    data = csv_of(experiment_for(write("t.csv", "day,a,b\n" + rows)))
    assert (data.time, data.split, data.window) == ("day", "time", 0)
    assert data.load(0).ordered


def test_a_series_of_one_column_is_cut_into_windows(write: Write) -> None:
    rows = "".join(f"2024-{i // 28 + 1:02d}-{i % 28 + 1:02d},{i}.5\n" for i in range(200))
    suggestion = experiment_for(write("t.csv", "day,temperature\n" + rows))
    assert csv_of(suggestion).window == 16
    assert suggestion.experiment.model.kind == "rnn"
    assert csv_of(suggestion).load(0).shape == (16, 1)


def test_gaps_are_filled(write: Write) -> None:
    suggestion = experiment_for(write("t.csv", "a,b\n1,1.5\n,2.5\n3,3.5\n"))
    assert csv_of(suggestion).fill == "median"
    assert suggestion.notes[-1] == "missing values are filled: a"
    assert csv_of(suggestion).load(0).fill == "median"


def test_a_class_with_a_single_row_is_split_at_random(write: Write) -> None:
    data = csv_of(experiment_for(write("t.csv", "a,b\n1,x\n2,y\n3,y\n4,y\n")))
    assert data.split == "ratio"


def test_only_the_head_of_a_large_table_is_read(write: Write) -> None:
    path = write("t.csv", "a,b\n" + "1.5,2.5\n" * 100_000)
    with path.open("ab") as file:
        file.truncate(900_000_000)
    suggestion = experiment_for(path)
    assert csv_of(suggestion).fill == "median"  # what is behind the head may lack some
    assert suggestion.experiment.training.batch_size > 100


WORDS = ["a lab,", "for", "networks;", "the", "screen", "shows", "curves", "and"]


def test_running_text_and_tables_are_told_apart(write: Write) -> None:
    draw = random.Random(0)
    prose = "\n".join(" ".join(draw.choices(WORDS, k=draw.randint(3, 9))) for _ in range(200))
    suggestion = experiment_for(write("prose.txt", prose))
    assert isinstance(suggestion.experiment.data, Text)
    assert suggestion.experiment.model.kind == "transformer"
    assert suggestion.notes == ("running text: learns to write it, character by character",)

    assert isinstance(experiment_for(write("t.txt", HOUSES)).experiment.data, Csv)
    assert isinstance(experiment_for(write("u.txt", HOUSES.replace(",", "\t"))).experiment.data, Csv)
    assert isinstance(experiment_for(write("v.txt", "1.5 2.5\n3.5  4.5\n5.5 6.5\n")).experiment.data, Csv)


@pytest.mark.parametrize(
    ("shape", "dtype", "model"), [((40, 6), "f8", "mlp"), ((40, 9, 2), "f8", "rnn"), ((40, 16, 16), "u1", "cnn")]
)
def test_arrays(tmp_path: Path, shape: tuple[int, ...], dtype: str, model: str) -> None:
    np.savez(tmp_path / "a.npz", x=np.zeros(shape, dtype), y=np.arange(40) % 2)
    suggestion = experiment_for(tmp_path / "a.npz")
    assert isinstance(suggestion.experiment.data, Npz)
    assert suggestion.experiment.model.kind == model
    assert suggestion.notes[0].startswith("40 ")


def test_a_folder_of_images(tmp_path: Path) -> None:
    for name in ("cats", "dogs"):
        (tmp_path / name).mkdir()
        Image.new("L", (20, 20)).save(tmp_path / name / "1.png")
    suggestion = experiment_for(tmp_path)
    assert isinstance(suggestion.experiment.data, Images)
    assert (suggestion.experiment.data.pixels, suggestion.experiment.data.colour) == (20, "grey")
    assert suggestion.experiment.model.kind == "cnn"


def test_a_folder_of_mnist_files(tmp_path: Path) -> None:
    (tmp_path / "t10k-images-idx3-ubyte.gz").write_bytes(b"")
    suggestion = experiment_for(tmp_path)
    assert isinstance(suggestion.experiment.data, Mnist)
    assert suggestion.experiment.data.folder == str(tmp_path)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("t.csv", "", "t.csv: empty"),
        ("t.csv", "a,b\n", "t.csv: a header alone; a header and a row for each sample are needed"),
        ("t.csv", b"a\0b", "t.csv:1: not text: it holds a zero byte"),
        ("t.txt", "", "t.txt: empty"),
        ("t.txt", b"\x7fELF\0\0", "t.txt:1: not text"),
        ("t.npz", b"nonsense", "t.npz: not an NPY or NPZ file"),
        ("t.xlsx", b"PK", "t.xlsx: a spreadsheet; save it as CSV"),
        ("t.zip", b"PK", "t.zip: packed; unpack it first"),
        ("t.pkl", b"\x80", "t.pkl: could run code when it is read; save it as NPZ"),
        ("t.png", b"\x89PNG", "t.png: a single image; name the folder that has a folder of images for each class"),
    ],
)
def test_what_nothing_can_be_learned_from(write: Write, name: str, content: str | bytes, says: str) -> None:
    assert refusal(write(name, content)).startswith(says)


def test_files_that_are_none(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none.csv") == "none.csv: no such file"
    os.mkfifo(tmp_path / "pipe.csv")
    assert "a pipe or device" in refusal(tmp_path / "pipe.csv")
    os.mkfifo(tmp_path / "pipe")
    assert "a pipe or device" in refusal(tmp_path / "pipe")
    (tmp_path / "empty").mkdir()
    assert "no images in the folders in it" in refusal(tmp_path / "empty")
    (tmp_path / "empty" / "sales.csv").write_text(HOUSES)
    assert "(or is it sales.csv?)" in refusal(tmp_path / "empty")


def test_a_column_of_what_is_no_table(write: Write) -> None:
    assert "no table, so that there is no column 'price'" in refusal(write("t.txt", "words and words\n\nmore"), "price")


def test_which_words_mean_data(write: Write, tmp_path: Path) -> None:
    assert own_data_path(str(write("a.csv", "a"))) == tmp_path / "a.csv"
    assert own_data_path(str(tmp_path)) == tmp_path
    assert own_data_path("missing.npz") == Path("missing.npz")
    for name in (
        "digits-mlp",
        "none",
        "missing.yaml",
        str(write("e.yaml", "data: iris")),
        str(write("e", "data: iris")),
    ):
        assert own_data_path(name) is None


def test_neither_torch_nor_pandas_is_imported_for_it(write: Write) -> None:
    path = write("houses.csv", HOUSES)
    code = (
        "import sys; from pathlib import Path; from tui_trainer.experiment.own_data import experiment_for; "
        f"experiment_for(Path({str(path)!r})); "
        "print([name for name in ('torch', 'pandas', 'numpy', 'sklearn', 'pyarrow', 'PIL') if name in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_a_text_without_line_ends_is_a_text(write: Write) -> None:
    path = write("one-line.txt", "All of it stands in a single line. " * 10_000)
    assert isinstance(experiment_for(path).experiment.data, Text)


def test_rows_that_are_longer_than_a_head_are_counted(write: Write) -> None:
    text = "x" * 20_000
    path = write("long.csv", "about,number,kind\n" + "".join(f"{text},{i},{'ab'[i % 2]}\n" for i in range(600)))
    assert experiment_for(path).experiment.training.batch_size == 32


def test_a_folder_that_may_not_be_looked_into_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path, **_: object) -> os.stat_result:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "stat", refuse)  # whoever tests may be allowed everything
    assert refusal(tmp_path / "secret") == "secret: cannot be read: Permission denied"


def test_numbers_that_tell_rows_apart_are_excluded_and_said(write: Write) -> None:
    rows = "".join(f"{1000 - i},{i % 5},{i}.5\n" for i in range(60))
    suggestion = experiment_for(write("t.csv", "customer_id,size,price\n" + rows))
    assert csv_of(suggestion).exclude == ("customer_id",)
    assert "left out: customer_id (numbers its rows)" in suggestion.notes


def test_rows_without_a_target_are_said_to_be_left_out_and_not_filled(write: Write) -> None:
    rows = "".join(f"{i % 5},{'' if i < 10 else i % 7}\n" for i in range(60))
    suggestion = experiment_for(write("t.csv", "size,y\n" + rows))
    assert suggestion.notes[1:] == ("10 rows without y left out",)
    assert csv_of(suggestion).fill != "refuse"


def test_a_target_of_dates_is_refused_at_once(write: Write) -> None:
    path = write("t.csv", "sale_date,a,b\n" + "".join(f"2024-01-{i:02},{i % 3},{i}.5\n" for i in range(1, 29)))
    assert "target 'sale_date' holds dates" in refusal(path, "sale_date")


def test_tables_beside_folders_of_images_are_named(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / name).mkdir()
        Image.new("L", (8, 8)).save(tmp_path / name / "1.png")
    (tmp_path / "sales.csv").write_text("a,b\n1,2\n")
    suggestion = experiment_for(tmp_path)
    assert isinstance(suggestion.experiment.data, Images)
    assert suggestion.notes[-1] == "there are tables or arrays too: name one to train on it, such as sales.csv"


def test_columns_that_tell_nothing_are_said_with_the_cure_and_stay(write: Write) -> None:
    rows = "".join(f"{i % 5},3,{i if i == 7 else ''},{i % 7}\n" for i in range(60))
    suggestion = experiment_for(write("t.csv", "size,stuck,gap,y\n" + rows))
    assert "never varies: stuck (data.exclude leaves out)" in suggestion.notes
    assert "nearly all missing: gap (data.exclude leaves out)" in suggestion.notes
    assert csv_of(suggestion).exclude == ()


def test_of_few_rows_nothing_is_said_to_never_vary(write: Write) -> None:
    assert not [note for note in experiment_for(write("t.csv", "a,b,y\n1,2,x\n1,2,z\n")).notes if "never" in note]


def test_images_of_one_class_are_said_to_be_of_one(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    Image.new("L", (8, 8)).save(tmp_path / "a" / "1.png")
    assert experiment_for(tmp_path).notes[0] == "images of 1 class, squeezed to 8×8 grey"


def test_an_experiment_is_no_text_to_learn(write: Write) -> None:
    path = write("mine.yaml", "data: digits\n" * 100)
    assert refusal(path) == "mine.yaml: an experiment and no data; tui-trainer FILE opens it"
    assert own_data_path(str(path)) is None, "on the command line it is one"
