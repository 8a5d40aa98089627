# netops: `make` lists the targets. Needs git, make and Python 3.11 or newer with venv.
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready
SCOPE ?= all

.DEFAULT_GOAL := help
.PHONY: help setup audit test check bench lint types catalogue sample clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(STAMP) ## build .venv from the committed lock

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "netops needs Python 3.11 or newer; $(PYTHON) is older. Name another one: make setup PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
	  echo "Python's venv is missing. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "setup: installing the locked packages into $(VENV)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(STAMP)

audit: setup ## audit the sample province from end to end (SCOPE=city: one prefecture)
	@$(BIN)/netops playbook run playbooks/demonstration.yaml --set spec=playbooks/specs/$(SCOPE).yaml

test: setup ## run all tests that need no extra service
	@$(BIN)/python -m pytest -q -n auto

check: setup lint types ## what CI runs: format, lint, types, contracts, tests, coverage
	@$(BIN)/python -m pytest -q -n auto --cov --cov-report=term:skip-covered --cov-fail-under=85

lint: setup ## format, ruff, import contracts, dead dependencies
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/lint-imports
	@$(BIN)/deptry .

types: setup ## mypy, strict
	@$(BIN)/mypy

bench: setup ## measure speed against peers (a quarter of an hour; see docs/performance.md)
	@$(BIN)/python -m tests.bench

catalogue: setup ## write the catalogue of translations anew (then fill in netops.po)
	@$(BIN)/python tests/support/catalogue.py

sample: setup ## write the sample province in inventory/ anew
	@$(BIN)/python -m netops.lab.sample playbooks/specs/all.yaml inventory

clean: ## remove what make built (never your snapshots)
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache htmlcov .coverage
