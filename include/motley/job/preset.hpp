// Presets: the defaults of a field of science, and what it calls the parts of a production system.
#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

namespace motley::job {

/// The words of a field, in small letters.
struct FieldWords {
    const char* agent = "agent";
    const char* agents = "agents";
    const char* task = "task";
    const char* tasks = "tasks";
    const char* resource = "effort";
    const char* income = "value";
};

struct Preset {
    const char* name;
    FieldWords words;
    /// Keys with their values in TOML. They are used where the job does not give the key.
    std::vector<std::pair<const char*, const char*>> defaults;
};

std::span<const Preset> presets();
std::vector<std::string> preset_names();
/// The words of a preset; those of the model where `name` is none.
const FieldWords& words_of(const std::string& name);

}  // namespace motley::job
