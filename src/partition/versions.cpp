#include "motley/partition/versions.hpp"

#include <metis.h>
#ifdef MOTLEY_PTSCOTCH
#include <mpi.h>  // before ptscotch.h, which uses its types
#include <ptscotch.h>
#endif

namespace motley::partition {
namespace {

std::string dotted(long major, long minor, long patch) {
    return std::to_string(major) + "." + std::to_string(minor) + "." + std::to_string(patch);
}

std::string scotch_version() {
#ifdef MOTLEY_PTSCOTCH
    return dotted(SCOTCH_VERSION, SCOTCH_RELEASE, SCOTCH_PATCHLEVEL);
#else
    return "none";
#endif
}

}  // namespace

std::vector<std::pair<std::string, std::string>> library_versions() {
    return {{"metis", dotted(METIS_VER_MAJOR, METIS_VER_MINOR, METIS_VER_SUBMINOR)},
            {"scotch", scotch_version()}};
}

}  // namespace motley::partition
