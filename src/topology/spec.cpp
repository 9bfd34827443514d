// Setting and reading the parameters of a Spec by name.
#include "motley/topology/spec.hpp"

#include <fmt/format.h>

#include "motley/core/error.hpp"
#include "motley/topology/generator.hpp"

namespace motley::topology {
namespace {

using Type = Parameter::Type;

/// The alternative of ParameterValue that a parameter holds.
std::size_t index_of(Type type) {
    switch (type) {
        case Type::integer:
            return 0;
        case Type::number:
            return 1;
        case Type::word:
            return 2;
        case Type::integers:
            return 3;
    }
    return std::variant_npos;
}

template <class T>
T as(const Spec& spec, const std::string& name) {
    const auto value = spec.value(name);
    if (!value || !std::holds_alternative<T>(*value)) {
        throw internal_error(
            fmt::format("the parameter '{}' was read without a value of its type", name));
    }
    return std::get<T>(*value);
}

}  // namespace

std::optional<ParameterValue> Parameter::standard_value() const {
    if (type == Type::word) return std::string(words.front());
    if (!standard) return std::nullopt;
    if (type == Type::integer) return static_cast<std::int64_t>(*standard);
    return *standard;
}

Spec& Spec::set(const std::string& name, ParameterValue value) {
    const Parameter* parameter = find_parameter(name);
    if (parameter == nullptr) {
        throw usage_error(fmt::format("topology.{}: no generator has such a key", name));
    }
    if (parameter->type == Type::number && std::holds_alternative<std::int64_t>(value)) {
        value = static_cast<double>(std::get<std::int64_t>(value));
    }
    if (value.index() != index_of(parameter->type)) {
        throw usage_error(fmt::format("topology.{}: the value has the wrong type", name));
    }
    parameters_.insert_or_assign(name, std::move(value));
    return *this;
}

Spec& Spec::set(const std::string& name, std::initializer_list<std::int64_t> list) {
    return set(name, std::vector<std::int64_t>(list));
}

void Spec::unset(const std::string& name) {
    parameters_.erase(name);
}

std::optional<ParameterValue> Spec::value(const std::string& name) const {
    const auto given = parameters_.find(name);
    if (given != parameters_.end()) return given->second;
    const Parameter* parameter = find_parameter(name);
    if (parameter == nullptr) {
        throw internal_error(fmt::format("no generator declares the parameter '{}'", name));
    }
    return parameter->standard_value();
}

std::int64_t Spec::integer(const std::string& name) const {
    return as<std::int64_t>(*this, name);
}

double Spec::number(const std::string& name) const {
    return as<double>(*this, name);
}

std::string Spec::word(const std::string& name) const {
    return as<std::string>(*this, name);
}

std::vector<std::int64_t> Spec::integers(const std::string& name) const {
    if (!has(name)) return {};
    return as<std::vector<std::int64_t>>(*this, name);
}

}  // namespace motley::topology
