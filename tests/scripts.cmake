# Tests that are scripts: rules for the sources, and motley from the outside (tests/e2e).
option(MOTLEY_LONG_TESTS "Stress forms of the tests" OFF)

# The Python that has the modules of docker/packages.txt: Debian's own where another one is first in PATH.
set(MOTLEY_TEST_PYTHON "${Python3_EXECUTABLE}")
foreach(python IN ITEMS "${Python3_EXECUTABLE}" /usr/bin/python3)
  execute_process(COMMAND "${python}" -c "import h5py, xarray, h5netcdf, networkx, scipy"
                  RESULT_VARIABLE lacks OUTPUT_QUIET ERROR_QUIET)
  if(lacks EQUAL 0)
    set(MOTLEY_TEST_PYTHON "${python}")
    break()
  endif()
endforeach()

# A rule for the sources; exit code 77 means that it cannot be checked on this machine.
function(motley_rule name)
  add_test(NAME ${name} COMMAND ${ARGN})
  set_tests_properties(${name} PROPERTIES TIMEOUT 120 SKIP_RETURN_CODE 77 LABELS rules)
endfunction()

set(tests ${CMAKE_CURRENT_SOURCE_DIR})
motley_rule(check_layers ${MOTLEY_TEST_PYTHON} ${tests}/check_layers ${PROJECT_SOURCE_DIR})
motley_rule(check_layers_finds ${MOTLEY_TEST_PYTHON} ${tests}/check_layers --self-test ${PROJECT_SOURCE_DIR})
motley_rule(check_mpi_calls ${MOTLEY_TEST_PYTHON} ${tests}/check_mpi_calls ${PROJECT_SOURCE_DIR})
motley_rule(check_mpi_calls_finds ${MOTLEY_TEST_PYTHON} ${tests}/check_mpi_calls --self-test)
motley_rule(check_format ${tests}/check_format)
motley_rule(skips_are_judged ${MOTLEY_TEST_PYTHON} ${tests}/skips --self-test)

# motley_e2e(name TIMEOUT seconds [LONG_TIMEOUT seconds] [PROGRAM target]): tests/e2e/<name>_test.py.
function(motley_e2e name)
  cmake_parse_arguments(ARG "" "TIMEOUT;LONG_TIMEOUT;PROGRAM" "" ${ARGN})
  if(NOT ARG_PROGRAM)
    set(ARG_PROGRAM motley)
  endif()
  if(MOTLEY_LONG_TESTS AND ARG_LONG_TIMEOUT)
    set(ARG_TIMEOUT ${ARG_LONG_TIMEOUT})
  endif()
  if(MOTLEY_SANITIZE)
    math(EXPR ARG_TIMEOUT "4 * ${ARG_TIMEOUT}")
  endif()
  add_test(NAME e2e_${name} COMMAND ${MOTLEY_TEST_PYTHON}
           ${CMAKE_CURRENT_SOURCE_DIR}/e2e/${name}_test.py $<TARGET_FILE:${ARG_PROGRAM}>)
  set(environment ${MOTLEY_MPI_ENVIRONMENT} PYTHONDONTWRITEBYTECODE=1
      "MOTLEY_MPIEXEC=${MPIEXEC_EXECUTABLE}" MOTLEY_MPI=$<IF:$<BOOL:${mpich}>,mpich,openmpi>
      MOTLEY_MOST_RANKS=${most_ranks} "MOTLEY_SHARED_DIR=${MOTLEY_SHARED_DIR}"
      "MOTLEY_SANITIZE=${MOTLEY_SANITIZE}"
      "MOTLEY_PTSCOTCH=$<IF:$<BOOL:${MOTLEY_PTSCOTCH}>,ON,OFF>"
      "MOTLEY_BUILD=${PROJECT_BINARY_DIR}" "MOTLEY_CMAKE=${CMAKE_COMMAND}"
      "MOTLEY_SCREENSHOTS=${PROJECT_BINARY_DIR}/screenshots")
  if(MOTLEY_LONG_TESTS)
    list(APPEND environment MOTLEY_LONG=1)
  endif()
  set_tests_properties(e2e_${name} PROPERTIES TIMEOUT ${ARG_TIMEOUT} LABELS e2e
                       ENVIRONMENT "${environment}")
endfunction()

add_executable(throwing_rank ${tests}/e2e/throwing_rank.cpp)
target_link_libraries(throwing_rank PRIVATE libmotley)
target_include_directories(throwing_rank PRIVATE ${tests})
motley_compile_options(throwing_rank)

motley_e2e(sameness TIMEOUT 600 LONG_TIMEOUT 5400)
motley_e2e(bad_input TIMEOUT 900)
motley_e2e(throwing_rank TIMEOUT 300 PROGRAM throwing_rank)
motley_e2e(limits TIMEOUT 600 LONG_TIMEOUT 1800)
motley_e2e(scaling TIMEOUT 300)
motley_e2e(plan TIMEOUT 600)
motley_e2e(files TIMEOUT 300)
motley_e2e(jobs TIMEOUT 900 LONG_TIMEOUT 1800)
motley_e2e(checkpoint TIMEOUT 600 LONG_TIMEOUT 3600)
motley_e2e(storage TIMEOUT 600 LONG_TIMEOUT 3600)
motley_e2e(compare TIMEOUT 600)
motley_e2e(topologies TIMEOUT 300)
motley_e2e(scripts TIMEOUT 120)
motley_e2e(report TIMEOUT 300)
motley_e2e(traffic TIMEOUT 120)
motley_e2e(slurm TIMEOUT 600)
motley_e2e(container TIMEOUT 60 LONG_TIMEOUT 3600)
if(MOTLEY_INSTALL AND NOT MOTLEY_SANITIZE)
  motley_e2e(install TIMEOUT 300 LONG_TIMEOUT 1800)
endif()
motley_e2e(redesign TIMEOUT 600)
motley_e2e(classics TIMEOUT 900)
motley_e2e(robustness TIMEOUT 300)
motley_e2e(swarm TIMEOUT 600)
motley_e2e(inputs TIMEOUT 600 LONG_TIMEOUT 1800)
motley_e2e(readers TIMEOUT 300)

# Fuzz targets: mutations of the corpus with any compiler; libFuzzer itself where the compiler has it.
add_library(fuzz_targets STATIC ${tests}/fuzz/targets.cpp)
target_link_libraries(fuzz_targets PUBLIC libmotley)
target_include_directories(fuzz_targets PRIVATE ${PROJECT_SOURCE_DIR}/src)
motley_compile_options(fuzz_targets)
add_executable(fuzz_replay ${tests}/fuzz/replay.cpp)
target_link_libraries(fuzz_replay PRIVATE fuzz_targets)
motley_compile_options(fuzz_replay)
if(MOTLEY_LONG_TESTS)
  set(mutations 20000)
else()
  set(mutations 600)
endif()
add_test(NAME fuzz_replay COMMAND fuzz_replay ${tests}/fuzz/corpus ${mutations})
set_tests_properties(fuzz_replay PROPERTIES TIMEOUT 1800 ENVIRONMENT "${MOTLEY_MPI_ENVIRONMENT}")
if(MOTLEY_SANITIZE MATCHES fuzzer)
  add_executable(fuzzer ${tests}/fuzz/fuzzer.cpp)
  target_link_libraries(fuzzer PRIVATE fuzz_targets)
  string(REPLACE "fuzzer-no-link" "fuzzer" fuzzer_sanitizers "${MOTLEY_SANITIZE}")
  target_link_options(fuzzer PRIVATE -fsanitize=${fuzzer_sanitizers})
endif()
