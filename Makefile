# make run    installs what is needed and opens the dashboard
# make test   runs all tests
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -q
EXPERIMENT ?=

.PHONY: run install test lint format bench docs snapshots clean

run: $(VENV)/.installed
	@$(BIN)/tui-trainer $(EXPERIMENT)

install: $(VENV)/.installed
	@echo "Installed. Start it with: $(BIN)/tui-trainer"

test: $(VENV)/.installed-dev
	$(BIN)/python -m pytest -n auto -q

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --config pyproject.toml

format: $(VENV)/.installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.installed-dev
	$(BIN)/python -m bench

# Writes the page of everything that can be chosen.
docs: $(VENV)/.installed
	$(BIN)/tui-trainer choices --markdown > docs/choices.md

# Draws the snapshot tests' pictures anew; look at each of them before committing it.
snapshots: $(VENV)/.installed-dev
	$(BIN)/python -m pytest $$(grep -l snap_compare tests/ui/*.py) -q --snapshot-update

clean:
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "tui-trainer needs Python 3.11 or newer; this is " + sys.version.split()[0] + " (name another one: make PYTHON=python3.12)")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(BIN)/python pyproject.toml constraints.txt
	@echo "Installing into $(VENV) ..."
	$(PIP) install -c constraints.txt -e .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	$(PIP) install -c constraints.txt -e '.[dev]'
	@touch $@
