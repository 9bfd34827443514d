// Numbering of named vertices, and the checks of weights and survivals.
#include "topology/files/edge_table.hpp"

#include <algorithm>
#include <functional>
#include <numeric>

#include "topology/generators.hpp"

namespace motley::topology {
namespace {

bool looks_like_integer(std::string_view text) {
    if (text.starts_with('-')) text.remove_prefix(1);
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
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
    const bool integer = looks_like_integer(field.text);
    if (integer && parse_number(field.text, value) != NumberFault::none) {
        throw line.error("vertex id " + quote(field.text) + " does not fit 64 bits", field.column);
    }
    names_.push_back(field.text);
    integer_.push_back(integer);
    values_.push_back(value);
    all_integers_ = all_integers_ && integer;
    slots_[slot] = size();
    return size() - 1;
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
    table.agents = size();
    table.names.assign(names_.begin(), names_.end());
}

void VertexNames::number_by_value(EdgeTable& table) const {
    std::vector<std::uint32_t> order(names_.size());
    std::iota(order.begin(), order.end(), 0U);
    std::ranges::sort(order, {}, [this](std::uint32_t v) { return values_[v]; });
    // The names 7 and 007 denote the same vertex.
    std::vector<std::uint32_t> number(names_.size());
    std::vector<std::int64_t> ids;
    for (const std::uint32_t vertex : order) {
        if (ids.empty() || ids.back() != values_[vertex]) ids.push_back(values_[vertex]);
        number[vertex] = static_cast<std::uint32_t>(ids.size() - 1);
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
