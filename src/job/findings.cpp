// Sorting, shortening and throwing of findings.
#include "job/findings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <tuple>

#include "motley/core/error.hpp"

namespace motley::job {
namespace {

constexpr std::size_t most_shown = 50;

Where where(const Position& place) {
    if (place.source == nullptr) return {};
    return {place.source->name, place.line, place.column};
}

}  // namespace

void Findings::add(const Position& place, std::string what, Hint hint) {
    findings_.push_back({place, std::move(what), std::move(hint)});
}

void Findings::throw_if_any() {
    if (findings_.empty()) return;
    const auto key = [](const Finding& finding) {
        const Position& place = finding.place;
        static const Source unknown;
        const Source& source = place.source == nullptr ? unknown : *place.source;
        return std::tuple(source.order, std::string_view(source.name), place.line, place.column);
    };
    std::ranges::stable_sort(findings_, {}, key);
    const auto same = std::ranges::unique(findings_, [&](const Finding& a, const Finding& b) {
        return key(a) == key(b) && a.what == b.what;
    });
    findings_.erase(same.begin(), same.end());

    std::string message;
    for (std::size_t i = 0; i < std::min(findings_.size(), most_shown); ++i) {
        const Finding& finding = findings_[i];
        if (i > 0) message += "\n" + where(finding.place).prefix();
        message += finding.what;
        const std::string meant = finding.hint ? finding.hint() : "";
        if (!meant.empty()) message += "; did you mean '" + meant + "'?";
    }
    if (findings_.size() > most_shown) {
        message += fmt::format("\n... and {} more", findings_.size() - most_shown);
    }
    throw usage_error(message, where(findings_.front().place));
}

}  // namespace motley::job
