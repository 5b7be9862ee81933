# Renfort: everything starts here. « make help » lists the targets.

.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
BIN := .venv/bin
UV ?= uv

# The first Python that is recent enough; PYTHON=… chooses another.
ifndef PYTHON
PYTHON := $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; raise SystemExit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo $$p; break; }; done)
endif

INSTALL = PYTHONPATH=src $(PYTHON) -B -m renfort.ops.install
COMPILE = $(UV) pip compile -q --universal --generate-hashes --no-header --no-annotate --python-version 3.11 $(UPGRADE)

.PHONY: help python install install-dev run test e2e lint bench docs docs-check messages messages-check lock

help: ## list the targets
	@sed -n 's/^\([a-z][a-z0-9-]*\):.*## \(.*\)/  make \1|\2/p' $(firstword $(MAKEFILE_LIST)) | awk -F'|' '{printf "%-18s %s\n", $$1, $$2}'

python:
	@if [ -n "$(PYTHON)" ] && $(PYTHON) -c 'import sys; raise SystemExit(sys.version_info < (3, 11))' 2>/dev/null; then :; \
	elif command -v "$${PYTHON:-python3}" >/dev/null 2>&1; then \
	  echo "Renfort demande Python 3.11 ou plus récent ; trouvé : $$("$${PYTHON:-python3}" -V 2>&1). Installez python3.11 (ou plus), ou indiquez-le : make run PYTHON=python3.12." >&2; exit 2; \
	else \
	  echo "Python est introuvable. Installez python3 (3.11 ou plus récent) avec le module venv : sous Debian, « apt install python3-venv »." >&2; exit 2; \
	fi

install: python # what running needs, in .venv; quick when nothing changed
	@$(INSTALL) run

install-dev: python # the same with tests and tools
	@$(INSTALL) dev

run: install ## install what is missing and serve the site (PORT=8000, RENFORT_DATA=var)
	@exec $(BIN)/renfort run

test: install-dev ## run every test (ARGS="-k name" for some; REQUIRE_BROWSER=1 to insist on the browser)
	@$(BIN)/python -m pytest -n auto --dist worksteal $(ARGS)

e2e: install-dev ## run the browser tests alone
	@REQUIRE_BROWSER=1 $(BIN)/python -m pytest -m browser $(ARGS)

lint: install-dev ## check style, types, layers, templates and generated pages
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint src --extension html --lint --quiet
	@$(MAKE) docs-check
	@$(MAKE) messages-check

bench: install-dev ## run every benchmark, one JSON object a line
	@$(BIN)/renfort bench --list | while read -r name; do $(BIN)/renfort bench "$$name" --json || exit 1; done

docs: install-dev ## write the generated pages of docs/
	@$(BIN)/renfort docs

docs-check: # fails when a generated page is stale
	$(BIN)/renfort docs --check

messages: install-dev ## extract the texts of the pages into src/renfort/locale (maintainers; needs gettext)
	@$(BIN)/python -m renfort.ops.messages

messages-check: # fails when a text was not extracted or has no English
	@$(BIN)/python -m renfort.ops.messages --check

lock: ## renew the three lock files (maintainers; needs uv; UPGRADE=--upgrade for newer versions)
	@command -v $(UV) >/dev/null 2>&1 || { echo "« make lock » demande uv. Installez-le (pip install uv), ou indiquez-le : make lock UV=/chemin/uv." >&2; exit 2; }
	$(COMPILE) pyproject.toml --group build -o requirements.txt
	$(COMPILE) pyproject.toml --group build --group dev --extra embedded -c requirements.txt -o requirements-dev.txt
	sed -n 's/^embedded = \["\(.*\)"\]$$/\1/p' pyproject.toml | $(COMPILE) - -o requirements-embedded.txt
	@! grep -n '://' requirements.txt requirements-dev.txt requirements-embedded.txt
