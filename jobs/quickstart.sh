#!/usr/bin/env bash
# From a fresh Debian 12 to a first result: packages, build, and the main job on two ranks.
# Exits 2 where packages are missing that it may not install; then it prints the line to run.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source jobs/setup.sh

ranks=2
install_packages .
echo "Building motley (minutes the first time)"
mkdir -p build
if ! cmake --preset release >build/quickstart.log 2>&1; then
    cat build/quickstart.log >&2
    exit 70
fi
cmake --build build/release --target motley
mpi_environment "$ranks"
mpirun -n "$ranks" build/release/motley run jobs/quickstart.toml
