# Every target works from a fresh clone: the first one that runs sets the environment up.
# Needed beforehand: make, and Python 3.11 or 3.12 with venv. Another interpreter: make PYTHON=...

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?=
LOCK_FLAGS ?=
PYTEST_FLAGS ?= -n 2 --dist loadfile
BENCH_FLAGS ?=

BIN := .venv/bin
STAMP := .venv/setup.stamp
CLUSTER := .venv-cluster
SUPPORTED := import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 13))

.PHONY: help setup demo gallery gallery-check test test-long test-cluster lint format check bench bench-long \
  peers lock clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

setup: $(STAMP) ## make .venv as the lock says, and .venv/bin/arterial
	@:

# A hash-checked install refuses an editable project, so the lock is synced first and the project
# follows alone. hatchling comes from the lock too: nothing is fetched that the lock does not name.
# Bytecode is written once, here: numba alone imports two hundred modules in every process.
$(STAMP): pyproject.toml requirements.lock Makefile
	@set -eu; \
	if ! $(BIN)/python -c '$(SUPPORTED)' 2>/dev/null; then \
	  found=; \
	  for candidate in $(PYTHON) python3.11 python3.12 python3; do \
	    if "$$candidate" -c '$(SUPPORTED)' 2>/dev/null; then found=$$candidate; break; fi; \
	  done; \
	  if [ -z "$$found" ]; then \
	    echo "setup: no Python 3.11 or 3.12 found; name one: make setup PYTHON=..." >&2; exit 2; \
	  fi; \
	  rm -rf .venv; \
	  "$$found" -m venv .venv; \
	fi; \
	if ! $(BIN)/uv --version >/dev/null 2>&1; then \
	  awk '/^[^ #]/ { take = /^uv==/ } take' requirements.lock > .venv/uv.lock; \
	  $(BIN)/python -m pip install --quiet --require-hashes --no-deps -r .venv/uv.lock; \
	fi; \
	if $(BIN)/uv pip sync --quiet --compile-bytecode --python $(BIN)/python \
	    --require-hashes requirements.lock; then \
	  $(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .; \
	else \
	  echo "setup: uv could not install (it reads no pip settings); trying pip" >&2; \
	  $(BIN)/python -m ensurepip >/dev/null; \
	  $(BIN)/python -m pip install --quiet --require-hashes --no-deps -r requirements.lock; \
	  $(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .; \
	fi; \
	touch $@

demo: setup ## the whole story on the reference network, in about a minute
	$(BIN)/arterial demo

gallery: setup ## docs/GALLERY.md and docs/gallery: what its commands print and draw, about a minute
	$(BIN)/python docs/gallery.py

gallery-check: setup ## say which of them are stale
	$(BIN)/python docs/gallery.py --check

test: setup ## the tests
	$(BIN)/python -m pytest $(PYTEST_FLAGS)

test-long: setup ## the tests that kill runs at many moments, or ask peers about every wave
	$(BIN)/python -m pytest -m long tests $(PYTEST_FLAGS)

# Ray has an environment of its own, so that the one above stays as its lock says: the same packages
# of the same versions, and Ray with what it needs.
$(CLUSTER)/setup.stamp: requirements-cluster.lock $(STAMP)
	@set -eu; \
	rm -rf $(CLUSTER); \
	$(BIN)/python -m venv $(CLUSTER); \
	if $(BIN)/uv pip sync --quiet --compile-bytecode --python $(CLUSTER)/bin/python \
	    --require-hashes requirements-cluster.lock; then \
	  $(BIN)/uv pip install --quiet --python $(CLUSTER)/bin/python --no-deps --no-build-isolation -e .; \
	else \
	  echo "test-cluster: uv could not install (it reads no pip settings); trying pip" >&2; \
	  $(CLUSTER)/bin/python -m pip install --quiet --require-hashes --no-deps \
	    -r requirements-cluster.lock; \
	  $(CLUSTER)/bin/python -m pip install --quiet --no-deps --no-build-isolation -e .; \
	fi; \
	touch $@

test-cluster: $(CLUSTER)/setup.stamp ## the tests that start a Ray cluster, in .venv-cluster
	$(CLUSTER)/bin/python -m pytest -m cluster -n 0 tests

# Every check runs even when an earlier one fails: one run tells all there is to mend.
lint: setup ## style, format, types, layers, rules of the house
	@failed=; \
	for command in "ruff check ." "ruff format --check ." "basedpyright" "lint-imports" \
	    "pytest -q -n 2 -m tidy tests/test_tidy.py"; do \
	  echo "$$command"; $(BIN)/$$command || failed="$$failed [$$command]"; \
	done; \
	if [ -n "$$failed" ]; then echo "lint: failed:$$failed" >&2; exit 1; fi

format: setup ## write what `lint` would only ask for
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

check: ## lint, then test
	@$(MAKE) --no-print-directory lint
	@$(MAKE) --no-print-directory test

bench: setup ## the benchmarks whose figures the docs quote
	$(BIN)/python -m bench $(BENCH_FLAGS)

bench-long: setup ## the same at full size; hours
	$(BIN)/python -m bench --long $(BENCH_FLAGS)

# Other people's engines stay out of .venv; benchmarks that find them absent say so and go on.
PEERS := .bench/peers
peers: setup $(PEERS)/setup.stamp ## other engines for `bench` to run beside ours, in .bench/peers
	@:

$(PEERS)/setup.stamp: bench/peers.txt
	@mkdir -p .bench && echo '*' > .bench/.gitignore
	@rm -rf $(PEERS)
	$(BIN)/uv venv --quiet --python $(BIN)/python $(PEERS)
	$(BIN)/uv pip install --quiet --python $(PEERS)/bin/python -r bench/peers.txt
	@touch $@

lock: setup ## resolve again; make lock LOCK_FLAGS=--upgrade takes the newest that fit
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 \
	  --fork-strategy fewest --generate-hashes --no-annotate --no-emit-index-url --quiet \
	  --custom-compile-command 'make lock' --output-file requirements.lock $(LOCK_FLAGS)
	$(BIN)/uv pip compile pyproject.toml --extra dev --extra ray --universal --python-version 3.11 \
	  --fork-strategy fewest --generate-hashes --no-annotate --no-emit-index-url --quiet \
	  --constraint requirements.lock --custom-compile-command 'make lock' \
	  --output-file requirements-cluster.lock $(LOCK_FLAGS)

clean: ## remove what these targets made
	rm -rf .venv $(CLUSTER) .hypothesis .pytest_cache .ruff_cache .import_linter_cache build dist
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +
