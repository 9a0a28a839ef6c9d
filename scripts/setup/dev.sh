# shellcheck shell=bash
# What only `make dev` needs: cargo-leptos, which rebuilds on every change, and
# the wasm-bindgen program that it starts, of the version in Cargo.lock (another
# version does not understand the page's wasm).

cargo_leptos() {
    local version=0.3.11
    [[ $(cargo leptos --version 2>/dev/null) == *" $version" ]] && return
    local builder
    for builder in "$(<target/setup/toolchain)" web; do
        if [[ $(RUSTUP_TOOLCHAIN=$builder rustc --version 2>/dev/null) > "rustc 1.96" ]]; then
            RUSTUP_TOOLCHAIN=$builder install_program cargo-leptos "$version" --locked
            return
        fi
    done
    fail "cargo-leptos $version needs Rust 1.96 or newer: run 'rustup update stable'."
}

wasm_bindgen() {
    local version
    version=$(sed -n '/^name = "wasm-bindgen"$/{n;s/version = "\(.*\)"/\1/p}' Cargo.lock)
    [[ $(wasm-bindgen --version 2>/dev/null) == *" $version" ]] && return
    # Not --locked: its lock names a version that is gone from the registry.
    toolchain install_program wasm-bindgen-cli "$version"
}

# install_program CRATE VERSION [FLAG]
install_program() {
    say "$1 $2 (several minutes where it has to be compiled)"
    if cargo binstall -V &>/dev/null && cargo binstall --no-confirm "$1@$2"; then
        return
    fi
    # Without optimization: its own release profile takes over 20 minutes on two cores.
    CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_OPT_LEVEL=0 CARGO_PROFILE_RELEASE_CODEGEN_UNITS=256 \
        cargo install "$1" --version "$2" "${@:3}" || fail "$1 $2 could not be installed."
}
