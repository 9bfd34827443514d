#include "motley/mpi/communicator.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <thread>

namespace motley::mpi {
namespace {

void check(int code, const char* call) {
    if (code == MPI_SUCCESS) return;
    std::array<char, MPI_MAX_ERROR_STRING> text{};
    int length = 0;
    MPI_Error_string(code, text.data(), &length);
    throw internal_error(std::string(call) + ": " + text.data());
}

int as_count(std::size_t count) {
    if (count > static_cast<std::size_t>(std::numeric_limits<int>::max())) {
        throw internal_error("message of " + std::to_string(count) + " items is too long for MPI");
    }
    return static_cast<int>(count);
}

/// What travels when a rank fails: everything that rebuilds the Error elsewhere.
struct WireError {
    std::int64_t kind, line, column, agent, rank;
};

/// The rank whose machine is to be looked at: where memory or a promise broke, not a file.
std::string rank_of(const Error& error, const Communicator& comm) {
    const bool own = error.kind() == ErrorKind::storage || error.kind() == ErrorKind::internal;
    if (!own || error.rank() < 0 || comm.size() == 1 || !error.where().file.empty()) return {};
    return "rank " + std::to_string(error.rank()) + ": ";
}

}  // namespace

Environment::Environment(int& argc, char**& argv) {
    // Open MPI gives a rank without mpirun a daemon of its own, which only spawning would need: it
    // costs 0.1 s, and on busy machines some programs crash when they take leave of it.
    setenv("OMPI_MCA_ess_singleton_isolated", "1", 0);
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
    MPI_Comm copy = MPI_COMM_NULL;
    check(MPI_Comm_dup(comm_, &copy), "MPI_Comm_dup");
    return {copy, true};
}

Communicator Communicator::split(int color, int key) const {
    MPI_Comm part = MPI_COMM_NULL;
    check(MPI_Comm_split(comm_, color < 0 ? MPI_UNDEFINED : color, key, &part), "MPI_Comm_split");
    return {part, true};
}

void Communicator::barrier() const {
    check(MPI_Barrier(comm_), "MPI_Barrier");
}

std::int64_t Communicator::sum(std::int64_t value) const {
    sum(std::span<std::int64_t>(&value, 1));
    return value;
}

void Communicator::sum(std::span<std::int64_t> values) const {
    check(MPI_Allreduce(MPI_IN_PLACE, values.data(), as_count(values.size()), MPI_INT64_T, MPI_SUM,
                        comm_),
          "MPI_Allreduce");
}

std::int64_t Communicator::min(std::int64_t value) const {
    check(MPI_Allreduce(MPI_IN_PLACE, &value, 1, MPI_INT64_T, MPI_MIN, comm_), "MPI_Allreduce");
    return value;
}

std::int64_t Communicator::max(std::int64_t value) const {
    check(MPI_Allreduce(MPI_IN_PLACE, &value, 1, MPI_INT64_T, MPI_MAX, comm_), "MPI_Allreduce");
    return value;
}

double Communicator::max(double value) const {
    check(MPI_Allreduce(MPI_IN_PLACE, &value, 1, MPI_DOUBLE, MPI_MAX, comm_), "MPI_Allreduce");
    return value;
}

double Communicator::min(double value) const {
    check(MPI_Allreduce(MPI_IN_PLACE, &value, 1, MPI_DOUBLE, MPI_MIN, comm_), "MPI_Allreduce");
    return value;
}

std::uint64_t Communicator::sum_wrapping(std::uint64_t value) const {
    check(MPI_Allreduce(MPI_IN_PLACE, &value, 1, MPI_UINT64_T, MPI_SUM, comm_), "MPI_Allreduce");
    return value;
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

void Communicator::broadcast(std::vector<std::byte>& bytes) const {
    std::int64_t size = static_cast<std::int64_t>(bytes.size());
    check(MPI_Bcast(&size, 1, MPI_INT64_T, 0, comm_), "MPI_Bcast");
    bytes.resize(static_cast<std::size_t>(size));
    constexpr std::size_t piece = std::size_t{1} << 30;
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
        const std::size_t count = std::min(piece, bytes.size() - at);
        check(MPI_Bcast(bytes.data() + at, as_count(count), MPI_BYTE, 0, comm_), "MPI_Bcast");
    }
}

std::string Communicator::broadcast(std::string text) const {
    const auto given = std::as_bytes(std::span(text));
    std::vector<std::byte> bytes(given.begin(), given.end());
    broadcast(bytes);
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::vector<std::int64_t> Communicator::all_gather(std::int64_t value) const {
    std::vector<std::int64_t> all(static_cast<std::size_t>(size_));
    check(MPI_Allgather(&value, 1, MPI_INT64_T, all.data(), 1, MPI_INT64_T, comm_),
          "MPI_Allgather");
    return all;
}

std::vector<double> Communicator::all_gather(double value) const {
    std::vector<double> all(static_cast<std::size_t>(size_));
    check(MPI_Allgather(&value, 1, MPI_DOUBLE, all.data(), 1, MPI_DOUBLE, comm_), "MPI_Allgather");
    return all;
}

std::vector<std::string> Communicator::all_gather(const std::string& value) const {
    std::vector<std::vector<char>> send(static_cast<std::size_t>(size_),
                                        std::vector<char>(value.begin(), value.end()));
    std::vector<std::int64_t> counts;
    const std::vector<char> all = exchange(send, &counts);
    std::vector<std::string> out;
    std::size_t at = 0;
    for (const auto count : counts) {
        out.emplace_back(all.data() + at, static_cast<std::size_t>(count));
        at += static_cast<std::size_t>(count);
    }
    return out;
}

std::vector<std::byte> Communicator::exchange_bytes(
    const std::vector<std::span<const std::byte>>& send, std::vector<std::int64_t>& counts) const {
    const auto ranks = static_cast<std::size_t>(size_);
    if (send.size() != ranks) throw internal_error("exchange: one part per rank is needed");
    std::vector<std::int64_t> sizes(ranks);
    counts.assign(ranks, 0);
    for (std::size_t r = 0; r < ranks; ++r) sizes[r] = static_cast<std::int64_t>(send[r].size());
    check(MPI_Alltoall(sizes.data(), 1, MPI_INT64_T, counts.data(), 1, MPI_INT64_T, comm_),
          "MPI_Alltoall");
    std::vector<std::size_t> start(ranks + 1, 0);
    for (std::size_t r = 0; r < ranks; ++r) {
        start[r + 1] = start[r] + static_cast<std::size_t>(counts[r]);
    }
    std::vector<std::byte> received(start[ranks]);

    // Point to point in pieces that MPI's int counts can hold; messages between a pair keep order.
    constexpr std::size_t piece = std::size_t{1} << 30;
    std::vector<MPI_Request> requests;
    for (std::size_t r = 0; r < ranks; ++r) {
        for (std::size_t at = 0; at < static_cast<std::size_t>(counts[r]); at += piece) {
            const std::size_t count = std::min(piece, static_cast<std::size_t>(counts[r]) - at);
            check(MPI_Irecv(received.data() + start[r] + at, as_count(count), MPI_BYTE,
                            static_cast<int>(r), 0, comm_, &requests.emplace_back()),
                  "MPI_Irecv");
        }
    }
    for (std::size_t shift = 0; shift < ranks; ++shift) {
        const std::size_t r = (static_cast<std::size_t>(rank_) + shift) % ranks;
        for (std::size_t at = 0; at < send[r].size(); at += piece) {
            const std::size_t count = std::min(piece, send[r].size() - at);
            check(MPI_Isend(send[r].data() + at, as_count(count), MPI_BYTE, static_cast<int>(r), 0,
                            comm_, &requests.emplace_back()),
                  "MPI_Isend");
        }
    }
    check(MPI_Waitall(as_count(requests.size()), requests.data(), MPI_STATUSES_IGNORE),
          "MPI_Waitall");
    return received;
}

void Communicator::abort_with(const Error& error) const {
    // Where several ranks fail at once one shall speak: the lowest, whose abort ends the others
    // while they wait.
    std::this_thread::sleep_for(std::chrono::milliseconds(500) * std::min(rank_, 8));
    std::fprintf(stderr, "motley: rank %d: %s\n", rank_, error.what());
    std::fflush(stderr);
    // MPICH's launcher drops what it has not yet passed on when it hears of an abort.
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    MPI_Abort(comm_, error.exit_code());
    std::abort();
}

int guarded(const Communicator& comm, const std::function<int()>& action) {
    const auto leave = [&](const Error& error) {
        if (!error.everywhere() && comm.size() > 1) comm.abort_with(error);
        if (comm.root()) {
            std::fprintf(stderr, "motley: %s%s\n", rank_of(error, comm).c_str(), error.what());
            std::fflush(stderr);
        }
        return error.exit_code();
    };
    try {
        return action();
    } catch (const Error& error) {
        return leave(error);
    } catch (const std::bad_alloc&) {
        return leave(storage_error("out of memory; use more ranks or a smaller job"));
    } catch (const std::exception& error) {
        return leave(internal_error(error.what()));
    }
}

void together(const Communicator& comm, const std::function<void()>& action) {
    std::string text;
    WireError wire{0, 0, 0, -1, comm.rank()};
    std::string file;
    try {
        action();
    } catch (const Error& error) {
        text = error.what();
        file = error.where().file;
        wire = {static_cast<std::int64_t>(error.kind()), error.where().line, error.where().column,
                error.agent(), comm.rank()};
    } catch (const std::bad_alloc&) {
        text = "out of memory; use more ranks or a smaller job";
        wire.kind = static_cast<std::int64_t>(ErrorKind::storage);
    } catch (const std::exception& error) {
        text = error.what();
        wire.kind = static_cast<std::int64_t>(ErrorKind::internal);
    }
    const bool failed = wire.kind != 0;
    const std::int64_t first =
        comm.min(static_cast<std::int64_t>(failed ? comm.rank() : comm.size()));
    if (first == comm.size()) return;

    // The lowest failing rank tells everyone.
    MPI_Comm native = comm.native();
    check(MPI_Bcast(&wire, sizeof wire, MPI_BYTE, static_cast<int>(first), native), "MPI_Bcast");
    for (std::string* part : {&text, &file}) {
        std::int64_t length = static_cast<std::int64_t>(part->size());
        check(MPI_Bcast(&length, 1, MPI_INT64_T, static_cast<int>(first), native), "MPI_Bcast");
        part->resize(static_cast<std::size_t>(length));
        check(MPI_Bcast(part->data(), as_count(part->size()), MPI_CHAR, static_cast<int>(first),
                        native),
              "MPI_Bcast");
    }
    Where where{file, wire.line, wire.column};
    const std::string prefix = where.prefix();
    if (text.compare(0, prefix.size(), prefix) == 0) text.erase(0, prefix.size());
    Error error(static_cast<ErrorKind>(wire.kind), text, where);
    error.set_rank(static_cast<int>(wire.rank));
    error.set_agent(wire.agent);
    error.set_everywhere();
    throw error;
}

}  // namespace motley::mpi
