// Large arrays: aligned to 64 bytes, on huge pages if the system has them, and not initialised.
#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <type_traits>
#include <utility>

#include "motley/core/error.hpp"
#include "motley/core/expect.hpp"

namespace motley {

/// Owns `size` elements of a trivial type. Pages are touched only when written. Throws a storage
/// error when the memory cannot be allocated. A buffer that was moved from is empty.
template <class T>
class Buffer {
    static_assert(std::is_trivially_copyable_v<T>);

  public:
    Buffer() = default;
    explicit Buffer(std::size_t size) : size_(size) {
        if (size == 0) return;
        constexpr std::size_t huge_page = std::size_t{2} << 20;
        std::size_t bytes = size * sizeof(T);
        const std::size_t alignment = bytes >= huge_page ? huge_page : 64;
        bytes = (bytes + 63) / 64 * 64;
        void* memory = nullptr;
        if (posix_memalign(&memory, alignment, bytes) != 0) {
            throw storage_error("out of memory: " + std::to_string(bytes) +
                                " bytes could not be allocated; use more ranks or fewer agents");
        }
        if (alignment == huge_page) madvise(memory, bytes, MADV_HUGEPAGE);
        data_.reset(static_cast<T*>(memory));
    }
    Buffer(std::size_t size, T value) : Buffer(size) {
        for (std::size_t i = 0; i < size; ++i) data_.get()[i] = value;
    }

    Buffer(Buffer&& other) noexcept
        : data_(std::move(other.data_)), size_(std::exchange(other.size_, 0)) {}
    Buffer& operator=(Buffer&& other) noexcept {
        data_ = std::move(other.data_);
        size_ = std::exchange(other.size_, 0);
        return *this;
    }

    std::size_t size() const { return size_; }
    bool empty() const { return size_ == 0; }
    T* data() { return data_.get(); }
    const T* data() const { return data_.get(); }
    T& operator[](std::size_t i) {
        expect_index(i);
        return data_.get()[i];
    }
    const T& operator[](std::size_t i) const {
        expect_index(i);
        return data_.get()[i];
    }
    T* begin() { return data(); }
    T* end() { return data() + size_; }
    const T* begin() const { return data(); }
    const T* end() const { return data() + size_; }
    std::span<T> span() { return {data(), size_}; }
    std::span<const T> span() const { return {data(), size_}; }
    std::size_t bytes() const { return size_ * sizeof(T); }

  private:
    void expect_index(std::size_t i) const {
        MOTLEY_EXPECT_STEP(i < size_, "element " + std::to_string(i) +
                                          " was asked from a buffer of " + std::to_string(size_));
    }

    struct Free {
        void operator()(T* p) const { std::free(p); }
    };
    std::unique_ptr<T, Free> data_;
    std::size_t size_ = 0;
};

}  // namespace motley
