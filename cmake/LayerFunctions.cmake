# One static library per layer, one set of compile options for all.
function(motley_compile_options target)
  # GCC 12 warns of copies and overflows in std::string that are none.
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wshadow -Wno-psabi
                         $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict;-Wno-stringop-overflow>
                         $<$<BOOL:${MOTLEY_WERROR}>:-Werror>)
  # The same bits everywhere: no contraction but where the source says fma.
  target_compile_options(${target} PRIVATE -ffp-contract=off)
  # GCC 12 copies constants such as {1, 1, 1, 0} to memory as {1, 1, 1, 1} where it may use AVX-512.
  # The kernels name their vectors themselves; tests/core/compiler_test.cpp watches this.
  target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-fno-tree-slp-vectorize>)
  if(MOTLEY_ARCH)
    target_compile_options(${target} PRIVATE -march=${MOTLEY_ARCH})
  endif()
  if(MOTLEY_SANITIZE)
    target_compile_options(${target} PRIVATE -fsanitize=${MOTLEY_SANITIZE} -fno-omit-frame-pointer)
    target_link_options(${target} PRIVATE -fsanitize=${MOTLEY_SANITIZE})
  endif()
  if(MOTLEY_ASSERTIONS)
    target_compile_definitions(${target} PRIVATE MOTLEY_ASSERTIONS=${MOTLEY_ASSERTIONS})
  endif()
endfunction()

# motley_precompile(target headers... | REUSE_FROM target): headers that many files of a target include, compiled once.
function(motley_precompile target)
  if(ARGV1 STREQUAL "REUSE_FROM")
    target_precompile_headers(${target} ${ARGN})
  else()
    target_precompile_headers(${target} PRIVATE ${ARGN})
  endif()
  # Without it ccache knows nothing of what is precompiled.
  target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)
endfunction()

# motley_reuse_headers(target layer): the program reads what was precompiled for a layer, as such a library is compiled.
function(motley_reuse_headers target layer)
  motley_precompile(${target} REUSE_FROM ${layer})
  target_compile_options(${target} PRIVATE -fPIC)
endfunction()

# motley_unity(target): files are compiled eight as one, so that templates and inline functions are instantiated once.
# Names in their unnamed namespaces must differ.
function(motley_unity target)
  set_target_properties(${target} PROPERTIES UNITY_BUILD ${MOTLEY_UNITY} UNITY_BUILD_BATCH_SIZE 8)
endfunction()

# motley_layer(path/of/layer "what it is for" [MPI_HEADER] [NO_MPI] [COLD] USES layers... LIBRARIES targets...
#              [PRECOMPILE headers...])
#
# Sources are src/<path>/**/*.cpp, public headers include/motley/<path>. USES names the layers whose headers this
# one includes itself; MPI_HEADER allows it to include mpi.h, NO_MPI forbids to reach it; tests/check_layers proves both
# from the sources. COLD: programs spend no time there, so that it is optimised less and compiles
# faster. PRECOMPILE: slow headers that most of its files include.
# A layer below `topology/` with a row of its own is not part of the layer `topology`.
function(motley_layer path does)
  if(MOTLEY_KERNEL_ONLY AND NOT path MATCHES "^(core|model)$")
    return()
  endif()
  cmake_parse_arguments(ARG "MPI_HEADER;NO_MPI;COLD" "" "USES;LIBRARIES;PRECOMPILE" ${ARGN})
  string(REPLACE "/" "_" name ${path})
  set(target motley_${name})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/${path}/*.cpp)
  if(NOT sources)
    file(WRITE ${PROJECT_BINARY_DIR}/empty.cpp "")
    set(sources ${PROJECT_BINARY_DIR}/empty.cpp)
  endif()
  add_library(${target} STATIC ${sources})
  set_target_properties(${target} PROPERTIES LINKER_LANGUAGE CXX POSITION_INDEPENDENT_CODE ON)
  target_compile_features(${target} PUBLIC cxx_std_20)
  target_include_directories(${target} PUBLIC
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:include>)
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/src)
  list(TRANSFORM ARG_USES REPLACE "/" "_")
  list(TRANSFORM ARG_USES PREPEND motley_)
  target_link_libraries(${target} PUBLIC ${ARG_USES} ${ARG_LIBRARIES})
  motley_compile_options(${target})
  if(ARG_COLD)
    target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-O1>)
  endif()
  # The standard library is most of what a small file reads. The kernel does without either: half of its time is one file,
  # whose inlining is watched.
  if(NOT path STREQUAL "model")
    motley_unity(${target})
  endif()
  if(path STREQUAL "core" OR ARG_PRECOMPILE)
    motley_precompile(${target} <algorithm> <array> <chrono> <cmath> <cstdint> <filesystem> <fstream> <functional> <map>
                      <memory> <numeric> <optional> <random> <ranges> <set> <span> <sstream> <string> <string_view>
                      <tuple> <unordered_map> <variant> <vector> <fmt/format.h> ${ARG_PRECOMPILE})
  elseif(NOT path STREQUAL "model")
    motley_precompile(${target} REUSE_FROM motley_core)
  endif()
  set_property(GLOBAL APPEND PROPERTY MOTLEY_LAYERS ${target})
endfunction()
