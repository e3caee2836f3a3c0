# Every target works on a fresh clone: it installs what it needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
LOCK := requirements/dev.txt
READY := $(VENV)/.ready
NODE_LOCKS := $(wildcard runtimes/node/package-lock.json benchmarks/peers/*/package-lock.json tests/readers/cdk/package-lock.json)
NODE_READY := $(NODE_LOCKS:package-lock.json=node_modules/.ready)

.PHONY: docs setup demo test check bench layers release lock browsers node clean

setup: $(READY)

$(READY): pyproject.toml runtimes/python/pyproject.toml $(LOCK)
	@$(PYTHON) -c 'import sys; sys.exit("corsmith needs Python 3.11 or later; this is %s. Set PYTHON=..." % sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint $(LOCK) --requirement $(LOCK)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable runtimes/python --editable .
	@$(BIN)/python -m compileall -q src runtimes/python/src
	@touch $@

node: $(NODE_READY)

%/node_modules/.ready: %/package-lock.json
	@node -e 'const major = +process.versions.node.split(".")[0]; if (major < 20) { console.error("corsmith needs Node 20 or later; this is " + process.version); process.exit(1) }'
	@# aws-lambda-ric would build its native part, which the tests replace: no install script is needed.
	npm ci --silent --no-fund --no-audit --ignore-scripts --prefix $*
	@touch $@

browsers:
	@sh scripts/ensure-browsers

demo: setup
	@sh scripts/ensure-browsers chromium
	@$(BIN)/python -m scripts.demo

test: setup browsers node
	$(BIN)/python -m pytest

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m scripts.front_doors --check
	$(BIN)/python -m scripts.changelog
	$(BIN)/python -m pytest --quiet tests/repository/test_rings.py tests/repository/test_documents.py

bench: setup node
	$(BIN)/python -m benchmarks

# The documentation as a site in build/site.
docs: $(READY)
	$(BIN)/python -m scripts.site

release: setup
	$(BIN)/python -m scripts.release

layers: setup
	$(BIN)/python -m scripts.layers

lock:
	sh scripts/lock

clean:
	rm -rf $(VENV) .venv-peers dist build mutants $(NODE_READY:/.ready=) .pytest_cache .mypy_cache .ruff_cache .hypothesis
