// Numbering of named vertices, and the checks of weights and survivals.
#include "topology/files/edge_table.hpp"

#include <algorithm>
#include <bit>
#include <functional>
#include <numeric>
#include <utility>

#include "topology/generators.hpp"

namespace motley::topology {
namespace {

/// An integer as it is written: no leading zeros, no sign of 0.
bool is_canonical(std::string_view text) {
    if (text.starts_with('-')) {
        text.remove_prefix(1);
        if (text.starts_with('0')) return false;
    }
    if (text.empty() || (text.size() > 1 && text.starts_with('0'))) return false;
    return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// The value of an integer of at most nine digits as it is written; nothing for other names.
std::optional<std::size_t> small_integer(std::string_view text) {
    if (text.empty() || text.size() > 9 || (text.size() > 1 && text[0] == '0')) return std::nullopt;
    std::size_t value = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') return std::nullopt;
        value = 10 * value + static_cast<std::size_t>(c - '0');
    }
    return value;
}

/// Numbers that are names of two vertices, as "1" and "1.0".
std::optional<std::string> same_number(const VertexNames& vertices) {
    if (vertices.all_integers()) return std::nullopt;
    std::vector<std::pair<double, std::string_view>> numbers;
    for (const std::string_view name : vertices.names()) {
        double value = 0.0;
        if (parse_number(name, value) == NumberFault::none) numbers.emplace_back(value, name);
    }
    std::ranges::sort(numbers);
    const auto twin = std::ranges::adjacent_find(
        numbers, [](const auto& a, const auto& b) { return a.first == b.first; });
    if (twin == numbers.end()) return std::nullopt;
    return "the ids " + quote(twin->second) + " and " + quote((twin + 1)->second) +
           " are two vertices: ids are names unless all are integers as they are written";
}

}  // namespace

std::uint32_t VertexNames::add(const Field& field, const LineReader& line) {
    if (field.text.empty()) {
        throw line.error("a vertex has no name: the field is empty", field.column);
    }
    if (const auto value = small_integer(field.text)) {
        if (*value >= direct_.size()) widen(*value);
        if (*value < direct_.size()) {
            if (direct_[*value] == 0) direct_[*value] = append(field, line) + 1;
            return direct_[*value] - 1;
        }
    }
    if (2 * (hashed_ + 1) > slots_.size()) grow();
    const std::size_t mask = slots_.size() - 1;
    std::size_t slot = std::hash<std::string_view>{}(field.text) & mask;
    for (; slots_[slot] != 0; slot = (slot + 1) & mask) {
        if (names_[slots_[slot] - 1] == field.text) return slots_[slot] - 1;
    }
    slots_[slot] = append(field, line) + 1;
    hashed_ += 1;
    return slots_[slot] - 1;
}

std::uint32_t VertexNames::append(const Field& field, const LineReader& line) {
    if (std::ssize(names_) >= most_agents) {
        throw line.error("more than " + std::to_string(most_agents) + " vertices", field.column);
    }
    std::int64_t value = 0;
    const bool integer =
        is_canonical(field.text) && parse_number(field.text, value) == NumberFault::none;
    names_.push_back(field.text);
    integer_.push_back(integer);
    values_.push_back(value);
    all_integers_ = all_integers_ && integer;
    return size() - 1;
}

std::optional<std::uint32_t> VertexNames::find(std::string_view name) const {
    const auto value = small_integer(name);
    if (value && *value < direct_.size()) {
        if (direct_[*value] == 0) return std::nullopt;
        return direct_[*value] - 1;
    }
    if (slots_.empty()) return std::nullopt;
    const std::size_t mask = slots_.size() - 1;
    std::size_t slot = std::hash<std::string_view>{}(name)&mask;
    for (; slots_[slot] != 0; slot = (slot + 1) & mask) {
        if (names_[slots_[slot] - 1] == name) return slots_[slot] - 1;
    }
    return std::nullopt;
}

/// Names that the wider table takes over stay in the other one, where nobody looks for them again.
void VertexNames::widen(std::size_t value) {
    constexpr std::size_t per_vertex = 32, least = 4096;
    if (value >= per_vertex * (names_.size() + least)) return;
    direct_.assign(std::bit_ceil(value + 1), 0);
    for (std::uint32_t vertex = 0; vertex < size(); ++vertex) {
        const std::int64_t at = values_[vertex];
        if (integer_[vertex] && at >= 0 && at < std::ssize(direct_)) {
            direct_[static_cast<std::size_t>(at)] = vertex + 1;
        }
    }
}

void VertexNames::grow() {
    const std::vector<std::uint32_t> before = std::exchange(
        slots_, std::vector<std::uint32_t>(std::max<std::size_t>(1024, 2 * slots_.size()), 0U));
    const std::size_t mask = slots_.size() - 1;
    for (const std::uint32_t vertex : before) {
        if (vertex == 0) continue;
        std::size_t slot = std::hash<std::string_view>{}(names_[vertex - 1]) & mask;
        while (slots_[slot] != 0) slot = (slot + 1) & mask;
        slots_[slot] = vertex;
    }
}

std::vector<std::uint32_t> VertexNames::numbers() const {
    std::vector<std::uint32_t> number(names_.size());
    std::iota(number.begin(), number.end(), 0U);
    if (!all_integers_) return number;
    std::vector<std::uint32_t> order = number;
    std::ranges::sort(order, {}, [this](std::uint32_t v) { return values_[v]; });
    for (std::uint32_t n = 0; n < size(); ++n) number[order[n]] = n;
    return number;
}

void VertexNames::finish(EdgeTable& table) const {
    if (auto remark = same_number(*this)) table.remarks.push_back(std::move(*remark));
    const std::vector<std::uint32_t> number = numbers();
    for (FileEdge& edge : table.edges) {
        edge.source = number[edge.source];
        edge.target = number[edge.target];
    }
    table.agents = size();
    table.names.clear();
    bool own_numbers = all_integers_;
    for (std::uint32_t v = 0; own_numbers && v < size(); ++v) own_numbers = values_[v] == number[v];
    if (own_numbers) return;
    table.names.resize(names_.size());
    for (std::uint32_t v = 0; v < size(); ++v) table.names[number[v]] = names_[v];
}

std::string unused_weights(std::int64_t bad, std::int64_t all, std::int64_t line) {
    return std::to_string(bad) + " of " + std::to_string(all) +
           " weights are no numbers greater than 0, the first one in line " + std::to_string(line) +
           "; they count as 1, which matters only with weights = \"edge\"";
}

void WeightReader::refuse(NumberFault fault, std::string_view text, Where place) {
    first_ = std::move(place);
    if (!used_) return;
    throw input_error(fault == NumberFault::none
                          ? "weight " + quote(text) + " must be greater than 0"
                          : describe(fault, "weight", text),
                      first_);
}

void WeightReader::remark(EdgeTable& table) const {
    if (bad_ > 0) table.remarks.push_back(unused_weights(bad_, read_, first_.line));
}

void add_opposites(EdgeTable& table, const std::vector<std::size_t>& both) {
    for (const std::size_t e : both) {
        FileEdge edge = table.edges[e];
        if (edge.source == edge.target) continue;
        std::swap(edge.source, edge.target);
        table.edges.push_back(edge);
        if (!table.capacities.empty()) {
            const double capacity = table.capacities[e];
            table.capacities.push_back(capacity);
        }
    }
}

namespace {

std::uint64_t mixed(std::uint64_t bits) {
    bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9ULL;
    bits = (bits ^ (bits >> 27)) * 0x94d049bb133111ebULL;
    return bits ^ (bits >> 31);
}

/// A sum over edges that does not depend on their order: two equal ones mean the same edges but for
/// one case in 2^64.
std::uint64_t fingerprint(std::uint32_t from, std::uint32_t to, const FileEdge& edge,
                          double capacity) {
    std::uint64_t bits = mixed(std::uint64_t{from} << 32 | to);
    for (const double value : {edge.weight, edge.survival, capacity}) {
        bits = mixed(bits + 0x9e3779b97f4a7c15ULL + std::bit_cast<std::uint64_t>(value));
    }
    return bits;
}

}  // namespace

void Opposites::add(const EdgeTable& table) {
    for (std::size_t e = 0; e < table.edges.size(); ++e) {
        const FileEdge& edge = table.edges[e];
        if (edge.source == edge.target) continue;
        (edge.source < edge.target ? up : down) += 1;
        const double capacity = table.capacities.empty() ? 0.0 : table.capacities[e];
        as_listed += fingerprint(edge.source, edge.target, edge, capacity);
        reversed += fingerprint(edge.target, edge.source, edge, capacity);
    }
}

void Opposites::add(const Opposites& part) {
    as_listed += part.as_listed;
    reversed += part.reversed;
    up += part.up;
    down += part.down;
}

void keep_one_of_each(EdgeTable& table) {
    std::size_t kept = 0;
    for (std::size_t e = 0; e < table.edges.size(); ++e) {
        if (table.edges[e].source > table.edges[e].target) continue;
        table.edges[kept] = table.edges[e];
        if (!table.capacities.empty()) table.capacities[kept] = table.capacities[e];
        kept += 1;
    }
    table.edges.resize(kept);
    if (!table.capacities.empty()) table.capacities.resize(kept);
    table.remarks.emplace_back("every edge stands in the file in both directions, and counts once");
}

void merge_opposites(EdgeTable& table) {
    if (!table.undirected) return;
    Opposites opposites;
    opposites.add(table);
    if (opposites.all_paired()) keep_one_of_each(table);
}

double read_capacity(const LineReader& line, const Field& field) {
    const double capacity = line.to_double(field, "capacity");
    if (capacity > 0.0) return capacity;
    throw line.error("capacity " + quote(field.text) + " must be greater than 0", field.column);
}

std::optional<std::size_t> named_column(const Spec& spec, std::string_view name) {
    const auto found = std::ranges::find(*spec.columns, name);
    if (found == spec.columns->end()) return std::nullopt;
    return static_cast<std::size_t>(found - spec.columns->begin());
}

std::size_t require_column(const Spec& spec, std::string_view name) {
    if (const auto column = named_column(spec, name)) return *column;
    throw usage_error("topology.columns has no " + quote(name), {spec.file});
}

std::optional<bool> read_mark(std::string_view text) {
    const auto is = [&](std::string_view word) { return equal_ignoring_case(text, word); };
    if (is("true") || is("yes") || is("1")) return true;
    if (is("false") || is("no") || is("0")) return false;
    return std::nullopt;
}

double read_survival(const LineReader& line, const Field& field) {
    const double survival = line.to_double(field, "survival");
    if (survival > 0.0 && survival <= 1.0) return survival;
    throw line.error("survival " + quote(field.text) + " must lie in (0, 1]", field.column);
}

}  // namespace motley::topology
