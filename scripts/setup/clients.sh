# shellcheck shell=bash
# The released clients that the tests ask the server with, from PyPI and npm.

released_clients() {
    local environment=target/clients-venv folder=tests/clients
    if [[ ! $environment/.installed -nt $folder/requirements.txt ]]; then
        say "the clients from PyPI, in $environment"
        [[ -x $environment/bin/python ]] || python3 -m venv "$environment" || {
            debian "Python's venv" python3-venv
            python3 -m venv --clear "$environment"
        }
        quietly pip "$environment/bin/pip" install --disable-pip-version-check --requirement "$folder/requirements.txt" ||
            fail "the clients could not be installed; pip's messages are above."
        touch "$environment/.installed"
    fi
    npm_packages "$folder" "the clients from npm"
}
