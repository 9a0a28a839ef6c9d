# Valence: `make serve` and `make test` are all that is needed.
#
# Both first run scripts/setup.sh, which installs what is missing and is silent
# when nothing is. It also chooses the Rust toolchain (see scripts/setup/rust.sh).

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
# Set-up begins most targets and installs into the same folders; Cargo uses all processors by itself.
.NOTPARALLEL:
.PHONY: help serve build test check audit unit clients deploy-check browser lighthouse screenshot dev bench soak storm fuzz stages \
	model model-check eval dist image-test space publish-model clean

# What is built is looked for there, whatever Cargo is told elsewhere.
export CARGO_TARGET_DIR := $(CURDIR)/target

# What set-up keeps in the project (wasm-opt, and Node.js where the machine has none), and what Cargo installs for it.
export PATH := $(CURDIR)/target/tools:$(PATH):$(or $(CARGO_HOME),$(HOME)/.cargo)/bin

# The ONNX Runtime that Python imports would report this machine to its maker.
export ORT_DISABLE_TELEMETRY := 1

rust = RUSTUP_TOOLCHAIN="$$(cat target/setup/toolchain)"
cargo = $(rust) cargo
valence = target/release/valence

help: ## list these targets
	@sed -n 's/^\([a-z-]*\):.* ## /  \1\t/p' Makefile | expand -t 17

serve: build ## build what changed and serve the page (ARGS="--port 8000" is passed on)
	@exec $(valence) serve $(ARGS)

build: ## build the page and the server
	@scripts/setup.sh serve
	@$(cargo) xtask site
	@$(cargo) build --release --features ssr --bin valence

test: check audit unit clients deploy-check browser ## run the checks and tests that every change has to pass

check: ## rustfmt and clippy, warnings denied, for the server and the page; ruff for Python, tsc for TypeScript
	@scripts/setup.sh test
	target/lint-venv/bin/ruff check
	target/lint-venv/bin/ruff format --check
	cd end2end && npx tsc
	$(cargo) fmt --all --check
	$(cargo) clippy --release --workspace --features ssr --all-targets -- --deny warnings
	$(cargo) clippy --profile wasm-release --features watch --lib --bins --target wasm32-unknown-unknown -- --deny warnings

audit: ## check the crates against deny.toml: licences, sources, known vulnerabilities
	@scripts/setup.sh audit
	@scripts/audit.sh

unit: build ## unit, router, program and golden tests
	$(cargo) test --release --features ssr
	$(cargo) test --release --package xtask

clients: build ## test the release build through the released clients of Hugging Face, Gradio and MCP
	@scripts/setup.sh test
	@target/clients-venv/bin/python tests/clients/run.py $(valence)

deploy-check: build ## check what ships: manifests, dashboard, scripts, a Space, publishing to a stand-in Hub
	@scripts/setup.sh deploy
	target/deploy-venv/bin/hadolint Dockerfile Dockerfile.gpu
	shellcheck --external-sources --source-path=SCRIPTDIR/setup scripts/*.sh scripts/setup/*.sh tests/image/*.sh .ci/run
	target/deploy-venv/bin/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml
	target/deploy-venv/bin/check-jsonschema --builtin-schema vendor.dependabot .github/dependabot.yml
	target/deploy-venv/bin/python tests/deploy/set_up.py
	target/deploy-venv/bin/python tests/deploy/manifests.py $(valence)
	target/deploy-venv/bin/python tests/deploy/hub.py
	target/deploy-venv/bin/python tests/deploy/space.py $(valence)
	target/ray-venv/bin/python tests/deploy/partitions.py $(valence)

browser: build ## browser tests against the release build
	@scripts/setup.sh test
	cd end2end && CHROMIUM="$$(<../target/setup/browser)" npx playwright test

lighthouse: build ## score the pages with Lighthouse's mobile preset
	@scripts/setup.sh lighthouse
	cd end2end/lighthouse && CHROMIUM="$$(<../../target/setup/browser)" node run.mjs

screenshot: browser ## renew the README's pictures from the browser tests
	@cp target/screenshots/long-light-desk.png docs/screenshot.png
	@cp target/screenshots/many-light-desk.png docs/many.png
	@cp target/screenshots/long-dark-phone.png docs/phone.png

dev: ## rebuild and reload on every change
	@scripts/setup.sh dev
	@$(cargo) leptos watch

bench: build ## measure Valence, the bare engine's limit and the peers (TEXTS=path/to/labelled.tsv), write docs/benchmarks.md
	@scripts/setup.sh bench
	@$(rust) target/bench-venv/bin/python bench/run.py $(if $(TEXTS),--texts "$(TEXTS)")

soak: build ## send 1,000,000 requests to the server and check that its memory stays flat (ARGS="--requests 200000")
	@scripts/setup.sh load
	@python3 bench/soak.py $(ARGS)

storm: build ## load the server with up to five times what it can answer (ARGS="--seconds 10")
	@scripts/setup.sh load
	@python3 bench/storm.py $(ARGS)

fuzz: ## fuzz every parser, guided by code coverage, for SECONDS=600 each
	@scripts/setup.sh fuzz
	@scripts/fuzz.sh "$(or $(SECONDS),600)"

stages: build ## time each stage of the engine
	$(cargo) bench --features ssr --bench stages

model: ## train the model from scratch with DATA=path/to/training/data, or resume its training
	@$(if $(DATA),,echo "make model needs the training data: make model DATA=path" >&2; exit 1)
	@scripts/setup.sh model
	target/training-venv/bin/python training/recipe.py --data "$(DATA)" --work target/training \
		--out models/valence-mini --golden tests/golden

model-check: ## test the recipe, and run every stage but golden with tiny models, in half a minute
	@scripts/setup.sh model
	OMP_NUM_THREADS=1 target/training-venv/bin/python -m unittest discover --start-directory training
	OMP_NUM_THREADS=1 target/training-venv/bin/python training/recipe.py --quick

eval: build ## print how well the model does on FILE=path/to/labelled.tsv
	@$(if $(FILE),,echo "make eval needs a file of labelled texts: make eval FILE=path" >&2; exit 1)
	@$(valence) eval "$(FILE)"

dist: build ## make target/dist/valence-….tar.gz, which runs on any Linux with glibc 2.36, and test it
	@scripts/setup.sh dist
	@scripts/dist.sh
	@python3 tests/deploy/archive.py target/dist/*.tar.gz

image-test: ## build the container from scratch, without a container engine, and test it (as root, some 15 minutes)
	@scripts/setup.sh image
	@tests/image/run.sh

space: ## publish this as the Hugging Face Space SPACE=owner/name (DRY_RUN=1 only says what it would do)
	@$(if $(SPACE),,echo "make space needs a name: make space SPACE=owner/name" >&2; exit 1)
	@scripts/setup.sh publish
	@scripts/publish.sh space "$(SPACE)" $(if $(DRY_RUN),--dry-run)

publish-model: ## publish the bundled model as MODEL=owner/name (DRY_RUN=1 only says what it would do)
	@$(if $(MODEL),,echo "make publish-model needs a name: make publish-model MODEL=owner/name" >&2; exit 1)
	@scripts/setup.sh publish
	@scripts/publish.sh model "$(MODEL)" $(if $(DRY_RUN),--dry-run)

clean: ## remove everything that was built
	rm -rf target end2end/node_modules end2end/lighthouse/node_modules tests/clients/node_modules
