# Two commands matter: `make demo` runs the product, `make test` proves it.

VENV ?= .venv
PYTHON ?= python3
BIN := $(VENV)/bin
CLIENT := app/client
DIST := app/static/dist/manifest.json
QUIET := --disable-pip-version-check --progress-bar on

.PHONY: demo test check format messages screenshots build install clean

demo: $(VENV)/.runtime $(DIST) var/demo.env
	@set -a; . ./var/demo.env; set +a; \
	$(BIN)/flask --app app:make_app prepare-demo && exec $(BIN)/python wsgi.py

# Secrets of this demo alone; the data under var/ can be read with them only.
var/demo.env: | $(VENV)/.runtime
	@mkdir -p var && umask 077 && $(BIN)/python -m app.demo_settings > $@

# -- what everything needs --------------------------------------------------------------------

$(VENV)/.runtime: pyproject.toml constraints.txt
	@echo "── Python dependencies (once, about a minute)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install $(QUIET) -q -c constraints.txt -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime
	@echo "── Test tools"
	@$(BIN)/pip install $(QUIET) -q -c constraints.txt -e '.[dev]'
	@touch $@

$(CLIENT)/node_modules/.installed: $(CLIENT)/package-lock.json
	@echo "── Browser dependencies (once, about a minute)"
	@cd $(CLIENT) && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

$(DIST): $(CLIENT)/node_modules/.installed $(shell find $(CLIENT)/src -type f) $(CLIENT)/vite.config.ts forms/messages.json
	@echo "── Browser code"
	@cd $(CLIENT) && npm run --silent build
	@touch $@

install: $(VENV)/.dev $(CLIENT)/node_modules/.installed
build: $(DIST)

# -- proof -------------------------------------------------------------------------------------

test: $(VENV)/.dev $(DIST)
	@tests/needs.sh
	@$(BIN)/pytest

check: $(VENV)/.dev $(CLIENT)/node_modules/.installed
	@echo "── format";     $(BIN)/ruff format --check .
	@echo "── lint";       $(BIN)/ruff check .
	@echo "── types";      $(BIN)/mypy
	@echo "── imports";    $(BIN)/lint-imports --no-logo
	@echo "── migrations"; $(BIN)/python -m tests.migrations
	@echo "── browser";    cd $(CLIENT) && npm run --silent check && npm run --silent test

format: $(VENV)/.dev $(CLIENT)/node_modules/.installed
	@$(BIN)/ruff check --fix -q . ; $(BIN)/ruff format -q .
	@cd $(CLIENT) && npm run --silent format

messages: $(VENV)/.dev
	@mkdir -p var
	@$(BIN)/pybabel -q extract -F babel.cfg -k lazy_gettext --no-location --sort-output -o var/messages.pot .
	@$(BIN)/pybabel -q update -i var/messages.pot -d app/translations -l en --no-fuzzy-matching --ignore-obsolete --omit-header -w 100

# The pictures of the README, taken from a demo of its own.
screenshots: $(VENV)/.dev $(DIST)
	@tests/needs.sh
	@$(BIN)/python -m tests.journeys.screenshots

clean:
	rm -rf $(VENV) $(CLIENT)/node_modules app/static/dist
