#!/usr/bin/env bash
# Makes sure that buildah's storage holds the base images that the Dockerfile names.
#
# They are pulled where their registries can be reached. Elsewhere stand-ins take their names, made
# of Debian's packages and this machine's Rust toolchain: what differs from the real ones is their
# origin, not what the Dockerfile finds in them. The arguments are buildah's flags for its storage.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

flags=("$@")
storage() {
    buildah "${flags[@]}" "$@"
}

# default NAME: the value of an ARG in the Dockerfile.
default() {
    sed -n "s/^ARG $1=//p" Dockerfile
}

# quietly COMMAND…: shows the end of what it says only where it fails.
quietly() {
    "$@" >"$work/log" 2>&1 || {
        tail "$work/log" >&2
        return 1
    }
}

# commit FOLDER IMAGE [CONFIG…]: makes a stand-in of a root folder.
commit() {
    local container
    container=$(storage from scratch)
    storage add --quiet "$container" "$1" / >/dev/null
    storage config --label stand-in=yes "${@:3}" "$container"
    storage commit --quiet "$container" "$2" >/dev/null
    storage rm "$container" >/dev/null
}

# A small Debian 12 that both are made from.
debian() {
    [[ -d $work/debian ]] && return
    quietly debootstrap --variant=minbase --include=ca-certificates,gcc,libc6-dev bookworm "$work/debian"
    # What this machine trusts, since the build downloads through this machine's network.
    cp /etc/ssl/certs/ca-certificates.crt "$work/debian/etc/ssl/certs/"
    cp /etc/resolv.conf "$work/debian/etc/"
}

# As the official image has it: rustup's and cargo's homes in /usr/local.
rust() {
    debian
    local home=$work/debian/usr/local toolchain trust=/etc/ssl/certs/ca-certificates.crt
    toolchain=$(rustup show active-toolchain | cut -d' ' -f1)
    mkdir -p "$home/cargo" "$home/rustup/toolchains"
    cp -a "${CARGO_HOME:-$HOME/.cargo}/bin" "$home/cargo/bin"
    cp "${RUSTUP_HOME:-$HOME/.rustup}/settings.toml" "$home/rustup"
    tar -C "$(rustc --print sysroot)" --exclude=share -c . |
        tar -C "$home/rustup/toolchains" --transform "s,^\.,$toolchain," -x
    commit "$work/debian" "$1" --env RUSTUP_HOME=/usr/local/rustup --env CARGO_HOME=/usr/local/cargo \
        --env PATH=/usr/local/cargo/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
        --env SSL_CERT_FILE=$trust --env CARGO_HTTP_CAINFO=$trust --env PIP_CERT=$trust --env NODE_EXTRA_CA_CERTS=$trust
}

# The packages of distroless' `cc`, unpacked and not installed.
runtime() {
    debian
    local packages=(base-files ca-certificates libc6 libgcc-s1 libgomp1 libssl3 libstdc++6 netbase tzdata)
    mkdir "$work/runtime"
    quietly chroot "$work/debian" /bin/sh -c "cd /tmp && apt-get --quiet=2 download ${packages[*]}"
    local package
    for package in "$work"/debian/tmp/*.deb; do
        dpkg --extract "$package" "$work/runtime"
    done
    rm "$work"/debian/tmp/*.deb
    commit "$work/runtime" "$1" --env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
}

# base MAKER IMAGE: has it already, pulls it or makes it.
base() {
    local is_stand_in
    if is_stand_in=$(storage inspect --type image --format '{{index .OCIv1.Config.Labels "stand-in"}}' "$2" 2>/dev/null); then
        [[ -z $is_stand_in ]] || echo "$2 is a stand-in, made here before"
        return
    fi
    # Enough for some hundred megabytes; a registry may also leave one waiting for ever.
    timeout 600 buildah "${flags[@]}" pull --quiet "$2" &>/dev/null && return
    echo "$2 cannot be pulled here; a stand-in takes its name"
    "$1" "$2"
}

base rust "docker.io/library/$(default RUST)"
base runtime "$(default RUNTIME)"
