#include "mpi/node_exchange.hpp"

#include <span>

#include "mpi/copy_units.hpp"

namespace motley::mpi {

NodeExchange::NodeExchange(const Communicator& comm, const HaloPlan& plan, std::size_t unit_bytes,
                           const std::vector<std::byte*>& buffers, std::byte* ghosts,
                           int ranks_per_node)
    : node_(comm.split_by_node(ranks_per_node)),
      plan_(plan_through_nodes(comm, node_, plan)),
      unit_bytes_(unit_bytes),
      buffers_(buffers),
      ghosts_(ghosts),
      memory_(node_, (plan_.arrived + 2 * plan_.published) * unit_bytes),
      barrier_(node_) {
    published_[0] = memory_.data() + plan_.arrived * unit_bytes;
    published_[1] = published_[0] + plan_.published * unit_bytes;
    bytes_sent_ = plan_.for_mates * static_cast<std::int64_t>(unit_bytes);
    if (plan_.one_node) return;
    cross_ = make_halo_exchange(ExchangeKind::persistent, comm, plan_.across, unit_bytes,
                                {published_[0], published_[1]},
                                memory_.data() + plan_.first_arrived * unit_bytes);
    bytes_sent_ += cross_->bytes_sent();
    messages_sent_ = cross_->messages_sent();
}

void NodeExchange::start(int buffer) {
    turn_ = 1 - turn_;
    const std::span<const std::uint32_t> units(plan_.published_units);
    for (const auto& [begin, end, to] : plan_.published_runs) {
        gather_units(buffers_[static_cast<std::size_t>(buffer)], units.subspan(begin, end - begin),
                     unit_bytes_, published_[turn_] + to * unit_bytes_);
    }
    memory_.synchronise();
    barrier_.start();
    phase_ = Phase::publish;
}

/// Whether the phase that is under way has ended.
bool NodeExchange::ready() {
    return phase_ == Phase::cross ? cross_->progress(turn_) : barrier_.progress();
}

void NodeExchange::wait() {
    if (phase_ == Phase::cross) {
        cross_->finish(turn_);
    } else {
        barrier_.finish();
    }
}

/// Starts the phase behind one that has ended.
void NodeExchange::next() {
    memory_.synchronise();
    if (phase_ == Phase::publish && cross_ != nullptr) {
        cross_->start(turn_);
        phase_ = Phase::cross;
    } else if (phase_ == Phase::cross) {
        barrier_.start();
        phase_ = Phase::arrive;
    } else {
        phase_ = Phase::done;
    }
}

bool NodeExchange::progress(int) {
    while (phase_ != Phase::done && ready()) next();
    return phase_ == Phase::done;
}

void NodeExchange::finish(int) {
    while (phase_ != Phase::done) {
        wait();
        next();
    }
    const std::span<const std::uint32_t> units(plan_.of_ghosts);
    for (const auto& [begin, end, here] : plan_.ghost_runs) {
        const std::size_t shift = here && turn_ == 1 ? plan_.published : 0;
        gather_units(memory_.data() + shift * unit_bytes_, units.subspan(begin, end - begin),
                     unit_bytes_, ghosts_ + begin * unit_bytes_);
    }
}

}  // namespace motley::mpi
