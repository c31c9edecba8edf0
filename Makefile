# `make help` lists what there is to do. Two commands do everything: `make run` and `make test`.

PYTHON ?= python3
VENV   := .venv
PY     := $(VENV)/bin/python
READY  := $(VENV)/.ready
FONTS  := build/fonts/NotoSansSC-Bold-core.otf

.PHONY: help run setup test unit fmt lint golden docs sbom audit bench deb deb-test deb-twice clean

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: setup ## the kiosk on emulated devices; without a display a whole visit, with its pictures in build/demo/
	$(PY) run_kiosk.py demo $(if $(DISPLAY)$(WAYLAND_DISPLAY),,--headless) --out build/demo

setup: $(READY) $(FONTS) ## install what is needed (.venv, Debian packages, fonts)

$(READY): requirements.lock deploy/apt-packages.txt deploy/apt-install.sh
	sh deploy/apt-install.sh
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=python3.11 …"; exit 1; }
	$(PY) -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
	$(PY) -m pip install --quiet --no-deps --require-hashes -r requirements.lock
	touch $(READY)

$(FONTS): tools/fonts.py | $(READY)
	$(PY) -m tools.fonts build/fonts

test: setup ## exactly what CI runs: format, lint, types, imports, generated pages, tests
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	$(PY) run_kiosk.py docs --check
	$(PY) -m pytest --numprocesses auto --no-loadscope-reorder

unit: setup ## the quick part of the tests
	$(PY) -m pytest tests --ignore tests/system --ignore tests/screens -x

fmt: setup ## put the code in order
	$(VENV)/bin/ruff format .
	$(VENV)/bin/ruff check --fix .

golden: setup ## record the golden screens and receipts anew; look at them before you commit them
	KIOSK_RECORD_GOLDEN=1 $(PY) -m pytest tests/screens tests/devices/receipt_printer -k golden

docs: setup ## write the generated pages, the manual's pictures, and the manual: build/manual.pdf
	$(PY) run_kiosk.py docs --pictures --pdf build/manual.pdf

sbom: setup ## what it is made of, as CycloneDX: build/sbom.json
	$(PY) run_kiosk.py sbom build/sbom.json

audit: setup ## known weaknesses, offline: make audit ADVISORIES=FILE-or-FOLDER (OSV)
	$(PY) run_kiosk.py audit $(ADVISORIES)

deb: setup ## the Debian package, with everything inside: build/deb/
	PYTHON=$(abspath $(PY)) sh deploy/debian/build.sh build/deb

deb-test: ## install that package in a root of its own and run it from there; as root: into a fresh Debian, and take it away
	sh deploy/debian/check.sh build/deb

deb-twice: setup ## build it twice, as differently as one machine can, and compare the bytes
	PYTHON=$(abspath $(PY)) sh deploy/debian/twice.sh build/deb

bench: setup ## ratios against peers and physical limits, one run
	$(PY) -m bench

clean: ## remove what was built
	rm -rf build $(VENV)
