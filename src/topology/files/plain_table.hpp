// Slices of plain rows, put together to the table of a whole file.
#pragma once

#include <cstring>
#include <optional>
#include <type_traits>
#include <vector>

#include "motley/topology/shared_file.hpp"
#include "topology/files/plain_rows.hpp"

namespace motley::topology {

/// Plain data of every reader, by their places.
template <class T>
std::vector<T> tell(const Peers& readers, const T& own) {
    static_assert(std::is_trivially_copyable_v<T>);
    constexpr std::size_t words = (sizeof(T) + 7) / 8;
    Peers::Words sent(words);
    std::memcpy(sent.data(), &own, sizeof(T));
    const Peers::Words all = readers.gather(sent);
    std::vector<T> values(all.size() / words);
    for (std::size_t r = 0; r < values.size(); ++r) {
        std::memcpy(static_cast<void*>(&values[r]), &all[r * words], sizeof(T));
    }
    return values;
}

/// The slice of this reader as its part of the edge table of the whole file: vertices are numbered,
/// columns have their meaning, and the remarks are those of the whole file. Nothing for all readers
/// where the rows are not plain, or wrong. All readers must have the same form.
std::optional<EdgeTable> put_together(const Spec& spec, const PlainForm& form, PlainRows& rows,
                                      const Peers& readers);

/// The table of a file that is in memory; nothing where the file is small or its rows are not
/// plain.
std::optional<EdgeTable> read_plain(const Spec& spec, const TextFile& file, FileFormat format);

/// Files of fewer bytes are left to the readers of the formats.
constexpr std::int64_t least_plain_bytes = std::int64_t{64} << 10;

}  // namespace motley::topology
