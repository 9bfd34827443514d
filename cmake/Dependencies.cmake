# Everything that motley links, all from Debian 12 (docker/packages.txt).
find_package(MPI REQUIRED COMPONENTS C CXX)
find_package(PkgConfig REQUIRED)
pkg_check_modules(XXHASH REQUIRED IMPORTED_TARGET libxxhash)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
pkg_check_modules(TOMLPP REQUIRED IMPORTED_TARGET tomlplusplus)
add_library(tomlplusplus_library ALIAS PkgConfig::TOMLPP)

find_package(Boost 1.74 REQUIRED COMPONENTS graph)

# Parallel HDF5 by pkg-config: CMake's FindHDF5 asks a compiler wrapper that fails in paths with spaces.
set(MOTLEY_HDF5 "hdf5-mpi" CACHE STRING
    "pkg-config name of parallel HDF5: hdf5-mpi, hdf5-openmpi, hdf5-mpich")
pkg_check_modules(HDF5 REQUIRED IMPORTED_TARGET ${MOTLEY_HDF5})
find_library(HDF5_HL_LIBRARY hdf5_hl HINTS ${HDF5_LIBRARY_DIRS} NO_DEFAULT_PATH REQUIRED)
add_library(hdf5_parallel INTERFACE)
target_include_directories(hdf5_parallel SYSTEM INTERFACE ${HDF5_INCLUDE_DIRS})
target_link_libraries(hdf5_parallel INTERFACE ${HDF5_HL_LIBRARY} PkgConfig::HDF5 MPI::MPI_C)

find_library(METIS_LIBRARY metis REQUIRED)
add_library(metis_library INTERFACE)
target_link_libraries(metis_library INTERFACE ${METIS_LIBRARY})

find_library(PTSCOTCH_LIBRARY NAMES ptscotch REQUIRED)
find_library(SCOTCH_LIBRARY NAMES scotch REQUIRED)
find_library(PTSCOTCHERR_LIBRARY NAMES ptscotcherr REQUIRED)
find_path(SCOTCH_INCLUDE ptscotch.h PATH_SUFFIXES scotch REQUIRED)
add_library(ptscotch_library INTERFACE)
target_include_directories(ptscotch_library SYSTEM INTERFACE ${SCOTCH_INCLUDE})
target_link_libraries(ptscotch_library INTERFACE ${PTSCOTCH_LIBRARY} ${SCOTCH_LIBRARY} ${PTSCOTCHERR_LIBRARY})
