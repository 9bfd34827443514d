// Reads TOML text into a tree of values. Only toml.cpp includes toml++.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "job/findings.hpp"
#include "job/value.hpp"

namespace motley::job {

/// The whole text of a file; nothing where it cannot be read.
std::optional<std::string> read_text(const std::filesystem::path& path);

/// The table that `text` holds. A syntax error becomes a finding, and nothing is returned.
std::optional<Value> parse_toml(const std::string& text,
                                const std::shared_ptr<const Source>& source, Findings& findings);

/// The value of `--set a.b=text`: TOML, or a bare word as a string. Its place is `place`.
std::optional<Value> parse_value(const std::string& text, const Position& place,
                                 Findings& findings);

}  // namespace motley::job
