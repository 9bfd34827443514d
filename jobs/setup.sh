# Shared by jobs/quickstart.sh and tests/run.sh (sourced, bash): system packages and Open MPI's settings.

# Installs what docker/packages.txt names and this machine lacks. Exits 2, with the one line to run,
# where it must but may not. Calls apt only when something is missing.
install_packages() {
    local list="$1/docker/packages.txt" package
    local -a missing=() as_root=()
    if ! command -v dpkg-query >/dev/null; then
        echo "No dpkg here: install what $list names by the system's own means." >&2
        return 0
    fi
    while IFS= read -r package; do
        if [[ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" != installed ]]; then
            missing+=("$package")
        fi
    done < <(sed 's/#.*//; s/[[:space:]]//g; /^$/d' "$list")
    if ((${#missing[@]} == 0)); then
        return 0
    fi
    if [[ "$(id -u)" != 0 ]]; then
        if ! command -v sudo >/dev/null || ! sudo -n true 2>/dev/null; then
            echo "System packages are missing. Run this line, then this script again:" >&2
            echo "sudo apt-get update && sudo apt-get install -y --no-install-recommends ${missing[*]}" >&2
            exit 2
        fi
        as_root=(sudo -n)
    fi
    echo "Installing ${#missing[@]} packages: ${missing[*]}"
    export DEBIAN_FRONTEND=noninteractive
    "${as_root[@]}" apt-get update -qq
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# Open MPI's settings for $1 ranks on this machine alone; what the user has set stays.
mpi_environment() {
    if [[ "$(id -u)" == 0 ]]; then
        export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
    fi
    if (($(nproc) < $1)); then
        export OMPI_MCA_rmaps_base_oversubscribe="${OMPI_MCA_rmaps_base_oversubscribe:-1}"
        export OMPI_MCA_mpi_yield_when_idle="${OMPI_MCA_mpi_yield_when_idle:-1}"
    fi
    # Shared memory only, without the system call that containers forbid.
    export OMPI_MCA_pml="${OMPI_MCA_pml:-ob1}"
    export OMPI_MCA_btl_vader_single_copy_mechanism="${OMPI_MCA_btl_vader_single_copy_mechanism:-none}"
}
