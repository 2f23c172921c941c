# Needs Python 3.11, 3.12 or 3.13 with pip, and make; everything else goes into .venv.
PYTHON ?= python3
CONFIG ?= @digits

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
LOCKED := $(VENV)/.locked
READY := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help setup train test test-slow soak bench lint types clean

help:
	@echo "make setup      create .venv with the locked packages and this project"
	@echo "make train      train the digits example (CONFIG=file.yaml for another)"
	@echo "make test       run the tests"
	@echo "make test-slow  run the slow tests: full-size training and long loops"
	@echo "make soak       kill, damage and starve runs by the hundred, and print the counts (an hour)"
	@echo "make bench      time every work against plain scripts (half an hour; writes docs/performance.md)"
	@echo "make lint       check style and formatting with ruff"
	@echo "make types      check types with mypy"
	@echo "make clean      remove .venv, build results and caches; keeps outputs/"
	@echo "PYTHON=python3.12 on the line chooses the interpreter for .venv."

setup: $(READY)

train: $(READY)
	@$(BIN)/kerasrun train $(CONFIG)

test: $(READY)
	@$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist worksteal

test-slow: $(READY)
	@$(BIN)/python -m pytest -m slow

soak: $(READY)
	@$(BIN)/python -m pytest -m soak -s tests/soak

bench: $(READY)
	@$(BIN)/python benchmarks/bench.py --write

lint: $(READY)
	@$(BIN)/python -m ruff check .
	@$(BIN)/python -m ruff format --check .

types: $(READY)
	@$(BIN)/python -m mypy

# The packages: made anew when constraints.txt changes, so nothing old is left behind.
$(LOCKED): constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null || \
	  { echo "error: $(PYTHON) is missing or is not Python 3.11, 3.12 or 3.13; try: make PYTHON=python3.11 $(MAKECMDGOALS)" >&2; exit 1; }
	@echo "Installing the locked packages into $(VENV); the first time takes a few minutes."
	@$(PYTHON) -m venv --clear $(VENV)
	@$(PIP) install --quiet --require-hashes --only-binary :all: -r constraints.txt
	@touch $@

# The project itself, editable: a change of its sources needs no new install.
$(READY): $(LOCKED) pyproject.toml
	@$(PIP) install --quiet --no-deps --no-build-isolation -e .
	@touch $@

clean:
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
