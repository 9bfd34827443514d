#include "fleet_messages.hpp"

namespace motley::redesign {

std::vector<fleet::Fleet> broadcast_fleets(const mpi::Communicator& comm,
                                           const RedesignResult& result, std::size_t types) {
    std::vector<double> own;
    for (const DesignResult& design : result.designs) {
        own.insert(own.end(), design.fleet.begin(), design.fleet.end());
    }
    const std::vector<double> all = comm.broadcast(own);
    std::vector<fleet::Fleet> fleets;
    for (auto at = all.begin(); at != all.end(); at += static_cast<std::ptrdiff_t>(types)) {
        fleets.emplace_back(at, at + static_cast<std::ptrdiff_t>(types));
    }
    return fleets;
}

void append_fleet(const fleet::Fleet& fleet, std::size_t types, std::vector<double>& message) {
    message.push_back(fleet.empty() ? 0.0 : 1.0);
    for (std::size_t d = 0; d < types; ++d) message.push_back(fleet.empty() ? 0.0 : fleet[d]);
}

fleet::Fleet take_fleet(std::vector<double>::const_iterator& at, std::size_t types) {
    const bool there = *at++ > 0.0;
    fleet::Fleet fleet(at, at + static_cast<std::ptrdiff_t>(types));
    at += static_cast<std::ptrdiff_t>(types);
    return there ? fleet : fleet::Fleet{};
}

}  // namespace motley::redesign
