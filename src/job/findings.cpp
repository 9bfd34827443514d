// Sorting, shortening and throwing of findings; edit distance.
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

/// Edits that turn `a` into `b`: insert, delete, replace, swap neighbours (optimal string
/// alignment).
std::size_t distance(const std::string& a, const std::string& b) {
    std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        before.swap(last);
        last.swap(row);
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, replaced});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                row[j] = std::min(row[j], before[j - 2] + 1);
            }
        }
    }
    return row[b.size()];
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

std::string nearest(const std::string& word, const std::vector<std::string>& candidates) {
    constexpr std::size_t longest = 64;
    if (word.empty() || word.size() > longest) return "";
    std::string best;
    std::size_t least = std::max<std::size_t>(1, word.size() / 3) + 1;
    for (const std::string& candidate : candidates) {
        const std::size_t edits = distance(word, candidate);
        if (edits < least && edits < candidate.size()) {
            least = edits;
            best = candidate;
        }
    }
    return best;
}

}  // namespace motley::job
