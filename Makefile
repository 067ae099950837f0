# make demo: one notebook in, a proven repository out.   make test: the tests.   make evals: all samples.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SAMPLE ?= breast_cancer
OUT ?= build/$(SAMPLE)
WORKERS ?= 2
export MLFLOW_DISABLE_TELEMETRY := true

.PHONY: setup torch demo test test-fast durability test-alone test-whole nasty lint evals bench lock clean

setup: $(VENV)/.installed

$(VENV)/.installed: requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	{ command -v uv >/dev/null && uv pip install -q --compile-bytecode --python $(BIN)/python --require-hashes -r requirements.lock; } \
		|| $(BIN)/python -m pip install -q --require-hashes -r requirements.lock
	$(BIN)/python -m pip install -q --no-deps --no-build-isolation -e .
	touch $@

torch: $(VENV)/.torch

$(VENV)/.torch: $(VENV)/.installed
	$(BIN)/python -c "import torch" 2>/dev/null || $(BIN)/python -m pip install -q torch==2.13.0
	touch $@

demo: setup
	rm -rf $(OUT)
	$(BIN)/ml-productionize run evals/notebooks/$(SAMPLE)/experiment.ipynb --out $(OUT)

test: lint test-fast test-alone test-whole

test-fast: setup
	$(BIN)/python -m pytest -n $(WORKERS) -m "not whole_run and not studio and not alone and not durability and not nasty"

test-alone: setup
	$(BIN)/python -m pytest -m alone

test-whole: setup
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup -m "whole_run or studio"

durability: setup
	$(BIN)/python -m pytest -n $(WORKERS) --timeout 1800 -m durability

nasty: setup
	$(BIN)/python -m pytest -n $(WORKERS) -m nasty

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

evals: setup torch
	$(BIN)/ml-productionize eval

bench: setup
	$(BIN)/python -m evals.bench
	$(BIN)/python -m evals.linearity

lock:
	uv pip compile --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url requirements.in -o requirements.lock

clean:
	rm -rf build .mypy_cache .ruff_cache .pytest_cache
