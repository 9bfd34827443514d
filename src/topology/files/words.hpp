// What readers tell each other, as words: put in some order, taken in the same one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "motley/topology/shared_file.hpp"

namespace motley::topology {

using Words = Peers::Words;

void put_bytes(const void* bytes, std::size_t size, Words& words);
void put_text(std::string_view text, Words& words);
void put_texts(const std::vector<std::string>& texts, Words& words);

/// Takes words in the order in which they were put. `words` must outlive it.
class WordTaker {
  public:
    explicit WordTaker(const Words& words) : words_(words) {}

    std::uint64_t word() { return words_.at(at_++); }
    void bytes(void* to, std::size_t size);
    /// Valid as long as the words are.
    std::string_view text();
    /// Appends the texts to `texts`.
    void texts(std::vector<std::string>& texts);
    std::vector<double> numbers();

  private:
    const Words& words_;
    std::size_t at_ = 0;
};

}  // namespace motley::topology
