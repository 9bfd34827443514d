// Answers of `motley explain`, from the key table.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "job/keys.hpp"
#include "job/reference_text.hpp"
#include "motley/core/edit_distance.hpp"
#include "motley/core/error.hpp"
#include "motley/job/help.hpp"

namespace motley::job {
namespace {

/// In paths, the name that the user gives to a table.
constexpr const char* any_name = "NAME";
constexpr int most_suggestions = 3;

/// A row of the key table, or one of the forms that the tag of a table chooses.
struct Subject {
    const KeyTable* table = nullptr;
    const Key* key = nullptr;
    const Alternative* alternative = nullptr;  ///< null: the key itself

    auto operator<=>(const Subject&) const = default;
    const std::string& name() const { return alternative ? alternative->name : key->name; }
};

struct Place {
    std::string path;
    std::string kinds;  ///< "run, scaling"
};

std::vector<std::string> parts_of(const std::string& path) {
    std::vector<std::string> parts(1);
    for (const char c : path) c == '.' ? (void)parts.emplace_back() : parts.back().push_back(c);
    return parts;
}

/// Whether `path` is `end`, or ends in it.
bool ends_in(const std::string& path, const std::string& end) {
    const auto all = parts_of(path), last = parts_of(end);
    return last.size() <= all.size() &&
           std::equal(last.rbegin(), last.rend(), all.rbegin(),
                      [](const std::string& given, const std::string& known) {
                          return given == known || known == any_name;
                      });
}

/// All subjects with their places, in the order of the reference page.
class Index {
  public:
    Index() {
        add(run_table(), "", "run");
        add(scaling_table(), "", "scaling");
        add_comparison(compare_table(), "compare");
        add_comparison(robustness_table(), "robustness");
        add(redesign_table(), "", "redesign");
        add(swarm_table(), "", "swarm");
    }

    /// The subjects that are called so.
    std::vector<Subject> find(const std::string& query) const {
        std::vector<Subject> found;
        for (const Subject& subject : subjects_) {
            const auto& places = places_.at(subject);
            const bool called = subject.alternative != nullptr
                                    ? subject.name() == query
                                    : std::ranges::any_of(places, [&](const Place& place) {
                                          return ends_in(place.path, query);
                                      });
            if (called) found.push_back(subject);
        }
        return found;
    }

    std::vector<std::string> names() const {
        std::vector<std::string> names;
        for (const Subject& subject : subjects_) {
            names.push_back(subject.name());
            for (const Place& place : places_.at(subject)) names.push_back(place.path);
        }
        return names;
    }

    /// "model.openness (run, scaling); base.model.openness (compare, robustness)"
    std::string places(const Subject& subject) const {
        std::string text;
        for (const Place& place : places_.at(subject)) {
            text += fmt::format("{}{} ({})", text.empty() ? "" : "; ", place.path, place.kinds);
        }
        return text;
    }

  private:
    void add_comparison(const KeyTable& table, const std::string& kind) {
        add(table, "", kind);
        add(factor_range_table(), "factors.KEY", kind);
    }

    void add(const KeyTable& table, const std::string& path, const std::string& kind) {
        // Levels of topologies are topologies.
        if (std::ranges::find(open_, &table) != open_.end()) return;
        open_.push_back(&table);
        for (const Key& key : table.keys) {
            const std::string here = join(path, key.name);
            note({&table, &key, nullptr}, here, kind);
            const Binding& binding = key.binding;
            if (binding.table == nullptr) continue;
            add(*binding.table, binding.type == KeyType::named ? join(here, any_name) : here, kind);
        }
        for (const Alternative& each : table.alternatives) {
            if (!table.by_key(each)) {
                note({&table, table.find(table.tag), &each}, join(path, table.tag), kind);
            }
        }
        open_.pop_back();
    }

    void note(const Subject& subject, const std::string& path, const std::string& kind) {
        auto& places = places_[subject];
        if (places.empty()) subjects_.push_back(subject);
        const auto same = std::ranges::find(places, path, &Place::path);
        if (same == places.end()) {
            places.push_back({path, kind});
        } else {
            same->kinds += ", " + kind;
        }
    }

    std::vector<Subject> subjects_;
    std::map<Subject, std::vector<Place>> places_;
    std::vector<const KeyTable*> open_;  ///< tables that are being added
};

std::string keys_text(const Alternative& alternative) {
    std::string keys;
    for (const auto& group : alternative.groups) {
        keys += (keys.empty() ? "" : ", ") + group_text(group);
    }
    return keys;
}

/// The forms of a table, with what they take.
std::string forms_text(const KeyTable& table) {
    std::string text;
    for (const Alternative& each : table.alternatives) {
        text += fmt::format("    {} = \"{}\": {}\n", table.tag, each.name, each.help);
    }
    return text;
}

std::string inner_text(const KeyTable& table) {
    if (!table.alternatives.empty()) return forms_text(table);
    std::string text;
    for (const Key& key : table.keys) text += fmt::format("    .{}: {}\n", key.name, key.help);
    return text;
}

std::string text_of(const Subject& subject, const Index& index) {
    std::string text = index.places(subject);
    if (subject.alternative != nullptr) {
        const Alternative& form = *subject.alternative;
        const std::string keys = keys_text(form);
        return fmt::format("\"{}\", a value of {}\n    {}\n", form.name, text, form.help) +
               (keys.empty() ? "" : fmt::format("    takes {}\n", keys));
    }
    const Key& key = *subject.key;
    const bool chooses = key.name == subject.table->tag;
    text += "\n    " + (chooses ? std::string("one of the words below") : type_text(key.binding));
    if (!key.range.text.empty()) text += ", " + key.range.text;
    if (!key.unit.empty() && key.unit != "1") text += ", unit: " + key.unit;
    const std::string standard = default_text(*subject.table, key);
    if (key.required) text += ", must be given";
    if (!standard.empty()) text += ", default: " + standard;
    text += "\n    " + key.help + "\n";
    if (chooses) return text + forms_text(*subject.table);
    return key.binding.table == nullptr ? text : text + inner_text(*key.binding.table);
}

/// "; did you mean 'a', 'b'?" with the nearest names; empty where none is near.
std::string suggestions(const std::string& query, std::vector<std::string> names) {
    std::string text;
    for (int i = 0; i < most_suggestions; ++i) {
        const std::string near = nearest(query, names);
        if (near.empty()) break;
        text += (text.empty() ? "; did you mean '" : ", '") + near + "'";
        std::erase(names, near);
    }
    return text.empty() ? "" : text + "?";
}

}  // namespace

std::string explain(const std::string& key) {
    const Index index;
    const auto found = index.find(key);
    if (found.empty()) {
        throw usage_error(fmt::format("there is no key '{}'{}; `motley schema --reference` has all",
                                      key, suggestions(key, index.names())));
    }
    std::string text;
    for (const Subject& subject : found) {
        text += (text.empty() ? "" : "\n") + text_of(subject, index);
    }
    return text;
}

}  // namespace motley::job
