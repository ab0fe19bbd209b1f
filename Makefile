# The names of what a person does here; the steps themselves are in scripts/.

# Where the server keeps its stores. `make run DATA=/srv/souk` uses another folder.
DATA ?= $(or $(SOUK_DATA_DIR),data)

# The server, the tests and what the tests start share one profile, so that nothing is compiled twice.
# --workspace, because another selection of packages would mean other features of the shared dependencies.
CARGO_BUILD := cargo build --release --workspace --bins --locked
SOUK := $(or $(CARGO_TARGET_DIR),target)/release/souk

# A cargo that `make setup` has just installed is not on the PATH yet.
export PATH := $(or $(CARGO_HOME),$(HOME)/.cargo)/bin:$(PATH)

.DEFAULT_GOAL := help
.PHONY: help setup web build run test lint fmt docs bench fuzz nightly clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' Makefile

setup: ## Install what is missing: a C compiler and Rust
	@scripts/setup

web: ## Build the store's app, which the server embeds
	@scripts/setup web
	@scripts/web

build: setup web ## Build the server
	$(CARGO_BUILD)

# The first start gets the demo catalogue; a shop that has products is left alone.
run: export SOUK_DATA_DIR := $(DATA)
run: build ## Start the shop; it prints what to open (DATA=folder, default ./data)
	@$(SOUK) seed --if-empty
	@exec $(SOUK) serve

test: ## Run every suite and end with a count
	@scripts/setup rustfmt providers stores web browser
	@scripts/test

lint: ## Format, clippy, shell scripts, containers, licences and advisories of dependencies
	@scripts/setup rustfmt clippy containers
	@scripts/lint

fmt: ## Format the code
	@scripts/setup rustfmt
	cargo fmt --all

# What is made from the code: docs/errors.md and docs/api/openapi.json.
docs: ## Write the generated pages of docs/ anew
	SOUK_WRITE_DOCS=1 cargo test --release --workspace --locked --lib is_current

# Only bench targets: `cargo bench` alone would also start every crate's unit tests.
bench: setup ## Measure
	cargo bench --workspace --locked --bench '*'

# Needs the nightly toolchain and cargo-fuzz; FUZZ_SECONDS for each target.
FUZZ_SECONDS ?= 120
fuzz: ## Fuzz what parses strangers' bytes (nightly Rust, cargo-fuzz)
	@command -v cargo-fuzz >/dev/null || { echo "cargo install cargo-fuzz, then try again"; exit 1; }
	cd fuzz && for target in $$(cargo +nightly fuzz list); do \
		cargo +nightly fuzz run "$$target" -- -max_total_time=$(FUZZ_SECONDS) || exit 1; done

nightly: lint ## Lint, the long forms of the tests, fuzzing, the benches, Lighthouse on the store's pages
	SOUK_LONG=1 scripts/test
	$(MAKE) fuzz
	SOUK_SEED_MINUTES=60 scripts/test seeds
	$(MAKE) bench
	scripts/lighthouse

clean: ## Remove what builds made; the data folder stays
	cargo clean
