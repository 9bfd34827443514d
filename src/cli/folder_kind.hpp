// What a folder of results holds, by its status.json.
#pragma once

#include <string>

#include "motley/record/status_file.hpp"

namespace motley::cli {

/// The value of an entry of the provenance; empty where there is none.
inline std::string provenance_of(const record::Status& status, const std::string& name) {
    for (const auto& [key, value] : status.provenance) {
        if (key == name) return value;
    }
    return "";
}

/// Whether the job is of kind = "swarm"; jobs are kept as motley writes them.
inline bool is_swarm(const record::Status& status) {
    return provenance_of(status, "job").find("kind = \"swarm\"\n") != std::string::npos;
}

}  // namespace motley::cli
