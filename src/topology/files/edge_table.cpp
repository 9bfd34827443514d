// Numbering of named vertices, and the checks of weights and survivals.
#include "topology/files/edge_table.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

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

/// Numbers that are names of two vertices, as "1" and "1.0".
std::optional<std::string> same_number(const std::vector<std::string_view>& names) {
    std::vector<std::pair<double, std::string_view>> numbers;
    for (const std::string_view name : names) {
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
    if (2 * (names_.size() + 1) > slots_.size()) grow();
    const std::size_t mask = slots_.size() - 1;
    std::size_t slot = std::hash<std::string_view>{}(field.text) & mask;
    for (; slots_[slot] != 0; slot = (slot + 1) & mask) {
        if (names_[slots_[slot] - 1] == field.text) return slots_[slot] - 1;
    }
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
    slots_[slot] = size();
    return size() - 1;
}

bool VertexNames::has_value(double value) const {
    const std::string text = std::to_string(static_cast<std::int64_t>(value));
    if (value != std::floor(value) || slots_.empty()) return false;
    const std::size_t mask = slots_.size() - 1;
    std::size_t slot = std::hash<std::string_view>{}(text)&mask;
    for (; slots_[slot] != 0; slot = (slot + 1) & mask) {
        if (names_[slots_[slot] - 1] == text) return true;
    }
    return false;
}

void VertexNames::grow() {
    slots_.assign(std::max<std::size_t>(1024, 2 * slots_.size()), 0);
    const std::size_t mask = slots_.size() - 1;
    for (std::uint32_t vertex = 0; vertex < size(); ++vertex) {
        std::size_t slot = std::hash<std::string_view>{}(names_[vertex]) & mask;
        while (slots_[slot] != 0) slot = (slot + 1) & mask;
        slots_[slot] = vertex + 1;
    }
}

void VertexNames::finish(EdgeTable& table) const {
    if (all_integers_) {
        number_by_value(table);
        return;
    }
    if (auto remark = same_number(names_)) table.remarks.push_back(std::move(*remark));
    table.agents = size();
    table.names.assign(names_.begin(), names_.end());
}

void VertexNames::number_by_value(EdgeTable& table) const {
    std::vector<std::uint32_t> order(names_.size());
    std::iota(order.begin(), order.end(), 0U);
    std::ranges::sort(order, {}, [this](std::uint32_t v) { return values_[v]; });
    std::vector<std::uint32_t> number(names_.size());
    std::vector<std::int64_t> ids;
    for (const std::uint32_t vertex : order) {
        number[vertex] = static_cast<std::uint32_t>(ids.size());
        ids.push_back(values_[vertex]);
    }
    for (FileEdge& edge : table.edges) {
        edge.source = number[edge.source];
        edge.target = number[edge.target];
    }
    table.agents = std::ssize(ids);
    table.names.clear();
    if (ids.front() == 0 && ids.back() == std::ssize(ids) - 1) return;
    for (const std::int64_t id : ids) table.names.push_back(std::to_string(id));
}

double read_weight(const LineReader& line, const Field& field) {
    const double weight = line.to_double(field, "weight");
    if (weight > 0.0) return weight;
    throw line.error("weight " + quote(field.text) + " must be greater than 0", field.column);
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
