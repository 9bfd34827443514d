# shellcheck shell=bash
# Sourced (bash) by jobs/quickstart.sh, tests/run.sh and docker/Dockerfile: system packages, Open MPI's settings.

# packages_of LIST SECTION...: prints the packages in these sections ("# --- build") of the list.
packages_of() {
    local list="$1" section
    shift
    for section in "$@"; do
        if ! grep -qx "# --- $section" "$list"; then
            echo "$list has no section '$section'" >&2
            return 70
        fi
        sed -n "/^# --- $section\$/,/^# --- /{s/#.*//; s/[[:space:]]//g; /./p}" "$list"
    done
}

# install_packages ROOT SECTION...: installs what these sections of ROOT/docker/packages.txt name and this machine
# lacks. Exits 2, with the one line to run, where it must but may not. Calls apt only when something is missing.
install_packages() {
    local list="$1/docker/packages.txt" package wanted
    local -a missing=() as_root=()
    shift
    wanted="$(packages_of "$list" "$@")"
    if ! command -v dpkg-query >/dev/null; then
        echo "No dpkg here: install what $list names by the system's own means." >&2
        return 0
    fi
    for package in $wanted; do
        if [[ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" != installed ]]; then
            missing+=("$package")
        fi
    done
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
