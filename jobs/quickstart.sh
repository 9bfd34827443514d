#!/usr/bin/env bash
# From a fresh Debian 12 to a first result: installs the packages that building and running need, builds the program,
# and runs jobs/quickstart.toml on two ranks. Where packages are missing that it may not install, it prints the line
# to run and exits 2.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source jobs/setup.sh

ranks=2
install_packages . build libraries
echo "Building motley (minutes the first time)"
mkdir -p build
# Tests and benchmarks need more packages. A folder that tests/run.sh has configured keeps them.
settings=()
if ! grep -qs '^GTest_DIR:PATH=/' build/release/CMakeCache.txt; then
    settings=(-DMOTLEY_BUILD_TESTS=OFF -DMOTLEY_BUILD_BENCHMARKS=OFF)
fi
if ! cmake --preset release "${settings[@]}" >build/quickstart.log 2>&1; then
    cat build/quickstart.log >&2
    exit 70
fi
cmake --build build/release --target motley
mpi_environment "$ranks"
mpirun -n "$ranks" build/release/motley run jobs/quickstart.toml
