#include "topology/files/property_graph.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_set>

namespace motley::topology {
namespace {

constexpr double bad = std::numeric_limits<double>::quiet_NaN();
constexpr std::array node_texts = {Property::label, Property::name, Property::switch_mark,
                                   Property::kind, Property::node_capacity};

struct Name {
    std::string_view text;
    Property property;
};

template <std::size_t count>
std::optional<Property> find(const std::array<Name, count>& names, std::string_view name) {
    const auto found = std::ranges::find_if(
        names, [&](const Name& each) { return equal_ignoring_case(each.text, name); });
    return found == names.end() ? std::nullopt : std::optional(found->property);
}

/// Control characters become blanks, because names are written into CSV files.
void put_on_one_line(std::string& text) {
    std::ranges::replace_if(
        text, [](unsigned char c) { return c < 32; }, ' ');
}

bool are_names(const std::vector<std::string>& texts) {
    std::unordered_set<std::string_view> seen;
    return std::ranges::all_of(texts, [&](const std::string& text) {
        return !trim(text).empty() && seen.insert(text).second;
    });
}

}  // namespace

std::optional<Property> node_property(std::string_view name) {
    static constexpr std::array<Name, 5> names = {Name{"label", Property::label},
                                                  {"name", Property::name},
                                                  {"switch", Property::switch_mark},
                                                  {"kind", Property::kind},
                                                  {"capacity", Property::node_capacity}};
    return find(names, name);
}

std::optional<Property> edge_property(std::string_view name) {
    static constexpr std::array<Name, 4> names = {Name{"weight", Property::weight},
                                                  {"value", Property::value},
                                                  {"survival", Property::survival},
                                                  {"capacity", Property::capacity}};
    return find(names, name);
}

void PropertyGraph::add_node(std::string id, std::size_t offset) {
    if (std::ssize(ids_) >= std::int64_t{1} << 31) {
        throw input_error("more vertices than a topology can have", place(offset));
    }
    if (!numbers_.emplace(id, static_cast<std::uint32_t>(ids_.size())).second) {
        throw input_error("node id " + quote(id) + " stands there twice", place(offset));
    }
    ids_.push_back(std::move(id));
    node_offsets_.push_back(offset);
    for (const Property property : node_texts) texts(property).emplace_back();
}

void PropertyGraph::add_edge(std::string_view source, std::string_view target, Direction direction,
                             std::size_t offset) {
    ends_.push_back({source, target});
    edge_offsets_.push_back(offset);
    directions_.push_back(direction);
    texts(Property::capacity).emplace_back();
}

void PropertyGraph::set_node(Property property, std::string text) {
    texts(property).back() = std::move(text);
}

void PropertyGraph::set_edge(Property property, std::string_view text, bool typed) {
    if (property == Property::capacity) {
        texts(property).back() = text;
        return;
    }
    if (property != Property::survival) {
        set_weight(property, text, typed);
        return;
    }
    double number = 0.0;
    const NumberFault fault = parse_number(text, number);
    if (fault != NumberFault::none && typed) {
        throw input_error(describe(fault, "survival", text), place(edge_offsets_.back()));
    }
    survivals_.usable = survivals_.usable && fault == NumberFault::none;
    survivals_.given.push_back({static_cast<std::uint32_t>(ends_.size() - 1), number});
}

/// A weight that is none stops only where weights are used.
void PropertyGraph::set_weight(Property property, std::string_view text, bool typed) {
    Numbers& numbers = property == Property::weight ? weights_ : values_;
    double number = 0.0;
    const NumberFault fault = parse_number(text, number);
    if (fault != NumberFault::none && spec_.edge_weights) {
        throw input_error(describe(fault, "weight", text), place(edge_offsets_.back()));
    }
    if (fault != NumberFault::none && !typed) numbers.usable = false;
    numbers.given.push_back(
        {static_cast<std::uint32_t>(ends_.size() - 1), fault == NumberFault::none ? number : bad});
}

std::uint32_t PropertyGraph::vertex(std::string_view id, std::size_t edge) const {
    const auto found = numbers_.find(std::string(id));
    if (found != numbers_.end()) return found->second;
    throw input_error("the edge names a node that the file does not have: " + quote(id),
                      place(edge_offsets_[edge]));
}

void PropertyGraph::apply_weights() {
    const bool by_value = weights_.given.empty();
    const Numbers& numbers = by_value ? values_ : weights_;
    if (!numbers.usable) return;
    for (const auto& [edge, value] : numbers.given) edges_[edge].weight = value;
    for (std::size_t e = 0; e < edges_.size(); ++e) {
        if (edges_[e].weight > 0.0) continue;
        if (spec_.edge_weights) {
            throw input_error(std::string(by_value ? "value of the edge, which is its weight,"
                                                   : "weight of the edge") +
                                  " must be greater than 0",
                              place(edge_offsets_[e]));
        }
        if (bad_weights_++ == 0) first_bad_ = place(edge_offsets_[e]).line;
        edges_[e].weight = 1.0;
    }
}

void PropertyGraph::apply_survivals() {
    if (!survivals_.usable) return;
    for (const auto& [edge, value] : survivals_.given) {
        edges_[edge].survival = value;
        if (value > 0.0 && value <= 1.0) continue;
        throw input_error("survival of the edge must lie in (0, 1]", place(edge_offsets_[edge]));
    }
}

double PropertyGraph::capacity_of(const char* element, const std::string& text, double least,
                                  std::size_t offset) const {
    double capacity = 0.0;
    const NumberFault fault = parse_number(text, capacity);
    if (fault != NumberFault::none) {
        throw input_error(describe(fault, "capacity", text), place(offset));
    }
    if (capacity >= least) return capacity;
    throw input_error("capacity of the " + std::string(element) + ", " + quote(text) +
                          (least > 0.0 ? ", must be greater than 0" : ", is negative"),
                      place(offset));
}

/// Takes the capacities of links, which all of them have or none, and those of vertices.
void PropertyGraph::apply_capacities(EdgeTable& table) const {
    const auto given = [](const std::string& text) { return !text.empty(); };
    const std::vector<std::string>& links = texts(Property::capacity);
    const bool any = std::ranges::any_of(links, given);
    for (std::size_t e = 0; any && e < edges_.size(); ++e) {
        constexpr double least = std::numeric_limits<double>::denorm_min();
        if (links[e].empty()) {
            throw input_error("the edge has no capacity, others have one; give the key a default",
                              place(edge_offsets_[e]));
        }
        table.capacities.push_back(capacity_of("edge", links[e], least, edge_offsets_[e]));
    }
    const std::vector<std::string>& hosts = texts(Property::node_capacity);
    if (std::ranges::none_of(hosts, given)) return;
    for (std::size_t v = 0; v < hosts.size(); ++v) {
        table.vertex_capacities.push_back(
            hosts[v].empty() ? std::numeric_limits<double>::infinity()
                             : capacity_of("node", hosts[v], 0.0, node_offsets_[v]));
    }
}

void PropertyGraph::apply_marks(EdgeTable& table) const {
    for (std::size_t v = 0; v < ids_.size(); ++v) {
        const std::string& text = texts(Property::switch_mark)[v];
        const auto mark = text.empty() ? false : read_mark(text);
        if (!mark) {
            throw input_error("switch " + quote(text) + " must be true or false",
                              place(node_offsets_[v]));
        }
        const bool is_switch = *mark || equal_ignoring_case(texts(Property::kind)[v], "switch");
        table.switches.push_back(is_switch ? 1 : 0);
    }
}

/// The job file says whether the graph is directed. In a directed one an edge that the file calls
/// undirected goes both ways; what it says of all edges counts only where some say otherwise,
/// because editors write the same for every graph.
void PropertyGraph::apply_directions(Direction ways, EdgeTable& table) const {
    const auto said = [&](Direction direction) {
        return std::ranges::count(directions_, direction);
    };
    const std::int64_t one_way = said(Direction::one_way), both_ways = said(Direction::both_ways);
    if (!spec_.directed) {
        if (one_way > 0) {
            table.remarks.push_back(std::to_string(one_way) + " of " +
                                    std::to_string(directions_.size()) +
                                    " edges are marked as directed; directed = true keeps that");
        }
        return;
    }
    std::vector<std::size_t> both;
    for (std::size_t e = 0; e < directions_.size(); ++e) {
        const bool default_counts = ways == Direction::both_ways && one_way > 0;
        const bool is_both = directions_[e] == Direction::both_ways ||
                             (directions_[e] == Direction::unsaid && default_counts);
        if (is_both) both.push_back(e);
    }
    add_opposites(table, both);
    if (both_ways == 0 && one_way == 0 && ways == Direction::both_ways) {
        table.remarks.emplace_back(
            "the file calls its edges undirected, and directed = true makes each one an arc from "
            "source to target");
    }
}

EdgeTable PropertyGraph::finish(Direction ways) {
    if (ids_.empty()) throw input_error("the graph has no nodes", {file_.path()});
    edges_.reserve(ends_.size());
    for (std::size_t e = 0; e < ends_.size(); ++e) {
        edges_.push_back(
            {vertex(ends_[e].source, e), vertex(ends_[e].target, e), 1.0, spec_.survival});
    }
    apply_weights();
    apply_survivals();
    for (auto* column : {&texts(Property::label), &texts(Property::name), &ids_}) {
        std::ranges::for_each(*column, put_on_one_line);
    }
    EdgeTable table;
    table.agents = std::ssize(ids_);
    table.undirected = !spec_.directed;
    apply_capacities(table);
    apply_marks(table);
    table.edges = std::move(edges_);
    if (bad_weights_ > 0) {
        table.remarks.push_back(unused_weights(bad_weights_, std::ssize(table.edges), first_bad_));
    }
    apply_directions(ways, table);
    table.names = std::move(are_names(texts(Property::label))  ? texts(Property::label)
                            : are_names(texts(Property::name)) ? texts(Property::name)
                                                               : ids_);
    return table;
}

}  // namespace motley::topology
