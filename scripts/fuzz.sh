#!/usr/bin/env bash
# Runs each target of fuzz/ for so many seconds, as many at once as there are processors; fails
# if an input breaks one, after the others have had their time too.
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
export RUSTUP_TOOLCHAIN SECONDS_EACH=$1
mkdir -p target/fuzz/logs
cargo fuzz build --sanitizer none --target-dir target/fuzz

feed() {
    local seeds=$1 name=${1##*/} log
    log=target/fuzz/logs/$name.log
    mkdir -p "target/fuzz/corpus/$name"
    if cargo fuzz run --sanitizer none --target-dir target/fuzz "$name" "target/fuzz/corpus/$name" "$seeds" -- \
        -max_total_time="$SECONDS_EACH" -max_len=4096 -timeout=60 -rss_limit_mb=4096 -print_final_stats=1 \
        -verbosity=0 >"$log" 2>&1; then
        echo "fuzz: $name: no finding in $(sed -n 's/^stat::number_of_executed_units: *//p' "$log") inputs"
    else
        echo "fuzz: $name: a finding, see $log" >&2
        return 1
    fi
}
export -f feed
# The shell that xargs starts is to expand it.
# shellcheck disable=SC2016
printf '%s\0' fuzz/seeds/* | xargs -0 -P "$(nproc)" -I{} bash -c 'feed "$1"' feed {}
