#include "exchange_plan.hpp"

#include <limits>
#include <map>
#include <numeric>

#include "motley/core/expect.hpp"

namespace motley::network {
namespace {

using Keys = std::vector<std::int64_t>;
using Places = std::map<int, std::vector<std::uint32_t>>;

class Planner {
  public:
    Planner(const UnitScheme& scheme, const LocalRows& rows, Ghosts& ghosts)
        : scheme_(scheme), rows_(rows), ghosts_(ghosts) {
        plan_.first_ghost = static_cast<std::int64_t>(rows.owned.size()) * scheme.per_agent;
    }

    /// The ghosts that are wanted from each rank, ascending by key.
    std::map<int, Keys> requests(const partition::Partition& partition) const {
        const std::int64_t units = plan_.first_ghost + std::ssize(ghosts_.keys.keys());
        if (units > std::numeric_limits<std::uint32_t>::max()) {
            throw usage_error("a rank would hold " + std::to_string(units) +
                              " rows, more than 2^32; use more ranks");
        }
        std::map<int, Keys> wanted;
        for (const std::int64_t key : ghosts_.keys.keys()) {
            wanted[partition.owner(scheme_.agent_of(key))].push_back(key);
        }
        return wanted;
    }

    /// Enters the keys that other ranks ask for into the plan. Returns for each of these ranks the
    /// place of every key among the units that it will get.
    Places enter_sends(const std::map<int, Keys>& wanted) {
        Places places;
        plan_.send_offsets.push_back(0);
        std::size_t units = 0;
        for (const auto& [rank, keys] : wanted) units += keys.size();
        plan_.send_units.reserve(units);
        for (const auto& [rank, keys] : wanted) {
            places[rank] = send_in_local_order(keys);
            plan_.send_ranks.push_back(rank);
            plan_.send_offsets.push_back(plan_.send_offsets.back() + std::ssize(keys));
        }
        return places;
    }

    /// Enters what this rank receives. `places` holds, by owner and ascending key, the place of
    /// each ghost among those of its owner.
    void enter_receives(const std::map<int, Keys>& requests, const Places& places) {
        plan_.receive_offsets.push_back(0);
        ghosts_.ids = Buffer<NarrowId>(ghosts_.keys.keys().size());
        ghosts_.places.resize(ghosts_.keys.keys().size());
        for (const auto& [rank, keys] : requests) {
            const std::int64_t before = plan_.receive_offsets.back();
            const std::vector<std::uint32_t>& answers = places.at(rank);
            for (std::size_t i = 0; i < keys.size(); ++i) {
                const std::uint32_t place = static_cast<std::uint32_t>(before) + answers[i];
                ghosts_.places[ghosts_.keys.place_of(keys[i])] = place;
                ghosts_.ids[place] = static_cast<NarrowId>(scheme_.agent_of(keys[i]));
            }
            plan_.receive_ranks.push_back(rank);
            plan_.receive_offsets.push_back(before + std::ssize(keys));
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
    std::map<int, Keys> requests;
    mpi::together(comm, [&] { requests = planner.requests(partition); });
    const std::map<int, Keys> wanted = comm.exchange(requests);
    Places places;
    mpi::together(comm, [&] { places = planner.enter_sends(wanted); });
    const Places answers = comm.exchange(places);
    mpi::together(comm, [&] {
        planner.enter_receives(requests, answers);
        planner.expect_ghosts(partition);
    });
    return planner.take();
}

}  // namespace motley::network
