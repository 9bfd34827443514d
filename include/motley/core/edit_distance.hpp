// How far apart two words are: for "did you mean".
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace motley {

/// Number of edits that turn `a` into `b`, where an edit inserts, deletes or replaces one byte or
/// swaps two neighbours, and no byte is edited twice (optimal string alignment).
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The candidate at the least edit distance from `word`; nothing where none is near: the distance
/// may be a third of the word's length (at least 1), and it must be below the candidate's length.
/// The first of several that are equally near.
std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace motley
