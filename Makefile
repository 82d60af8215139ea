# make run    set up, fill the demo consortium, serve it, stop with Ctrl-C
# make test   set up, lint, contracts, the suite on SQLite and PostgreSQL, the browser journeys
PYTHON ?= python3

.PHONY: run test setup lint

run:
	@$(PYTHON) scripts/run.py

test:
	@$(PYTHON) scripts/test.py

setup:
	@$(PYTHON) scripts/prepare.py --dev

lint: setup
	@$(PYTHON) scripts/test.py --lint
