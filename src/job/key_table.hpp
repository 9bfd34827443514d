// Keys of the job file as data: a row of the key table holds the name of a key, the member that
// takes its value, and the values that it may have. Reading, overriding, resolved texts, the JSON
// schema and the reference page all use these rows.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "job/value.hpp"
#include "motley/redesign/fleet/scenario.hpp"

namespace motley::job {

struct KeyTable;

// Defined in amount.cpp.
fleet::Uncertain amount_of(const Value& value);
Value to_value(const fleet::Uncertain& number);

/// The share in { devices = "10%" } or { devices = 0.1 }; 0 where it is none.
double share_of(const Value& table);

enum class KeyType {
    integer,
    number,
    boolean,
    text,
    name,      ///< text that is a plain folder name
    choice,    ///< one of some words
    file,      ///< path of a file that exists; stored as an absolute path
    integers,  ///< list
    numbers,   ///< list
    texts,     ///< list of strings of the user, which may be empty
    table,
    tables,   ///< list of tables
    amount,   ///< number, interval or distribution
    amounts,  ///< table of amounts under names of the user
    named,    ///< table of tables under names of the user
    losses,   ///< list of words, and of tables { devices = "10%" }
};

/// The target of a value: a field of an object that is known by its address only.
struct Binding {
    KeyType type = KeyType::text;
    std::vector<std::string> words;  ///< the choices; for a number, words that stand for 0
    std::function<Value(const void*)> get;
    std::function<void(void*, const Value&)> set;

    const KeyTable* table = nullptr;  ///< keys of the table, or of each table in a list
    std::function<void*(void*)>
        open;  ///< returns the object of the inner table; none: other code reads it
    std::function<void*(void*)> append;  ///< adds an object at the end of a list
    /// Returns an inner object: the one of a list at the index, null after the last; or the only
    /// one of a table that may be left out, null where it is left out.
    std::function<const void*(const void*, std::size_t)> item;
    std::function<std::string&(void*)> name_of;  ///< gives the name of a named object
};

/// An interval in the notation of mathematics: "[0, 1)"; empty: any finite number.
struct NumberRange {
    NumberRange(const char* text);  // NOLINT: rows are written with plain strings
    bool contains(double number) const;

    std::string text;
    double low = -std::numeric_limits<double>::infinity();
    double high = std::numeric_limits<double>::infinity();
    bool low_open = true;
    bool high_open = true;
};

/// One row of the key table. A default outside the range, and an empty text or list, mean that
/// there is no default.
struct Key {
    std::string name;
    Binding binding;
    NumberRange range;
    std::string unit;
    std::string help;
    bool required = false;
    bool quiet = false;  ///< left out of resolved texts where it has its default
};

/// The row of a key that resolved texts leave out where it has its default, so that the texts and
/// hashes of jobs that do not use it stay.
inline Key quiet(Key key) {
    key.quiet = true;
    return key;
}

/// One of several forms of a table, for instance a generator or a distribution. The word under the
/// table's tag chooses it (`generator = "ring"`), or, where its name is a key, that key (`file`).
struct Alternative {
    /// `keys`: "agents! degree": keys that it takes, ! where one must be given; "a|b!": exactly
    /// one of them, "a/b!": at least one.
    Alternative(std::string name, const std::string& keys, std::string help);

    struct Group {
        std::vector<std::string> names;
        bool required = false;
        bool exclusive = false;
    };
    bool takes(const std::string& key) const;

    std::string name;
    std::string help;
    std::vector<Group> groups;
};

std::vector<std::string> names_of(const std::vector<Alternative>& alternatives);

struct KeyTable {
    std::string title;  ///< for the reference page
    std::vector<Key> keys;
    std::shared_ptr<const void> defaults;  ///< an object before anything is read into it

    std::string tag = {};  ///< key whose word names the alternative
    std::vector<Alternative> alternatives = {};
    std::function<std::string(const void*)> selected = {};
    std::function<void(void*, const std::string&)> select = {};

    const Key* find(const std::string& name) const;
    const Alternative* alternative(const std::string& name) const;
    /// True for keys that belong to every alternative.
    bool common(const std::string& key) const;
    /// True where the alternative is chosen by a key of its own name, not by the tag.
    bool by_key(const Alternative& alternative) const { return find(alternative.name) != nullptr; }
    /// The tag's words.
    std::vector<std::string> tags() const;
    std::vector<std::string> names() const;
};

/// A table without alternatives, with the defaults of S.
template <class S>
KeyTable table_of(const char* title, std::vector<Key> keys) {
    return {.title = title, .keys = std::move(keys), .defaults = std::make_shared<S>()};
}

/// Paths of all keys below `table`, as "model.learning.rate".
std::vector<std::string> all_paths(const KeyTable& table, const std::string& prefix = "");
/// The key at a dotted path, or null.
const Key* find_path(const KeyTable& table, const std::string& path);
/// The first path below `root` that ends in the key `name`, or nothing.
std::string called_elsewhere(const std::string& name, const KeyTable& root);
std::string join(const std::string& path, const std::string& key);
/// "a, b, c"
std::string list(const std::vector<std::string>& words);

// Bindings of rows to fields.

template <class S, class T>
Binding field(KeyType type, T S::*member) {
    Binding binding;
    binding.type = type;
    binding.get = [member](const void* object) {
        return Value::of(static_cast<const S*>(object)->*member);
    };
    binding.set = [member](void* object, const Value& value) {
        static_cast<S*>(object)->*member = value.as<T>();
    };
    return binding;
}

/// A list of strings that is absent where it is not given, and may be empty where it is.
template <class S>
Binding optional_texts(std::optional<std::vector<std::string>> S::*member) {
    Binding binding;
    binding.type = KeyType::texts;
    binding.get = [member](const void* object) {
        const auto& texts = static_cast<const S*>(object)->*member;
        if (!texts) return Value();
        Value list = array_value({});
        for (const std::string& each : *texts) list.items.push_back(Value::of(each));
        return list;
    };
    binding.set = [member](void* object, const Value& value) {
        auto& texts = (static_cast<S*>(object)->*member).emplace();
        for (const Value& item : value.items) texts.push_back(item.text);
    };
    return binding;
}
template <class S, class T>
Binding integer(T S::*member) {
    return field(KeyType::integer, member);
}
template <class S>
Binding number(double S::*member) {
    return field(KeyType::number, member);
}
/// An integer that is absent where it is not given.
template <class S, class T>
Binding optional_integer(std::optional<T> S::*member) {
    Binding binding;
    binding.type = KeyType::integer;
    binding.get = [member](const void* object) {
        const std::optional<T>& number = static_cast<const S*>(object)->*member;
        return number ? Value::of(*number) : Value();
    };
    binding.set = [member](void* object, const Value& value) {
        static_cast<S*>(object)->*member = value.as<T>();
    };
    return binding;
}
/// A number that is absent where it is not given.
template <class S>
Binding optional_number(std::optional<double> S::*member) {
    Binding binding;
    binding.type = KeyType::number;
    binding.get = [member](const void* object) {
        const std::optional<double>& number = static_cast<const S*>(object)->*member;
        return number ? Value::of(*number) : Value();
    };
    binding.set = [member](void* object, const Value& value) {
        static_cast<S*>(object)->*member = value.as<double>();
    };
    return binding;
}
/// A number, or `word` instead of 0.
template <class S, class T>
Binding field_or(KeyType type, const char* word, T S::*member) {
    Binding binding = field(type, member);
    binding.words = {word};
    binding.get = [=](const void* object) {
        const T number = static_cast<const S*>(object)->*member;
        return number == 0 ? Value::of(std::string(word)) : Value::of(number);
    };
    return binding;
}
template <class S, class T>
Binding integer_or(const char* word, T S::*member) {
    return field_or(KeyType::integer, word, member);
}
template <class S>
Binding number_or(const char* word, double S::*member) {
    return field_or(KeyType::number, word, member);
}
template <class S>
Binding boolean(bool S::*member) {
    return field(KeyType::boolean, member);
}
/// True or false, absent where it is not given.
template <class S>
Binding optional_boolean(std::optional<bool> S::*member) {
    Binding binding;
    binding.type = KeyType::boolean;
    binding.get = [member](const void* object) {
        const std::optional<bool>& given = static_cast<const S*>(object)->*member;
        return given ? Value::of(*given) : Value();
    };
    binding.set = [member](void* object, const Value& value) {
        static_cast<S*>(object)->*member = value.as<bool>();
    };
    return binding;
}
template <class S>
Binding text(std::string S::*member) {
    return field(KeyType::text, member);
}
template <class S>
Binding name(std::string S::*member) {
    return field(KeyType::name, member);
}
template <class S>
Binding file(std::string S::*member) {
    return field(KeyType::file, member);
}
template <class S>
Binding integers(std::vector<std::int64_t> S::*member) {
    return field(KeyType::integers, member);
}
template <class S>
Binding numbers(std::vector<double> S::*member) {
    return field(KeyType::numbers, member);
}
/// Words in the order of the enumerators (false, true for a bool).
template <class S, class E>
Binding choice(E S::*member, std::vector<std::string> words) {
    Binding binding;
    binding.type = KeyType::choice;
    binding.words = words;
    binding.get = [=](const void* object) {
        const auto index = static_cast<std::size_t>(static_cast<const S*>(object)->*member);
        return index < words.size() ? Value::of(words[index]) : Value();
    };
    binding.set = [=](void* object, const Value& value) {
        for (std::size_t i = 0; i < words.size(); ++i) {
            if (words[i] == value.text) static_cast<S*>(object)->*member = static_cast<E>(i);
        }
    };
    return binding;
}
/// A choice whose words are kept as they are.
template <class S>
Binding word(std::string S::*member, std::vector<std::string> words) {
    Binding binding = field(KeyType::choice, member);
    binding.words = std::move(words);
    return binding;
}
/// A key that can only be `value`.
Binding constant(const char* value);

/// A table inside the object, in a member of its own.
template <class S, class T>
Binding table(T S::*member, const KeyTable& inner) {
    Binding binding;
    binding.type = KeyType::table;
    binding.table = &inner;
    binding.open = [member](void* object) -> void* { return &(static_cast<S*>(object)->*member); };
    return binding;
}
/// A table that may be left out, in an optional member.
template <class S, class T>
Binding optional_table(std::optional<T> S::*member, const KeyTable& inner) {
    Binding binding;
    binding.type = KeyType::table;
    binding.table = &inner;
    binding.open = [member](void* object) -> void* {
        return &(static_cast<S*>(object)->*member).emplace();
    };
    binding.item = [member](const void* object, std::size_t) -> const void* {
        const std::optional<T>& inside = static_cast<const S*>(object)->*member;
        return inside ? &*inside : nullptr;
    };
    return binding;
}
/// A table whose keys are fields of the same object.
Binding same(const KeyTable& inner);
/// A table whose keys are known, and whose values other code reads.
Binding elsewhere(const KeyTable& inner);
/// A list of such tables, or of names of files that hold them.
Binding elsewhere_listed(const KeyTable& inner);
template <class S, class T>
Binding tables(std::vector<T> S::*member, const KeyTable& inner) {
    Binding binding;
    binding.type = KeyType::tables;
    binding.table = &inner;
    binding.append = [member](void* object) -> void* {
        return &(static_cast<S*>(object)->*member).emplace_back();
    };
    binding.item = [member](const void* object, std::size_t index) -> const void* {
        const std::vector<T>& list = static_cast<const S*>(object)->*member;
        return index < list.size() ? &list[index] : nullptr;
    };
    return binding;
}

/// A number that may be an interval.
template <class S>
Binding amount(fleet::Uncertain S::*member) {
    Binding binding;
    binding.type = KeyType::amount;
    binding.get = [member](const void* object) {
        return to_value(static_cast<const S*>(object)->*member);
    };
    binding.set = [member](void* object, const Value& value) {
        static_cast<S*>(object)->*member = amount_of(value);
    };
    return binding;
}
/// Numbers under names of the user: `demand = { prefill = 120, decode = [800, 900] }`.
template <class S>
Binding amounts(std::vector<std::pair<std::string, fleet::Uncertain>> S::*member) {
    Binding binding;
    binding.type = KeyType::amounts;
    binding.get = [member](const void* object) {
        Value out = table_value();
        for (const auto& [name, number] : static_cast<const S*>(object)->*member) {
            out.put(name, to_value(number));
        }
        return out;
    };
    binding.set = [member](void* object, const Value& value) {
        for (const Member& each : value.members) {
            (static_cast<S*>(object)->*member).emplace_back(each.key, amount_of(each.value));
        }
    };
    return binding;
}
/// Tables under names of the user, which go to the member `name` of each.
template <class S, class T>
Binding named(std::vector<T> S::*member, const KeyTable& inner) {
    Binding binding = tables(member, inner);
    binding.type = KeyType::named;
    binding.name_of = [](void* object) -> std::string& { return static_cast<T*>(object)->name; };
    return binding;
}

}  // namespace motley::job
