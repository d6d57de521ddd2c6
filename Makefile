# Everything happens in .venv and .te; nothing is asked of the machine but Python >= 3.11 with venv, and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PYTHONDONTWRITEBYTECODE =

# Node is a package of the virtual environment; only `npm ci` asks the network for anything.
NPM := PATH="$(CURDIR)/$(BIN):$$PATH" NG_CLI_ANALYTICS=false npm_config_update_notifier=false \
  npm_config_fund=false npm_config_audit=false $(BIN)/npm --prefix frontend
MODULES := frontend/node_modules/.installed
PAGES := te_assets/dashboard/static/index.html
# Folders, too: what was deleted is seen by their time.
PAGES_MADE_FROM := $(wildcard frontend/*.json) \
  $(shell find frontend/src frontend/public ! -name '*.spec.ts' 2>/dev/null)

.PHONY: help demo up frontend test test-frontend test-long test-browser test-docker soak lint \
  bench bench-latency bench-backlog bench-api image wheel clean

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

$(VENV)/frontend: $(VENV)/local requirements/frontend.lock
	@echo "installing requirements/frontend.lock (Node, 60 MB)" >&2
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/frontend.lock
	@touch $@

$(MODULES): frontend/package-lock.json | $(VENV)/frontend
	@echo "installing frontend/package-lock.json" >&2
	@$(NPM) ci --ignore-scripts --silent
	@touch $@

$(PAGES): $(PAGES_MADE_FROM) $(MODULES)
	@echo "building the dashboard's pages" >&2
	@$(NPM) run --silent build
	@touch $@

demo: $(VENV)/local ## a simulated plant week from workbooks to both KPIs, compared with the truth
	@$(BIN)/te-assets demo

up: $(VENV)/local $(PAGES) ## start Kafka, ClickHouse, Dagster, the gateway and the dashboard, and stay
	@$(BIN)/te-assets up

frontend: $(PAGES) ## build the dashboard's pages, where their sources changed

test: $(VENV)/dev test-frontend ## all tests that take under 15 minutes together, three at a time
	@$(BIN)/python -m pytest -m "not long and not browser and not soak and not docker" \
	  -n 3 --dist loadfile --no-loadscope-reorder

test-frontend: $(MODULES)
	@$(NPM) run --silent test

# How long people wait for the dashboard is measured in a process of its own, with no other servers beside it.
SPEED := te_assets_tests/browser/dashboard/test_speed.py

test-long: $(VENV)/dev $(PAGES) ## the tests that take longer, and how long people wait for the dashboard
	@$(BIN)/python -m pytest -m long -s --timeout 1800 --ignore $(SPEED)
	@$(BIN)/python -m pytest -m long -s $(SPEED)

test-browser: $(VENV)/dev $(PAGES) ## Dagster UI and dashboard as people use them, and the robot, in the distribution's Chromium
	@$(BIN)/python -m pytest -m "browser and not long"

test-docker: $(VENV)/dev ## the containers, in the Docker engine that runs or, as root on Debian, in one of the tests' own
	@$(BIN)/python -m pytest -m "docker and not long" --timeout 900

soak: $(VENV)/dev ## half an hour of random files, events and kills on the whole stack; SOAK_MINUTES=5 for less
	@$(BIN)/python -m pytest -m soak -s

lint: $(VENV)/dev $(MODULES) ## ruff and mypy; eslint, translations, and whether its types are those of the API
	@$(MAKE) --no-print-directory -j 2 --output-sync=target lint-python lint-frontend

lint-python: $(VENV)/dev
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

lint-frontend: $(VENV)/dev $(MODULES)
	@$(NPM) run --silent lint && $(NPM) run --silent types:check
.PHONY: lint-python lint-frontend

bench: $(VENV)/dev ## from file to marts by step, beside other ways of doing the same
	@$(BIN)/python -m bench
	@$(BIN)/python -m bench.restatement

bench-latency: $(VENV)/dev ## seconds from events and small files to the marts, on the whole stack
	@$(BIN)/python -m bench.latency

bench-api: $(VENV)/dev ## each route of the dashboard over a year of ten million confirmations, beside its bare queries
	@$(BIN)/python -m bench.api

bench-backlog: $(VENV)/dev ## events of both models while a million confirmations are worked off
	@$(BIN)/python -m bench.backlog

docs: $(VENV)/dev ## write the documents of the interfaces of gateway and dashboard anew (docs/api)
	@$(BIN)/python -m te_assets.gateway.documents docs/api
	@$(BIN)/python -m te_assets.dashboard.documents docs/api
.PHONY: docs

requirements: ## compile the exact versions anew
	@for part in runtime local frontend containers dev; do \
	  case $$part in runtime) extra=;; *) extra="--extra $$part";; esac; \
	  $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	    --no-emit-index-url --no-emit-find-links $$extra setup.py -o requirements/$$part.lock || exit 1; \
	done
.PHONY: requirements

VERSION := $(shell sed -n 's/^    version="\(.*\)",/\1/p' setup.py)

image: ## build the Docker image of all services; its tag is the last line
	@docker build --quiet --file docker/Dockerfile --build-arg VERSION=$(VERSION) \
	  --build-arg REVISION=$$(git rev-parse --short HEAD 2>/dev/null || echo unknown) \
	  --build-arg REQUIREMENTS=$(or $(REQUIREMENTS),runtime) --tag te-assets:$(VERSION) . > /dev/null
	@echo te-assets:$(VERSION)

wheel: $(VENV)/local $(PAGES) ## the package with the dashboard's pages, into dist
	@$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation --wheel-dir dist .

clean: ## remove what was made: virtual environment, pages, the local stack's state
	@rm -rf $(VENV) .te frontend/node_modules frontend/.angular te_assets/dashboard/static build dist
