#!/usr/bin/env bash
# Builds the Dockerfile from nothing, without a container engine, and tries what comes out.
#
# It wants root, since it makes root folders and namespaces; everything it makes is in target/image.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
((EUID == 0)) || {
    echo "tests/image/run.sh: only root may make root folders and namespaces here; use docker build elsewhere" >&2
    exit 1
}
mkdir -p target/image
storage=(--root "$PWD/target/image/storage" --runroot "$PWD/target/image/run" --storage-driver)
if buildah "${storage[@]}" overlay info &>/dev/null; then
    # Layers share their files, so a second build begins where something changed.
    storage+=(overlay) build=(bud --layers)
else
    storage+=(vfs) build=(bud)
fi
export BUILDAH_ISOLATION=chroot

tests/image/bases.sh "${storage[@]}"
buildah "${storage[@]}" "${build[@]}" --pull=never --format docker --tag valence .
rm -rf target/image/pushed
buildah "${storage[@]}" push --quiet valence "dir:$PWD/target/image/pushed"
# A network of its own, without a way out, for the container and for the one who asks it.
unshare --net python3 tests/image/check.py target/image/pushed
