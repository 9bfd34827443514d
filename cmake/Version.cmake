# Build information (version, commit, dirty flag, compiler, flags) as a header of the record layer.
# Included by CMakeLists.txt it makes the target; run as a script (cmake -P) it writes the header.
# The script runs at every build, but the header changes only when its content does, and one source
# file includes it.
if(CMAKE_SCRIPT_MODE_FILE)
  set(MOTLEY_COMMIT "unknown")
  set(MOTLEY_DIRTY "unknown")
  if(GIT)
    # No optional locks: the build must not write into the repository.
    # A prefix means that the checkout around is another project's.
    execute_process(COMMAND ${GIT} -C ${SOURCE_DIR} rev-parse --show-prefix
                    OUTPUT_VARIABLE prefix OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
    if(prefix)
      set(SOURCE_DIR_IS_FOREIGN TRUE)
    endif()
    execute_process(COMMAND ${GIT} -C ${SOURCE_DIR} rev-parse HEAD
                    OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE
                    RESULT_VARIABLE no_commit ERROR_QUIET)
    execute_process(COMMAND ${GIT} --no-optional-locks -C ${SOURCE_DIR}
                            status --porcelain --untracked-files=no
                    OUTPUT_VARIABLE changes RESULT_VARIABLE no_status ERROR_QUIET)
    if(NOT no_commit AND NOT SOURCE_DIR_IS_FOREIGN)
      set(MOTLEY_COMMIT "${commit}")
    endif()
    if(NOT no_status AND NOT SOURCE_DIR_IS_FOREIGN)
      set(MOTLEY_DIRTY "yes")
      if(changes STREQUAL "")
        set(MOTLEY_DIRTY "no")
      endif()
    endif()
  endif()
  if(MOTLEY_COMMIT STREQUAL "unknown" AND NOT GIVEN_COMMIT STREQUAL "")
    set(MOTLEY_COMMIT "${GIVEN_COMMIT}")
  endif()
  configure_file(${SOURCE_DIR}/src/record/build_info.hpp.in ${HEADER} @ONLY)
  return()
endif()

find_package(Git QUIET)
set(MOTLEY_GIT_COMMIT "" CACHE STRING "Commit to record where the source is not a git checkout")

string(TOUPPER "${CMAKE_BUILD_TYPE}" upper_type)
set(build_flags "${CMAKE_CXX_FLAGS} ${CMAKE_CXX_FLAGS_${upper_type}} -ffp-contract=off")
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  string(APPEND build_flags " -fno-tree-slp-vectorize")
endif()
if(MOTLEY_ARCH)
  string(APPEND build_flags " -march=${MOTLEY_ARCH}")
endif()
if(MOTLEY_SANITIZE)
  string(APPEND build_flags " -fsanitize=${MOTLEY_SANITIZE}")
endif()
if(MOTLEY_ASSERTIONS)
  string(APPEND build_flags " -DMOTLEY_ASSERTIONS=${MOTLEY_ASSERTIONS}")
endif()
string(STRIP "${build_flags}" build_flags)
string(REPLACE "\"" "'" build_flags "${build_flags}")

set(build_info_header ${PROJECT_BINARY_DIR}/generated/record/build_info.hpp)
add_custom_target(motley_build_info
  COMMAND ${CMAKE_COMMAND}
          -DSOURCE_DIR=${PROJECT_SOURCE_DIR} -DHEADER=${build_info_header}
          "-DGIT=$<$<BOOL:${GIT_FOUND}>:${GIT_EXECUTABLE}>" "-DGIVEN_COMMIT=${MOTLEY_GIT_COMMIT}"
          -DMOTLEY_VERSION=${PROJECT_VERSION}
          "-DMOTLEY_COMPILER=${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION}"
          "-DMOTLEY_FLAGS=${build_flags}" "-DMOTLEY_BUILD_TYPE=${CMAKE_BUILD_TYPE}"
          -P ${PROJECT_SOURCE_DIR}/cmake/Version.cmake
  BYPRODUCTS ${build_info_header}
  COMMENT "Checking commit and dirty flag" VERBATIM)
add_dependencies(motley_record motley_build_info)
target_include_directories(motley_record PRIVATE ${PROJECT_BINARY_DIR}/generated)
