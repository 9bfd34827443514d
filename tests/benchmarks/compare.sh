#!/usr/bin/env bash
# The step of motley and the same step on PETSc, in turn on this machine: medians and their ratio.
#
#   tests/benchmarks/compare.sh [ROUNDS [GRAPH...]]
#
# Default: 3 rounds of all graphs. Raw RESULT lines go to build/compare.txt.
#
# PETSc (Debian: petsc-dev) is a peer only: without it, motley's figures are printed alone.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
source jobs/setup.sh

rounds="${1:-3}"
graphs=("${@:2}")
((${#graphs[@]})) || graphs=(torus small-world random-regular weighted)
programs=build/release/tests/benchmarks
cmake --preset release >/dev/null
cmake --build build/release --target step_throughput >/dev/null
cmake --build build/release --target petsc_step >/dev/null 2>&1 ||
    echo "No PETSc here (Debian: apt-get install petsc-dev), or it does not build: no ratios."
mpi_environment 2
export OMPI_MCA_hwloc_base_binding_policy=none
: >build/compare.txt

# million_agents_per_s of the last run, also kept raw.
speed() {
    local line
    line="$(mpirun -n "$1" "$programs/$2" --graph "$3" --repetitions 5 2>/dev/null | grep '^RESULT')" || return 1
    echo "$line" >>build/compare.txt
    sed 's/.*million_agents_per_s=\([0-9.]*\).*/\1/' <<<"$line"
}
median() { sort -g | awk '{v[NR] = $1} END {if (NR) print v[int((NR + 1) / 2)]; else print "-"}'; }

printf '%-16s %5s  %12s  %12s  %6s\n' graph ranks "motley M/s" "PETSc M/s" ratio
for graph in "${graphs[@]}"; do
    for ranks in 1 2; do
        ours="" theirs=""
        for ((i = 0; i < rounds; ++i)); do
            ours+="$(speed "$ranks" step_throughput "$graph")"$'\n'
            if [[ -x $programs/petsc_step ]]; then
                theirs+="$(speed "$ranks" petsc_step "$graph" || true)"$'\n'
            fi
        done
        a="$(sed '/^$/d' <<<"$ours" | median)" b="$(sed '/^$/d' <<<"$theirs" | median)"
        ratio="$(awk -v a="$a" -v b="$b" 'BEGIN {if (b + 0 > 0) printf "%.2f", a / b; else print "-"}')"
        printf '%-16s %5s  %12s  %12s  %6s\n' "$graph" "$ranks" "$a" "$b" "$ratio"
    done
done
