# shellcheck shell=bash
# Debian's rustc-web, made able to build the page, as the rustup toolchain `web`.
#
# It is a recent stable toolchain in /usr that lacks two things: a linker for
# wasm, which is borrowed from the installed rustup toolchain, and the wasm32
# standard library, which is built once from its sources (under a minute).

debian_rust() {
    local advice="run 'rustup update stable' and 'rustup target add wasm32-unknown-unknown' where they can download"
    have apt-get || fail "Rust's wasm32-unknown-unknown target is missing: $advice."
    say "rustup cannot download here, so Debian's Rust toolchain is used"
    debian "Rust for the page" rustc-web cargo-web rust-web-src rust-web-clippy rustfmt-web
    recent_enough "$(/usr/bin/rustc --version)" || fail "Debian's rustc-web is too old here: $advice."
    borrow_linker
    build_wasm_std
    # What root has made there has the umask of the one who is to read it.
    as_root chmod -R u=rwX,go=rX /usr/lib/rustlib
    rustup toolchain link web /usr
    serves web || fail "Debian's Rust toolchain does not build for wasm32-unknown-unknown: $advice."
}

borrow_linker() {
    local host folder
    host=$(/usr/bin/rustc -vV | sed -n 's/^host: //p')
    folder=lib/rustlib/$host/bin
    [[ -x /usr/$folder/rust-lld ]] && return
    as_root mkdir -p "/usr/$folder"
    as_root ln -sf "$(rustc --print sysroot)/$folder/rust-lld" "/usr/$folder/rust-lld"
}

build_wasm_std() {
    local seed library=/usr/lib/rustlib/wasm32-unknown-unknown
    say "the standard library for wasm32-unknown-unknown, built from Debian's rust-web-src"
    seed=$(mktemp -d)
    mkdir "$seed/src"
    # An empty library: all that is wanted is what it depends on.
    printf '[package]\nname = "seed"\nedition = "2024"\n[lib]\ncrate-type = ["cdylib"]\n' >"$seed/Cargo.toml"
    touch "$seed/src/lib.rs"
    # The flag for unstable options is how a stable compiler builds its own library.
    (cd "$seed" && RUSTC=/usr/bin/rustc RUSTDOC=/usr/bin/rustdoc RUSTC_BOOTSTRAP=1 CARGO_TARGET_DIR=target \
        /usr/bin/cargo build --release -Zbuild-std=std,panic_abort --target wasm32-unknown-unknown) ||
        fail "the standard library for wasm32-unknown-unknown could not be built; cargo's messages are above."
    as_root rm -rf "$library"
    as_root mkdir -p "$library/lib"
    as_root cp "$seed/target/wasm32-unknown-unknown/release/deps"/*.rlib "$library/lib"
    /usr/bin/rustc --version | as_root tee "$library/built-by" >/dev/null
    rm -rf "$seed"
}
