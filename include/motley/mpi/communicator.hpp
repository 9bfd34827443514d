// RAII communicators and typed collectives. Every function here is collective unless it says not.
#pragma once

#include <mpi.h>

#include <cstdint>
#include <cstring>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "motley/core/error.hpp"
#include "motley/core/exact_sum.hpp"

namespace motley::mpi {

/// Owns MPI_Init / MPI_Finalize of the process. An exception that leaves main's scope while the job
/// has several ranks must go through `abort_with`.
class Environment {
  public:
    Environment(int& argc, char**& argv);
    ~Environment();
    Environment(const Environment&) = delete;
    Environment& operator=(const Environment&) = delete;

    /// Library version in one line ("Open MPI v4.1.4, ...").
    static std::string library_version();
};

class Communicator {
  public:
    /// Borrows MPI_COMM_WORLD.
    static Communicator world();
    /// Borrows MPI_COMM_SELF.
    static Communicator self();
    ~Communicator();
    Communicator(Communicator&& other) noexcept;
    Communicator& operator=(Communicator&& other) noexcept;
    Communicator(const Communicator&) = delete;
    Communicator& operator=(const Communicator&) = delete;

    /// Owns a copy / a part. `color` < 0: this rank takes no part and gets an empty communicator.
    Communicator duplicate() const;
    Communicator split(int color, int key) const;

    int rank() const { return rank_; }
    int size() const { return size_; }
    bool root() const { return rank_ == 0; }
    MPI_Comm native() const { return comm_; }

    void barrier() const;

    /// Element-wise over ranks; integers only (sums of doubles go through ExactSum).
    std::int64_t sum(std::int64_t value) const;
    std::int64_t min(std::int64_t value) const;
    std::int64_t max(std::int64_t value) const;
    double max(double value) const;
    double min(double value) const;
    std::uint64_t sum_wrapping(std::uint64_t value) const;
    void sum(std::span<std::int64_t> values) const;
    /// Merges accumulators over ranks, exactly.
    void sum(std::span<ExactSum> values) const;

    /// Root's bytes to everyone.
    void broadcast(std::vector<std::byte>& bytes) const;
    std::string broadcast(std::string text) const;
    std::vector<std::int64_t> all_gather(std::int64_t value) const;
    std::vector<double> all_gather(double value) const;
    /// One string per rank, on every rank.
    std::vector<std::string> all_gather(const std::string& value) const;

    /// send[r] goes to rank r; returns what came, concatenated in rank order, with the counts.
    /// 64-bit counts; large exchanges are cut into rounds that fit MPI's int counts.
    template <class T>
    std::vector<T> exchange(const std::vector<std::vector<T>>& send,
                            std::vector<std::int64_t>* counts = nullptr) const;

    /// Not collective: prints the message and ends every rank with the exit code.
    [[noreturn]] void abort_with(const Error& error) const;

  private:
    Communicator(MPI_Comm comm, bool owned);
    std::vector<std::byte> exchange_bytes(const std::vector<std::span<const std::byte>>& send,
                                          std::vector<std::int64_t>& counts) const;

    MPI_Comm comm_ = MPI_COMM_NULL;
    bool owned_ = false;
    int rank_ = 0;
    int size_ = 1;
};

/// Runs `action`, the whole work of a program, and returns its exit code. An error that all ranks
/// share is printed once by rank 0; an error of one rank alone ends every rank with its message and
/// exit code, wherever the others wait.
int guarded(const Communicator& comm, const std::function<int()>& action);

/// Runs `action` on every rank. When it throws on any, every rank throws the same Error (the one of
/// the lowest failing rank), so that all leave together. `action` itself must not be collective
/// after a point where one rank alone can throw.
void together(const Communicator& comm, const std::function<void()>& action);

template <class T>
std::vector<T> Communicator::exchange(const std::vector<std::vector<T>>& send,
                                      std::vector<std::int64_t>* counts) const {
    static_assert(std::is_trivially_copyable_v<T>);
    std::vector<std::span<const std::byte>> bytes;
    bytes.reserve(send.size());
    for (const auto& part : send) bytes.push_back(std::as_bytes(std::span<const T>(part)));
    std::vector<std::int64_t> byte_counts;
    const std::vector<std::byte> raw = exchange_bytes(bytes, byte_counts);
    std::vector<T> out(raw.size() / sizeof(T));
    if (!raw.empty()) std::memcpy(out.data(), raw.data(), raw.size());
    if (counts != nullptr) {
        *counts = byte_counts;
        for (auto& count : *counts) count /= static_cast<std::int64_t>(sizeof(T));
    }
    return out;
}

}  // namespace motley::mpi
