#include "motley/experiment/compare/result_differences.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <limits>
#include <map>
#include <sstream>

#include "motley/core/text.hpp"
#include "motley/core/text_hash.hpp"
#include "motley/record/status_file.hpp"

namespace motley::experiment {
namespace {

namespace fs = std::filesystem;

/// The rows of a CSV table by the text of their first columns.
struct KeyedTable {
    std::vector<std::string> header;
    std::size_t keys = 0;            ///< number of the columns that name a row
    std::vector<std::string> names;  ///< of the rows, in the order of the file
    std::map<std::string, std::vector<std::string>> rows;
};

/// `last_key`: the last column that is a part of the name of a row; `first_value`: the first one
/// that is none. One of them is given.
KeyedTable read_keyed(const std::string& path, const char* last_key, const char* first_value) {
    const TextFile file(path);
    CsvReader csv(file);
    KeyedTable table;
    for (const Field& field : csv.header()) table.header.emplace_back(field.text);
    table.keys = last_key != nullptr ? csv.require(last_key) + 1 : csv.require(first_value);
    while (csv.next()) {
        std::vector<std::string> cells;
        for (const Field& field : csv.fields()) cells.emplace_back(field.text);
        std::string name;
        for (std::size_t c = 0; c < table.keys; ++c) name += (c == 0 ? "" : ", ") + cells[c];
        if (name.empty()) name = "the only cell";
        table.names.push_back(name);
        table.rows[name] = std::move(cells);
    }
    return table;
}

/// The files of a finished comparison or swarm.
struct Finished {
    KeyedTable summary, runs;
    record::Provenance provenance;
};

Finished read_finished(const std::string& directory) {
    for (const char* name : {"summary.csv", "runs.csv", "status.json"}) {
        std::error_code ignored;
        if (fs::is_regular_file(fs::path(directory) / name, ignored)) continue;
        throw usage_error(std::string("no ") + name +
                              ": this is not the folder of a finished comparison or swarm; give "
                              "one, as in results/NAME",
                          {directory});
    }
    try {
        const std::string status = directory + "/status.json";
        const bool swarm = fs::exists(directory + "/swarm.json");
        return {swarm ? read_keyed(directory + "/summary.csv", "sites", nullptr)
                      : read_keyed(directory + "/summary.csv", nullptr, "runs"),
                read_keyed(directory + "/runs.csv", "replicate", nullptr),
                record::status_from_json(std::string(TextFile(status).text()), status).provenance};
    } catch (const Error& error) {
        // A folder that the command line names is no input of a computation.
        throw usage_error(error.what());
    }
}

double relative_difference(const std::string& a, const std::string& b) {
    double x = 0.0, y = 0.0;
    if (parse_number(a, x) != NumberFault::none || parse_number(b, y) != NumberFault::none) {
        return std::numeric_limits<double>::quiet_NaN();
    }
    return std::abs(x - y) / std::max(std::abs(x), std::abs(y));
}

void compare_cells(const KeyedTable& a, const KeyedTable& b, ResultDifferences& out) {
    for (const std::string& name : b.names) {
        if (!a.rows.contains(name)) out.only_second.push_back(name);
    }
    for (const std::string& name : a.names) {
        const auto other = b.rows.find(name);
        if (other == b.rows.end()) {
            out.only_first.push_back(name);
            continue;
        }
        ++out.cells;
        const auto& cells = a.rows.at(name);
        for (std::size_t c = a.keys; c < a.header.size(); ++c) {
            const auto column = std::ranges::find(b.header, a.header[c]) - b.header.begin();
            if (column == std::ssize(b.header)) continue;  // said by its version
            const std::string& text = other->second[static_cast<std::size_t>(column)];
            if (text == cells[c]) continue;
            out.numbers.push_back(
                {name, a.header[c], cells[c], text, relative_difference(cells[c], text)});
        }
    }
}

void compare_runs(const KeyedTable& a, const KeyedTable& b, ResultDifferences& out) {
    const auto hash_of = [](const KeyedTable& table, const std::vector<std::string>& row) {
        const auto column = std::ranges::find(table.header, "state_hash") - table.header.begin();
        return column < std::ssize(row) ? row[static_cast<std::size_t>(column)] : std::string();
    };
    for (const std::string& name : a.names) {
        const auto other = b.rows.find(name);
        if (other == b.rows.end()) continue;
        ++out.runs;
        if (hash_of(a, a.rows.at(name)) != hash_of(b, other->second)) {
            out.runs_that_differ.push_back(name);
        }
    }
}

std::string value_of(const record::Provenance& provenance, const std::string& name) {
    const auto found =
        std::ranges::find(provenance, name, [](const auto& each) { return each.first; });
    return found == provenance.end() ? std::string() : found->second;
}

/// The lines of a resolved job that the other does not have, without those on which no number
/// depends.
std::vector<std::string> own_lines(const std::string& job, const std::string& other) {
    std::vector<std::string> lines;
    std::istringstream in(job);
    for (std::string line; std::getline(in, line);) {
        const bool place = line.starts_with("name = ") || line.starts_with("directory = ");
        if (place || ("\n" + other).find("\n" + line + "\n") != std::string::npos) continue;
        lines.push_back(line);
    }
    return lines;
}

void compare_jobs(const std::string& a, const std::string& b, ResultDifferences& out) {
    const auto ours = own_lines(a, b), theirs = own_lines(b, a);
    if (ours.empty() && theirs.empty()) return;
    out.origin.push_back({"job hash", hash_64(a), hash_64(b), true});
    for (std::size_t i = 0; i < std::max(ours.size(), theirs.size()); ++i) {
        out.origin.push_back(
            {"job", i < ours.size() ? ours[i] : "", i < theirs.size() ? theirs[i] : "", true});
    }
}

void compare_origin(const record::Provenance& a, const record::Provenance& b,
                    ResultDifferences& out) {
    compare_jobs(value_of(a, "job"), value_of(b, "job"), out);
    struct Fact {
        const char* name;
        bool explains;
    };
    // Results are the same for any number of ranks, any MPI and any partition.
    constexpr std::array facts = {
        Fact{"version", true},  Fact{"commit", true}, Fact{"dirty", true},
        Fact{"compiler", true}, Fact{"flags", true},  Fact{"build_type", true},
        Fact{"inputs", true},   Fact{"mpi", false},   Fact{"metis", false},
        Fact{"scotch", false},  Fact{"ranks", false}, Fact{"hosts", false}};
    for (const Fact& fact : facts) {
        const std::string first = value_of(a, fact.name), second = value_of(b, fact.name);
        if (first != second) out.origin.push_back({fact.name, first, second, fact.explains});
    }
}

}  // namespace

ResultDifferences result_differences(const std::string& first, const std::string& second) {
    const Finished a = read_finished(first), b = read_finished(second);
    const auto factors = [](const KeyedTable& table) {
        return std::vector<std::string>(table.header.begin(),
                                        table.header.begin() + static_cast<long>(table.keys));
    };
    if (factors(a.summary) != factors(b.summary)) {
        throw usage_error("the cells in " + first +
                              " have other factors, so that none is in both; give two of the same "
                              "factors",
                          {second});
    }
    ResultDifferences out;
    compare_cells(a.summary, b.summary, out);
    compare_runs(a.runs, b.runs, out);
    compare_origin(a.provenance, b.provenance, out);
    return out;
}

}  // namespace motley::experiment
