# shellcheck shell=bash
# The Rust toolchain: one compiler for the server and for the page's wasm half.
#
# The machine's own toolchain serves when it is recent and has the wasm32 standard
# library, or rustup can fetch that, or a recent toolchain with it. Where rustup
# cannot download, Debian's rustc-web takes over (debian-rust.sh). target/setup/toolchain names the one to use, in the way
# of RUSTUP_TOOLCHAIN (empty: the default): what one compiler has built does not
# load in another, so everything has to go through the same.

rust_toolchain() {
    have cargo rustc || fail "Rust is missing: install it with rustup and run this again."
    local chosen=${RUSTUP_TOOLCHAIN:-}
    if serves "$chosen"; then
        :
    elif serves web; then
        chosen=web
    elif ! have rustup; then
        fail "Rust $(needed_version) or newer with the wasm32-unknown-unknown target is needed: install it with rustup. Here is $(rustc --version)."
    elif add_wasm "$chosen"; then
        :
    elif add_stable "$chosen"; then
        chosen=stable
    else
        debian_rust
        chosen=web
    fi
    printf '%s\n' "$chosen" >target/setup/toolchain
}

# toolchain COMMAND…: runs it with the chosen toolchain.
toolchain() {
    RUSTUP_TOOLCHAIN=$(<target/setup/toolchain) "$@"
}

# serves TOOLCHAIN: whether it is recent enough and builds the page.
serves() {
    local version target
    version=$(RUSTUP_TOOLCHAIN=$1 rustc --version 2>/dev/null) && recent_enough "$version" || return 1
    target=$(RUSTUP_TOOLCHAIN=$1 rustc --print sysroot)/lib/rustlib/wasm32-unknown-unknown
    compgen -G "$target/lib/libstd-*.rlib" >/dev/null || return 1
    # A library built here is out of date when the compiler has been upgraded.
    [[ ! -f $target/built-by || $(<"$target/built-by") == "$version" ]]
}

# needed_version: the oldest that builds this.
needed_version() {
    sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml
}

# recent_enough VERSION [NEEDED]: compares what `rustc --version` says with NEEDED, else with the needed version.
recent_enough() {
    printf '%s\n' "${2:-$(needed_version)}" "$(cut -d' ' -f2 <<<"$1")" | sort --version-sort --check=quiet
}

# add_wasm TOOLCHAIN: lets rustup fetch the wasm32 target; fails at once where it cannot.
add_wasm() {
    recent_enough "$(RUSTUP_TOOLCHAIN=$1 rustc --version 2>/dev/null)" || return 1
    say "the wasm32-unknown-unknown target"
    RUSTUP_TOOLCHAIN=$1 rustup target add wasm32-unknown-unknown >>target/setup/rustup.log 2>&1 && serves "$1"
}

# add_stable TOOLCHAIN: where that is too old or missing, lets rustup fetch or renew the stable one; fails at once where it cannot.
add_stable() {
    local found reason="there is none"
    found=$(RUSTUP_TOOLCHAIN=$1 rustc --version 2>/dev/null)
    ! recent_enough "$found" || return 1
    [[ -z $found ]] || reason="$found is older than $(needed_version)"
    say "Rust's stable toolchain, since $reason"
    rustup toolchain install stable --profile minimal --component clippy,rustfmt --target wasm32-unknown-unknown \
        >>target/setup/rustup.log 2>&1 && serves stable
}

# install_program CRATE VERSION [FLAG]: unoptimized unless `optimization` says more.
install_program() {
    say "$1 $2 (several minutes if it has to be compiled)"
    if cargo binstall -V &>/dev/null && cargo binstall --no-confirm "$1@$2"; then
        return
    fi
    # Their own release profiles may take over 20 minutes on two cores. What they are made of is not kept.
    env -u CARGO_TARGET_DIR CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_OPT_LEVEL="${optimization:-0}" CARGO_PROFILE_RELEASE_CODEGEN_UNITS=256 \
        cargo install "$1" --version "$2" "${@:3}" || fail "$1 $2 could not be installed."
}
