#include "motley/mpi/communicator.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include "mpi/checked.hpp"

namespace motley::mpi {
namespace {

/// The longest part of a message, in bytes, that one MPI call moves: counts are int.
constexpr std::size_t piece = std::size_t{1} << 30;

template <class T>
void reduce(std::span<T> values, MPI_Datatype type, MPI_Op operation, MPI_Comm comm) {
    if (comm == MPI_COMM_NULL) return;
    checked(
        MPI_Allreduce(MPI_IN_PLACE, values.data(), as_count(values.size()), type, operation, comm),
        "MPI_Allreduce");
}

/// The texts that are concatenated in `all`.
std::vector<std::string> cut(const std::vector<char>& all,
                             const std::vector<std::int64_t>& lengths) {
    std::vector<std::string> texts;
    std::size_t at = 0;
    for (const auto length : lengths) {
        texts.emplace_back(all.data() + at, static_cast<std::size_t>(length));
        at += static_cast<std::size_t>(length);
    }
    return texts;
}

}  // namespace

bool Environment::has_launcher() {
    constexpr std::array variables = {
        "OMPI_COMM_WORLD_SIZE", "PMIX_RANK", "PMI_RANK", "PMI_SIZE", "PMI_FD", "PMI_PORT",
        "MPI_LOCALNRANKS"};
    return std::ranges::any_of(variables,
                               [](const char* name) { return std::getenv(name) != nullptr; });
}

Environment::Environment(int& argc, char**& argv) {
    if (!has_launcher()) {
        // Without mpirun Open MPI starts a daemon for the rank, which only spawning needs. It costs
        // 0.1 s, and on busy machines some programs crash when they disconnect from it.
        setenv("OMPI_MCA_ess_singleton_isolated", "1", 0);
        // All such processes of a user share one folder of their session, and the one that ends
        // removes it under another that starts. A rank alone needs none.
        setenv("OMPI_MCA_orte_create_session_dirs", "0", 0);
    }
    int provided = 0;
    MPI_Init_thread(&argc, &argv, MPI_THREAD_SINGLE, &provided);
    MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
}

Environment::~Environment() {
    MPI_Finalize();
}

std::string Environment::library_version() {
    std::array<char, MPI_MAX_LIBRARY_VERSION_STRING> text{};
    int length = 0;
    MPI_Get_library_version(text.data(), &length);
    std::string version(text.data());
    return version.substr(0, version.find('\n'));
}

Communicator::Communicator(MPI_Comm comm, bool owned) : comm_(comm), owned_(owned) {
    if (comm_ == MPI_COMM_NULL) return;
    MPI_Comm_rank(comm_, &rank_);
    MPI_Comm_size(comm_, &size_);
}

Communicator Communicator::world() {
    return {MPI_COMM_WORLD, false};
}
Communicator Communicator::self() {
    return {MPI_COMM_SELF, false};
}
Communicator Communicator::alone() {
    Communicator comm(MPI_COMM_NULL, false);
    comm.rank_ = 0;
    comm.size_ = 1;
    return comm;
}

Communicator::~Communicator() {
    if (owned_ && comm_ != MPI_COMM_NULL) MPI_Comm_free(&comm_);
}

Communicator::Communicator(Communicator&& other) noexcept
    : comm_(other.comm_), owned_(other.owned_), rank_(other.rank_), size_(other.size_) {
    other.comm_ = MPI_COMM_NULL;
    other.owned_ = false;
}

Communicator& Communicator::operator=(Communicator&& other) noexcept {
    std::swap(comm_, other.comm_);
    std::swap(owned_, other.owned_);
    std::swap(rank_, other.rank_);
    std::swap(size_, other.size_);
    return *this;
}

Communicator Communicator::duplicate() const {
    if (comm_ == MPI_COMM_NULL) return alone();
    MPI_Comm copy = MPI_COMM_NULL;
    checked(MPI_Comm_dup(comm_, &copy), "MPI_Comm_dup");
    return {copy, true};
}

Communicator Communicator::split(int color, int key) const {
    MPI_Comm part = MPI_COMM_NULL;
    checked(MPI_Comm_split(comm_, color < 0 ? MPI_UNDEFINED : color, key, &part), "MPI_Comm_split");
    return {part, true};
}

Communicator Communicator::split_by_node(int ranks_per_node) const {
    MPI_Comm shared = MPI_COMM_NULL;
    checked(MPI_Comm_split_type(comm_, MPI_COMM_TYPE_SHARED, rank_, MPI_INFO_NULL, &shared),
            "MPI_Comm_split_type");
    // In SMPI messages of that communicator meet those of others; a part of it has its own.
    return Communicator(shared, true).split(ranks_per_node > 0 ? rank_ / ranks_per_node : 0, rank_);
}

NodeCounts Communicator::count_nodes(const Communicator& node) const {
    return {static_cast<int>(sum(std::int64_t{node.root() ? 1 : 0})),
            static_cast<int>(max(std::int64_t{node.size()}))};
}

void Communicator::barrier() const {
    if (comm_ == MPI_COMM_NULL) return;
    checked(MPI_Barrier(comm_), "MPI_Barrier");
}

std::int64_t Communicator::sum(std::int64_t value) const {
    reduce(std::span(&value, 1), MPI_INT64_T, MPI_SUM, comm_);
    return value;
}
std::int64_t Communicator::min(std::int64_t value) const {
    reduce(std::span(&value, 1), MPI_INT64_T, MPI_MIN, comm_);
    return value;
}
std::int64_t Communicator::max(std::int64_t value) const {
    reduce(std::span(&value, 1), MPI_INT64_T, MPI_MAX, comm_);
    return value;
}
double Communicator::min(double value) const {
    reduce(std::span(&value, 1), MPI_DOUBLE, MPI_MIN, comm_);
    return value;
}
double Communicator::max(double value) const {
    reduce(std::span(&value, 1), MPI_DOUBLE, MPI_MAX, comm_);
    return value;
}
std::uint64_t Communicator::sum_wrapping(std::uint64_t value) const {
    reduce(std::span(&value, 1), MPI_UINT64_T, MPI_SUM, comm_);
    return value;
}

void Communicator::sum(std::span<std::int64_t> values) const {
    reduce(values, MPI_INT64_T, MPI_SUM, comm_);
}
void Communicator::min(std::span<std::int64_t> values) const {
    reduce(values, MPI_INT64_T, MPI_MIN, comm_);
}
void Communicator::max(std::span<std::int64_t> values) const {
    reduce(values, MPI_INT64_T, MPI_MAX, comm_);
}
void Communicator::min(std::span<double> values) const {
    reduce(values, MPI_DOUBLE, MPI_MIN, comm_);
}
void Communicator::max(std::span<double> values) const {
    reduce(values, MPI_DOUBLE, MPI_MAX, comm_);
}

void Communicator::sum(std::span<ExactSum> values) const {
    if (size_ == 1) return;
    constexpr std::size_t width = ExactSum::chunk_count + 1;
    std::vector<std::int64_t> chunks(values.size() * width);
    for (std::size_t i = 0; i < values.size(); ++i) {
        const auto exported = values[i].export_chunks();
        std::copy(exported.begin(), exported.end(), chunks.begin() + static_cast<long>(i * width));
    }
    sum(std::span<std::int64_t>(chunks));
    for (std::size_t i = 0; i < values.size(); ++i) {
        values[i] = ExactSum::import_chunks(chunks.data() + i * width);
    }
}

std::string Communicator::broadcast(std::string text, int from) const {
    text.resize(broadcast(text.size(), from));
    broadcast_bytes(std::as_writable_bytes(std::span(text)), from);
    return text;
}

void Communicator::broadcast_bytes(std::span<std::byte> bytes, int from) const {
    if (comm_ == MPI_COMM_NULL) return;
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
        const std::size_t count = std::min(piece, bytes.size() - at);
        checked(MPI_Bcast(bytes.data() + at, as_count(count), MPI_BYTE, from, comm_), "MPI_Bcast");
    }
}

void Communicator::all_gather_bytes(std::span<const std::byte> own, std::byte* all) const {
    if (comm_ == MPI_COMM_NULL) {
        std::ranges::copy(own, all);
        return;
    }
    const int count = as_count(own.size());
    checked(MPI_Allgather(own.data(), count, MPI_BYTE, all, count, MPI_BYTE, comm_),
            "MPI_Allgather");
}

std::vector<std::string> Communicator::all_gather(const std::string& text) const {
    std::vector<std::int64_t> counts;
    const std::vector<char> all = all_gather(std::vector<char>(text.begin(), text.end()), &counts);
    return cut(all, counts);
}

std::vector<std::string> Communicator::gather(const std::string& text) const {
    std::vector<std::int64_t> counts;
    const std::vector<char> all = gather(std::vector<char>(text.begin(), text.end()), &counts);
    return root() ? cut(all, counts) : std::vector<std::string>{};
}

std::vector<std::byte> Communicator::exchange_bytes(
    const std::vector<std::span<const std::byte>>& send, std::vector<std::int64_t>& counts) const {
    const auto ranks = static_cast<std::size_t>(size_);
    if (send.size() != ranks) throw internal_error("exchange: one part per rank is needed");
    if (comm_ == MPI_COMM_NULL) {
        counts = {std::ssize(send.front())};
        return {send.front().begin(), send.front().end()};
    }
    std::vector<std::int64_t> sizes(ranks);
    counts.assign(ranks, 0);
    for (std::size_t r = 0; r < ranks; ++r) sizes[r] = static_cast<std::int64_t>(send[r].size());
    checked(MPI_Alltoall(sizes.data(), 1, MPI_INT64_T, counts.data(), 1, MPI_INT64_T, comm_),
            "MPI_Alltoall");
    std::vector<std::size_t> start(ranks + 1, 0);
    for (std::size_t r = 0; r < ranks; ++r) {
        start[r + 1] = start[r] + static_cast<std::size_t>(counts[r]);
    }
    std::vector<std::byte> received(start[ranks]);

    // Messages are sent in pieces that MPI's int counts can hold. A pair of ranks keeps their
    // order.
    std::vector<MPI_Request> requests;
    for (std::size_t r = 0; r < ranks; ++r) {
        for (std::size_t at = 0; at < static_cast<std::size_t>(counts[r]); at += piece) {
            const std::size_t count = std::min(piece, static_cast<std::size_t>(counts[r]) - at);
            checked(MPI_Irecv(received.data() + start[r] + at, as_count(count), MPI_BYTE,
                              static_cast<int>(r), 0, comm_, &requests.emplace_back()),
                    "MPI_Irecv");
        }
    }
    for (std::size_t shift = 0; shift < ranks; ++shift) {
        const std::size_t r = (static_cast<std::size_t>(rank_) + shift) % ranks;
        for (std::size_t at = 0; at < send[r].size(); at += piece) {
            const std::size_t count = std::min(piece, send[r].size() - at);
            checked(MPI_Isend(send[r].data() + at, as_count(count), MPI_BYTE, static_cast<int>(r),
                              0, comm_, &requests.emplace_back()),
                    "MPI_Isend");
        }
    }
    checked(MPI_Waitall(as_count(requests.size()), requests.data(), MPI_STATUSES_IGNORE),
            "MPI_Waitall");
    return received;
}

void Communicator::abort_with(const Error& error) const {
    // Where several ranks fail at once, the lowest prints first, and its abort ends the others
    // while they wait here.
    std::this_thread::sleep_for(std::chrono::milliseconds(500) * std::min(rank_, 8));
    std::fprintf(stderr, "motley: rank %d: %s\n", rank_, error.what());
    std::fflush(stderr);
    // On an abort MPICH's launcher drops output that it has not yet passed on.
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    MPI_Abort(comm_, error.exit_code());
    std::abort();
}

}  // namespace motley::mpi
