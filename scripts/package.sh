#!/usr/bin/env bash
# Lays out all that `valence` needs in FOLDER: the program, which has the page in it, the model, ONNX
# Runtime, and the terms of everything in them. The folder runs wherever it is put.
#
# For the container and for `make dist`; both have built the program before.
set -euo pipefail
(($# == 1)) || {
    echo "usage: scripts/package.sh FOLDER" >&2
    exit 2
}
mkdir -p "$1"
folder=$(realpath "$1")
cd "$(dirname "${BASH_SOURCE[0]}")/.."
library=target/onnxruntime/libonnxruntime.so.$(sed -n 's/^onnxruntime==\([0-9.]*\).*/\1/p' scripts/setup/onnxruntime.txt)

# Without its symbols it is a fifth smaller.
strip -o "$folder/valence" target/release/valence
mkdir -p "$folder/models" "$folder/onnxruntime"
cp -rT models/valence-mini "$folder/models/valence-mini"
cp "$library" target/onnxruntime/{LICENSE,ThirdPartyNotices.txt} "$folder/onnxruntime"
cp LICENSE "$folder"
RUSTUP_TOOLCHAIN=$(<target/setup/toolchain)
export RUSTUP_TOOLCHAIN
# Crates of other systems too, without which cargo lists none; what is here already is not fetched.
cargo fetch --quiet --locked
cargo about generate --fail --offline --locked \
    --features ssr,hydrate --output-file "$folder/THIRD-PARTY.txt" about.hbs
# The one who runs it may be another than the one who packs it, whose umask the sources have.
chmod -R u=rwX,go=rX "$folder"
