// Graph files that are pipes: /dev/stdin, a named pipe, <(...) of a shell. They can be read once.
#pragma once

#include <string>

namespace motley::topology {

bool is_pipe(const std::string& path);
/// The bytes of a pipe. It is read at the first call, and its bytes are kept.
std::string read_pipe(const std::string& path);
/// Gives this process what another one has read from the pipe.
void keep_pipe(const std::string& path, std::string bytes);

}  // namespace motley::topology
