SHELL := /bin/bash
BIN := .venv/bin
export PYTHONSAFEPATH := 1
# Tesseract's threads only get into each other's way when pages are read side by side.
export OMP_THREAD_LIMIT := 1
# All fuzzers together: beside the other tests in `make test`, and alone in `make fuzz SECONDS=…`.
export FUZZ_SECONDS ?= 600
SECONDS ?= 600

.DEFAULT_GOAL := help
.PHONY: help setup run demo year test test-fast lint bench bench-reading drills fuzz pictures lock

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## Install everything into .venv, system packages through apt or brew
	@scripts/setup.sh

run: setup ## Start everything on embedded defaults; the portal is at 127.0.0.1:8600
	@exec $(BIN)/basvuru up

demo: setup ## Start everything, made-up social networks among it, and send messages through it
	@exec $(BIN)/basvuru demo --start

year: setup ## Fill var-year/ with a made-up year of 50,000 applications, to look at reports
	$(BIN)/python samples/make_year.py --data var-year

test: setup ## Every check and every test, with real servers (installs those)
	@scripts/packages.sh test
	@$(MAKE) --no-print-directory lint
	$(BIN)/pytest -n 2 --dist loadfile

test-fast: setup ## The tests that need no server: seconds
	$(BIN)/pytest -m "not slow"

lint: setup ## Style, types, and the import rules of the house
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: setup ## Every target of speed beside what was measured; HELPDESK=PYTHON adds the peer
	$(BIN)/python benchmarks/reading_mail.py samples/mail
	$(BIN)/python benchmarks/speed.py $(if $(HELPDESK),--helpdesk $(HELPDESK))

bench-reading: setup ## Every target of reading beside what was measured (long)
	$(BIN)/python benchmarks/bench_reading.py

drills: setup ## Every fault drill, the ledger and a comparison with the source after each (long)
	@scripts/packages.sh test
	$(BIN)/python -m benchmarks.faults

fuzz: setup ## Fuzz every reader, ten minutes in all; SECONDS=60 for a shorter run
	$(BIN)/python -m fuzz.run --seconds $(SECONDS)

pictures: setup ## Take the pictures in docs/pictures anew, from tests in a browser
	@scripts/packages.sh test
	PICTURES=docs/pictures $(BIN)/pytest tests/e2e/test_a_refused_claim.py tests/e2e/test_journeys.py \
	  tests/public/test_phone_desk_in_a_browser.py tests/public/test_public_pages_in_a_browser.py

lock: setup ## Write the lock files anew from pyproject.toml
	@scripts/lock.sh
