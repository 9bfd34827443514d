#include "design_values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace motley::redesign {

double positive(double number) {
    return number > 0.0 ? number : fleet::unknown;
}

double total_demand(const DesignRow& r) {
    return r.job.problem.total_demand();
}

double share_of(const DesignRow& r, double limit) {
    return std::min(1.0, limit / r.design.throughput.theta);
}

WorstLoss worst_loss(const DesignRow& r, const fleet::Loss& loss) {
    const auto& devices = r.job.problem.devices;
    return {loss, loss.type < 0 ? "" : devices[static_cast<std::size_t>(loss.type)].name};
}

NamedNumbers level_shares(const DesignRow& r) {
    NamedNumbers out;
    for (const auto& level : r.design.specialisation.levels) {
        out.emplace_back(level.name, level.heterogeneity);
    }
    return out;
}

NamedNumbers task_prices(const DesignRow& r) {
    NamedNumbers out;
    for (std::size_t k = 0; k < r.job.problem.classes(); ++k) {
        out.emplace_back(r.job.problem.tasks[k].name, r.design.throughput.task_prices[k]);
    }
    return out;
}

NamedNumbers device_worth(const DesignRow& r) {
    NamedNumbers out;
    for (std::size_t d = 0; d < r.job.problem.types(); ++d) {
        out.emplace_back(r.job.problem.devices[d].name, r.design.throughput.device_worth[d]);
    }
    return out;
}

NamedNumbers placement_thetas(const DesignRow& r) {
    const PlacementResult& found = *r.design.network.placement;
    return {{"packed", found.packed},
            {"spread", found.spread},
            {"searched", found.searched},
            {"bound", found.bound},
            {"trials", static_cast<double>(found.trials)}};
}

std::string placement_text(const DesignRow& r) {
    const auto& found = r.design.network.placement;
    if (!found) return "";
    return fmt::format("searched: {:.4g}; packed {:.4g}, spread {:.4g}, at most {:.4g}",
                       found->searched, found->packed, found->spread, found->bound);
}

double pipeline_throughput(const DesignRow& r) {
    const auto& pipeline = r.design.network.pipeline;
    return pipeline ? pipeline->throughput.low : fleet::unknown;
}

NamedNumbers pipeline_cut(const DesignRow& r) {
    const auto& pipeline = r.design.network.pipeline;
    return pipeline ? pipeline->cut : NamedNumbers();
}

NamedNumbers stage_units(const DesignRow& r) {
    NamedNumbers out;
    if (!r.design.network.pipeline) return out;
    for (const auto& each : r.design.network.pipeline->stages) {
        out.emplace_back(each.node, each.units);
    }
    return out;
}

NamedNumbers stage_prices(const DesignRow& r) {
    NamedNumbers out;
    if (!r.design.network.pipeline) return out;
    for (const auto& each : r.design.network.pipeline->stages) {
        out.emplace_back(each.node, each.price);
    }
    return out;
}

Bracket interval_of(const DesignRow& r, Bracket DesignIntervals::*member) {
    return r.design.interval ? (*r.design.interval).*member
                             : Bracket{fleet::unknown, fleet::unknown};
}

double chance_of(const DesignRow& r) {
    return r.design.interval ? r.design.interval->chance : fleet::unknown;
}

NamedNumbers price_per_million(const DesignRow& r) {
    constexpr double million = 1e6, hour = 3600.0;
    const double served = std::min(1.0, r.design.theta());
    NamedNumbers out;
    for (std::size_t k = 0; k < r.job.problem.classes(); ++k) {
        const fleet::Task& task = r.job.problem.tasks[k];
        const double units = served * task.demand * r.job.base_units[k] * hour;
        out.emplace_back(task.name,
                         million * r.design.price * r.design.throughput.task_prices[k] / units);
    }
    return out;
}

std::string text_of_levels(const DesignRow& r) {
    std::string text;
    for (const auto& [level, nats] : level_shares(r)) {
        text += fmt::format("{}{} {:.3f}", text.empty() ? "" : ", ", level, nats);
    }
    return text.empty() ? "–" : text;
}

double devices_in(const DesignRow& r) {
    return std::accumulate(r.design.fleet.begin(), r.design.fleet.end(), 0.0);
}

double racks_of(const DesignRow& r) {
    return r.design.rack_units > 0.0 ? r.design.rack_units / r.job.units_per_rack : fleet::unknown;
}

double per_rack(const DesignRow& r, double all) {
    return all / racks_of(r);
}

NamedNumbers waits_of(const DesignRow& r) {
    NamedNumbers out;
    for (std::size_t k = 0; k < r.design.waits.size(); ++k) {
        out.emplace_back(r.job.problem.tasks[k].name, r.design.waits[k].p95);
    }
    return out;
}

double served_units(const DesignRow& r) {
    return std::min(1.0, r.design.theta()) * total_demand(r);
}

double after_fabric_loss(const DesignRow& r) {
    double worst = fleet::unknown;
    for (const FabricLoss& loss : r.design.network.losses) {
        if (loss.tried > 0) worst = std::isnan(worst) ? loss.theta : std::min(worst, loss.theta);
    }
    return worst;
}

std::string failed_conditions(const DesignRow& r) {
    std::string text;
    for (const Condition& each : r.design.conditions) {
        if (!each.met) text += (text.empty() ? "" : ", ") + each.name;
    }
    return text.empty() ? "–" : text;
}

}  // namespace motley::redesign
