#!/usr/bin/env bash
# All tests, from a fresh Debian 12: packages, build, CTest (programs under mpirun included).
#
#   tests/run.sh [--preset release|debug|audit|asan|tsan] [--long] [arguments of ctest...]
#
# --long adds the stress forms. Everything else goes to ctest, for instance -R e2e.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source jobs/setup.sh

preset=release
long=OFF
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
        -h | --help)
            sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//;p}' tests/run.sh
            exit 0
            ;;
        *) break ;;
    esac
done

install_packages .
settings=(-DMOTLEY_BUILD_TESTS=ON -DMOTLEY_LONG_TESTS="$long")
if [[ -x /usr/bin/python3 ]]; then
    # The one for which the packages are; another may come first in PATH.
    settings+=(-DPython3_EXECUTABLE=/usr/bin/python3)
fi
cmake --preset "$preset" "${settings[@]}"
cmake --build "build/$preset"
mpi_environment 8
exec ctest --test-dir "build/$preset" --output-on-failure "$@"
