# Every target works on a fresh clone: it installs what it needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
LOCK := requirements/dev.txt
READY := $(VENV)/.ready

.PHONY: setup demo test check bench lock browsers clean

setup: $(READY)

$(READY): pyproject.toml runtimes/python/pyproject.toml $(LOCK)
	@$(PYTHON) -c 'import sys; sys.exit("corsmith needs Python 3.11 or later; this is %s. Set PYTHON=..." % sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint $(LOCK) --requirement $(LOCK)
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint $(LOCK) --no-build-isolation --no-deps --editable runtimes/python --editable .
	@touch $@

lock:
	sh scripts/lock

browsers:
	@sh scripts/ensure-browsers

clean:
	rm -rf $(VENV) dist build mutants .pytest_cache .mypy_cache .ruff_cache .hypothesis

test: setup browsers
	$(BIN)/python -m pytest

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
