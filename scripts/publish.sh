#!/usr/bin/env bash
# Puts this project on the Hugging Face Hub: `publish.sh space OWNER/NAME` or `publish.sh model OWNER/NAME`.
#
# A Space gets everything that is committed, and builds the Dockerfile itself; a model repository gets
# the bundled model with its card. Files there under other names are deleted, so that both equal what is
# here. With --dry-run it says what it would do and connects to nothing. The `hf` program knows who you
# are, from HF_TOKEN or `hf auth login`.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

usage() {
    echo "usage: scripts/publish.sh space|model OWNER/NAME [--dry-run]" >&2
    exit 2
}

(($# >= 2)) || usage
kind=$1 id=$2 dry=${3:-}
[[ $kind =~ ^(space|model)$ && $id =~ ^[A-Za-z0-9._-]+/[A-Za-z0-9._-]+$ && ${dry:---dry-run} == --dry-run ]] || usage

hf() {
    # --quiet: the address and no more.
    target/deploy-venv/bin/hf "$@" --quiet
}

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

space() {
    local host=${id,,}
    host=${host//[^a-z0-9]/-}.hf.space
    git archive HEAD | tar -x -C "$folder"
    {
        echo ---
        sed "/^#/d; s/HOST/$host/" deploy/space.yaml
        echo ---
        cat README.md
    } >"$folder/README.md"
    create=(--type space --sdk docker)
}

model() {
    git archive HEAD:models/valence-mini | tar -x -C "$folder"
    create=(--type model)
}

"$kind"
if [[ $dry ]]; then
    echo "would create the $kind $id if there is none, delete every other file in it, and send $(git rev-parse --short HEAD):"
    (cd "$folder" && find . -type f -printf '%10s  %P\n' | sort -k2)
    exit
fi
hf repos create "$id" "${create[@]}" --exist-ok >/dev/null
hf upload "$id" "$folder" . --type "$kind" --delete '*' --commit-message "Valence $(git rev-parse --short HEAD)"
