# The two jobs of this repository: `make rehearse` and `make test`. Each makes its own .venv from a bare python3.
PYTHON ?= python3
STACK ?= dev
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# Not worth a minute of compiling in advance: most services of AWS, and other packages' tests.
RARE := pulumi_aws/(?!(cloudwatch|ec2|eks|iam|kms|sqs|vpc|_|config|__init__|[a-z_]+\.py))|/tests?/

# What an environment may say against it: every process of a rehearsal would compile all that it imports anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help rehearse test replay drift lint format docs site lock bench mutate torture recorded clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

rehearse: $(READY) ## rehearse a stack's whole life without an account (STACK=dev)
	@$(BIN)/pokayoke rehearse $(STACK)

test: $(READY) ## run the tests
	@$(BIN)/python -m pytest -n 2 --dist worksteal

replay: $(READY) ## play every documented failure the naive way and ours (SLUG= for one)
	@$(BIN)/pokayoke replay $(or $(SLUG),--all)

drift: $(READY) ## tell what was changed in the account past the program (STACK=dev)
	@$(BIN)/pokayoke drift $(STACK)

lint: $(READY) ## check format, lint, types and the direction of imports
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/lint-imports
	@$(BIN)/pyright

format: $(READY) ## format the sources
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

site: $(READY) ## build the documentation as a web site into site/
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

lock: $(READY) ## write requirements.lock anew from pyproject.toml
	@$(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header --universal --python-version 3.11 \
	  --extra dev --output-file requirements.lock pyproject.toml

docs: $(READY) ## write the pages that follow from the code
	@$(BIN)/python docs/generate.py

bench: $(READY) ## measure rehearsals of 1, 2, 5 and 10 copies of the platform
	@$(BIN)/python -m bench

mutate: $(READY) ## change rules and policies, and tell what no test notices (MODULES= TESTS=)
	@$(BIN)/python -m bench.mutation $(MODULES) $(if $(TESTS),--tests $(TESTS))

torture: $(READY) ## break runs of both stacks in every way, and see that the next ones mend them (20 minutes)
	@$(BIN)/python -m bench.torture

recorded: $(READY) ## record what this version makes of dev, once at its release
	@$(BIN)/python -m bench.recording

clean: ## remove what the targets made
	@rm -rf $(VENV) .pokayoke .pytest_cache .ruff_cache .hypothesis .import_linter_cache dist site

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "pokayoke-eks needs Python 3.11 or newer; '$(PYTHON)' is $$($(PYTHON) --version 2>&1). Name another: make PYTHON=python3.12 ..." >&2; exit 1; }
	@echo "making $(VENV) (once, about a minute)"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-compile -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q -j 0 -x '$(RARE)' $(VENV)/lib >/dev/null || true
	@touch $@
