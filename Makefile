# The verbs of this repository. `make` lists them; `.ci/run` calls `make parts` and `make check`.

PYTHON ?= python3
ENV ?= prod
FORMAT ?= full
# the day of the committed reports: they change with the estate alone
REPORT_DATE := 2026-11-22
PYTEST ?=

BIN := .venv/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check install
ESTATE := --no-commits $(foreach folder,bench cfgc docs reports tests tools,--exclude /$(folder)/)
SCAN = $(BIN)/cfgc scan $(ESTATE)
REPORT = $(BIN)/cfgc report $(ESTATE) --date $(REPORT_DATE)
SUDO := $(if $(filter 0,$(shell id -u)),,sudo)
STEP = @printf '\n== %s\n'

# programs that the tests marked `parts` run, and the Debian packages that hold them
PARTS := chromium=chromium docker=docker.io gpg=gnupg javac=default-jdk-headless node=nodejs npm=npm nginx=nginx-light \
  openssl=openssl promtool=prometheus rsync=rsync systemd-analyze=systemd

# a run without compiled byte code starts several times slower
unexport PYTHONDONTWRITEBYTECODE
unexport PYTHONPATH
export PIP_REQUIRE_VIRTUALENV := 1

.DEFAULT_GOAL := help
.PHONY: help render test validate check lint types contracts coverage generated readme parts bench docs lock clean

help:  ## lists the verbs
	@sed -n 's/^\([a-z]*\):.*## /\1	/p' Makefile | expand -t 12

render: .venv/.runtime  ## sets up and renders production into dist/prod (ENV=test for another environment)
	SOPS_AGE_KEY_FILE=$(CURDIR)/keys/demo.agekey $(BIN)/cfgc render $(ENV)

test: .venv/.test  ## sets up and runs the tests that need nothing but Python packages
	$(BIN)/pytest -n auto -m "not parts" $(PYTEST)

validate: .venv/.runtime  ## checks every environment, without any key (FORMAT=gitlab for a report)
	@$(BIN)/cfgc validate --format $(FORMAT)

check: lint types contracts coverage generated readme  ## all that CI runs, in its order

lint: .venv/.check  ## style and format
	$(STEP) 'ruff: rules and format'
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: .venv/.check  ## static types
	$(STEP) 'mypy: strict types'
	$(BIN)/mypy

contracts: .venv/.check  ## which room may import which
	$(STEP) 'import-linter: contracts'
	$(BIN)/lint-imports --no-logo

coverage: .venv/.check  ## all tests, those marked `parts` too, with branch coverage
	$(STEP) 'pytest: all tests, branch coverage'
	@rm -rf build/coverage && mkdir -p build/coverage build/screenshots
	PYTEST_SCREENSHOTS=$(CURDIR)/build/screenshots $(BIN)/coverage run -m pytest -n auto
	@$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

generated: .venv/.check  ## generated files are what their generator makes
	$(STEP) 'generated files are current'
	$(BIN)/python tools/docs.py --check
	$(SCAN) --check
	$(BIN)/cfgc docs --check
	$(BIN)/cfgc gaps --check --date $(REPORT_DATE)
	$(REPORT) --check

readme: .venv/.check  ## the README's own commands, in a fresh clone
	$(STEP) 'the commands of README.md in a fresh clone'
	$(BIN)/python tools/readme.py

parts:  ## installs the Debian and npm parts that tests marked `parts` need
	@for part in $(PARTS); do \
	  PATH="$$PATH:/usr/sbin" command -v "$${part%=*}" >/dev/null || missing="$$missing $${part#*=}"; \
	done; \
	if [ -n "$$missing" ]; then \
	  echo "apt-get install$$missing"; \
	  $(SUDO) apt-get update -qq && \
	  $(SUDO) env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -qq --no-install-recommends $$missing >/dev/null; \
	fi
	@mkdir -p .parts && cp requirements/npm/package.json requirements/npm/package-lock.json .parts/
	npm ci --prefix .parts --silent --no-audit --no-fund --ignore-scripts

bench: build/bench/.done  ## measures speed against other tools, in an environment of its own
	@build/bench/bin/python -m pip --quiet --disable-pip-version-check install --no-deps --no-build-isolation --force-reinstall .
	build/bench/bin/python -m bench --rounds 5 --write

docs: .venv/.check  ## writes the generated pages of docs/ and reports/
	$(BIN)/python tools/docs.py
	$(SCAN) --write
	$(BIN)/cfgc docs
	$(BIN)/cfgc gaps --write --date $(REPORT_DATE)
	$(REPORT) --write

lock:  ## pins the newest versions that pyproject.toml allows, with hashes
	$(PYTHON) -m venv --clear build/lock
	build/lock/bin/python -m pip --quiet --disable-pip-version-check install uv
	@for name in runtime bench test check; do build/lock/bin/python tools/lock.py $$name || exit 1; done
	npm install --prefix requirements/npm --package-lock-only --omit-lockfile-registry-resolved --silent --no-audit --no-fund

clean:  ## removes what the verbs above have made, and the environment
	rm -rf .venv .parts build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

.venv/bin/python:
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo 'on Debian, "apt-get install python3-venv" and try again'; exit 1; }

build/bench/.done: requirements/bench.txt
	@$(PYTHON) -m venv --clear build/bench
	@echo 'installing $<' >&2
	@build/bench/bin/python -m pip --quiet --disable-pip-version-check install --require-hashes --only-binary :all: -r $< >&2
	@touch $@

# standard output belongs to what the verb prints
.venv/.%: requirements/%.txt pyproject.toml | .venv/bin/python
	@echo 'installing cfgc and $<' >&2
	@$(PIP) --require-hashes --only-binary :all: -r $< >&2
	@$(PIP) --no-deps --no-build-isolation --editable . >&2
	@touch $@
