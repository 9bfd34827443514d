// Names of vertices in slices of a table, numbered by their first appearance in all of it.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "motley/core/buffer.hpp"
#include "motley/topology/shared_file.hpp"

namespace motley::topology {

/// Distinct names, in the order in which they were added.
class NameSet {
  public:
    /// The place of a name.
    std::uint32_t add(std::string_view name) { return add(name, hash_of(name)); }
    /// The places of several names, added one after the other. It takes a third of the time of as
    /// many calls, since it waits for memory once for all of them.
    void add(std::span<const std::string_view> names, std::span<std::uint32_t> places);
    std::size_t size() const { return names_.size(); }
    std::string_view operator[](std::size_t place) const { return names_[place]; }

  private:
    struct Slot {
        std::uint32_t place = 0;  ///< + 1; 0: the slot is free
        std::uint32_t tag = 0;    ///< further bits of the hash
    };

    static std::size_t hash_of(std::string_view name) {
        return std::hash<std::string_view>{}(name);
    }
    static std::uint32_t tag_of(std::size_t hash) { return static_cast<std::uint32_t>(hash >> 32); }
    std::uint32_t add(std::string_view name, std::size_t hash);
    std::string_view keep(std::string_view name);
    void grow();

    std::vector<Buffer<char>> blocks_;  ///< what the names point into
    std::size_t left_ = 0;              ///< bytes in the last block
    char* next_ = nullptr;
    std::vector<std::string_view> names_;
    Buffer<Slot> slots_;  ///< open addressing
};

struct NumberedNames {
    std::vector<std::uint32_t> numbers;  ///< by place in the set of this reader
    std::vector<std::string> names;      ///< of all readers, by number
};

/// Numbers the names of all readers, whose slices follow each other in a file, by first appearance.
NumberedNames number_by_appearance(const NameSet& own, const Peers& readers);

}  // namespace motley::topology
