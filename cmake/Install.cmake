# `cmake --install`: the program with its completion, manual page, jobs, topologies and Python module; libmotley as a
# package for find_package; `cpack` makes two Debian packages: motley, and libmotley-dev on top of it.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/motley)
get_property(layer_targets GLOBAL PROPERTY MOTLEY_LAYERS)

install(TARGETS motley COMPONENT motley)
install(TARGETS ${layer_targets} libmotley EXPORT motleyTargets COMPONENT dev)
install(EXPORT motleyTargets NAMESPACE motley:: DESTINATION ${package_folder} COMPONENT dev)
install(DIRECTORY include/motley DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT dev)
install(DIRECTORY jobs topologies DESTINATION ${CMAKE_INSTALL_DATADIR}/motley COMPONENT motley
        PATTERN "*.sh" EXCLUDE)
# Debian's Python finds modules of packages here, under any prefix of the same form.
install(DIRECTORY src/python/motley DESTINATION lib/python3/dist-packages COMPONENT motley
        PATTERN "__pycache__" EXCLUDE)

configure_package_config_file(cmake/motleyConfig.cmake.in motleyConfig.cmake
                              INSTALL_DESTINATION ${package_folder})
write_basic_package_version_file(motleyConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/motleyConfig.cmake ${PROJECT_BINARY_DIR}/motleyConfigVersion.cmake
              cmake/Dependencies.cmake DESTINATION ${package_folder} COMPONENT dev)

# The program writes these itself, from its table of options.
if(NOT MOTLEY_SANITIZE)
  add_custom_command(OUTPUT motley.bash motley.1 DEPENDS motley VERBATIM
    COMMAND ${CMAKE_COMMAND} -E env OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
            $<TARGET_FILE:motley> completion bash --output motley.bash
    COMMAND ${CMAKE_COMMAND} -E env OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
            $<TARGET_FILE:motley> man --output motley.1)
  add_custom_target(motley_documents ALL DEPENDS motley.bash motley.1)
  install(FILES ${PROJECT_BINARY_DIR}/motley.bash RENAME motley COMPONENT motley
          DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
  install(FILES ${PROJECT_BINARY_DIR}/motley.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT motley)
endif()

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_VENDOR "motley maintainers")
set(CPACK_PACKAGE_CONTACT "motley maintainers <maintainers@motley.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_ALL motley dev)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_MOTLEY_PACKAGE_NAME motley)
set(CPACK_DEBIAN_MOTLEY_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_MOTLEY_PACKAGE_DEPENDS openmpi-bin)
# What the Python module reads files with; figures and graphs need more.
set(CPACK_DEBIAN_MOTLEY_PACKAGE_RECOMMENDS "python3-h5netcdf, python3-h5py, python3-pandas, python3-xarray")
set(CPACK_DEBIAN_MOTLEY_PACKAGE_SUGGESTS "slurm-client, libmotley-dev, python3-igraph, python3-matplotlib, \
python3-networkx")
set(CPACK_COMPONENT_DEV_DESCRIPTION "Headers, static libraries and CMake package of libmotley")
set(CPACK_DEBIAN_DEV_PACKAGE_NAME libmotley-dev)
set(CPACK_DEBIAN_DEV_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEV_PACKAGE_DEPENDS "cmake, coinor-libcbc-dev, coinor-libclp-dev, g++, libboost-dev, \
libbz2-dev, libfmt-dev, libhdf5-dev, libmetis-dev, libopenmpi-dev, libptscotch-dev, libpugixml-dev, libspdlog-dev, \
libtomlplusplus-dev, libxxhash-dev, libzstd-dev, nlohmann-json3-dev, pkg-config, zlib1g-dev")
# Read by cmake/Package.cmake when cpack runs.
set(CPACK_MOTLEY_ARCH "${MOTLEY_ARCH}")
set(CPACK_PROJECT_CONFIG_FILE ${PROJECT_SOURCE_DIR}/cmake/Package.cmake)
include(CPack)
