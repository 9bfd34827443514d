#!/usr/bin/env bash
# motley beside its peers on this machine, in turn.
#
#   tests/benchmarks/compare.sh step [ROUNDS [GRAPH...]]     the step, beside PETSc: medians and ratios
#   tests/benchmarks/compare.sh optimum [AGENTS...]          time to the optimum (gap 1e-6), beside Ipopt
#
# Default: 3 rounds of all graphs; 64 256 576 1024 agents. Raw RESULT lines go to build/compare.txt.
#
# Optima are timed by processor time, on one core. Two forms of the PETSc peer run: petsc_vector_step, whose loop the compiler may vectorise (-O3 -ffast-math), is
# the peer of record; petsc_step calls the exp and log of the C library. PETSc (Debian: petsc-dev) and Ipopt
# (coinor-libipopt-dev) are peers only: without them motley's figures are printed alone.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
source jobs/setup.sh

what="${1:-step}"
[[ $what == step || $what == optimum ]] || { sed -n '2,7s/^# \{0,1\}//p' "$0" >&2; exit 2; }
shift || true
programs=build/release/tests/benchmarks
cmake --preset release >/dev/null
for target in step_throughput motley_optimum; do cmake --build build/release --target "$target" >/dev/null; done
for target in petsc_step petsc_vector_step ipopt_optimum; do
    cmake --build build/release --target "$target" >/dev/null 2>&1 || echo "no $target: its library is not here"
done
mpi_environment 2
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1
export OMPI_MCA_hwloc_base_binding_policy=none
: >build/compare.txt

# The RESULT line of a command, also kept raw.
result() {
    local line
    line="$("$@" 2>/dev/null | grep '^RESULT')" || return 1
    echo "$line" >>build/compare.txt
    echo "$line"
}
# The value of a key in a RESULT line.
value() { sed -n "s/.* $1=\([^ ]*\).*/\1/p"; }
median() { sed '/^$/d' | sort -g | awk '{v[NR] = $1} END {if (NR) print v[int((NR + 1) / 2)]; else print "-"}'; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN {if (b + 0 > 0) printf "%.2f", a / b; else print "-"}'; }

compare_steps() {
    local rounds="${1:-3}" graph ranks program i
    local graphs=("${@:2}")
    ((${#graphs[@]})) || graphs=(torus small-world random-regular weighted)
    printf '%-16s %5s  %10s  %12s  %6s  %12s  %6s\n' graph ranks motley "PETSc vector" ratio "PETSc scalar" ratio
    for graph in "${graphs[@]}"; do
        for ranks in 1 2; do
            declare -A speeds=()
            for ((i = 0; i < rounds; ++i)); do
                for program in step_throughput petsc_vector_step petsc_step; do
                    [[ -x $programs/$program ]] || continue
                    speeds[$program]+="$(result mpirun -n "$ranks" "$programs/$program" --graph "$graph" --repetitions 5 |
                        value million_agents_per_s)"$'\n' || true
                done
            done
            a="$(median <<<"${speeds[step_throughput]:-}")"
            b="$(median <<<"${speeds[petsc_vector_step]:-}")" c="$(median <<<"${speeds[petsc_step]:-}")"
            printf '%-16s %5s  %10s  %12s  %6s  %12s  %6s\n' "$graph" "$ranks" "$a" "$b" "$(ratio "$a" "$b")" "$c" \
                "$(ratio "$a" "$c")"
            unset speeds
        done
    done
}

compare_optima() {
    local graph n ours theirs
    local agents=("$@")
    ((${#agents[@]})) || agents=(64 256 576 1024)
    printf '%-16s %7s  %10s  %10s  %8s  %s\n' graph agents "motley s" "Ipopt s" ratio "P of both"
    for graph in torus small-world random-regular; do
        for n in "${agents[@]}"; do
            ours="$(result "$programs/motley_optimum" --graph "$graph" --agents "$n" || true)"
            theirs=""
            [[ -x $programs/ipopt_optimum ]] &&
                theirs="$(result "$programs/ipopt_optimum" --graph "$graph" --agents "$n" --limit 300 || true)"
            a="$(value cpu_seconds <<<"$ours")" b="$(value cpu_seconds <<<"$theirs")"
            printf '%-16s %7s  %10s  %10s  %8s  %s %s %s\n' "$graph" "$n" "$a" "${b:--}" "$(ratio "${b:-0}" "$a")" \
                "$(value productivity <<<"$ours")" "$(value productivity <<<"$theirs")" "$(value outcome <<<"$theirs ")"
        done
    done
}

if [[ $what == step ]]; then compare_steps "$@"; else compare_optima "$@"; fi
