# shellcheck shell=bash
# What only measuring needs: oha, which asks a server as fast as it answers or at a
# rate, and for `make bench` the peers, as Python packages in an environment of their own.

load_generator() {
    local version=1.16.0
    [[ $(oha --version 2>/dev/null) == *" $version" ]] && return
    toolchain install_program oha "$version" --locked
}

peers() {
    python_packages bench bench-venv "the peers, with PyTorch (about a gigabyte)"
}
