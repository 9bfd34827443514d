// All readers of text from outside, as functions of bytes. An error that motley reports is fine; a
// crash, another exception, a hang or unbounded memory is a finding.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace motley::fuzz {

/// Names of the targets: job, the graph formats, table, seal, status.
std::vector<std::string> targets();

/// Reads the bytes as the target does. False when there is no such target.
bool read(const std::string& target, const std::uint8_t* data, std::size_t size);

}  // namespace motley::fuzz
