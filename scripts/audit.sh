#!/usr/bin/env bash
# Checks the crates of Cargo.lock against deny.toml: their licences, where they come from, and their
# known vulnerabilities; the fuzzer's against its own.
#
# The vulnerabilities are RustSec's list, which cargo-audit reads too and only GitHub has. Where it cannot
# be fetched, this says so, and fails only where REQUIRE_ADVISORIES is set, as for a release.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
RUSTUP_TOOLCHAIN=$(<target/setup/toolchain)
export RUSTUP_TOOLCHAIN

accepted() { sed -n "/^$1 = \[/,/^]/p" "$2" | grep '^ '; }
diff <(accepted accepted about.toml) <(accepted allow deny.toml) || {
    echo "audit: about.toml and deny.toml do not accept the same licences" >&2
    exit 1
}

deny=(cargo deny --locked --log-level warn)
"${deny[@]}" check bans licenses sources
"${deny[@]}" --manifest-path fuzz/Cargo.toml check sources
if "${deny[@]}" fetch db; then
    "${deny[@]}" check advisories
    "${deny[@]}" --manifest-path fuzz/Cargo.toml check advisories
else
    echo "audit: KNOWN VULNERABILITIES WERE NOT CHECKED: RustSec's list cannot be fetched here" >&2
    [[ -z ${REQUIRE_ADVISORIES:-} ]]
fi
