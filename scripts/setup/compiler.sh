# shellcheck shell=bash
# The C compiler: links Rust programs and compiles the regular expressions of
# the tokenizer (onig). gcc and the C headers are enough; g++ is not needed.

c_compiler() {
    have cc || debian "the C compiler" gcc libc6-dev
}
