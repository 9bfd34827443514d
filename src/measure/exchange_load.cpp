#include "motley/measure/exchange_load.hpp"

namespace motley::measure {

RankLoad exchange_load(const mpi::HaloPlan& plan, std::size_t unit_bytes,
                       const mpi::Communicator& comm, const mpi::Communicator& node) {
    const auto bytes = static_cast<double>(unit_bytes);
    RankLoad load;
    load.messages = static_cast<double>(plan.send_ranks.size());
    load.bytes = static_cast<double>(plan.sent_units()) * bytes;
    load.leaving = static_cast<double>(mpi::units_leaving_node(comm, node, plan)) * bytes;
    return load;
}

}  // namespace motley::measure
