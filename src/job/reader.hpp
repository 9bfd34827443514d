// Reads values of a job file into typed structs by the key table, and writes structs as values.
#pragma once

#include <set>
#include <string>

#include "job/findings.hpp"
#include "job/key_table.hpp"

namespace motley::job {

/// A whole table must be complete; other keys are added to a part later.
enum class Extent { whole, part };

class Reader {
  public:
    /// `root`: all keys of this kind of job, to find misplaced ones.
    Reader(const KeyTable& root, Findings& findings, Extent extent = Extent::whole)
        : root_(root), findings_(findings), extent_(extent) {}

    /// Checks `value`, a table at the dotted `path`, and stores right values in `object`. Paths of
    /// files in `value` are resolved in place.
    void read(const KeyTable& table, Value& value, void* object, const std::string& path);
    /// Checks one value; true when it is right. Tables are read into `object`.
    bool read_key(const Key& key, Value& value, void* object, const std::string& path);

  private:
    const Alternative* choose(const KeyTable& table, const Value& value, const std::string& path);
    void unknown(const KeyTable& table, const Member& member, const std::string& path);
    void misplaced(const KeyTable& table, const Alternative& chosen, const Member& member,
                   const std::string& path);
    void require(const KeyTable& table, const Alternative* chosen, const Value& value,
                 const std::string& path);
    void require_group(const Alternative::Group& group, const std::string& owner,
                       const Value& value, const std::string& path);
    bool check(const Key& key, Value& value, const std::string& path);
    bool check_range(const Key& key, const Value& value, const std::string& path);
    bool check_word(const Key& key, const Value& value, const std::string& path);
    bool check_words(const Key& key, const Value& value, const std::string& path);
    bool check_amount(const Key& key, const Value& value, const std::string& path);
    bool check_amounts(const Key& key, const Value& value, const std::string& path);
    bool check_named(const Value& value, const std::string& path);
    bool check_name(const Value& value, const std::string& path);
    bool resolve_file(Value& value, const std::string& path);
    void read_tables(const Key& key, Value& value, void* object, const std::string& path);
    void read_named(const Key& key, Value& value, void* object, const std::string& path);

    const KeyTable& root_;
    Findings& findings_;
    Extent extent_;
};

/// True for text that can be the name of a folder.
bool plain_name(const std::string& text);

/// Whether quiet keys that have their default are written.
enum class QuietKeys { left_out, written };

/// All keys of `object` that belong to its alternative, defaults included.
Value dump(const KeyTable& table, const void* object, QuietKeys quiet = QuietKeys::left_out);
/// Default of a key; nothing where it has none.
Value default_of(const KeyTable& table, const Key& key);
/// `given` with the defaults of the keys that it leaves out, as far as they are decided. Values at
/// the paths `as_given` are not changed.
Value complete(const KeyTable& table, const Value& given,
               const std::set<std::string>& as_given = {});

}  // namespace motley::job
