#!/usr/bin/env bash
# Installs what this machine lacks for `make serve` (the default), `make test`,
# `make dev`, `make bench` or `make lighthouse`.
#
# Every step looks first and acts only on what is missing, so a second run says
# nothing and takes a moment. Downloads come through the ordinary clients of
# their registries (rustup, apt-get, pip, npm, cargo) and are pinned; what is
# unpacked lives in target/, and downloads are kept in a cache for the next clone.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

purpose=${1:-serve}
cache=${XDG_CACHE_HOME:-$HOME/.cache}/valence
mkdir -p target/setup target/tools "$cache"
PATH=$PWD/target/tools:$PATH

source scripts/setup/common.sh
source scripts/setup/system.sh
source scripts/setup/rust.sh
source scripts/setup/debian-rust.sh
source scripts/setup/onnxruntime.sh
source scripts/setup/node.sh
source scripts/setup/browser.sh
source scripts/setup/clients.sh
source scripts/setup/dev.sh
source scripts/setup/bench.sh

case $purpose in
    serve | test | dev | bench | lighthouse) ;;
    *) fail "'$purpose' is not one of serve, test, dev, bench, lighthouse" ;;
esac

c_compiler
rust_toolchain
onnxruntime
node_js
wasm_opt
if [[ $purpose == test ]]; then
    lint_tools
    browser
    fonts
    browser_tests
    released_clients
elif [[ $purpose == dev ]]; then
    cargo_leptos
    wasm_bindgen
elif [[ $purpose == bench ]]; then
    load_generator
    peers
elif [[ $purpose == lighthouse ]]; then
    browser
    fonts
    page_scores
fi
