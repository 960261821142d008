# Everything a stranger needs. Only Python 3.11 or newer is asked for; the rest is set up here.

PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3.14 python3; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
CATALOGUES := $(wildcard contest/translations/*/LC_MESSAGES/messages.po)
HOST ?= 127.0.0.1
PORT ?= 8000
# Where the public board listens, if not on the port after PORT.
BOARD_PORT ?=
PORTS = --host $(HOST) --port $(PORT) $(if $(BOARD_PORT),--board-port $(BOARD_PORT))
WORKERS ?= 2

help: ## this list
	@grep -E '^[a-z-]+:.*##' Makefile | sed 's/:.*##/\t/'

SOAK ?= 10000
# Tests of figures that stand with what they test; docs/acceptance.md says which is which.
FIGURES = tests/scoring/test_unusual_judges.py tests/scoring/test_rank_properties.py \
	tests/scoring/test_award_sums.py tests/results/test_second_scorer_size.py tests/results/test_caches.py \
	tests/checks/test_sample_hits.py tests/checks/test_gates.py tests/checks/test_four_eyes.py \
	tests/paper/test_sixty_papers.py tests/test_migrations_with_marks.py tests/test_million_rows.py
# Rows of the ledger that an intruder changes, deletes, inserts, swaps, each once.
TAMPER ?= 2000

.PHONY: help demo run venue test test-long bench bench-board soak soak-tablets coverage mutants lint catalogues messages clean

demo: .venv/program catalogues ## the cement contest in the middle of its final, with simulated judges
	@$(BIN)/contest demo $(PORTS) $(DEMO)

run: .venv/program catalogues ## an empty installation of your own
	@$(BIN)/contest init --no-code
	@$(BIN)/contest serve $(PORTS)

venue: .venv/program catalogues ## HTTPS for a closed network, from a certificate authority of its own
	@$(BIN)/contest init --no-code
	@$(BIN)/contest venue $(VENUE)

test: .venv/tests catalogues ## every test but the long ones; browser tests where Chromium is installed
	$(BIN)/python -m pytest -n $(WORKERS) -m "not long" $(TESTS)

test-long: .venv/tests catalogues ## the others: every page in a browser, servers killed, worlds side by side (tests/long.py)
	$(BIN)/python -m pytest -n $(WORKERS) -m long $(TESTS)

bench: .venv/tests catalogues ## the figures of docs/measurements.md, measured here
	$(BIN)/python -m bench.everything

bench-board: .venv/tests catalogues ## the board beside nginx and bare sockets, in one run (docs/board-bench.md)
	$(BIN)/python -m bench.board_bench $(BENCH)
	CONTEST_SOAK=1 $(BIN)/python -m pytest -q -rP tests/proof/test_overload.py tests/proof/test_freeze_moment.py

soak: .venv/tests catalogues ## 10,000 contests made by chance, every figure counted by both scorers (docs/soak.md)
	CONTEST_CONTESTS=$(SOAK) $(BIN)/python -m pytest -n $(WORKERS) -q tests/offline/test_two_scorers.py
	CONTEST_TAMPER_ROWS=$(TAMPER) $(BIN)/python -m pytest -n $(WORKERS) -q tests/audit/test_chain.py tests/audit/test_chain_rows.py
	CONTEST_SOAK=1 $(BIN)/python -m pytest -n $(WORKERS) --maxschedchunk=1 -q -rP tests/proof/test_protocol.py
	CONTEST_SOAK=1 $(BIN)/python -m pytest -q -rP tests/proof --ignore tests/proof/test_protocol.py \
		tests/browser/test_fault_proxy.py $(FIGURES)
	CONTEST_SOAK=1 CONTEST_STUCK_SECONDS=86400 $(BIN)/python -m pytest -q -rP tests/browser/test_two_clerks.py

soak-tablets: .venv/tests catalogues ## a judge's day without a network at full size: 60 sheets of 60 aspects, 200 crashes (docs/soak.md)
	CONTEST_STUCK_SECONDS=86400 $(BIN)/python -m pytest -q -s tests/browser/soak_tablets.py

coverage: .venv/tests catalogues ## every branch of the scoring core is reached by its own tests
	$(BIN)/python -m pytest -n $(WORKERS) -q tests/scoring tests/offline contest/scoring \
		--cov=contest.scoring --cov-branch --cov-report=term-missing:skip-covered --cov-fail-under=100

mutants: .venv/tests catalogues ## mistakes planted in the scoring core, and which no test finds (docs/mutation.md)
	$(BIN)/python -m bench.mutation $(MUTANTS)

lint: .venv/tests
	$(BIN)/ruff check .

catalogues: $(CATALOGUES:.po=.mo)

messages: .venv/tests ## look for new sentences and put them into the catalogues, to be translated
	$(BIN)/pybabel -q extract -F babel.cfg --no-location --sort-output -o messages.pot \
		$(addprefix -k ,$(shell grep -v '^#' contest/translations/keywords.txt)) .
	$(BIN)/pybabel update --no-fuzzy-matching --width 100 -i messages.pot \
		-d contest/translations --ignore-obsolete
	@rm messages.pot

%.mo: %.po | .venv/program
	@$(BIN)/pybabel -q compile -i $< -o $@

.venv/program: pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed."; exit 1; }
	@echo "Setting up .venv with $(PYTHON), once …"
	@$(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[postgres,redis]'
	@touch $@

.venv/tests: .venv/program
	@$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[test]'
	@touch $@

clean: ## throw away the installed packages and compiled catalogues, never any data
	rm -rf .venv contest.egg-info contest/translations/*/LC_MESSAGES/messages.mo
