#!/usr/bin/env bash
# All tests, from a fresh Debian 12: packages, build, CTest (programs under mpirun included).
#
#   tests/run.sh [--preset release|debug|audit|asan|tsan] [--long] [--no-audit] [arguments of ctest...]
#
# --long adds the stress forms. Everything else goes to ctest, for instance -R e2e. A call without arguments of ctest
# first builds the lower layers with their internal promises checked (preset audit) and runs their tests; --no-audit
# leaves that out. At the end it lists what was skipped and why, and fails where this machine does not explain a skip.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source jobs/setup.sh

preset=release
long=OFF
audit=yes
while (($# > 0)); do
    case "$1" in
        --preset)
            preset="${2:?--preset needs a name}"
            shift 2
            ;;
        --preset=*)
            preset="${1#*=}"
            shift
            ;;
        --long)
            long=ON
            shift
            ;;
        --no-audit)
            audit=no
            shift
            ;;
        -h | --help)
            sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//;p}' tests/run.sh
            exit 0
            ;;
        *) break ;;
    esac
done

install_packages . build libraries package tests
python=python3
settings=(-DMOTLEY_BUILD_TESTS=ON)
if [[ -x /usr/bin/python3 ]]; then
    # The one for which the packages are; another may come first in PATH.
    python=/usr/bin/python3
    settings+=(-DPython3_EXECUTABLE=/usr/bin/python3)
fi
mpi_environment 8
failed=0

# run_tests PRESET [arguments of ctest...]: the tests that are built there, then what was skipped.
run_tests() {
    local build="build/$1"
    shift
    rm -f "$build/tests.xml"
    # Complete output, in which the reasons of skips are.
    # One more at a time than cores: some wait for others.
    ctest --test-dir "$build" --parallel "$(($(nproc) + 1))" --output-on-failure --output-junit "$PWD/$build/tests.xml" \
        --test-output-size-passed 100000000 --test-output-size-failed 100000000 "$@" || failed=$?
    "$python" tests/skips "$build" || failed=1
}

if [[ "$preset" == release && "$audit" == yes && $# == 0 ]]; then
    layers=(core mpi partition network model simulation)
    cmake --preset audit "${settings[@]}" -DMOTLEY_BUILD_BENCHMARKS=OFF
    cmake --build build/audit --target "${layers[@]/#/test_}"
    names="${layers[*]}"
    run_tests audit -R "^(${names// /|})(_[0-9]+_ranks)?\$"
fi

settings+=(-DMOTLEY_LONG_TESTS="$long")
if [[ "$preset" == release ]]; then
    # jobs/quickstart.sh may have configured the folder without them.
    settings+=(-DMOTLEY_BUILD_BENCHMARKS=ON)
fi
cmake --preset "$preset" "${settings[@]}"
cmake --build "build/$preset"
run_tests "$preset" "$@"
exit "$failed"
