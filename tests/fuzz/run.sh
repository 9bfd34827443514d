#!/usr/bin/env bash
# Runs libFuzzer on every target, two at a time, each for N seconds (default 600).
#
#   cmake --preset fuzz && cmake --build --preset fuzz
#   tests/fuzz/run.sh [--seconds N] [--jobs N] [TARGET...]
#
# Inputs that reach new code are kept in build/fuzz/corpus, and the next start continues from them.
# A crash, a hang of 10 s and more than 2 GB are findings: the input is stored in
# build/fuzz/findings, that of a crash also minimised (.min), and the exit code is 1. Once the fault
# is repaired, the minimised input belongs in tests/fuzz/corpus.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 2

seconds=600 jobs=2
while (($# > 0)); do
    case "$1" in
        --seconds) seconds="${2:?}" && shift 2 ;;
        --jobs) jobs="${2:?}" && shift 2 ;;
        -*) sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//;p}' tests/fuzz/run.sh && exit 2 ;;
        *) break ;;
    esac
done
fuzzer=$PWD/build/fuzz/tests/fuzzer
[[ -x "$fuzzer" ]] || {
    echo "no $fuzzer: cmake --preset fuzz && cmake --build --preset fuzz --target fuzzer" >&2
    exit 2
}
targets=("$@")
((${#targets[@]} > 0)) || mapfile -t targets < <(ls tests/fuzz/corpus)
mkdir -p build/fuzz/findings
export ASAN_OPTIONS="${ASAN_OPTIONS:-allocator_may_return_null=1:detect_leaks=1}"
export LSAN_OPTIONS="${LSAN_OPTIONS:-suppressions=$PWD/tests/sanitizers/lsan.supp:print_suppressions=0}"

# fuzz TARGET: one line with the figures, and the findings.
fuzz() {
    local corpus=build/fuzz/corpus/$1 log=build/fuzz/$1.log status
    mkdir -p "$corpus"
    MOTLEY_FUZZ_TARGET=$1 "$fuzzer" "$corpus" "tests/fuzz/corpus/$1" -max_total_time="$seconds" \
        -timeout=10 -rss_limit_mb=2048 -max_len=65536 -print_final_stats=1 \
        -artifact_prefix="build/fuzz/findings/$1-" >"$log" 2>&1
    status=$?
    local runs peak
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
    peak=$(sed -n 's/^stat::peak_rss_mb: *//p' "$log")
    echo "$1: ${runs:-?} inputs, peak ${peak:-?} MB, $(($(find "$corpus" -type f | wc -l))) kept, exit $status"
    local found
    for found in build/fuzz/findings/"$1"-crash-*; do
        [[ -e "$found" && "$found" != *.min ]] || continue
        MOTLEY_FUZZ_TARGET=$1 timeout 60 "$fuzzer" -minimize_crash=1 -max_total_time=30 \
            -exact_artifact_path="$found.min" "$found" >>"$log" 2>&1
        echo "$1: $found"
    done
    return "$status"
}

failed=0 running=0
for target in "${targets[@]}"; do
    if ((running == jobs)); then
        wait -n || failed=1
        running=$((running - 1))
    fi
    fuzz "$target" &
    running=$((running + 1))
done
while ((running > 0)); do
    wait -n || failed=1
    running=$((running - 1))
done
exit "$failed"
