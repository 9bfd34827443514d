// A redesign as tables: the columns of its CSV files and of redesign.h5.
#include <cmath>

#include "redesign_parts.hpp"

namespace motley::redesign {
namespace {

using record::Table;
using record::TableColumn;
using record::TableValue;
using Kind = TableColumn::Kind;

/// A table that is filled row by row.
class Rows {
  public:
    Rows(const char* name, const char* dimension) : table_{name, dimension, {}} {}

    void start_row() { column_ = 0; }
    void text(const char* name, const char* long_name, std::string value) {
        add({name, "", long_name, Kind::text, {}},
            value.empty() ? TableValue() : TableValue(std::move(value)));
    }
    void real(const char* name, const char* unit, const char* long_name, double value) {
        add({name, unit, long_name, Kind::real, {}}, TableValue(value));
    }
    Table take() { return std::move(table_); }

  private:
    void add(TableColumn head, TableValue value) {
        if (column_ == table_.columns.size()) table_.columns.push_back(std::move(head));
        table_.columns[column_++].values.push_back(std::move(value));
    }

    Table table_;
    std::size_t column_ = 0;
};

void add_gain(Rows& rows, const fleet::Gain& gain) {
    rows.real("gain", "1", "over the best homogeneous fleet", gain.total);
    rows.real("gain_comparative_advantage", "1", "what unlike rates are worth in the fluid limit",
              gain.comparative_advantage);
    rows.real("gain_granularity", "1", "what whole nodes and limits add", gain.granularity);
    rows.real("gain_mix", "1", "numbers of this fleet against the best numbers of its types",
              gain.mix);
    rows.real("gain_calibration", "1", "rates against the plain roofline", gain.calibration);
    rows.real("gain_network", "1", "what the network lets through of theta; nan: no topology",
              gain.network);
    rows.real("gain_scheduling", "1",
              "what devices as agents reach of theta, not in the gain; nan: not looked at",
              gain.scheduling);
}

void add_network(Rows& rows, const NetworkResult& network) {
    rows.real("network_theta_low", "1",
              "share of the demand of which the network carries the traffic, at least",
              network.bound.low);
    rows.real("network_theta_high", "1", "at most", network.bound.high);
    rows.real("network_theta_ecmp", "1", "by shortest paths", network.ecmp);
}

void add_intervals(Rows& rows, const DesignIntervals& interval) {
    rows.real("theta_low", "1", "lower end of the interval of theta", interval.theta.low);
    rows.real("theta_high", "1", "upper end", interval.theta.high);
    rows.real("theta_fixed_low", "1", "the same with the nominal allocation kept",
              interval.theta_fixed.low);
    rows.real("theta_fixed_high", "1", "upper end", interval.theta_fixed.high);
    rows.real("price_low", "$/h", "lower end of the interval of the price", interval.price.low);
    rows.real("price_high", "$/h", "upper end", interval.price.high);
    rows.real("gain_low", "1", "lower end of the gain over the best homogeneous fleet",
              interval.gain.low);
    rows.real("gain_high", "1", "upper end", interval.gain.high);
}

Table designs_table(const job::Redesign& job, const RedesignResult& result) {
    Rows rows("designs", "row");
    for (const DesignResult& design : result.designs) {
        rows.start_row();
        rows.text("design", "name", design.name);
        rows.text("fleet", "devices by type", fleet_text(job.problem, design.fleet));
        rows.real("theta", "1", "share of the demand that it can serve", design.theta());
        rows.real("theta_fleet", "1", "without the network", design.throughput.theta);
        rows.real("throughput", "units/s", "theta times the sum of the demands",
                  design.theta() * job.problem.total_demand());
        add_network(rows, design.network);
        rows.real("price_per_hour", "$/h", "of the fleet", design.price);
        rows.real("price_to_serve", "$/h", "for the demand", design.price_to_serve);
        rows.real("power_w", "W", "at the load that it serves", design.power);
        rows.real("power_peak_w", "W", "with every device busy", design.power_peak);
        add_gain(rows, design.gain);
        rows.text("bottleneck", "class of the highest price, or link of the network",
                  bottleneck_of(job, design));
        rows.real("n_minus_1_device", "1", "theta after the worst loss of a device",
                  design.losses.device.theta);
        rows.real("n_minus_1_node", "1", "theta after the worst loss of a node",
                  design.losses.node.theta);
        add_intervals(rows, design.interval);
        rows.text("proved", "the optimum of a searched fleet is", design.proved ? "yes" : "no");
        rows.real("optimality_gap", "1", "relative distance to the bound", design.gap);
    }
    return rows.take();
}

Table allocation_table(const job::Redesign& job, const RedesignResult& result) {
    const fleet::Problem& problem = job.problem;
    Rows rows("allocation", "row");
    for (const DesignResult& design : result.designs) {
        for (std::size_t d = 0; d < problem.types(); ++d) {
            for (std::size_t k = 0; k < problem.classes(); ++k) {
                const double devices = design.throughput.allocated(d, k, problem.classes());
                if (devices <= 0.0) continue;
                const job::RateOrigin& origin = job.origins[d * problem.classes() + k];
                rows.start_row();
                rows.text("design", "name", design.name);
                rows.text("device", "type", problem.devices[d].name);
                rows.text("task", "class", problem.tasks[k].name);
                rows.real("devices", "devices", "that work on it", devices);
                rows.real("rate", "units/s", "of one device", problem.rate(d, k));
                rows.real("served", "units/s", "together", devices * problem.rate(d, k));
                rows.text("unit", "of the rate", job.units[k]);
                rows.text("source", "of the rate",
                          origin.source.empty() ? "no source given" : origin.source);
            }
        }
    }
    return rows.take();
}

Table losses_table(const job::Redesign& job, const RedesignResult& result) {
    Rows rows("losses", "row");
    for (const DesignResult& design : result.designs) {
        const auto add = [&](const char* what, const std::vector<fleet::Loss>& losses) {
            for (const fleet::Loss& loss : losses) {
                rows.start_row();
                rows.text("design", "name", design.name);
                rows.text("lost", "what", what);
                rows.text("device", "type",
                          job.problem.devices[static_cast<std::size_t>(loss.type)].name);
                rows.real("theta", "1", "of what is left, work moved", loss.theta);
                rows.real("theta_fixed", "1", "of what is left, allocation kept", loss.theta_fixed);
            }
        };
        add("device", design.losses.devices);
        add("node", design.losses.nodes);
    }
    return rows.take();
}

Table heterogeneity_table(const RedesignResult& result) {
    Rows rows("heterogeneity", "row");
    for (const DesignResult& design : result.designs) {
        const Specialisation& all = design.specialisation;
        if (all.levels.empty()) continue;
        const auto add = [&](const std::string& level, double value, double bound) {
            rows.start_row();
            rows.text("design", "name", design.name);
            rows.text("level", "of the machine; type: the device types", level);
            rows.real("heterogeneity", "nat", "of the allocation, given the levels outside", value);
            rows.real("bound", "nat", "log(min(types, classes)); nan: none", bound);
        };
        add("type", all.types, all.bound);
        for (const auto& level : all.levels) add(level.name, level.heterogeneity, fleet::unknown);
    }
    return rows.take();
}

Table fabric_table(const RedesignResult& result) {
    Rows rows("fabric", "row");
    for (const DesignResult& design : result.designs) {
        for (const FabricLoss& loss : design.network.losses) {
            rows.start_row();
            rows.text("design", "name", design.name);
            rows.text("lost", "what", loss.part);
            rows.text("worst", "failure", loss.worst);
            rows.real("theta", "1", "share of the demand carried after it, by ECMP", loss.theta);
            rows.real("served", "1", "share of the traffic that still has ends and a path",
                      loss.served);
            rows.real("theta_ecmp", "1", "multiple of the demand, of that traffic", loss.ecmp);
            rows.real("theta_low", "1", "the same by the best routing, at least", loss.bound.low);
            rows.real("theta_high", "1", "at most", loss.bound.high);
            rows.real("disconnecting", "1", "failures that leave hosts without a path",
                      loss.disconnecting);
            rows.real("tried", "1", "failures", static_cast<double>(loss.tried));
            rows.real("possible", "1", "failures", static_cast<double>(loss.possible));
        }
    }
    return rows.take();
}

void add_flip(Rows& rows, const std::string& design, const char* parameter, const std::string& name,
              double nominal, double at, const std::string& becomes) {
    rows.start_row();
    rows.text("design", "name", design);
    rows.text("parameter", "price of a device or demand of a class", parameter);
    rows.text("of", "device or class", name);
    rows.real("nominal", "$/h or units/s", "value now", nominal);
    rows.real("at", "$/h or units/s", "value where the comparison turns", at);
    rows.real("ratio", "1", "of the two", at / nominal);
    rows.text("becomes", "what is better beyond; itself: the design comes to be the best", becomes);
}

Table flips_table(const job::Redesign& job, const RedesignResult& result) {
    const fleet::Problem& problem = job.problem;
    Rows rows("flips", "row");
    for (const DesignResult& design : result.designs) {
        for (const fleet::Flip& flip : design.flips) {
            const auto index = static_cast<std::size_t>(flip.index);
            const bool price = flip.parameter == fleet::Parameter::price;
            add_flip(rows, design.name, price ? "price" : "demand",
                     price ? problem.devices[index].name : problem.tasks[index].name, flip.nominal,
                     flip.at, flip.becomes);
        }
        if (!design.searched) continue;
        for (const FleetRange& range : result.ranges) {
            const fleet::Device& device = problem.devices[static_cast<std::size_t>(range.type)];
            const auto add = [&](double at, const fleet::Fleet& becomes) {
                if (becomes.empty()) return;
                add_flip(rows, design.name, "price (any fleet)", device.name, device.price, at,
                         fleet_text(problem, becomes));
            };
            add(range.range.low, range.range.below);
            add(range.range.high, range.range.above);
        }
    }
    return rows.take();
}

Table front_table(const job::Redesign& job, const RedesignResult& result) {
    Rows rows("front", "row");
    for (const ParetoFleet& each : result.front) {
        rows.start_row();
        rows.text("fleet", "devices by type", fleet_text(job.problem, each.fleet));
        rows.real("price_per_hour", "$/h", "of the fleet", each.price);
        rows.real("power_peak_w", "W", "with every device busy", each.power);
        rows.real("theta", "1", "share of the demand that it can serve", each.theta);
        rows.real("n_minus_1_node", "1", "theta after the worst loss of a node", each.n_minus_1);
    }
    return rows.take();
}

}  // namespace

std::vector<Table> redesign_tables(const job::Redesign& job, const RedesignResult& result) {
    std::vector<Table> tables = {designs_table(job, result), allocation_table(job, result),
                                 losses_table(job, result),  flips_table(job, result),
                                 fabric_table(result),       heterogeneity_table(result),
                                 front_table(job, result)};
    std::erase_if(tables, [](const Table& table) { return table.rows() == 0; });
    return tables;
}

}  // namespace motley::redesign
