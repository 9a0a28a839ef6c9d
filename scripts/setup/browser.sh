# shellcheck shell=bash
# What the tests and `make lighthouse` need: linters, a browser with a font, the packages of end2end/.
#
# The browser is the system's own: Playwright's download is not reachable
# everywhere, and the tests need only one browser. target/setup/browser has its path.

lint_tools() {
    toolchain cargo clippy --version &>/dev/null && toolchain cargo fmt --version &>/dev/null && return
    say "clippy and rustfmt"
    toolchain quietly rustup rustup component add clippy rustfmt ||
        fail "clippy or rustfmt is missing: run 'rustup component add clippy rustfmt'."
}

python_linter() {
    python_packages scripts/setup/lint lint-venv "the linter of Python"
}

browser() {
    installed_browser >target/setup/browser || {
        debian "the browser (Chromium or Google Chrome)" chromium
        installed_browser >target/setup/browser
    }
}

# installed_browser: the path of the first that there is.
installed_browser() {
    local name
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        command -v "$name" && return
    done
    return 1
}

fonts() {
    [[ -n $(find /usr/share/fonts /usr/local/share/fonts -name '*.[to]tf' -print -quit 2>/dev/null) ]] ||
        debian "a font for the browser" fonts-dejavu-core
}

browser_tests() {
    PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm_packages end2end "the browser tests' npm packages"
}

page_scores() {
    npm_packages end2end/lighthouse "Lighthouse"
}
