// A job file as a tree of values with their positions in the text. TOML is read into such a tree
// before the key table is applied, and resolved texts are written from one.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <type_traits>
#include <vector>

namespace motley::job {

/// A text that values come from: a file, or one `--set`.
struct Source {
    std::string name;              ///< its name in messages
    std::filesystem::path folder;  ///< relative paths are resolved against it first
    int order = 0;                 ///< findings are sorted by source, then by position
};

struct Position {
    std::shared_ptr<const Source> source;
    std::int64_t line = 0;  ///< 0: unknown, as in a `--set`
    std::int64_t column = 0;
};

struct Member;

struct Value {
    /// none: nothing is given, or it was already reported as wrong; date: no key takes one.
    enum class Type { none, integer, number, boolean, text, date, array, table };

    Type type = Type::none;
    Position place;
    std::int64_t integer = 0;
    double number = 0.0;  ///< also set for integers
    bool boolean = false;
    std::string text;
    std::vector<Value> items;
    std::vector<Member> members;  ///< in the order of the file

    bool is(Type other) const { return type == other; }
    bool is_number() const { return type == Type::number || type == Type::integer; }

    const Member* find(const std::string& key) const;
    Member* find(const std::string& key);
    /// What is at the end of `path`, or the last table on the way there.
    const Value& reach(std::initializer_list<std::string> path) const;
    /// Adds or replaces a member.
    Member& put(const std::string& key, Value value);
    void erase(const std::string& key);

    template <class T>
    static Value of(const T& from);
    template <class T>
    T as() const;
};

struct Member {
    std::string key;
    Position place;  ///< place of the key
    Value value;
};

Value table_value(Position place = {});
Value array_value(std::vector<Value> items);

/// One value in TOML syntax, on one line.
std::string to_text(const Value& value);
/// A whole document. Tables of the root become [sections], and so do the tables inside the
/// section `divided`; all others are written inline.
std::string to_document(const Value& root, const std::string& divided = "");
/// A description of a value for messages: `the string "8"`.
std::string describe(const Value& value);

template <class T>
Value Value::of(const T& from) {
    Value value;
    if constexpr (std::is_same_v<T, bool>) {
        value.type = Type::boolean;
        value.boolean = from;
    } else if constexpr (std::is_integral_v<T>) {
        value.type = Type::integer;
        value.integer = static_cast<std::int64_t>(from);
        value.number = static_cast<double>(from);
    } else if constexpr (std::is_floating_point_v<T>) {
        value.type = Type::number;
        value.number = from;
    } else if constexpr (std::is_convertible_v<T, std::string>) {
        value.type = Type::text;
        value.text = from;
    } else {
        value.type = Type::array;
        for (const auto& item : from) value.items.push_back(of(item));
    }
    return value;
}

template <class T>
T Value::as() const {
    if constexpr (std::is_same_v<T, bool>) {
        return boolean;
    } else if constexpr (std::is_integral_v<T>) {
        return static_cast<T>(integer);
    } else if constexpr (std::is_floating_point_v<T>) {
        return number;
    } else if constexpr (std::is_same_v<T, std::string>) {
        return text;
    } else {
        T list;
        for (const Value& item : items) list.push_back(item.as<typename T::value_type>());
        return list;
    }
}

}  // namespace motley::job
