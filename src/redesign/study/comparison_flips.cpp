// The prices and demands at which the comparison of the designs turns, shared out over the ranks.
#include <fmt/format.h>

#include <algorithm>

#include "design_fabric.hpp"
#include "fleet_messages.hpp"
#include "phases.hpp"

namespace motley::redesign {
namespace {

/// Flips are looked for within this factor of the values of today.
constexpr double span = 10.0;

/// Pairs of types and classes up to which demands are looked at: each takes a chain of programmes.
constexpr std::size_t most_pairs = 20'000;

bool demands_are_tried(const job::Redesign& job) {
    return job.problem.types() * job.problem.classes() <= most_pairs;
}

/// The fleet of one type for comparison: as many as the demand needs or the budget buys, of any
/// size where nodes need not be whole. The fleet is empty where the type cannot do all classes.
fleet::Contender only(const job::Redesign& job, std::size_t type) {
    fleet::SearchOptions options = options_of(job);
    if (options.objective == fleet::Objective::cost) options.budget = {};
    options.most.assign(job.problem.types(), 0.0);
    options.most[type] = fleet::unlimited;
    const fleet::Homogeneous one = fleet::search_homogeneous(job.problem, options);
    fleet::Contender out{"only " + job.problem.devices[type].name, {}, !options.integer};
    if (one.type < 0) return out;
    out.fleet.assign(job.problem.types(), 0.0);
    out.fleet[type] = one.devices;
    return out;
}

/// What is compared, the same on every rank: the designs that do something, then the fleets of one
/// type, which have no network and are left out where classes send data.
struct Contest {
    std::vector<fleet::Contender> contenders;
    std::vector<std::size_t> designs;  ///< index of the design of the first contenders
    bool network = false;              ///< some design has a fabric with traffic
};

Contest contest_of(const job::Redesign& job, const mpi::Communicator& comm,
                   const std::vector<double>& limits, const RedesignResult& result) {
    Contest out;
    out.network = has_traffic(job);
    const auto fleets = broadcast_fleets(comm, result, job.problem.types());
    std::vector<double> fixed;
    for (const DesignResult& design : result.designs) {
        fixed.push_back(design.homogeneous ? -1.0 : design.fabric_price);
    }
    fixed = comm.broadcast(fixed);
    for (std::size_t i = 0; i < fleets.size(); ++i) {
        const bool works = fleet::best_throughput(job.problem, fleets[i]).theta > 0.0;
        if (fixed[i] < 0.0 || !works) continue;
        fleet::Contender contender{std::to_string(i), fleets[i], false, fixed[i]};
        contender.most = limits[i];
        out.contenders.push_back(std::move(contender));
        out.designs.push_back(i);
    }
    for (std::size_t d = 0; d < job.problem.types() && !out.network; ++d) {
        fleet::Contender one = only(job, d);
        if (!one.fleet.empty()) out.contenders.push_back(std::move(one));
    }
    return out;
}

/// A flip as ranks send it.
struct SentFlip {
    std::size_t design;
    fleet::Parameter parameter;
    int index;
    double nominal, at;
    int becomes;  ///< index of a contender; -1: the design itself
};

std::vector<SentFlip> flips_at(const Contest& contest, fleet::FlipFinder& finder,
                               fleet::Parameter parameter, std::size_t index) {
    std::vector<SentFlip> out;
    const auto all = finder.of(parameter, index);
    for (std::size_t c = 0; c < contest.designs.size(); ++c) {
        for (const fleet::Flip& flip : all[c]) {
            const auto found =
                std::ranges::find(contest.contenders, flip.becomes, &fleet::Contender::name);
            const bool other = found != contest.contenders.end();
            const auto becomes = other ? found - contest.contenders.begin() : -1;
            out.push_back({contest.designs[c], parameter, flip.index, flip.nominal, flip.at,
                           static_cast<int>(becomes)});
        }
    }
    return out;
}

}  // namespace

void add_flips(const job::Redesign& job, const mpi::Communicator& comm,
               const std::vector<double>& limits, RedesignResult& result, std::size_t most) {
    if (!job.search.flips) return;
    const Contest contest = contest_of(job, comm, limits, result);
    const std::size_t types = job.problem.types();
    // Demands change the traffic, which the fleets alone do not know.
    const bool demands = !contest.network && demands_are_tried(job);
    const std::size_t count = types + (demands ? job.problem.classes() : 0);
    std::vector<SentFlip> own;
    mpi::together(comm, [&] {
        fleet::FlipFinder finder(job.problem, contest.contenders, surplus_of(job), span);
        const std::size_t first = count - std::min(count, most);
        for (auto i = first + static_cast<std::size_t>(comm.rank()); i < count;
             i += static_cast<std::size_t>(comm.size())) {
            const bool price = i < types;
            const auto found = flips_at(contest, finder,
                                        price ? fleet::Parameter::price : fleet::Parameter::demand,
                                        price ? i : i - types);
            own.insert(own.end(), found.begin(), found.end());
        }
    });
    std::vector<SentFlip> all = comm.gather(own);
    if (!comm.root()) return;
    std::ranges::stable_sort(all, {}, [](const SentFlip& flip) {
        return std::tuple(flip.design, flip.parameter, flip.index, flip.at);
    });
    for (const SentFlip& flip : all) {
        std::string becomes = "itself";
        if (flip.becomes >= 0) {
            const auto c = static_cast<std::size_t>(flip.becomes);
            becomes = c < contest.designs.size() ? result.designs[contest.designs[c]].name
                                                 : contest.contenders[c].name;
        }
        result.designs[flip.design].flips.push_back(
            {flip.parameter, flip.index, flip.nominal, flip.at, becomes});
    }
    if (contest.network) {
        result.notes.push_back(
            "classes send data: demands at which the comparison turns are left "
            "out, because the traffic changes with them");
    } else if (!demands) {
        result.notes.push_back(fmt::format(
            "the demands at which the comparison turns are left out above {} pairs of types and "
            "classes",
            most_pairs));
    }
}

}  // namespace motley::redesign
