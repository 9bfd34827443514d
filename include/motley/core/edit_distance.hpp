// The edit distance of two words, which "did you mean" messages use.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace motley {

/// Number of edits that turn `a` into `b`, where an edit inserts, deletes or replaces one byte or
/// swaps two neighbours, and no byte is edited twice (optimal string alignment).
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The candidate at the least edit distance from `word`, the first of several that are equally
/// near. The distance may be at most a third of the word's length (at least 1) and must be below
/// the candidate's length. The result is empty if no candidate is that near.
std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace motley
