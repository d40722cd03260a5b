"""Networks of a person's own: tried out before they train, told in one line if they fail, and never run unasked."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from tests.engine.laboratory import small, train
from tui_trainer.choices.models import ModelError, Module
from tui_trainer.choices.models import module as permission
from tui_trainer.engine.describe import describe
from tui_trainer.experiment.dump import to_mapping, to_yaml
from tui_trainer.experiment.problems import ExperimentError
from tui_trainer.experiment.schema import Experiment
from tui_trainer.modules.parts import Parts
from tui_trainer.modules.signature import Signature
from tui_trainer.runs.store import Store
from tui_trainer.runs.view import read

CODE = """
from pathlib import Path

import torch
from torch import nn

Path("was_imported").touch()


def good(inputs, outputs):
    size = 8 * (inputs[1] // 2) * (inputs[2] // 2)
    body = [nn.Conv2d(inputs[0], 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Dropout(0.1)]
    return nn.Sequential(*body, nn.Linear(size, outputs))


def number(inputs, outputs):
    return 3


def empty(inputs, outputs):
    return nn.Flatten()


def narrow(inputs, outputs):
    return nn.Sequential(nn.Flatten(), nn.Linear(64, outputs - 1))


def misfit(inputs, outputs):
    return nn.Linear(3, outputs)


def pair(inputs, outputs):
    return nn.LSTM(8, outputs)


def raising(inputs, outputs):
    raise ValueError("no\\nway")


def leaving(inputs, outputs):
    raise SystemExit(3)


something = 3


class Slopes(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.linear = nn.Linear(64, outputs)

    def forward(self, x):
        slopes = torch.func.vmap(torch.func.grad(lambda sample: self.linear(sample).square().sum()))
        return self.linear(slopes(x.flatten(1)).tanh())


class Cells(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.cell = nn.LSTMCell(8, 5)
        self.output = nn.Linear(5, outputs)

    def forward(self, x):
        kept = None
        for row in x[:, 0].unbind(1):
            kept = self.cell(row, kept)
        return self.output(kept[0])
"""
IMAGES = Signature((1, 8, 8), 10)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, with networks in it."""
    (tmp_path / "own_networks.py").write_text(CODE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def allowed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As if this process had been started with --allow-code."""
    path = list(sys.path)
    monkeypatch.setattr(permission._Permission, "given", True)
    yield
    sys.path[:] = path
    sys.modules.pop("own_networks", None)


def own(name: str) -> Experiment:
    return small(
        data={"kind": "digits", "train_samples": 300},
        model={"kind": "module", "function": name if ":" in name else f"own_networks:{name}"},
        training={"batch_size": 32, "epochs": 3},
    )


def refusal(name: str) -> str:
    with pytest.raises(ExperimentError) as caught:
        describe(to_mapping(own(name)))
    (problem,) = caught.value.problems
    assert problem.path == "model.function"
    return problem.message


@pytest.mark.usefixtures("folder")
def test_without_being_allowed_it_is_refused_and_nothing_of_it_is_imported() -> None:
    assert refusal("good") == (
        "own_networks:good is code of your own, and runs only if the program is started with --allow-code"
    )
    module = Module(function="own_networks:good")
    for question in (
        module.check_code,
        lambda: module.check(IMAGES),
        lambda: module.build(Parts(activation=torch.nn.ReLU), IMAGES),
    ):
        with pytest.raises(ModelError, match="--allow-code"):
            question()
    assert not Path("was_imported").exists()


@pytest.mark.usefixtures("folder", "allowed")
def test_a_network_that_takes_gradients_on_the_way_is_described_and_trained() -> None:
    assert describe(to_mapping(own("Slopes")))["bytes"]["activations"] > 32 * 4 * 64
    view = read(train(own("Slopes")))
    assert view.state == "finished", view.why


@pytest.mark.usefixtures("folder", "allowed")
def test_a_cell_that_is_passed_at_each_step_is_one_layer() -> None:
    view = read(train(own("Cells")))
    assert view.state == "finished", view.why
    assert [(it.name, it.output, it.parameters) for it in view.layers_shape] == [
        ("cell", (5,), 4 * 5 * (8 + 5) + 2 * 4 * 5),
        ("output", (10,), 60),
    ]
    assert all(layer.gradient_norm > 0 for layer in view.layers[-1].layers)


@pytest.mark.usefixtures("folder", "allowed")
def test_its_layers_are_described_like_any_other() -> None:
    description = describe(to_mapping(own("good")))
    assert description["parameters"] == 8 * 9 + 8 + 8 * 16 * 10 + 10
    assert [layer["output"] for layer in description["layers"]] == [[8, 8, 8], [10]]


@pytest.mark.usefixtures("allowed")
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("number", "own_networks:number returns a int (it must return an nn.Module)"),
        ("empty", "the network of own_networks:empty has no parameters to learn"),
        ("narrow", "gives scores of the shape (2, 9) for 2 samples (they must be floating point, (2, 10))"),
        ("misfit", "the network of own_networks:misfit cannot take (2, 1, 8, 8): RuntimeError: "),
        ("raising", "own_networks:raising((1, 8, 8), 10) failed: ValueError: no (own_networks.py:37)"),
        ("leaving", "own_networks:leaving((1, 8, 8), 10) failed: SystemExit: 3 (own_networks.py:41)"),
        ("something", "own_networks has something else called something"),
        ("nothing", "own_networks has no function nothing"),
        ("own_nets:good", "there is no module own_nets in "),
        ("own_networks.inner:good", "own_networks.inner cannot be imported: ModuleNotFoundError: "),
    ],
)
def test_what_goes_wrong_is_told_in_one_line(
    folder: Path, name: str, said: str, capfd: pytest.CaptureFixture[str]
) -> None:
    told = refusal(name)
    assert said in told
    assert "\n" not in told
    if "Error: " in told or "Exit" in told:
        assert "Traceback" in capfd.readouterr().err  # for worker.log


@pytest.mark.usefixtures("allowed")
def test_a_file_that_is_no_python_is_told_with_its_line(folder: Path) -> None:
    (folder / "own_networks.py").write_text("x = 1\ndef good(:\n")
    assert refusal("good").endswith("(own_networks.py:2)")


@pytest.mark.usefixtures("allowed")
def test_a_file_that_was_edited_is_read_anew_with_what_it_imports(folder: Path) -> None:
    body = "from torch import nn\nfrom own_sizes import SIZE\n\ndef good(inputs, outputs):\n"
    body += "    return nn.Sequential(nn.Flatten(), nn.Linear(64, SIZE), nn.Linear(SIZE, outputs))\n"
    (folder / "own_networks.py").write_text(body)
    counts = []
    for size in (3, 5):
        (folder / "own_sizes.py").write_text(f"SIZE = {size}\n")
        counts.append(describe(to_mapping(own("good")))["parameters"])
    assert counts == [64 * size + size + size * 10 + 10 for size in (3, 5)]
    assert not (folder / "__pycache__").exists()


@pytest.mark.usefixtures("folder", "allowed")
def test_what_it_draws_is_the_same_each_time_and_takes_nothing_from_other_noise() -> None:
    def weights() -> torch.Tensor:
        network = Module(function="own_networks:good").build(Parts(activation=torch.nn.ReLU), IMAGES)
        return next(network.parameters()).detach()

    torch.manual_seed(1)
    before = torch.get_rng_state()
    first = weights()
    assert torch.equal(torch.get_rng_state(), before)
    torch.manual_seed(2)
    assert torch.equal(weights(), first)


def program(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tui_trainer", *arguments],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
        timeout=120,
        check=False,
    )


def test_training_and_going_on_need_the_flag_each_time(folder: Path) -> None:
    (folder / "mine.yaml").write_text(to_yaml(own("good")))

    refused = program("run", "mine.yaml", folder=folder)
    assert refused.returncode == 2
    assert "mine.yaml:" in refused.stderr
    assert "--allow-code" in refused.stderr
    assert not (folder / "was_imported").exists()
    assert not Store().folders()

    trained = program("run", "mine.yaml", "--allow-code", folder=folder)
    assert trained.returncode == 0, trained.stderr
    assert (folder / "was_imported").exists()
    (run,) = Store().folders()
    view = read(run)
    assert view.last
    assert view.last.train["loss"] < view.evaluations[0].train["loss"]

    (folder / "was_imported").unlink()
    refused = program("resume", "latest", "--epochs", "1", folder=folder)
    assert refused.returncode == 2
    assert "--allow-code" in refused.stderr
    assert not (folder / "was_imported").exists()
    assert read(run).state == "finished"

    resumed = program("resume", "latest", "--epochs", "1", "--allow-code", folder=folder)
    assert resumed.returncode == 0, resumed.stderr
    assert read(run).epoch == 4


@pytest.mark.parametrize("arguments", [["run"], ["compare", "--plain"]], ids=" ".join)
def test_nothing_that_a_file_or_the_environment_says_lets_code_run(
    folder: Path, arguments: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("TUI_TRAINER_ALLOW_CODE", "ALLOW_CODE", "TUI_TRAINER_OPEN_ALLOW_CODE", "TUI_TRAINER_RUN_ALLOW_CODE"):
        monkeypatch.setenv(name, "1")
    (folder / "mine.yaml").write_text(
        "base: {model: {kind: module, function: 'own_networks:good'}}\nchanges: {a: {}, b: {optimizer.lr: 0.2}}\n"
    )

    refused = program(*arguments, "mine.yaml", folder=folder)

    assert refused.returncode == 2
    assert "--allow-code" in refused.stderr
    assert not (folder / "was_imported").exists()


def test_no_file_can_grant_it(folder: Path) -> None:
    (folder / "mine.yaml").write_text("model: {kind: module, function: 'own_networks:good', allow_code: true}\n")
    refused = program("run", "mine.yaml", folder=folder)
    assert refused.returncode == 2
    assert "model.allow_code: unknown name" in refused.stderr
    (folder / "mine.yaml").write_text("model: {kind: module, function: 'os.path:join; x'}\n")
    assert "does not fit" in program("run", "mine.yaml", "--allow-code", folder=folder).stderr
