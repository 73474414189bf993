# The few verbs a contributor needs. CI runs scripts/test-all.sh and nothing else.
PYTHON := ../.venv/bin/python
COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-header --no-annotate pyproject.toml

.PHONY: help install check test proof bench demo lock

help: ## what there is
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

install: ## everything for working on Tocsin, into .venv
	@./scripts/install.sh dev

check: install ## style, types, import contracts, layout, locks, documentation
	@cd backend && $(PYTHON) tools/check_all.py

test: install ## the tests, quickly
	@cd backend && $(PYTHON) -m pytest -q -n 2 --dist worksteal

proof: install ## the same tests at full size; writes docs/reference/proof.md
	@cd backend && $(PYTHON) -m pytest -m proof --proof=../docs/reference/proof.md --timeout 7200

bench: install ## speed, as ratios in one run
	@cd backend && $(PYTHON) -m pytest -p no:randomly -s tests/bench

demo: ## the bundled attack, told as one incident
	@./scripts/start-all.sh --demo

lock: ## requirements*.lock from backend/pyproject.toml
	@cd backend && $(PYTHON) -m $(COMPILE) --extra build -o requirements.lock
	@cd backend && $(PYTHON) -m $(COMPILE) --extra build --extra dev -o requirements-dev.lock
