#include "mpi/checked.hpp"

#include <array>
#include <limits>
#include <string>

#include "motley/core/error.hpp"

namespace motley::mpi {

void checked(int code, const char* call) {
    if (code == MPI_SUCCESS) return;
    std::array<char, MPI_MAX_ERROR_STRING> text{};
    int length = 0;
    MPI_Error_string(code, text.data(), &length);
    throw internal_error(std::string(call) + ": " + text.data());
}

int as_count(std::size_t count) {
    if (count > static_cast<std::size_t>(std::numeric_limits<int>::max())) {
        throw internal_error("message of " + std::to_string(count) + " items is too long for MPI");
    }
    return static_cast<int>(count);
}

}  // namespace motley::mpi
