# shellcheck shell=bash
# What every step of the set-up uses: speaking, failing, installing Debian's packages.

say() {
    printf 'set-up: %s\n' "$*"
}

fail() {
    printf 'set-up: %s\n' "$*" >&2
    exit 1
}

# have PROGRAM…: whether all of them are on the PATH.
have() {
    local program
    for program; do
        command -v "$program" >/dev/null || return 1
    done
}

# quietly NAME COMMAND…: keeps the output in target/setup/NAME.log and shows its end only on failure.
quietly() {
    local log="target/setup/$1.log"
    shift
    "$@" >>"$log" 2>&1 || {
        tail -n 15 "$log" >&2
        return 1
    }
}

# as_root COMMAND…
as_root() {
    if ((EUID == 0)); then
        "$@"
    else
        sudo "$@"
    fi
}

# debian WHAT PACKAGE…: installs packages, or says in one sentence what to install.
debian() {
    local what=$1
    shift
    have apt-get || fail "$what is missing: install it with this system's package manager (on Debian: $*)."
    ((EUID == 0)) || have sudo || fail "$what is missing: run 'apt-get install --no-install-recommends $*' as root."
    say "$what: Debian's $*"
    if [[ -z ${lists_are_fresh:-} ]]; then
        quietly apt as_root apt-get update || fail "apt-get update failed; its messages are above."
        lists_are_fresh=yes
    fi
    quietly apt as_root env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends "$@" ||
        fail "$what could not be installed; apt-get's messages are above. Install it in another way and run this again."
}

# python_packages FOLDER ENVIRONMENT WHAT: what FOLDER's requirements.txt names, in target/ENVIRONMENT.
python_packages() {
    local list=$1/requirements.txt environment=target/$2 works=
    # Not in one that was begun and not finished, was moved, or whose Python has gone.
    "$environment/bin/pip" --version &>/dev/null && works=yes
    [[ $works && $environment/.installed -nt $list ]] && return
    say "$3, in $environment"
    [[ $works ]] || python3 -m venv --clear "$environment" || {
        debian "Python's venv" python3-venv
        python3 -m venv --clear "$environment"
    }
    quietly pip "$environment/bin/pip" install --disable-pip-version-check --requirement "$list" ||
        fail "$list could not be installed; pip's messages are above."
    touch "$environment/.installed"
}
