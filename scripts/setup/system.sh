# shellcheck shell=bash
# The two tools of the system that the other steps and the build call.

# Links Rust programs and compiles the tokenizer's regular expressions (onig);
# gcc and the C headers are enough, g++ is not needed.
c_compiler() {
    have cc || debian "the C compiler" gcc libc6-dev
}

# Downloads what PyPI holds ready to run. No Python runs beside the server.
pip() {
    python3 -m pip --version &>/dev/null && return
    # The system's would be of no use to it.
    [[ -z ${VIRTUAL_ENV:-} ]] || fail "the virtual environment $VIRTUAL_ENV has no pip: leave it and run this again."
    debian "Python's pip" python3-pip
}
