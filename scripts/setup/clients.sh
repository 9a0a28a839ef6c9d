# shellcheck shell=bash
# The released clients that the tests ask the server with, from PyPI and npm.

released_clients() {
    python_packages tests/clients clients-venv "the clients from PyPI"
    npm_packages tests/clients "the clients from npm"
}
