// Reads tables of a job file by the key table, and reports unknown and missing keys.
#include "job/reader.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace motley::job {
namespace {

/// "generator 'ring'", or "'file'" for an alternative that is a key.
std::string title_of(const KeyTable& table, const Alternative& alternative) {
    return table.by_key(alternative) ? "'" + alternative.name + "'"
                                     : table.tag + " '" + alternative.name + "'";
}

/// "in [model.learning]", or nothing at the root.
std::string inside(const std::string& path) {
    return path.empty() ? "" : " in [" + path + "]";
}

std::vector<std::string> taken_keys(const KeyTable& table, const Alternative& chosen) {
    std::vector<std::string> keys;
    for (const Key& key : table.keys) {
        if (chosen.takes(key.name) || table.common(key.name)) keys.push_back(key.name);
    }
    return keys;
}

}  // namespace

void Reader::read(const KeyTable& table, Value& value, void* object, const std::string& path) {
    const Alternative* chosen = table.alternatives.empty() ? nullptr : choose(table, value, path);
    if (chosen != nullptr && table.by_key(*chosen)) table.select(object, chosen->name);
    for (Member& member : value.members) {
        const Key* key = table.find(member.key);
        if (key == nullptr) {
            unknown(table, member, path);
        } else if (chosen != nullptr && !chosen->takes(key->name) && !table.common(key->name) &&
                   key->name != table.tag) {
            misplaced(table, *chosen, member, path);
        } else {
            read_key(*key, member.value, object, join(path, member.key));
        }
    }
    if (extent_ == Extent::whole) require(table, chosen, value, path);
}

bool Reader::read_key(const Key& key, Value& value, void* object, const std::string& path) {
    if (value.is(Value::Type::none) || !check(key, value, path)) return false;
    const std::size_t before = findings_.size();
    if (key.binding.type == KeyType::tables) {
        if (key.binding.append) read_tables(key, value, object, path);
    } else if (key.binding.type == KeyType::named) {
        read_named(key, value, object, path);
    } else if (key.binding.type != KeyType::table) {
        key.binding.set(object, value);
    } else if (key.binding.open) {
        read(*key.binding.table, value, key.binding.open(object), path);
    }
    return findings_.size() == before;
}

void Reader::read_tables(const Key& key, Value& value, void* object, const std::string& path) {
    for (std::size_t i = 0; i < value.items.size(); ++i) {
        read(*key.binding.table, value.items[i], key.binding.append(object),
             fmt::format("{}[{}]", path, i + 1));
    }
}

void Reader::read_named(const Key& key, Value& value, void* object, const std::string& path) {
    for (Member& member : value.members) {
        void* inner = key.binding.append(object);
        key.binding.name_of(inner) = member.key;
        read(*key.binding.table, member.value, inner, join(path, member.key));
    }
}

/// The alternative that the keys of `value` choose; null when none or several are chosen.
const Alternative* Reader::choose(const KeyTable& table, const Value& value,
                                  const std::string& path) {
    const Member* first = nullptr;
    for (const Member& member : value.members) {
        const Alternative* named = table.alternative(member.key);
        if (member.key != table.tag && (named == nullptr || !table.by_key(*named))) continue;
        if (first != nullptr) {
            findings_.add(member.place, fmt::format("'{}' and '{}' exclude each other{}: keep one",
                                                    first->key, member.key, inside(path)));
            return nullptr;
        }
        first = &member;
    }
    if (first != nullptr) {
        return table.alternative(first->key == table.tag ? first->value.text : first->key);
    }
    if (extent_ == Extent::whole) {
        std::vector<std::string> ways = {table.tag};
        for (const Alternative& each : table.alternatives) {
            if (table.by_key(each)) ways.push_back(each.name);
        }
        std::string what = fmt::format("missing '{}'{}", list(ways), inside(path));
        if (ways.size() > 1) what = fmt::format("missing one of {}{}", list(ways), inside(path));
        findings_.add(value.place, what);
    }
    return nullptr;
}

void Reader::unknown(const KeyTable& table, const Member& member, const std::string& path) {
    findings_.add(member.place, fmt::format("unknown key '{}'{}", member.key, inside(path)),
                  [&table, word = member.key, root = &root_, path] {
                      const std::string near = nearest(word, table.names());
                      const bool section = path.find('.') == std::string::npos;
                      return near.empty() && section ? called_elsewhere(word, *root) : near;
                  });
}

void Reader::misplaced(const KeyTable& table, const Alternative& chosen, const Member& member,
                       const std::string& path) {
    if (const Alternative* named = table.alternative(member.key);
        named != nullptr && table.by_key(*named)) {
        return;  // a second way to choose was reported by choose()
    }
    const std::vector<std::string> taken = taken_keys(table, chosen);
    findings_.add(member.place, fmt::format("'{}' does not belong to {}{}, which takes {}",
                                            member.key, title_of(table, chosen), inside(path),
                                            taken.empty() ? "no keys" : list(taken)));
}

void Reader::require(const KeyTable& table, const Alternative* chosen, const Value& value,
                     const std::string& path) {
    for (const Key& key : table.keys) {
        if (!key.required || value.find(key.name) != nullptr) continue;
        const KeyType type = key.binding.type;
        const bool section = path.empty() && (type == KeyType::table || type == KeyType::amounts ||
                                              type == KeyType::named);
        const std::string shown = section ? "[" + key.name + "]" : "'" + key.name + "'";
        findings_.add(value.place, fmt::format("missing {}{}", shown, inside(path)));
    }
    if (chosen == nullptr) return;
    for (const Alternative::Group& group : chosen->groups) {
        require_group(group, title_of(table, *chosen), value, path);
    }
}

void Reader::require_group(const Alternative::Group& group, const std::string& owner,
                           const Value& value, const std::string& path) {
    std::vector<const Member*> given;
    for (const std::string& name : group.names) {
        if (const Member* member = value.find(name)) given.push_back(member);
    }
    if (given.empty() && group.required) {
        std::string names = "'" + group.names.front() + "'";
        if (group.names.size() > 1) names += " or '" + group.names.back() + "'";
        findings_.add(value.place,
                      fmt::format("missing {}{}: {} needs it", names, inside(path), owner));
    }
    if (given.size() > 1 && group.exclusive) {
        findings_.add(given.back()->place,
                      fmt::format("'{}' and '{}' exclude each other{}: keep one",
                                  given.front()->key, given.back()->key, inside(path)));
    }
}

namespace {

Value dump_key(const Key& key, const void* object, QuietKeys quiet) {
    const Binding& binding = key.binding;
    if (binding.type == KeyType::tables) {
        if (!binding.item) return {};
        Value list = array_value({});
        for (std::size_t i = 0; const void* item = binding.item(object, i); ++i) {
            list.items.push_back(dump(*binding.table, item, quiet));
        }
        return list.items.empty() ? Value() : list;
    }
    if (binding.type == KeyType::named) {
        Value all = table_value();
        for (std::size_t i = 0; const void* item = binding.item(object, i); ++i) {
            all.put(binding.name_of(const_cast<void*>(item)), dump(*binding.table, item, quiet));
        }
        return all.members.empty() ? Value() : all;
    }
    if (binding.type == KeyType::table) {
        if (binding.item) {
            const void* inner = binding.item(object, 0);
            return inner == nullptr ? Value() : dump(*binding.table, inner, quiet);
        }
        if (!binding.open) return {};
        return dump(*binding.table, binding.open(const_cast<void*>(object)), quiet);
    }
    Value value = binding.get(object);
    const bool word = std::ranges::find(binding.words, value.text) != binding.words.end();
    if (value.is_number() && !key.range.contains(value.number)) return {};
    if (value.is(Value::Type::text) && value.text.empty()) return {};
    const bool may_be_empty = binding.type == KeyType::texts;
    if (value.is(Value::Type::array) && value.items.empty() && !may_be_empty) return {};
    if (value.is(Value::Type::table) && value.members.empty()) return {};
    if (binding.type == KeyType::choice && !word) return {};
    return value;
}

/// The alternative of a table whose keys are only partly given; null when it is open.
const Alternative* chosen_by(const KeyTable& table, const Value& given) {
    for (const Alternative& each : table.alternatives) {
        if (table.by_key(each) && given.find(each.name) != nullptr) return &each;
    }
    const Member* tag = given.find(table.tag);
    return tag == nullptr ? nullptr : table.alternative(tag->value.text);
}

bool is_plain_table(const Key& key) {
    return key.binding.type == KeyType::table && key.binding.table->alternatives.empty() &&
           !key.binding.item;
}

Value complete_in(const KeyTable& table, const Value& given, const void* defaults,
                  const std::set<std::string>& as_given, const std::string& path);

Value complete_key(const Key& key, const Value& given, const void* defaults,
                   const std::set<std::string>& as_given, const std::string& path) {
    if (given.is(Value::Type::table)) {
        // A table that may be left out has its own defaults, and none among those around it.
        const void* inner = key.binding.item ? key.binding.table->defaults.get()
                                             : key.binding.open(const_cast<void*>(defaults));
        return complete_in(*key.binding.table, given, inner, as_given, path);
    }
    if (key.binding.type != KeyType::tables) return given;
    Value list = array_value({});
    for (const Value& item : given.items)
        list.items.push_back(complete(*key.binding.table, item, {}));
    return list;
}

Value complete_in(const KeyTable& table, const Value& given, const void* defaults,
                  const std::set<std::string>& as_given, const std::string& path) {
    const Alternative* chosen = chosen_by(table, given);
    Value out = table_value(given.place);
    for (const Key& key : table.keys) {
        const Member* member = given.find(key.name);
        const std::string key_path = join(path, key.name);
        const bool decided = table.alternatives.empty() || table.common(key.name) ||
                             (chosen != nullptr && chosen->takes(key.name));
        Value value;
        if (as_given.contains(key_path)) {
            if (member != nullptr) value = member->value;
        } else if (member != nullptr) {
            value = complete_key(key, member->value, defaults, as_given, key_path);
        } else if (decided && is_plain_table(key)) {
            value = complete_key(key, table_value(), defaults, as_given, key_path);
        } else if (decided && !key.quiet) {
            value = dump_key(key, defaults, QuietKeys::left_out);
        }
        if (!value.is(Value::Type::none)) out.put(key.name, std::move(value));
    }
    return out;
}

bool same_scalar(const Value& a, const Value& b) {
    return a.type == b.type && a.number == b.number && a.text == b.text && a.boolean == b.boolean;
}

}  // namespace

Value dump(const KeyTable& table, const void* object, QuietKeys quiet) {
    const Alternative* chosen =
        table.alternatives.empty() ? nullptr : table.alternative(table.selected(object));
    Value out = table_value();
    for (const Key& key : table.keys) {
        const bool tag = !table.tag.empty() && key.name == table.tag;
        if (chosen != nullptr && !tag && !chosen->takes(key.name) && !table.common(key.name)) {
            continue;
        }
        Value value = dump_key(key, object, quiet);
        const bool silent = key.quiet && quiet == QuietKeys::left_out;
        if (silent && same_scalar(value, default_of(table, key))) continue;
        if (!value.is(Value::Type::none)) out.put(key.name, std::move(value));
    }
    return out;
}

Value default_of(const KeyTable& table, const Key& key) {
    return table.defaults == nullptr ? Value()
                                     : dump_key(key, table.defaults.get(), QuietKeys::left_out);
}

Value complete(const KeyTable& table, const Value& given, const std::set<std::string>& as_given) {
    return complete_in(table, given, table.defaults.get(), as_given, "");
}

}  // namespace motley::job
