#!/usr/bin/env bash
# Packs what scripts/package.sh lays out: target/dist/valence-VERSION-MACHINE-linux.tar.gz and its checksum.
#
# The same commit gives the same names, owners and times in the archive.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
version=$(sed -n '/^\[package\]/,/^version/s/^version = "\(.*\)"/\1/p' Cargo.toml)
name=valence-$version-$(uname -m)-linux
rm -rf target/dist
scripts/package.sh "target/dist/$name"
cp README.md CHANGELOG.md "target/dist/$name"
tar -C target/dist --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$(git log -1 --format=%ct)" \
    -c "$name" | gzip -9 --no-name >"target/dist/$name.tar.gz"
rm -r "target/dist/${name:?}"
(cd target/dist && sha256sum "$name.tar.gz" | tee "$name.tar.gz.sha256")
