#!/usr/bin/env bash
# Installs what this machine lacks for `make serve` (the default), `make test`,
# `make dev`, `make storm`, `make soak`, `make bench`, `make lighthouse`, `make dist`,
# `make audit`, `make fuzz`, `make image-test`, `make model`, for what packs the
# program, for what checks deploy/, or for what publishes.
#
# Every step looks first and acts only on what is missing, so a second run says
# nothing and takes a moment. Downloads come through the ordinary clients of
# their registries (rustup, apt-get, pip, npm, cargo). ONNX Runtime, Node.js and
# npm's packages are pinned by hash. Python's packages, but not what they depend on,
# and cargo's programs are pinned by version; the latter come built where
# cargo-binstall is installed. Rust and Debian's packages are the latest. What is
# unpacked lives in target/, and downloads are kept in a cache for the next clone.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

purpose=${1:-serve}
cache=${XDG_CACHE_HOME:-$HOME/.cache}/valence
mkdir -p target/setup target/tools "$cache"
# Programs that cargo installs, too; where Rust is the system's, they are not on the PATH.
PATH=$PWD/target/tools:$PATH:${CARGO_HOME:-$HOME/.cargo}/bin

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
source scripts/setup/deploy.sh
source scripts/setup/training.sh

steps=()
needed=(c_compiler rust_toolchain onnxruntime node_js wasm_opt)
case $purpose in
    serve) ;;
    test) steps=(lint_tools python_linter browser fonts browser_tests released_clients) ;;
    dev) steps=(cargo_leptos wasm_bindgen) ;;
    load) steps=(load_generator) ;;
    bench) steps=(load_generator peers) ;;
    lighthouse) steps=(browser fonts page_scores) ;;
    package) steps=(licence_notices) ;;
    dist) steps=(licence_notices bill_of_materials) ;;
    audit) steps=(crate_audit) ;;
    fuzz) steps=(fuzzer) ;;
    image) steps=(image_tools) ;;
    deploy) steps=(publishing_tools deploy_tools) ;;
    publish) needed=() steps=(publishing_tools) ;;
    model) needed=() steps=(training_tools) ;;
    *) fail "'$purpose' is not one of serve, test, dev, load, bench, lighthouse, package, dist, image, audit, fuzz, deploy, publish, model" ;;
esac

for step in "${needed[@]}" "${steps[@]}"; do
    "$step"
done
