// The binding of a list of words.
#pragma once

#include <string>
#include <vector>

#include "job/key_table.hpp"

namespace motley::job {

/// A list of words among `words`, in the order of the enumeration.
template <class S, class E>
Binding choices(std::vector<E> S::*member, std::vector<std::string> words) {
    Binding binding;
    binding.type = KeyType::texts;
    binding.words = words;
    binding.get = [=](const void* object) {
        Value list = array_value({});
        for (const E each : static_cast<const S*>(object)->*member) {
            list.items.push_back(Value::of(words[static_cast<std::size_t>(each)]));
        }
        return list;
    };
    binding.set = [=](void* object, const Value& value) {
        auto& list = static_cast<S*>(object)->*member;
        list.clear();
        for (const Value& item : value.items) {
            for (std::size_t i = 0; i < words.size(); ++i) {
                if (words[i] == item.text) list.push_back(static_cast<E>(i));
            }
        }
    };
    return binding;
}

}  // namespace motley::job
