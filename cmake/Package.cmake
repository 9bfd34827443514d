# Read by cpack. A package must run on other machines than the one that built it.
if(CPACK_MOTLEY_ARCH STREQUAL "native")
  message(FATAL_ERROR "MOTLEY_ARCH is native: the package would run on processors like this one only; "
                      "build it with `cmake --preset package`, which has x86-64-v3")
endif()
