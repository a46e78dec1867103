# Easel's commands: `make start` serves the web app, `make test` runs every check, `make train` and `make bench` make
# and measure the models. All first make the virtual environment .venv; where it is ready already, that takes no time.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help start test train bench bench-gpu lock

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
READY := .venv/.ready
# A uv that is on the machine already, else one that pip puts into the environment.
UV := $(shell uv --version >/dev/null 2>&1 && echo uv || echo $(BIN)/uv)

help:
	@echo "make start   make .venv if needed, then serve the web app and print its address"
	@echo "make test    make .venv if needed, then check style and types and run all tests"
	@echo "make train   train all models that ship, stage by stage (hours; SMOKE=1 only tries every stage)"
	@echo "make bench   measure all models that ship, and what the product adds to a bare script"
	@echo "make bench-gpu   measure the bigger models' speed on a GPU, with random weights (BENCH='--only sdxl --minutes 20')"
	@echo "make lock    work out requirements.lock again from pyproject.toml"

start: $(READY)
	@exec $(BIN)/easel serve

# Tests start many programs, which need not compile the same modules again. On two cores a third worker computes while
# others wait for browsers and servers.
test: export PYTHONDONTWRITEBYTECODE =
test: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright
	$(BIN)/pytest -q -n 3 --dist worksteal $(PYTEST)

train: $(READY)
	$(BIN)/python -m training $(if $(SMOKE),--smoke)

bench: $(READY)
	$(BIN)/python -m bench.language
	$(BIN)/python -m bench.painter
	$(BIN)/python -m bench.said
	$(BIN)/python -m bench.sessions
	$(BIN)/python -m bench.eye
	$(BIN)/python -m bench.upscaler
	$(BIN)/python -m bench.words
	$(BIN)/python -m bench.batch
	$(BIN)/python -m bench.coldstart --command
	$(BIN)/python -m bench.overhead

bench-gpu: $(READY)
	$(BIN)/python -m bench.gpu $(BENCH)

lock: $(BIN)/python $(filter $(BIN)/uv,$(UV))
	$(UV) pip compile -q --generate-hashes --no-emit-index-url --no-annotate --no-header \
		--extra dev --extra openai --extra anthropic --extra ollama --extra google \
		--python-version 3.11 pyproject.toml -o requirements.lock

$(READY): requirements.lock pyproject.toml | $(BIN)/python $(filter $(BIN)/uv,$(UV))
	@echo "Installing what requirements.lock names into .venv …"
	@$(UV) pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements.lock
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and f"Easel needs Python 3.11 or newer; {sys.executable} is {sys.version.split()[0]}. Name another with: make PYTHON=/path/to/python3.11 …")'
	@echo "Making the virtual environment .venv …"
	@$(PYTHON) -m venv .venv

$(BIN)/uv: | $(BIN)/python
	@$(BIN)/python -m pip install --quiet uv
