#include "topology/files/words.hpp"

#include <cstring>

#include "motley/core/error.hpp"

namespace motley::topology {
namespace {

std::size_t words_for(std::size_t bytes) {
    return (bytes + 7) / 8;
}

}  // namespace

void put_bytes(const void* bytes, std::size_t size, Words& words) {
    const std::size_t at = words.size();
    words.resize(at + words_for(size), 0);
    if (size > 0) std::memcpy(&words[at], bytes, size);
}

void put_text(std::string_view text, Words& words) {
    words.push_back(text.size());
    put_bytes(text.data(), text.size(), words);
}

void put_texts(const std::vector<std::string>& texts, Words& words) {
    words.push_back(texts.size());
    for (const std::string& text : texts) put_text(text, words);
}

void WordTaker::bytes(void* to, std::size_t size) {
    if (words_for(size) > words_.size() - at_) {
        throw internal_error("a reader was told less than it expected");
    }
    if (size > 0) std::memcpy(to, &words_[at_], size);
    at_ += words_for(size);
}

std::string_view WordTaker::text() {
    const std::size_t size = word();
    if (words_for(size) > words_.size() - at_) {
        throw internal_error("a reader was told less than it expected");
    }
    const auto* begin = reinterpret_cast<const char*>(words_.data() + at_);
    at_ += words_for(size);
    return {begin, size};
}

void WordTaker::texts(std::vector<std::string>& texts) {
    const std::size_t count = word();
    texts.reserve(texts.size() + count);
    for (std::size_t i = 0; i < count; ++i) texts.emplace_back(text());
}

std::vector<double> WordTaker::numbers() {
    std::vector<double> numbers(word());
    bytes(numbers.data(), numbers.size() * sizeof(double));
    return numbers;
}

}  // namespace motley::topology
