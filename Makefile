# Needs make and Python 3.11 or later. Every target makes its own environment in $(VENV) and keeps it until
# pyproject.toml changes. `make PYTHON=/path/to/python3.12 test` chooses the interpreter.

VENV ?= .venv
PYTHON ?=
WORKERS ?= 2
SEED ?=
MINUTES ?= 40
ARGS ?=

IN_VENV := $(VENV)/bin/python
PIP_INSTALL := $(IN_VENV) -m pip install --quiet --disable-pip-version-check

.PHONY: help demo test lint bench bugs planted soak clean

help:
	@echo "make demo    a tour: eleven cities adopt an instrument and apply it"
	@echo "make test    all tests; SEED=n repeats a run, ARGS=tests/unit chooses, WORKERS=n sets the processes"
	@echo "make lint    ruff and mypy"
	@echo "make bench   the benchmark suite"
	@echo "make bugs    our bank of seeded bugs: each must be caught by its check; ARGS='--only TEXT' chooses"
	@echo "make soak    the long run; MINUTES=n says how long, SEED=n repeats its draws"
	@echo "make planted defects planted into the contracts: what gba test says of each"
	@echo "make clean   removes the environment and everything that was built"

demo: $(VENV)/.installed
	@$(IN_VENV) -m gbalang.cli.demo $(ARGS)

test: $(VENV)/.installed-dev
	$(IN_VENV) -m pytest -n $(WORKERS) --dist worksteal $(if $(SEED),--hypothesis-seed=$(SEED)) $(ARGS)

bugs: $(VENV)/.installed-dev
	$(IN_VENV) -m tests.bugs.run --workers $(WORKERS) $(ARGS)

soak: $(VENV)/.installed-dev
	$(IN_VENV) -m tests.soak.run --minutes $(MINUTES) --workers $(WORKERS) $(if $(SEED),--seed $(SEED)) $(ARGS)

planted: $(VENV)/.installed-dev
	$(IN_VENV) -m tests.planted.run --workers $(WORKERS) $(ARGS)

lint: $(VENV)/.installed-dev
	$(IN_VENV) -m ruff check .
	$(IN_VENV) -m mypy

bench: $(VENV)/.installed
	@$(VENV)/bin/gba bench $(ARGS)

clean:
	rm -rf "$(VENV)" build dist demo-network .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The tools of development include all that running needs, so one install serves both marks.
$(VENV)/.installed: pyproject.toml hatch_build.py | $(VENV)/bin/pip
	@echo "Installing gbalang in $(VENV)"
	@$(PIP_INSTALL) --editable .
	@touch $@

$(VENV)/.installed-dev: pyproject.toml hatch_build.py | $(VENV)/bin/pip
	@echo "Installing gbalang and its development tools in $(VENV)"
	@$(PIP_INSTALL) --editable '.[dev]'
	@touch $(VENV)/.installed $@

# A name on the PATH proves nothing (version managers leave names that only print a message), so each one is run.
$(VENV)/bin/pip:
	@unfit=; \
	for python in $(or $(PYTHON),python3 python3.13 python3.12 python3.11 python3.14 python); do \
	  "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 || continue; \
	  if "$$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then \
	    echo "Making $(VENV) with $$("$$python" --version)"; \
	    exec "$$python" -m venv "$(VENV)"; \
	  fi; \
	  unfit="$$python"; \
	done; \
	if [ -n "$$unfit" ]; then \
	  echo "$$unfit cannot make environments: its modules venv and ensurepip are missing." >&2; \
	  echo "On Debian and Ubuntu they come with: apt install python3-venv" >&2; \
	else \
	  echo "No Python 3.11 or later was found. Install one, or name it: make PYTHON=/path/to/python3 $(MAKECMDGOALS)" >&2; \
	fi; \
	exit 1
