// Which format a graph file has.
#pragma once

#include "motley/core/text.hpp"
#include "motley/topology/spec.hpp"

namespace motley::topology {

/// The format that the job file names, else that of a text which begins as only one format does,
/// else that of the extension, else what the text looks like. An input error says that it looks
/// like none.
FileFormat format_of(const Spec& spec, const TextFile& file);

/// Whether the job file or the extension says it, so that no text can.
bool is_known_by_name(const Spec& spec);

/// False where the job or the name of the file says that it is no table of edges and no Matrix
/// Market file.
bool may_be_plain(const Spec& spec);

}  // namespace motley::topology
