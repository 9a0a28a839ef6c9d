# shellcheck shell=bash
# What only `make bench` needs: oha, which asks a server as fast as it answers,
# and the peers, as Python packages in an environment of their own.

load_generator() {
    local version=1.16.0
    [[ $(oha --version 2>/dev/null) == *" $version" ]] && return
    toolchain install_program oha "$version" --locked
}

peers() {
    local environment=target/bench-venv
    [[ $environment/.installed -nt bench/requirements.txt ]] && return
    say "the peers, with PyTorch (about a gigabyte), in $environment"
    [[ -x $environment/bin/python ]] || python3 -m venv "$environment" ||
        fail "Python's venv is missing: install it (on Debian: python3-venv)."
    quietly pip "$environment/bin/pip" install --disable-pip-version-check --requirement bench/requirements.txt ||
        fail "the peers could not be installed; pip's messages are above."
    touch "$environment/.installed"
}
