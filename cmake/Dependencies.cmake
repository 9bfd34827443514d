# Everything that libmotley links, all from Debian 12 (docker/packages.txt). The installed package finds
# the same again by this file: there `motley_find` is find_dependency.
if(NOT COMMAND motley_find)
  macro(motley_find)
    find_package(${ARGV} REQUIRED)
  endmacro()
endif()

motley_find(PkgConfig)
pkg_check_modules(XXHASH REQUIRED IMPORTED_TARGET libxxhash)
motley_find(fmt)
if(MOTLEY_KERNEL_ONLY)
  return()
endif()

motley_find(MPI COMPONENTS C CXX)
motley_find(spdlog)
motley_find(nlohmann_json)
pkg_check_modules(TOMLPP REQUIRED IMPORTED_TARGET tomlplusplus)
motley_find(Boost 1.74)
motley_find(pugixml)
motley_find(ZLIB)
motley_find(BZip2)
pkg_check_modules(ZSTD REQUIRED IMPORTED_TARGET libzstd)

# HDF5 by pkg-config: CMake's FindHDF5 asks a compiler wrapper that fails in paths with spaces. Ranks write
# their rows themselves (docs/decisions/0012), so that a build of HDF5 without MPI is enough.
set(MOTLEY_HDF5 "hdf5-serial;hdf5" CACHE STRING
    "pkg-config names of HDF5, of which the first that is found is used; one built with MPI must be of the same MPI")
pkg_search_module(HDF5 REQUIRED IMPORTED_TARGET ${MOTLEY_HDF5})
find_library(HDF5_HL_LIBRARY hdf5_hl HINTS ${HDF5_LIBRARY_DIRS} NO_DEFAULT_PATH REQUIRED)
find_library(METIS_LIBRARY metis REQUIRED)
if(NOT TARGET motley_hdf5)
  add_library(motley_hdf5 INTERFACE IMPORTED)
  set_target_properties(motley_hdf5 PROPERTIES
    INTERFACE_INCLUDE_DIRECTORIES "${HDF5_INCLUDE_DIRS}"
    INTERFACE_LINK_LIBRARIES "${HDF5_HL_LIBRARY};PkgConfig::HDF5")
  add_library(motley_metis INTERFACE IMPORTED)
  set_target_properties(motley_metis PROPERTIES INTERFACE_LINK_LIBRARIES "${METIS_LIBRARY}")
endif()

# PT-Scotch belongs to one MPI; Debian's to Open MPI. Without it method "scotch" is refused.
if(NOT MOTLEY_PTSCOTCH)
  message(STATUS "PT-Scotch is left out (MOTLEY_PTSCOTCH is OFF): partition.method = \"scotch\" will be refused")
endif()
if(MOTLEY_PTSCOTCH AND NOT TARGET motley_ptscotch)
  find_library(PTSCOTCH_LIBRARY NAMES ptscotch REQUIRED)
  find_library(SCOTCH_LIBRARY NAMES scotch REQUIRED)
  find_library(PTSCOTCHERR_LIBRARY NAMES ptscotcherr REQUIRED)
  find_path(SCOTCH_INCLUDE ptscotch.h PATH_SUFFIXES scotch REQUIRED)
  add_library(motley_ptscotch INTERFACE IMPORTED)
  set_target_properties(motley_ptscotch PROPERTIES
    INTERFACE_INCLUDE_DIRECTORIES "${SCOTCH_INCLUDE}"
    INTERFACE_LINK_LIBRARIES "${PTSCOTCH_LIBRARY};${SCOTCH_LIBRARY};${PTSCOTCHERR_LIBRARY}")
endif()

# COIN-OR (EPL-2.0, linked as they are): Clp for linear, Cbc for integer programmes.
pkg_check_modules(COIN REQUIRED clp osi-clp cgl cbc)
find_library(CBC_SOLVER_LIBRARY CbcSolver HINTS ${COIN_LIBRARY_DIRS} REQUIRED)
if(NOT TARGET motley_coin)
  add_library(motley_coin INTERFACE IMPORTED)
  set_target_properties(motley_coin PROPERTIES
    INTERFACE_INCLUDE_DIRECTORIES "${COIN_INCLUDE_DIRS}"
    INTERFACE_LINK_LIBRARIES "${CBC_SOLVER_LIBRARY};${COIN_LINK_LIBRARIES}")
endif()
