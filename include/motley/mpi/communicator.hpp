// Communicators that own their handles, and typed collectives. Every function here is collective
// unless its comment says otherwise.
#pragma once

#include <mpi.h>

#include <cstdint>
#include <cstring>
#include <functional>
#include <map>
#include <ranges>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "motley/core/error.hpp"
#include "motley/core/exact_sum.hpp"

namespace motley::mpi {

/// Initialises MPI and finalises it at the end of its life. An exception of one rank among several
/// must go through `abort_with` (see `guarded`), because the other ranks wait.
class Environment {
  public:
    Environment(int& argc, char**& argv);
    ~Environment();
    Environment(const Environment&) = delete;
    Environment& operator=(const Environment&) = delete;

    /// Whether mpirun, srun or the like have started this process as one of several, perhaps.
    static bool has_launcher();
    /// Library version in one line ("Open MPI v4.1.4, ...").
    static std::string library_version();
};

/// A type whose bytes can be sent. It has no pointers and no views, because they are not valid on
/// another rank.
template <class T>
concept Plain =
    std::is_trivially_copyable_v<T> && !std::is_pointer_v<T> && !std::ranges::borrowed_range<T>;

/// What the machine is to some ranks.
struct NodeCounts {
    int count = 1;
    int largest = 1;  ///< ranks
};

class Communicator {
  public:
    /// Borrows MPI_COMM_WORLD.
    static Communicator world();
    /// Borrows MPI_COMM_SELF.
    static Communicator self();
    /// One rank without MPI, which need not be started. All functions here take it but those
    /// that split, and so do halo exchanges, which have nothing to send.
    static Communicator alone();
    ~Communicator();
    Communicator(Communicator&& other) noexcept;
    Communicator& operator=(Communicator&& other) noexcept;
    Communicator(const Communicator&) = delete;
    Communicator& operator=(const Communicator&) = delete;

    /// A copy, or the part of the ranks with the same `color`, in the order of `key`. A rank with
    /// `color` < 0 takes no part and gets an empty communicator.
    Communicator duplicate() const;
    Communicator split(int color, int key) const;
    /// The ranks that share memory with this one, in rank order; with `ranks_per_node` > 0 those
    /// among so many consecutive ranks.
    Communicator split_by_node(int ranks_per_node) const;
    /// Collective. The nodes of these ranks; `node`: what split_by_node returned.
    NodeCounts count_nodes(const Communicator& node) const;

    int rank() const { return rank_; }
    int size() const { return size_; }
    bool root() const { return rank_ == 0; }
    MPI_Comm native() const { return comm_; }

    void barrier() const;

    /// Reductions over the ranks; every rank gets the result. Doubles have no sum here, because it
    /// would depend on the order; use ExactSum for them.
    std::int64_t sum(std::int64_t value) const;
    std::int64_t min(std::int64_t value) const;
    std::int64_t max(std::int64_t value) const;
    double min(double value) const;
    double max(double value) const;
    std::uint64_t sum_wrapping(std::uint64_t value) const;
    /// The same for each element, in place; every rank gives equally many.
    void sum(std::span<std::int64_t> values) const;
    void min(std::span<std::int64_t> values) const;
    void max(std::span<std::int64_t> values) const;
    void min(std::span<double> values) const;
    void max(std::span<double> values) const;
    /// Merges accumulators over ranks, exactly.
    void sum(std::span<ExactSum> values) const;

    /// Returns the value of rank `from` on every rank; the values of the other ranks are ignored.
    template <Plain T>
    T broadcast(T value, int from = 0) const;
    template <Plain T>
    std::vector<T> broadcast(std::vector<T> values, int from = 0) const;
    std::string broadcast(std::string text, int from = 0) const;

    /// One value per rank, in rank order, on every rank.
    template <Plain T>
    std::vector<T> all_gather(T value) const;
    std::vector<std::string> all_gather(const std::string& text) const;
    /// The values of all ranks, concatenated in rank order, on every rank; `counts` says how many
    /// each rank gave.
    template <Plain T>
    std::vector<T> all_gather(const std::vector<T>& values,
                              std::vector<std::int64_t>* counts = nullptr) const;

    /// The same on rank 0; the other ranks get nothing.
    template <Plain T>
    std::vector<T> gather(T value) const;
    std::vector<std::string> gather(const std::string& text) const;
    template <Plain T>
    std::vector<T> gather(const std::vector<T>& values,
                          std::vector<std::int64_t>* counts = nullptr) const;

    /// send[r] goes to rank r. Returns what the ranks sent to this one, concatenated in rank order;
    /// `counts` says how many each rank sent. Long messages are cut into parts that fit MPI's int
    /// counts.
    template <Plain T>
    std::vector<T> exchange(const std::vector<std::vector<T>>& send,
                            std::vector<std::int64_t>* counts = nullptr) const;
    /// The same between few pairs of ranks: send[r], where there is one, goes to rank r; returns
    /// what came, by rank. Its time and memory grow with the messages of this rank, not with the
    /// number of ranks (non-blocking consensus: Hoefler, Siebert, Lumsdaine 2010,
    /// doi:10.1145/1693453.1693476).
    template <Plain T>
    std::map<int, std::vector<T>> exchange(const std::map<int, std::vector<T>>& send) const;

    /// Not collective: prints the message and ends every rank with the exit code.
    [[noreturn]] void abort_with(const Error& error) const;

  private:
    Communicator(MPI_Comm comm, bool owned);
    void broadcast_bytes(std::span<std::byte> bytes, int from) const;
    void all_gather_bytes(std::span<const std::byte> own, std::byte* all) const;
    template <Plain T>
    std::vector<T> exchange_spans(const std::vector<std::span<const T>>& send,
                                  std::vector<std::int64_t>* counts) const;
    std::vector<std::byte> exchange_bytes(const std::vector<std::span<const std::byte>>& send,
                                          std::vector<std::int64_t>& counts) const;
    /// `place` makes room for so many items from a rank.
    void exchange_between_few(const std::map<int, std::span<const std::byte>>& send,
                              std::size_t item_bytes,
                              const std::function<std::byte*(int, std::size_t)>& place) const;

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

/// Runs `action` on rank 0 only. When it throws, every rank throws the same Error, as `together`
/// does. What it returns, if anything, is broadcast, so it must be default constructible and of a
/// type that Communicator::broadcast takes.
template <class Action>
auto on_root(const Communicator& comm, Action&& action) {
    using Result = std::invoke_result_t<Action&>;
    if constexpr (std::is_void_v<Result>) {
        together(comm, [&] {
            if (comm.root()) action();
        });
    } else {
        Result result{};
        together(comm, [&] {
            if (comm.root()) result = action();
        });
        return comm.size() == 1 ? result : comm.broadcast(std::move(result));
    }
}

template <Plain T>
T Communicator::broadcast(T value, int from) const {
    broadcast_bytes(std::as_writable_bytes(std::span(&value, 1)), from);
    return value;
}

template <Plain T>
std::vector<T> Communicator::broadcast(std::vector<T> values, int from) const {
    values.resize(broadcast(values.size(), from));
    broadcast_bytes(std::as_writable_bytes(std::span(values)), from);
    return values;
}

template <Plain T>
std::vector<T> Communicator::all_gather(T value) const {
    std::vector<T> all(static_cast<std::size_t>(size_));
    all_gather_bytes(std::as_bytes(std::span(&value, 1)), reinterpret_cast<std::byte*>(all.data()));
    return all;
}

template <Plain T>
std::vector<T> Communicator::all_gather(const std::vector<T>& values,
                                        std::vector<std::int64_t>* counts) const {
    return exchange_spans(std::vector(static_cast<std::size_t>(size_), std::span<const T>(values)),
                          counts);
}

template <Plain T>
std::vector<T> Communicator::gather(T value) const {
    return gather(std::vector<T>{value});
}

template <Plain T>
std::vector<T> Communicator::gather(const std::vector<T>& values,
                                    std::vector<std::int64_t>* counts) const {
    std::vector<std::span<const T>> send(static_cast<std::size_t>(size_));
    send[0] = values;
    return exchange_spans(send, counts);
}

template <Plain T>
std::vector<T> Communicator::exchange(const std::vector<std::vector<T>>& send,
                                      std::vector<std::int64_t>* counts) const {
    return exchange_spans(std::vector<std::span<const T>>(send.begin(), send.end()), counts);
}

template <Plain T>
std::map<int, std::vector<T>> Communicator::exchange(
    const std::map<int, std::vector<T>>& send) const {
    std::map<int, std::span<const std::byte>> bytes;
    for (const auto& [rank, values] : send) bytes.emplace(rank, std::as_bytes(std::span(values)));
    std::map<int, std::vector<T>> received;
    exchange_between_few(bytes, sizeof(T), [&](int from, std::size_t count) {
        std::vector<T>& values = received[from];
        values.resize(count);
        return reinterpret_cast<std::byte*>(values.data());
    });
    return received;
}

template <Plain T>
std::vector<T> Communicator::exchange_spans(const std::vector<std::span<const T>>& send,
                                            std::vector<std::int64_t>* counts) const {
    std::vector<std::span<const std::byte>> bytes;
    bytes.reserve(send.size());
    for (const auto& part : send) bytes.push_back(std::as_bytes(part));
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
