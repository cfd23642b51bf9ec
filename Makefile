# Two commands to know: `make run` serves the demo newsroom, `make test` proves the product.
# Everything is set up on the way; only python3 (3.11 or later, with pip) and make are needed.

PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
PIP := $(PYTHON) -m pip --python $(BIN)/python --disable-pip-version-check --quiet

.PHONY: run dev test hold bench bench-short check lock sbom clean screenshots

run: .venv/.run
	@PORT=$(PORT) $(BIN)/python deploy/demo_site.py

dev: .venv/.dev
	@PORT=$(PORT) $(BIN)/python deploy/demo_site.py --reload

test: .venv/.dev
	@$(BIN)/python tests/run.py

# The long forms of the tests that look for what breaks only now and then: ONLY=words of rows' names.
hold: .venv/.dev
	@$(BIN)/python tests/hold.py

# Each figure that the product promises, with a verdict: STORIES=1000000, ONLY=words of rows' names.
bench: .venv/.dev
	@$(BIN)/python tests/benchmarks/run.py

bench-short: .venv/.dev
	@STORIES=$${STORIES:-100000} $(BIN)/python tests/benchmarks/run.py

check: .venv/.dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/bandit --quiet --configfile pyproject.toml --recursive accounts articles newsroom deploy
	@DEBUG=1 $(BIN)/mypy
	@$(BIN)/djlint --check --lint templates
	@$(BIN)/lint-imports
	@DEBUG=1 $(BIN)/python manage.py makemigrations --check --dry-run
	@SECRET_KEY=$$($(BIN)/python -c "import secrets; print(secrets.token_urlsafe(50))") \
	  SITE_URL=https://newsroom.example $(BIN)/python manage.py check --deploy --fail-level WARNING

lock: .venv/.dev
	@for target in "requirements.txt" "requirements-dev.txt --group dev"; do \
	  $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	    --no-emit-index-url --no-emit-find-links --no-header --no-annotate \
	    pyproject.toml $(LOCK_OPTIONS) -o $$target || exit 1; done
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.12 --generate-hashes \
	    --no-emit-index-url --no-emit-find-links --no-header --no-annotate \
	    pyproject.toml --group dev --override tests/django61-overrides.txt $(LOCK_OPTIONS) \
	    -o requirements-django61.txt

# What the site is made of (CycloneDX), by the locked versions and their hashes: build/sbom.json.
sbom: .venv/.dev
	@mkdir -p build
	@$(BIN)/python -W ignore -m cyclonedx_py requirements requirements.txt --pyproject pyproject.toml \
	  --mc-type application --output-format JSON --output-reproducible -o build/sbom.json
	@echo build/sbom.json

screenshots: .venv/.dev
	@$(BIN)/python tests/screenshots.py

clean:
	rm -rf .venv .data build

# A venv without its own pip: the interpreter's pip installs into it, so that a system
# without ensurepip (Debian without python3-venv) works as well.
.venv/bin/python:
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11) and 'Python 3.11 or later is needed')"
	@$(PYTHON) -m venv --without-pip .venv

.venv/.run: requirements.txt | .venv/bin/python
	@echo "Installing the locked packages ..."
	@$(PIP) install --require-hashes --only-binary :all: -r requirements.txt
	@touch $@

.venv/.dev: requirements-dev.txt | .venv/bin/python
	@echo "Installing the locked packages and the tools ..."
	@$(PIP) install --require-hashes --only-binary :all: -r requirements-dev.txt
	@touch $@ .venv/.run
