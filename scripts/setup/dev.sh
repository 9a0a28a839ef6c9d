# shellcheck shell=bash
# What only `make dev` needs: cargo-leptos, which rebuilds on every change, and
# the wasm-bindgen program that it starts, of the version in Cargo.lock (another
# version does not understand the page's wasm).

cargo_leptos() {
    local version=0.3.11 needed=1.96
    [[ $(cargo leptos --version 2>/dev/null) == *" $version" ]] && return
    local builder
    for builder in "$(<target/setup/toolchain)" web; do
        if recent_enough "$(RUSTUP_TOOLCHAIN=$builder rustc --version 2>/dev/null)" "$needed"; then
            RUSTUP_TOOLCHAIN=$builder install_program cargo-leptos "$version" --locked
            return
        fi
    done
    fail "cargo-leptos $version needs Rust $needed or newer: run 'rustup update stable'."
}

wasm_bindgen() {
    local version
    version=$(sed -n '/^name = "wasm-bindgen"$/{n;s/version = "\(.*\)"/\1/p}' Cargo.lock)
    [[ $(wasm-bindgen --version 2>/dev/null) == *" $version" ]] && return
    # Not --locked: its lock names a version that is gone from the registry.
    toolchain install_program wasm-bindgen-cli "$version"
}
