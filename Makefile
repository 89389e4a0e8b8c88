# Everything here sets itself up in .venv; nothing needs to be installed by hand but Python and make.
PYTHON ?= python3
BIN := .venv/bin
# Where a machine says that nothing compiled is kept, each of a thousand processes would compile it all anew.
unexport PYTHONDONTWRITEBYTECODE
INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

.PHONY: demo test deep check docs bench pictures help clean

help:
	@echo "make demo    a whole peer review on made-up people; ends by saying where its documents are"
	@echo "make test    all tests (under five minutes)"
	@echo "make deep    the same tests with many more examples"
	@echo "make check   tests, then style, types, import contracts, documentation"
	@echo "make docs    the documentation, into docs/_build/html"
	@echo "make bench   the quick benchmarks"
	@echo "make pictures  every page of the demo's documents as a picture, into build/pictures"
	@echo "make clean   away with .venv and everything that was made"

demo: .venv/base
	$(BIN)/reviewcore demo --into demo-review

test: .venv/test
	$(BIN)/python -m pytest -n auto

deep: .venv/test
	$(BIN)/python -m pytest -n auto --hypothesis-profile=deep

check: .venv/check test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(MAKE) docs

docs: .venv/check
	$(BIN)/sphinx-build -W --keep-going -q -b html docs docs/_build/html

bench: .venv/bench
	$(BIN)/python benchmarks/run.py --quick

pictures: .venv/test
	$(BIN)/python tests/pictures/render.py build/pictures

clean:
	rm -rf .venv demo-review build dist docs/_build

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "reviewcore needs Python 3.11 or newer; say which with: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv .venv

.venv/base: .venv/bin/python pyproject.toml constraints.txt
	$(INSTALL) --editable '.[office,pdf]'
	@touch $@

.venv/test: .venv/bin/python pyproject.toml constraints.txt
	$(INSTALL) --editable '.[test]'
	@touch $@

.venv/check: .venv/bin/python pyproject.toml constraints.txt
	$(INSTALL) --editable '.[check]'
	@touch $@

.venv/spark: .venv/bin/python pyproject.toml constraints.txt
	$(INSTALL) --editable '.[test,spark]'
	@touch $@

.venv/bench: .venv/bin/python pyproject.toml constraints.txt
	$(INSTALL) --editable '.[bench]'
	@touch $@
