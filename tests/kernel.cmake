# Tests of the layers below MPI: they run without it, and are all that MOTLEY_KERNEL_ONLY builds.

# These files set the level of expectations for themselves.
set_source_files_properties(${CMAKE_CURRENT_LIST_DIR}/core/expect_levels_test.cpp
                            ${CMAKE_CURRENT_LIST_DIR}/core/expect_test.cpp
                            ${CMAKE_CURRENT_LIST_DIR}/model/expectations_test.cpp
                            PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
foreach(layer core model)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/${layer}/*.cpp)
  add_executable(test_${layer} ${sources})
  target_link_libraries(test_${layer} PRIVATE motley_${layer} GTest::gtest_main GTest::gmock)
  target_include_directories(test_${layer} PRIVATE ${CMAKE_CURRENT_LIST_DIR} ${PROJECT_SOURCE_DIR}/src)
  target_compile_definitions(test_${layer} PRIVATE MOTLEY_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  motley_compile_options(test_${layer})
  motley_unity(test_${layer})
  add_test(NAME ${layer} COMMAND test_${layer})
  set_tests_properties(${layer} PROPERTIES TIMEOUT 300)
  if(COMMAND motley_test_environment)
    motley_test_environment(${layer})
  endif()
endforeach()
