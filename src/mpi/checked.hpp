// The check of every MPI call's return code.
#pragma once

#include <mpi.h>

#include <cstddef>
#include <cstdint>

namespace motley::mpi {

/// Throws an internal error with the name of the call and MPI's own text unless `code` is success.
void checked(int code, const char* call);

/// `count` as MPI takes it; an internal error when it does not fit.
int as_count(std::size_t count);

}  // namespace motley::mpi
