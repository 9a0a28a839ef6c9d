#!/usr/bin/env bash
# Feeds each target of fuzz/ for so many seconds; ends at the first input that one does not stand.
#
# Without a sanitizer: there is no unsafe code to watch, panics and hangs end a run without one, and
# the ordinary compiler does. What was found interesting stays in target/fuzz for the next time.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
(($# == 1)) || {
    echo "usage: scripts/fuzz.sh SECONDS" >&2
    exit 2
}
RUSTUP_TOOLCHAIN=$(<target/setup/toolchain)
export RUSTUP_TOOLCHAIN
for seeds in fuzz/seeds/*; do
    name=${seeds##*/}
    mkdir -p "target/fuzz/corpus/$name"
    echo "fuzz: $name"
    cargo fuzz run --sanitizer none --target-dir target/fuzz "$name" "target/fuzz/corpus/$name" "$seeds" -- \
        -max_total_time="$1" -max_len=4096 -timeout=60 -rss_limit_mb=4096 -print_final_stats=1 -verbosity=0
done
