// Errors of one rank become errors of all ranks.
#include <cstdio>
#include <new>

#include "motley/mpi/communicator.hpp"

namespace motley::mpi {
namespace {

/// The numbers of an Error, from which the other ranks rebuild it.
struct WireError {
    std::int64_t kind, line, column, agent, rank;
};

/// "rank r: " when the machine of that rank matters: for storage and internal errors that do not
/// name a file. Else it is empty.
std::string rank_named_by(const Error& error, const Communicator& comm) {
    const bool own = error.kind() == ErrorKind::storage || error.kind() == ErrorKind::internal;
    if (!own || error.rank() < 0 || comm.size() == 1 || !error.where().file.empty()) return {};
    return "rank " + std::to_string(error.rank()) + ": ";
}

}  // namespace

int guarded(const Communicator& comm, const std::function<int()>& action) {
    const auto leave = [&](const Error& error) {
        if (!error.everywhere() && comm.size() > 1) comm.abort_with(error);
        if (comm.root()) {
            std::fprintf(stderr, "motley: %s%s\n", rank_named_by(error, comm).c_str(),
                         error.what());
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
    std::int64_t first = wire.kind != 0 ? comm.rank() : comm.size();
    if (comm.size() > 1) first = comm.min(first);
    if (first == comm.size()) return;

    if (comm.size() > 1) {
        const int from = static_cast<int>(first);
        wire = comm.broadcast(wire, from);
        text = comm.broadcast(text, from);
        file = comm.broadcast(file, from);
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
