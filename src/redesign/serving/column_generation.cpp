// The master programme has the skeleton's rows, a row per source and sink of each flow, and one per
// pair of vertices between which groups talk. Routes are its columns.
#include "column_generation.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <set>

#include "motley/core/error.hpp"
#include "route_prices.hpp"

namespace motley::serving {
namespace {

constexpr double least_profit = 1e-9;  ///< of a route that becomes a column
constexpr std::size_t per_end = 2;     ///< most new columns per source and per sink in a round

/// A route that may be added, and what it gains.
struct Offer {
    double profit = 0.0;
    int flow = -1;  ///< -1: a pair of groups
    int source = 0, target = 0;
    Route route = {};
};

class Generator {
  public:
    Generator(const System& system, const Layout& layout, Skeleton& skeleton, const CoreGraph& core,
              const Options& options)
        : system_(system), layout_(layout), skeleton_(skeleton), core_(core), options_(options) {
        open_rows();
        for (const int target : targets_) paths_.emplace(target, ShortestPaths(core, target));
        solver_.emplace(skeleton_.programme);
        add_first();
    }

    void run(Outcome& outcome) {
        double high = std::numeric_limits<double>::infinity();
        programme::ProgrammeSolution solution;
        for (int round = 0;; ++round) {
            solution = solver_->solve();
            if (!solution.optimal()) {
                throw internal_error(std::string("serving: a round of columns ended as ") +
                                     programme::name_of(solution.status));
            }
            auto offers = price(solution.duals);
            high = std::min(high, bound(solution.duals, offers, high));
            outcome.rounds = round;
            const double low = kept_theta(skeleton_, skeleton_.programme, solution.values);
            const bool closed = std::isfinite(high) && high - low <= options_.gap * high;
            const bool done = closed || round == options_.rounds;
            if (done || !add_best(std::move(offers))) break;
        }
        outcome.variables = skeleton_.programme.variables.size();
        fill(outcome, system_, layout_, skeleton_, skeleton_.programme, solution, high);
    }

  private:
    bool has_flows() const { return options_.routing != Routing::best; }

    void open_rows() {
        const auto open = [&](std::map<int, Skeleton::Site>& sites, std::map<int, int>& rows) {
            for (const auto& [vertex, site] : sites) {
                const int row = skeleton_.add_row(0.0, 0.0);
                for (const int each : site.variables) skeleton_.add_term(row, each, 1.0);
                rows[vertex] = row;
            }
        };
        source_rows_.resize(skeleton_.sources.size());
        sink_rows_.resize(skeleton_.sinks.size());
        for (std::size_t f = 0; f < skeleton_.sources.size() && has_flows(); ++f) {
            open(skeleton_.sources[f], source_rows_[f]);
            open(skeleton_.sinks[f], sink_rows_[f]);
            for (const auto& [vertex, row] : sink_rows_[f]) targets_.insert(vertex);
        }
        for (const auto& [pair, terms] : skeleton_.pairs) {
            const int row = skeleton_.add_row(0.0, 0.0);
            for (const auto& term : terms) skeleton_.add_term(row, term.variable, term.coefficient);
            pair_rows_[pair] = row;
            targets_.insert(pair.second);
        }
    }

    void add(const Offer& offer) {
        std::vector<std::pair<int, double>> column;
        double most = std::numeric_limits<double>::infinity();
        if (offer.flow >= 0) {
            const auto f = at(offer.flow);
            most = std::min(skeleton_.sources[f].at(offer.source).most,
                            skeleton_.sinks[f].at(offer.target).most);
            column.emplace_back(source_rows_[f].at(offer.source), -1.0);
            column.emplace_back(sink_rows_[f].at(offer.target), -1.0);
        } else {
            column.emplace_back(pair_rows_.at({offer.source, offer.target}), -1.0);
        }
        for (const auto& [arc, load] : offer.route) {
            const Arc& on = core_.arcs()[at(arc)];
            column.emplace_back(skeleton_.channel_row[at(on.channel)], load);
            most = std::min(most, on.capacity / load);
        }
        const int variable = skeleton_.add_variable(most);
        for (const auto& [row, value] : column) skeleton_.add_term(row, variable, value);
        solver_->add(skeleton_.programme.variables[at(variable)], column);
    }

    /// Routes of every pair by capacity, and of every flow those within a site and to the nearest.
    void add_first() {
        std::vector<double> prices;
        for (const Arc& arc : core_.arcs()) prices.push_back(1.0 / arc.capacity);
        std::vector<Offer> offers;
        for (const int target : targets_) {
            const RoutePrices routes(core_, options_.routing, paths_.at(target), prices);
            for (std::size_t f = 0; f < sink_rows_.size(); ++f) {
                if (sink_rows_[f].count(target) == 0) continue;
                for (const auto& [source, row] : source_rows_[f]) {
                    if (!routes.reaches(source)) continue;
                    offers.push_back({1.0 / (1.0 + routes.price(source)),
                                      static_cast<int>(f),
                                      source,
                                      target,
                                      {}});
                }
            }
            for (const auto& [pair, row] : pair_rows_) {
                if (pair.second != target || !routes.reaches(pair.first)) continue;
                add({0.0, -1, pair.first, target, routes.route(pair.first)});
            }
        }
        keep_best(offers);
        for (Offer& offer : offers) {
            const RoutePrices routes(core_, options_.routing, paths_.at(offer.target), prices);
            offer.route = routes.route(offer.source);
            add(offer);
        }
    }

    /// All routes of profit at these prices; those of flows without their arcs.
    std::vector<Offer> price(const std::vector<double>& duals) {
        arc_prices_.clear();
        for (const Arc& arc : core_.arcs()) {
            arc_prices_.push_back(std::max(0.0, duals[at(skeleton_.channel_row[at(arc.channel)])]));
        }
        std::vector<Offer> offers;
        for (const int target : targets_) {
            const RoutePrices routes(core_, options_.routing, paths_.at(target), arc_prices_);
            for (std::size_t f = 0; f < sink_rows_.size(); ++f) {
                const auto sink = sink_rows_[f].find(target);
                if (sink == sink_rows_[f].end()) continue;
                for (const auto& [source, row] : source_rows_[f]) {
                    offer(offers, routes, static_cast<int>(f), source, target,
                          duals[at(row)] + duals[at(sink->second)]);
                }
            }
            for (const auto& [pair, row] : pair_rows_) {
                if (pair.second == target) {
                    offer(offers, routes, -1, pair.first, target, duals[at(row)]);
                }
            }
        }
        return offers;
    }

    static void offer(std::vector<Offer>& offers, const RoutePrices& routes, int flow, int source,
                      int target, double value) {
        if (!routes.reaches(source)) return;
        const double profit = value - routes.price(source);
        if (profit <= 0.0) return;
        offers.push_back({profit, flow, source, target, {}});
    }

    /// The bound of the columns that there are, and what those that are not could add to it.
    double bound(const std::vector<double>& duals, const std::vector<Offer>& offers, double high) {
        double base = dual_bound(skeleton_.programme, duals), slope = 0.0;
        const double theta = std::min(1.0, high);
        std::vector<double> largest(skeleton_.sources.size(), 0.0);
        std::vector<std::map<int, double>> sources(largest.size()), sinks(largest.size());
        std::map<std::pair<int, int>, double> pairs;
        for (const Offer& each : offers) {
            if (each.flow < 0) {
                pairs[{each.source, each.target}] = each.profit;
                continue;
            }
            const auto f = at(each.flow);
            largest[f] = std::max(largest[f], each.profit);
            double& source = sources[f][each.source];
            double& sink = sinks[f][each.target];
            source = std::max(source, each.profit);
            sink = std::max(sink, each.profit);
        }
        const auto sum = [](const auto& profits, const auto& sites) {
            double total = 0.0;
            for (const auto& [vertex, profit] : profits) total += profit * sites.at(vertex).most;
            return total;
        };
        for (std::size_t f = 0; f < largest.size(); ++f) {
            const Flow& flow = system_.flows[f];
            const double all =
                flow.amount * system_.demands[at(flow.from)] * skeleton_.scale * largest[f];
            const double ends =
                std::min(sum(sources[f], skeleton_.sources[f]), sum(sinks[f], skeleton_.sinks[f]));
            (ends < all * theta ? base : slope) += std::min(ends, ends < all * theta ? ends : all);
        }
        slope += pair_slope(pairs);
        return slope < 1.0 ? std::max(0.0, base / (1.0 - slope))
                           : std::numeric_limits<double>::infinity();
    }

    /// What missing routes of groups could add per unit of theta.
    double pair_slope(const std::map<std::pair<int, int>, double>& profits) const {
        std::map<int, double> by_activity;
        for (const auto& [pair, profit] : profits) {
            for (const auto& term : skeleton_.pairs.at(pair)) {
                by_activity[term.variable] += profit * term.coefficient;
            }
        }
        std::map<int, double> by_class;
        for (std::size_t j = 0; j < skeleton_.activities.size(); ++j) {
            const auto found = by_activity.find(skeleton_.activities[j]);
            if (found == by_activity.end()) continue;
            const auto& [task, work] = layout_.activities[j].works.front();
            double& slope = by_class[task];
            slope =
                std::max(slope, found->second * system_.demands[at(task)] * skeleton_.scale / work);
        }
        double sum = 0.0;
        for (const auto& [task, slope] : by_class) sum += slope;
        return sum;
    }

    /// Leaves the best offers of each source and each sink, in the order of flow, target, source.
    static void keep_best(std::vector<Offer>& offers) {
        std::stable_sort(offers.begin(), offers.end(),
                         [](const Offer& a, const Offer& b) { return a.profit > b.profit; });
        std::map<std::pair<int, int>, std::size_t> from, to;
        std::erase_if(offers, [&](const Offer& each) {
            if (each.flow < 0) return false;
            std::size_t& source = from[{each.flow, each.source}];
            std::size_t& sink = to[{each.flow, each.target}];
            if (source >= per_end && sink >= per_end) return true;
            ++source;
            ++sink;
            return false;
        });
        std::stable_sort(offers.begin(), offers.end(),
                         [](const Offer& a, const Offer& b) { return a.target < b.target; });
    }

    /// Adds the best routes; false where none gains.
    bool add_best(std::vector<Offer> offers) {
        std::erase_if(offers, [](const Offer& each) { return each.profit <= least_profit; });
        keep_best(offers);
        std::optional<RoutePrices> routes;
        int target = -1;
        for (Offer& each : offers) {
            if (!routes || target != each.target) {
                target = each.target;
                routes.emplace(core_, options_.routing, paths_.at(target), arc_prices_);
            }
            each.route = routes->route(each.source);
            add(each);
        }
        return !offers.empty();
    }

    const System& system_;
    const Layout& layout_;
    Skeleton& skeleton_;
    const CoreGraph& core_;
    const Options& options_;
    std::vector<std::map<int, int>> source_rows_, sink_rows_;
    std::map<std::pair<int, int>, int> pair_rows_;
    std::set<int> targets_;
    std::map<int, ShortestPaths> paths_;
    std::vector<double> arc_prices_;
    std::optional<programme::LinearSolver> solver_;
};

}  // namespace

void generate_columns(Outcome& outcome, const System& system, const Layout& layout,
                      Skeleton skeleton, const CoreGraph& core, const Options& options) {
    Generator(system, layout, skeleton, core, options).run(outcome);
}

}  // namespace motley::serving
