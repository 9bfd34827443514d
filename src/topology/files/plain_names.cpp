#include "topology/files/plain_names.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <numeric>
#include <utility>

#include "topology/files/words.hpp"

namespace motley::topology {

std::string_view NameSet::keep(std::string_view name) {
    constexpr std::size_t block = std::size_t{2} << 20;
    if (name.size() > left_) {
        left_ = std::max(block, name.size());
        blocks_.emplace_back(left_);
        next_ = blocks_.back().data();
    }
    if (!name.empty()) std::memcpy(next_, name.data(), name.size());
    const std::string_view kept(next_, name.size());
    next_ += name.size();
    left_ -= name.size();
    return kept;
}

void NameSet::grow() {
    slots_ = Buffer<Slot>(std::max<std::size_t>(1024, 2 * slots_.size()), Slot{});
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t place = 0; place < names_.size(); ++place) {
        const std::size_t hash = hash_of(names_[place]);
        std::size_t slot = hash & mask;
        while (slots_[slot].place != 0) slot = (slot + 1) & mask;
        slots_[slot] = {static_cast<std::uint32_t>(place + 1), tag_of(hash)};
    }
}

std::uint32_t NameSet::add(std::string_view name, std::size_t hash) {
    if (2 * (names_.size() + 1) > slots_.size()) grow();
    const std::size_t mask = slots_.size() - 1;
    std::size_t slot = hash & mask;
    for (; slots_[slot].place != 0; slot = (slot + 1) & mask) {
        if (slots_[slot].tag == tag_of(hash) && names_[slots_[slot].place - 1] == name) {
            return slots_[slot].place - 1;
        }
    }
    names_.push_back(keep(name));
    slots_[slot] = {static_cast<std::uint32_t>(names_.size()), tag_of(hash)};
    return slots_[slot].place - 1;
}

void NameSet::add(std::span<const std::string_view> names, std::span<std::uint32_t> places) {
    constexpr std::size_t most = 64;
    std::array<std::size_t, most> hashes;
    for (std::size_t begin = 0; begin < names.size(); begin += most) {
        const auto part = names.subspan(begin, std::min(most, names.size() - begin));
        if (slots_.empty()) grow();
        const std::size_t mask = slots_.size() - 1;
        for (std::size_t i = 0; i < part.size(); ++i) {
            hashes[i] = hash_of(part[i]);
            __builtin_prefetch(&slots_[hashes[i] & mask]);
        }
        for (std::size_t i = 0; i < part.size(); ++i) {
            const std::uint32_t place = slots_[hashes[i] & mask].place;
            if (place != 0) __builtin_prefetch(&names_[place - 1]);
        }
        for (std::size_t i = 0; i < part.size(); ++i) {
            const std::uint32_t place = slots_[hashes[i] & mask].place;
            if (place != 0) __builtin_prefetch(names_[place - 1].data());
        }
        for (std::size_t i = 0; i < part.size(); ++i) {
            places[begin + i] = add(part[i], hashes[i]);
        }
    }
}

namespace {

std::vector<std::string> texts_of(const NameSet& names) {
    std::vector<std::string> texts;
    texts.reserve(names.size());
    for (std::size_t i = 0; i < names.size(); ++i) texts.emplace_back(names[i]);
    return texts;
}

/// Each name has one reader that looks after it, whoever has seen it. This one asks those for the
/// names of its slice, and is asked for those that it looks after.
class Numbering {
  public:
    Numbering(const NameSet& own, const Peers& readers)
        : own_(own), readers_(readers), asked_(at(readers.count())), asks_(at(readers.count())) {
        for (std::size_t i = 0; i < own.size(); ++i) {
            // Not the bits that a table of the names is addressed by.
            const std::size_t hash = std::hash<std::string_view>{}(own[i]) >> 32;
            asked_[hash % at(readers.count())].push_back(static_cast<std::uint32_t>(i));
        }
    }

    NumberedNames number() {
        send_names();
        const std::vector<std::uint64_t> is_first = answer(
            [&](std::size_t name, int place) { return std::uint64_t{first_[name] == place}; });
        NumberedNames result;
        result.numbers.resize(own_.size());
        number_own(is_first, result);
        tell_numbers(is_first, result.numbers);
        const std::vector<std::uint64_t> numbers =
            answer([&](std::size_t name, int) { return numbers_[name]; });
        for (std::size_t i = 0; i < numbers.size(); ++i) {
            result.numbers[i] = static_cast<std::uint32_t>(numbers[i]);
        }
        return result;
    }

  private:
    static std::size_t at(int place) { return static_cast<std::size_t>(place); }

    void send_names() {
        std::vector<Words> send(asked_.size());
        for (std::size_t r = 0; r < send.size(); ++r) {
            send[r].push_back(asked_[r].size());
            for (const std::uint32_t name : asked_[r]) put_text(own_[name], send[r]);
        }
        const Words received = readers_.exchange(send);
        WordTaker taker(received);
        for (int place = 0; place < readers_.count(); ++place) {
            for (std::size_t left = taker.word(); left > 0; --left) {
                const std::uint32_t name = looked_after_.add(taker.text());
                if (name == first_.size()) first_.push_back(place);
                asks_[at(place)].push_back(name);
            }
        }
        numbers_.resize(first_.size());
    }

    /// What `answer_of(name, place)` of those who look after the names of this reader is.
    template <class AnswerOf>
    std::vector<std::uint64_t> answer(AnswerOf answer_of) const {
        std::vector<Words> send(asks_.size());
        for (int place = 0; place < readers_.count(); ++place) {
            for (const std::uint32_t name : asks_[at(place)]) {
                send[at(place)].push_back(answer_of(name, place));
            }
        }
        const Words received = readers_.exchange(send);
        std::vector<std::uint64_t> answers(own_.size());
        std::size_t next = 0;
        for (const auto& names : asked_) {
            for (const std::uint32_t name : names) answers[name] = received.at(next++);
        }
        return answers;
    }

    /// Numbers the names that no reader before this one has, and makes them known.
    void number_own(const std::vector<std::uint64_t>& is_first, NumberedNames& result) const {
        std::vector<std::string> firsts;
        for (std::size_t i = 0; i < own_.size(); ++i) {
            if (is_first[i] != 0) firsts.emplace_back(own_[i]);
        }
        Words words;
        put_texts(firsts, words);
        const Words all = readers_.gather(words);
        WordTaker taker(all);
        std::size_t number = 0;
        for (int place = 0; place < readers_.count(); ++place) {
            if (place == readers_.place()) number = result.names.size();
            taker.texts(result.names);
        }
        for (std::size_t i = 0; i < own_.size(); ++i) {
            if (is_first[i] != 0) result.numbers[i] = static_cast<std::uint32_t>(number++);
        }
    }

    /// Tells the numbers that this reader gave to those who look after the names.
    void tell_numbers(const std::vector<std::uint64_t>& is_first,
                      const std::vector<std::uint32_t>& numbers) {
        std::vector<Words> send(asked_.size());
        for (std::size_t r = 0; r < send.size(); ++r) {
            for (const std::uint32_t name : asked_[r]) {
                if (is_first[name] != 0) send[r].push_back(numbers[name]);
            }
        }
        const Words received = readers_.exchange(send);
        std::size_t next = 0;
        for (int place = 0; place < readers_.count(); ++place) {
            for (const std::uint32_t name : asks_[at(place)]) {
                if (first_[name] == place) numbers_[name] = received.at(next++);
            }
        }
    }

    const NameSet& own_;
    const Peers& readers_;
    std::vector<std::vector<std::uint32_t>> asked_;  ///< by reader: names of this one
    std::vector<std::vector<std::uint32_t>> asks_;   ///< by reader: names in `looked_after_`
    NameSet looked_after_;
    std::vector<int> first_;              ///< of each name looked after: who has it first
    std::vector<std::uint64_t> numbers_;  ///< of each name looked after
};

}  // namespace

NumberedNames number_by_appearance(const NameSet& own, const Peers& readers) {
    if (readers.count() > 1) return Numbering(own, readers).number();
    NumberedNames result{std::vector<std::uint32_t>(own.size()), texts_of(own)};
    std::iota(result.numbers.begin(), result.numbers.end(), 0U);
    return result;
}

}  // namespace motley::topology
