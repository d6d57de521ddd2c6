# Everything happens in .venv and .te; nothing is asked of the machine but Python >= 3.11 with venv, and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PYTHONDONTWRITEBYTECODE =

.PHONY: help demo up test test-long test-browser soak lint bench bench-latency bench-backlog clean

help: ## what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(VENV)/uv: requirements/bootstrap.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "te_assets needs Python 3.11 or newer, this is %s. Name one: make PYTHON=python3.12 demo" % sys.version.split()[0])'
	@echo "making the virtual environment .venv" >&2
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bootstrap.lock
	@touch $@

$(VENV)/local: $(VENV)/uv requirements/local.lock setup.py
	@echo "installing requirements/local.lock (about 1 GB the first time)" >&2
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/local.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/dev: $(VENV)/local requirements/dev.lock
	@echo "installing requirements/dev.lock" >&2
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/dev.lock
	@touch $@

demo: $(VENV)/local ## a simulated plant week from workbooks to both KPIs, compared with the truth
	@$(BIN)/te-assets demo

up: $(VENV)/local ## start Kafka, ClickHouse, Dagster and the gateway, and stay
	@$(BIN)/te-assets up

test: $(VENV)/dev ## all tests that take under 15 minutes together, three at a time
	@$(BIN)/python -m pytest -m "not long and not browser and not soak" -n 3 --dist loadfile --no-loadscope-reorder

test-long: $(VENV)/dev ## the tests that take longer
	@$(BIN)/python -m pytest -m long -s --timeout 1800

test-browser: $(VENV)/dev ## the Dagster UI as people use it, and the robot, in the distribution's Chromium
	@$(BIN)/python -m pytest -m browser

soak: $(VENV)/dev ## half an hour of random files, events and kills on the whole stack; SOAK_MINUTES=5 for less
	@$(BIN)/python -m pytest -m soak -s

lint: $(VENV)/dev ## ruff and mypy
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

bench: $(VENV)/dev ## from file to marts by step, beside other ways of doing the same
	@$(BIN)/python -m bench
	@$(BIN)/python -m bench.restatement

bench-latency: $(VENV)/dev ## seconds from events and small files to the marts, on the whole stack
	@$(BIN)/python -m bench.latency

bench-backlog: $(VENV)/dev ## events of both models while a million confirmations are worked off
	@$(BIN)/python -m bench.backlog

docs: $(VENV)/dev ## write the documents of the gateway's interface anew (docs/api)
	@$(BIN)/python -m te_assets.gateway.documents docs/api
.PHONY: docs

requirements: ## compile the exact versions anew
	@for part in runtime local dev; do \
	  case $$part in runtime) extra=;; *) extra="--extra $$part";; esac; \
	  $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	    --no-emit-index-url --no-emit-find-links $$extra setup.py -o requirements/$$part.lock || exit 1; \
	done
.PHONY: requirements

clean: ## remove the virtual environment and the local stack's state
	@rm -rf $(VENV) .te
