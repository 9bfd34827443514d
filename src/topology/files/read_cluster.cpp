// Reads topologies of clusters as simulators on ns-3 have them. The first line counts nodes,
// switches and links, or nodes, GPUs per server, switches inside of servers, switches and links,
// with the name of the GPU behind them; then come the ids of the switches, and a line `source
// target rate delay error` for each link, which carries its rate in both directions.
#include "topology/files/read_cluster.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "topology/files/edge_table.hpp"
#include "topology/generators.hpp"

namespace motley::topology {
namespace {

struct Unit {
    std::string_view name;
    double factor;
};

/// A number with one of the units behind it, in the units' base; nothing where it is none.
template <std::size_t count>
std::optional<double> quantity(std::string_view text, const std::array<Unit, count>& units) {
    for (const Unit& unit : units) {
        if (!text.ends_with(unit.name)) continue;
        double value = 0.0;
        const std::string_view digits = text.substr(0, text.size() - unit.name.size());
        if (parse_number(digits, value) != NumberFault::none) continue;
        return value * unit.factor;
    }
    return std::nullopt;
}

/// In Gb/s.
std::optional<double> rate_of(std::string_view text) {
    static constexpr std::array<Unit, 4> sizes = {
        {{"T", 1e3}, {"G", 1.0}, {"M", 1e-3}, {"k", 1e-6}}};
    static constexpr std::array<Unit, 4> bits = {
        {{"bps", 1.0}, {"b/s", 1.0}, {"Bps", 8.0}, {"B/s", 8.0}}};
    for (const Unit& bit : bits) {
        if (!text.ends_with(bit.name)) continue;
        const std::string_view front = text.substr(0, text.size() - bit.name.size());
        double value = 0.0;
        if (parse_number(front, value) == NumberFault::none) return value * bit.factor * 1e-9;
        if (const auto number = quantity(front, sizes)) return *number * bit.factor;
        static constexpr std::array<Unit, 1> kilo = {{{"K", 1e-6}}};
        if (const auto number = quantity(front, kilo)) return *number * bit.factor;
    }
    return std::nullopt;
}

/// In microseconds.
std::optional<double> delay_of(std::string_view text) {
    static constexpr std::array<Unit, 5> units = {
        {{"ms", 1e3}, {"us", 1.0}, {"ns", 1e-3}, {"ps", 1e-6}, {"s", 1e6}}};
    return quantity(text, units);
}

bool next_link_row(LineReader& line) {
    while (line.next()) {
        if (!line.blank() && !trim(line.text()).starts_with('#')) return true;
    }
    return false;
}

struct Counts {
    std::int64_t nodes = 0, switches = 0, links = 0;
};

class ClusterReader {
  public:
    ClusterReader(const Spec& spec, const TextFile& file) : spec_(spec), file_(file), line_(file) {}

    EdgeTable read() {
        read_counts();
        table_.agents = counts_.nodes;
        table_.undirected = true;
        table_.switches.assign(static_cast<std::size_t>(counts_.nodes), 0);
        read_switches();
        while (next_link_row(line_)) read_link();
        if (std::ssize(table_.edges) != counts_.links) {
            throw input_error(fmt::format("the first line promises {} links, the file has {}",
                                          counts_.links, table_.edges.size()),
                              header_);
        }
        table_.remarks.push_back(fmt::format(
            "read as a cluster: capacities are rates in Gb/s; delays{} and rates of errors are not "
            "used",
            longest_ > 0.0 ? fmt::format(", {:.6g} to {:.6g} us,", shortest_, longest_) : ""));
        return std::move(table_);
    }

  private:
    void read_counts() {
        if (!next_link_row(line_)) throw input_error("the file has only comments", {file_.path()});
        header_ = line_.where(1);
        const auto& words = line_.words();
        const bool long_form = words.size() == 5 || words.size() == 6;
        if (words.size() != 3 && !long_form) {
            throw line_.error(
                "the first line must be `nodes switches links`, or `nodes GPUs-per-server "
                "server-switches switches links GPU`",
                words[0].column);
        }
        counts_.nodes = read_count(words[0], "nodes");
        if (long_form) {
            read_count(words[1], "GPUs per server");
            counts_.switches = read_count(words[2], "switches in servers");
            counts_.switches += read_count(words[3], "switches");
            counts_.links = read_count(words[4], "links");
        } else {
            counts_.switches = read_count(words[1], "switches");
            counts_.links = read_count(words[2], "links");
        }
        if (counts_.nodes < 1 || counts_.switches > counts_.nodes) {
            throw line_.error("switches are a part of the nodes, of which there is at least one",
                              words[0].column);
        }
        if (counts_.nodes > 1'000'000 + 1000 * std::ssize(file_.text())) {
            throw line_.error("the file promises more nodes than it can have; truncated?",
                              words[0].column);
        }
    }

    std::int64_t read_count(const Field& field, const char* what) const {
        const std::int64_t count = line_.to_integer(field, fmt::format("number of {}", what));
        if (count >= 0 && count <= most_agents) return count;
        throw line_.error(fmt::format("number of {} must lie between 0 and {}", what, most_agents),
                          field.column);
    }

    std::uint32_t node(const Field& field) const {
        const std::int64_t id = line_.to_integer(field, "node");
        if (id >= 0 && id < counts_.nodes) return static_cast<std::uint32_t>(id);
        throw line_.error(
            fmt::format("node {} is out of range 0 to {}", quote(field.text), counts_.nodes - 1),
            field.column);
    }

    void read_switches() {
        for (std::int64_t read = 0; read < counts_.switches;) {
            if (!next_link_row(line_)) {
                throw input_error(fmt::format("the first line promises {} switches, the file lists "
                                              "{}",
                                              counts_.switches, read),
                                  header_);
            }
            for (const Field& field : line_.words()) {
                if (read == counts_.switches) {
                    throw line_.error(fmt::format("more switches than the {} that the first line "
                                                  "promises",
                                                  counts_.switches),
                                      field.column);
                }
                char& mark = table_.switches[node(field)];
                if (mark != 0) {
                    throw line_.error("switch " + quote(field.text) + " stands there twice",
                                      field.column);
                }
                mark = 1;
                read += 1;
            }
        }
    }

    void read_link() {
        const auto& words = line_.words();
        if (words.size() < 3) {
            throw line_.error("too few fields: a link is `source target rate delay error`",
                              line_.end_column());
        }
        if (words.size() > 5) throw line_.error("too many fields", words[5].column);
        const std::uint32_t source = node(words[0]), target = node(words[1]);
        const auto rate = rate_of(words[2].text);
        if (!rate || !(*rate > 0.0)) {
            throw line_.error("rate " + quote(words[2].text) +
                                  " must be greater than 0 and have a unit, as 100Gbps has",
                              words[2].column);
        }
        if (words.size() > 3) {
            const auto delay = delay_of(words[3].text);
            if (!delay || *delay < 0.0) {
                throw line_.error("delay " + quote(words[3].text) +
                                      " must not be negative and have a unit, as 1us has",
                                  words[3].column);
            }
            shortest_ = table_.edges.empty() ? *delay : std::min(shortest_, *delay);
            longest_ = std::max(longest_, *delay);
        }
        if (words.size() > 4) {
            const double error = line_.to_double(words[4], "rate of errors");
            if (error < 0.0 || error > 1.0) {
                throw line_.error("rate of errors " + quote(words[4].text) + " must lie in [0, 1]",
                                  words[4].column);
            }
        }
        table_.edges.push_back({source, target, *rate, spec_.survival});
        table_.capacities.push_back(*rate);
    }

    const Spec& spec_;
    const TextFile& file_;
    LineReader line_;
    Where header_;
    Counts counts_;
    double shortest_ = 0.0, longest_ = 0.0;  ///< delays
    EdgeTable table_;
};

}  // namespace

bool is_cluster(const TextFile& file) {
    LineReader line(file);
    if (!next_link_row(line)) return false;
    const auto& counts = line.words();
    if (counts.size() != 3 && counts.size() != 5 && counts.size() != 6) return false;
    for (std::size_t i = 0; i < std::min<std::size_t>(counts.size(), 5); ++i) {
        std::int64_t number = 0;
        if (parse_number(counts[i].text, number) != NumberFault::none) return false;
    }
    constexpr int enough = 1000;
    for (int row = 0; row < enough && next_link_row(line); ++row) {
        const auto& words = line.words();
        if (words.size() >= 3 && words.size() <= 5 && rate_of(words[2].text)) return true;
    }
    return false;
}

EdgeTable read_cluster(const Spec& spec, const TextFile& file) {
    return ClusterReader(spec, file).read();
}

}  // namespace motley::topology
