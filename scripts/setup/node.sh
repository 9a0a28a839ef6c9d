# shellcheck shell=bash disable=SC2154
# Node.js, and wasm-opt, which makes the page's wasm smaller.
#
# wasm-opt comes from npm's binaryen: that package carries it ready to run, and
# Debian's own is too old for what today's compiler writes.

node_js() {
    have node npm || debian "Node.js" nodejs npm
}

wasm_opt() {
    local version folder
    version=$(sed -n 's/.*"binaryen": "\(.*\)".*/\1/p' scripts/setup/wasm-opt/package.json)
    folder=$cache/binaryen-$version
    local program=$folder/node_modules/binaryen/bin/wasm-opt
    [[ -x $program && target/tools/wasm-opt -ef $program ]] && return
    if [[ ! -x $program ]]; then
        say "wasm-opt: npm's binaryen $version"
        mkdir -p "$folder"
        cp scripts/setup/wasm-opt/package*.json "$folder"
        quietly npm npm ci --prefix "$folder" --no-audit --no-fund ||
            fail "wasm-opt could not be installed; npm's messages are above."
    fi
    ln -sf "$program" target/tools/wasm-opt
}
