#!/usr/bin/env bash
# Packs what scripts/package.sh lays out: target/dist/valence-VERSION-MACHINE-linux.tar.gz, its checksum,
# and the bill of what is in it.
#
# The same commit gives the same names, owners, modes and times in the archive.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
version=$(sed -n '/^\[package\]/,/^version/s/^version = "\(.*\)"/\1/p' Cargo.toml)
name=valence-$version-$(uname -m)-linux
rm -rf target/dist
scripts/package.sh "target/dist/$name"
export SOURCE_DATE_EPOCH
# A bill for each member of the workspace is written beside the sources; the tasks are not shipped.
trap 'rm -f valence.cdx.json xtask/valence.cdx.json' EXIT
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
RUSTUP_TOOLCHAIN=$(<target/setup/toolchain) cargo cyclonedx --quiet --format json --spec-version 1.5 --no-build-deps \
    --features ssr,hydrate --target all --override-filename valence.cdx
python3 scripts/bill.py valence.cdx.json "target/dist/$name" >"target/dist/$name.cdx.json"
cp README.md CHANGELOG.md "target/dist/$name"
tar -C target/dist --sort=name --owner=0 --group=0 --numeric-owner --mode=u=rwX,go=rX --mtime="@$SOURCE_DATE_EPOCH" \
    -c "$name" | gzip -9 --no-name >"target/dist/$name.tar.gz"
rm -r "target/dist/${name:?}"
(cd target/dist && sha256sum "$name.tar.gz" | tee "$name.tar.gz.sha256")
