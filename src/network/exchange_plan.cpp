#include "exchange_plan.hpp"

#include <limits>
#include <numeric>

#include "motley/core/expect.hpp"

namespace motley::network {
namespace {

using Keys = std::vector<std::int64_t>;

class Planner {
  public:
    Planner(const UnitScheme& scheme, const LocalRows& rows, Ghosts& ghosts)
        : scheme_(scheme), rows_(rows), ghosts_(ghosts) {
        plan_.first_ghost = static_cast<std::int64_t>(rows.owned.size()) * scheme.per_agent;
    }

    /// The ghosts that are wanted from each rank, ascending by key.
    std::vector<Keys> requests(const partition::Partition& partition, int ranks) const {
        const std::int64_t units = plan_.first_ghost + std::ssize(ghosts_.keys.keys());
        if (units > std::numeric_limits<std::uint32_t>::max()) {
            throw usage_error("a rank would hold " + std::to_string(units) +
                              " rows, more than 2^32; use more ranks");
        }
        std::vector<Keys> wanted(static_cast<std::size_t>(ranks));
        for (const std::int64_t key : ghosts_.keys.keys()) {
            const int owner = partition.owner(scheme_.agent_of(key));
            wanted[static_cast<std::size_t>(owner)].push_back(key);
        }
        return wanted;
    }

    /// Enters the keys that other ranks ask for (`counts[r]` of rank r, by ascending rank) into the
    /// plan. Returns for each rank the place of every key among the units that it will get.
    std::vector<std::vector<std::uint32_t>> enter_sends(const Keys& wanted,
                                                        const std::vector<std::int64_t>& counts) {
        std::vector<std::vector<std::uint32_t>> places(counts.size());
        plan_.send_offsets.push_back(0);
        for (std::size_t rank = 0; rank < counts.size(); ++rank) {
            if (counts[rank] == 0) continue;
            const std::int64_t begin = plan_.send_offsets.back();
            places[rank] = send_in_local_order(std::span(wanted).subspan(
                static_cast<std::size_t>(begin), static_cast<std::size_t>(counts[rank])));
            plan_.send_ranks.push_back(static_cast<int>(rank));
            plan_.send_offsets.push_back(begin + counts[rank]);
        }
        return places;
    }

    /// Enters what this rank receives. `places` holds, by owner and ascending key, the place of
    /// each ghost among those of its owner.
    void enter_receives(const std::vector<Keys>& requests,
                        const std::vector<std::uint32_t>& places) {
        plan_.receive_offsets.push_back(0);
        ghosts_.ids = Buffer<AgentId>(ghosts_.keys.keys().size());
        ghosts_.places.resize(ghosts_.keys.keys().size());
        std::size_t answer = 0;
        for (std::size_t rank = 0; rank < requests.size(); ++rank) {
            const std::int64_t before = plan_.receive_offsets.back();
            for (const std::int64_t key : requests[rank]) {
                const std::uint32_t place = static_cast<std::uint32_t>(before) + places[answer++];
                ghosts_.places[ghosts_.keys.place_of(key)] = place;
                ghosts_.ids[place] = scheme_.agent_of(key);
            }
            if (requests[rank].empty()) continue;
            plan_.receive_ranks.push_back(static_cast<int>(rank));
            plan_.receive_offsets.push_back(before + std::ssize(requests[rank]));
        }
    }

    /// Checks that ghosts are grouped by ascending owner and that each has a place of its own.
    void expect_ghosts(const partition::Partition& partition) const {
        if (MOTLEY_ASSERTIONS < 1) return;
        std::vector<bool> taken(ghosts_.places.size(), false);
        for (const std::uint32_t place : ghosts_.places) {
            MOTLEY_EXPECT(place < taken.size() && !taken[place], "each ghost has its own place");
            taken[place] = true;
        }
        for (std::size_t i = 0; i < plan_.receive_ranks.size(); ++i) {
            MOTLEY_EXPECT(plan_.receive_offsets[i] < plan_.receive_offsets[i + 1],
                          "offsets of received units ascend");
            for (auto g = plan_.receive_offsets[i]; g < plan_.receive_offsets[i + 1]; ++g) {
                const AgentId id = ghosts_.ids[static_cast<std::size_t>(g)];
                MOTLEY_EXPECT(partition.owner(id) == plan_.receive_ranks[i],
                              "a ghost comes from the rank that owns it");
            }
        }
        for (const std::uint32_t unit : plan_.send_units) {
            MOTLEY_EXPECT(unit < plan_.first_ghost, "a rank sends units that it owns");
        }
    }

    mpi::HaloPlan take() { return std::move(plan_); }

  private:
    /// Sends the wanted units in ascending order; returns the place of each among them.
    std::vector<std::uint32_t> send_in_local_order(std::span<const std::int64_t> wanted) {
        std::vector<std::uint32_t> units, order(wanted.size()), places(wanted.size());
        units.reserve(wanted.size());
        for (const std::int64_t key : wanted) {
            const std::int64_t position = rows_.owned.find(scheme_.agent_of(key));
            units.push_back(
                scheme_.unit(rows_.row[static_cast<std::size_t>(position)], scheme_.half_of(key)));
        }
        std::iota(order.begin(), order.end(), 0U);
        std::sort(order.begin(), order.end(),
                  [&](std::uint32_t a, std::uint32_t b) { return units[a] < units[b]; });
        for (std::size_t at = 0; at < order.size(); ++at) {
            plan_.send_units.push_back(units[order[at]]);
            places[order[at]] = static_cast<std::uint32_t>(at);
        }
        return places;
    }

    const UnitScheme& scheme_;
    const LocalRows& rows_;
    Ghosts& ghosts_;
    mpi::HaloPlan plan_;
};

}  // namespace

mpi::HaloPlan plan_exchange(const UnitScheme& scheme, const LocalRows& rows,
                            const partition::Partition& partition, const mpi::Communicator& comm,
                            Ghosts& ghosts) {
    Planner planner(scheme, rows, ghosts);
    std::vector<Keys> requests;
    mpi::together(comm, [&] { requests = planner.requests(partition, comm.size()); });
    std::vector<std::int64_t> counts;
    const Keys wanted = comm.exchange(requests, &counts);
    std::vector<std::vector<std::uint32_t>> places;
    mpi::together(comm, [&] { places = planner.enter_sends(wanted, counts); });
    const std::vector<std::uint32_t> answers = comm.exchange(places);
    mpi::together(comm, [&] {
        planner.enter_receives(requests, answers);
        planner.expect_ghosts(partition);
    });
    return planner.take();
}

}  // namespace motley::network
