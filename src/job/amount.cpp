#include "job/amount.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace motley::job {
namespace {

using Spread = fleet::Uncertain::Shape;
const std::vector<std::string> shapes = {"uniform", "triangular", "lognormal"};

double number_at(const Value& table, const char* key, double otherwise) {
    const Member* member = table.find(key);
    return member == nullptr ? otherwise : member->value.number;
}

std::string number_fault(const Value& value, const NumberRange& range, const char* what) {
    if (!value.is_number())
        return fmt::format("{} must be a number, not {}", what, describe(value));
    if (range.contains(value.number)) return "";
    const std::string must = range.text.empty() ? "be finite" : "lie in " + range.text;
    return fmt::format("{} must {}, not be {}", what, must, describe(value));
}

std::string ends_fault(double low, double high) {
    if (low <= high) return "";
    return fmt::format("the interval [{:g}, {:g}] is upside down: write the lower end first", low,
                       high);
}

std::string table_fault(const Value& table, const NumberRange& range) {
    for (const Member& member : table.members) {
        if (member.key == "distribution") {
            if (std::ranges::find(shapes, member.value.text) != shapes.end()) continue;
            return fmt::format("distribution must be one of {}, not {}", list(shapes),
                               describe(member.value));
        }
        if (member.key != "value" && member.key != "low" && member.key != "high") {
            return fmt::format("unknown key '{}'; it takes value, low, high, distribution",
                               member.key);
        }
        const std::string fault = number_fault(member.value, range, member.key.c_str());
        if (!fault.empty()) return fault;
    }
    if (table.find("value") == nullptr &&
        (table.find("low") == nullptr || table.find("high") == nullptr)) {
        return "missing 'value', or 'low' and 'high'";
    }
    const fleet::Uncertain number = amount_of(table);
    const std::string ends = ends_fault(number.low, number.high);
    if (!ends.empty()) return ends;
    if (number.value < number.low || number.value > number.high) {
        return fmt::format("the value {:g} lies outside of [{:g}, {:g}]", number.value, number.low,
                           number.high);
    }
    if (number.shape == Spread::lognormal && number.low <= 0.0) {
        return "a lognormal distribution needs a positive 'low'";
    }
    return "";
}

}  // namespace

fleet::Uncertain amount_of(const Value& value) {
    if (value.is_number()) return fleet::exactly(value.number);
    if (value.is(Value::Type::array)) {
        const double low = value.items[0].number, high = value.items[1].number;
        return {0.5 * (low + high), low, high, Spread::uniform};
    }
    fleet::Uncertain out;
    const double middle = 0.5 * (number_at(value, "low", 0.0) + number_at(value, "high", 0.0));
    out.value = number_at(value, "value", middle);
    out.low = number_at(value, "low", out.value);
    out.high = number_at(value, "high", out.value);
    if (const Member* shape = value.find("distribution")) {
        const auto found = std::ranges::find(shapes, shape->value.text);
        out.shape = static_cast<Spread>(found - shapes.begin());
    }
    return out;
}

std::string fault_of(const Value& value, const NumberRange& range) {
    if (value.is(Value::Type::table)) return table_fault(value, range);
    if (!value.is(Value::Type::array)) return number_fault(value, range, "it");
    if (value.items.size() != 2) return "an interval has two numbers: [low, high]";
    for (const Value& item : value.items) {
        const std::string fault = number_fault(item, range, "an end of an interval");
        if (!fault.empty()) return fault;
    }
    return ends_fault(value.items[0].number, value.items[1].number);
}

Value to_value(const fleet::Uncertain& number) {
    if (number.known()) return Value::of(number.value);
    const bool plain =
        number.shape == Spread::uniform && number.value == 0.5 * (number.low + number.high);
    if (plain) return Value::of(std::vector<double>{number.low, number.high});
    Value table = table_value();
    table.put("value", Value::of(number.value));
    table.put("low", Value::of(number.low));
    table.put("high", Value::of(number.high));
    table.put("distribution", Value::of(shapes[static_cast<std::size_t>(number.shape)]));
    return table;
}

}  // namespace motley::job
