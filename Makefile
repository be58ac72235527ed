# OneGrid: what one types. Needed: Python 3.11 with venv, make, coreutils. Everything else is brought along.
SHELL := /bin/sh
PYTHON ?= python3
UV_VERSION := 0.13.9
VENV := .venv
RUN := $(VENV)/bin/python -m onegrid.launch
UV := $(VENV)/bin/uv sync --frozen --inexact --quiet --python $(VENV)/bin/python
EVENTS ?= 100000
export UV_PROJECT_ENVIRONMENT := $(VENV)
export UV_LINK_MODE := copy
export UV_PYTHON_DOWNLOADS := never
.DEFAULT_GOAL := help
.PHONY: help demo test check fix pytest tools bench backup restore nightly trial messages openapi clean

help: ## what there is to type
	@while IFS= read -r line; do case "$$line" in [a-z]*:*'## '*) \
	  printf '  make %-10s %s\n' "$${line%%:*}" "$${line##*## }";; esac; done < Makefile

demo: $(VENV)/.demo ## start everything here (PORT=8000 RESET=1 DAY=0 DATABASE_URL=… ONEGRID_PG=system|wheel)
	@exec $(RUN) demo

test: $(VENV)/.test tools ## everything that CI runs
	@$(RUN) prepare
	@$(VENV)/bin/npm --prefix frontend run check
	@$(RUN) check
	@exec $(RUN) with-postgres -- $(VENV)/bin/pytest $(PYTEST)

check: $(VENV)/.test ## lint, types, floors, templates, translations, migrations
	@$(RUN) prepare
	@exec $(RUN) check

fix: $(VENV)/.test ## let the tools mend what they can
	@$(VENV)/bin/ruff check --fix . ; $(VENV)/bin/ruff format .

pytest: $(VENV)/.test ## tests only: make pytest PYTEST="onegrid/events -q"
	@exec $(RUN) with-postgres -- $(VENV)/bin/pytest $(PYTEST)

tools: $(VENV)/.test
	@exec $(RUN) tools

bench: $(VENV)/.test ## measure (EVENTS=100000); figures and how to read them: bench/README.md
	@exec $(RUN) with-postgres --durable -- $(VENV)/bin/python -m bench --events $(EVENTS)

backup: $(VENV)/.demo ## database and files into var/backups/
	@exec $(RUN) backup

restore: $(VENV)/.demo ## the latest backup, or FILE=var/backups/…, into a fresh database (TRY=1: only prove it)
	@exec $(RUN) restore $(if $(FILE),--file "$(FILE)") $(if $(filter 1,$(TRY)),--try)

nightly: $(VENV)/.test tools ## the long battery: 200 kills, long random walks
	@$(RUN) prepare
	@ONEGRID_KILLS=200 ONEGRID_NIGHTLY=1 $(RUN) with-postgres -- $(VENV)/bin/pytest -m "" $(PYTEST)

trial: $(VENV)/.demo ## real messages, or OF=map real boundaries, in a database of their own: make trial DATA=folder
	@exec $(RUN) $(if $(filter map,$(OF)),with-postgres -- $(VENV)/bin/python -m demo.map_trial,trial) "$(DATA)"

messages: $(VENV)/.test ## bring the translation catalogues up to date
	@$(RUN) messages extract && $(RUN) messages check

openapi: $(VENV)/.test ## write openapi.json anew
	@ONEGRID_MODE=test $(VENV)/bin/python -m onegrid openapi --write

clean: ## forget what was built; data under var/ stay
	@rm -rf $(VENV) frontend/node_modules onegrid/static/built onegrid/static/collected var/stamps

$(VENV)/bin/uv:
	@echo "installing (once) …"
	@$(PYTHON) -m venv $(VENV)
	@$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

$(VENV)/.demo: uv.lock pyproject.toml | $(VENV)/bin/uv
	@$(UV) --no-dev --group build --group postgres
	@touch $@

$(VENV)/.test: uv.lock pyproject.toml | $(VENV)/bin/uv
	@$(UV) --all-groups
	@touch $@ $(VENV)/.demo
