// Finished results for other programs: tables as CSV, graphs with the final state of their agents.
#pragma once

#include <string>
#include <vector>

namespace motley::experiment {

/// Not collective. The names of the tables that `table_text` finds in a folder of results: its CSV
/// files, and of a run `agents`, `final`, `arcs` and its snapshots. Usage errors: no folder
/// of results, no tables in it.
std::vector<std::string> table_names(const std::string& directory);

/// Not collective. A table as CSV. Usage errors: no such table here, with those that there are.
std::string table_text(const std::string& directory, const std::string& table);

/// Not collective. The graph of a finished run with the final state at its vertices, in the format
/// of the extension of `path`: .graphml, .gexf or .vtu. The arcs are those in run.h5, else the
/// topology is made again from the job. Usage errors: another extension, no run, no arcs to write.
std::string graph_text(const std::string& directory, const std::string& path);

}  // namespace motley::experiment
