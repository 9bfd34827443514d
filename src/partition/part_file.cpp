// Partitions from METIS .part files, in which line i holds the part of agent i.
#include <charconv>
#include <fstream>
#include <string_view>
#include <system_error>

#include "motley/core/error.hpp"
#include "motley/core/text.hpp"
#include "motley/partition/partition.hpp"

namespace motley::partition {
namespace {

std::int32_t parse_part(std::string_view text, AgentId agent, int parts, const Where& where) {
    std::int64_t part = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), part);
    const bool whole = end == text.data() + text.size();
    if (!whole || code == std::errc::invalid_argument) {
        throw input_error(quote(text) + " is not an integer; line i of a .part file holds the " +
                              "part of agent i, here of agent " + std::to_string(agent),
                          where);
    }
    if (code == std::errc::result_out_of_range || part < 0 || part >= parts) {
        throw input_error("part " + std::string(text) + " of agent " + std::to_string(agent) +
                              " is not one of 0.." + std::to_string(parts - 1) +
                              "; make the file for " + std::to_string(parts) +
                              " parts or run on as many ranks as it has parts",
                          where);
    }
    return static_cast<std::int32_t>(part);
}

Error too_few(const Where& where, AgentId found, AgentId agents) {
    return input_error("the file ends after " + std::to_string(found) + " of " +
                           std::to_string(agents) + " agents; it belongs to another topology or " +
                           "is cut off",
                       where);
}

std::ifstream open(const std::string& path) {
    std::ifstream stream(path, std::ios::binary);
    // A folder can be opened but not read, which only a look ahead shows.
    if (stream) stream.peek();
    if (!stream.is_open() || stream.bad()) {
        throw input_error(
            "cannot read the partition file; check partition.file and its permissions",
            Where{path, 0, 0});
    }
    stream.clear();
    return stream;
}

}  // namespace

Partition from_file(const std::string& path, AgentId agents, int parts) {
    std::ifstream stream = open(path);
    std::vector<std::int32_t> owners;
    owners.reserve(static_cast<std::size_t>(agents));
    Where where{path, 0, 0};
    std::int64_t first_blank = 0;  // blank lines are allowed at the end only
    std::string line;
    while (std::getline(stream, line)) {
        ++where.line;
        if (line.ends_with('\r')) line.pop_back();
        const std::string_view text = trim(line);
        if (text.empty()) {
            if (first_blank == 0) first_blank = where.line;
            continue;
        }
        if (first_blank != 0) {
            throw input_error("an empty line before the end; each line holds the part of one agent",
                              Where{path, first_blank, 0});
        }
        const auto agent = static_cast<AgentId>(owners.size());
        if (agent >= agents) {
            throw input_error("more lines than the " + std::to_string(agents) +
                                  " agents; the file belongs to another topology",
                              where);
        }
        owners.push_back(parse_part(text, agent, parts, where));
    }
    if (stream.bad()) throw input_error("reading failed", where);
    const auto found = static_cast<AgentId>(owners.size());
    if (found < agents) throw too_few(where, found, agents);
    return Partition::from_owners(std::move(owners), parts);
}

}  // namespace motley::partition
