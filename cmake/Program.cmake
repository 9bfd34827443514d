# The program, libmotley as one target, and their installation: all that is built above the layers.
find_package(CLI11 REQUIRED)
include(Version)
file(READ jobs/slurm/run.sbatch batch_template)
configure_file(src/job/batch_template.hpp.in generated/job/batch_template.hpp @ONLY)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS jobs/slurm/run.sbatch)
target_include_directories(motley_job PRIVATE ${PROJECT_BINARY_DIR}/generated)

# The jobs of the classical results with their tables, and those of `motley new`, are in the program, so that it needs no
# files: rows {"name", "text"} of an array.
function(motley_rows variable)
  set(rows "")
  foreach(path IN LISTS ARGN)
    file(READ ${path} text)
    get_filename_component(name ${path} NAME)
    string(APPEND rows "    {\"${name}\", R\"motley(${text})motley\"},\n")
  endforeach()
  set(${variable} "${rows}" PARENT_SCOPE)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${ARGN})
endfunction()
file(GLOB new_paths CONFIGURE_DEPENDS jobs/new/*.toml)
motley_rows(new_jobs ${new_paths})
configure_file(src/job/new_jobs.hpp.in generated/job/new_jobs.hpp @ONLY)
file(GLOB classic_paths CONFIGURE_DEPENDS jobs/classics/*.toml jobs/classics/*.csv)
motley_rows(classic_files ${classic_paths})
configure_file(src/experiment/classics/classic_files.hpp.in generated/experiment/classics/classic_files.hpp @ONLY)
target_include_directories(motley_experiment_classics PRIVATE ${PROJECT_BINARY_DIR}/generated)

if(MOTLEY_PTSCOTCH)
  target_compile_definitions(motley_partition PRIVATE MOTLEY_PTSCOTCH=1)
endif()

# All that a program of one's own may use; the commands are no part of it.
add_library(libmotley INTERFACE)
target_link_libraries(libmotley INTERFACE motley_experiment_compare motley_experiment_scaling
                      motley_experiment_export motley_experiment_classics
                      motley_redesign_study)
add_library(motley::motley ALIAS libmotley)

add_executable(motley src/main.cpp)
target_link_libraries(motley PRIVATE motley_cli)
target_include_directories(motley PRIVATE src)
motley_compile_options(motley)
# The shipped topologies are found beside the program.
file(CREATE_LINK ${PROJECT_SOURCE_DIR}/topologies ${PROJECT_BINARY_DIR}/topologies SYMBOLIC)

if(MOTLEY_INSTALL)
  include(Install)
endif()
