// Rates from the table, from the job and from the roofline.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "job/key_table.hpp"
#include "job/redesign/read_redesign.hpp"
#include "job/units.hpp"
#include "motley/core/text.hpp"

namespace motley::job {
namespace {

std::size_t index_in(const auto& all, std::string_view name) {
    const auto found =
        std::ranges::find_if(all, [&](const auto& each) { return each.name == name; });
    return static_cast<std::size_t>(found - all.begin());
}

/// Fills the D x K tables of rates; each entry has one source.
class Rates {
  public:
    explicit Rates(Redesign& redesign)
        : redesign_(redesign),
          problem_(redesign.problem),
          units_(problem_.classes()),
          lines_(problem_.types() * problem_.classes(), 0) {
        const std::size_t size = problem_.types() * problem_.classes();
        problem_.rates.assign(size, 0.0);
        redesign.uncertain.rates.assign(size, fleet::exactly(0.0));
        redesign.origins.assign(size, {});
        redesign.roofline.assign(size, 0.0);
        for (std::size_t k = 0; k < problem_.classes(); ++k) {
            const std::size_t t = index_in(redesign.tasks, problem_.tasks[k].name);
            if (t < redesign.tasks.size()) units_[k] = parse_rate_unit(redesign.tasks[t].unit);
            if (!units_[k] && !redesign.pipeline_base.empty()) {
                units_[k] = RateUnit{redesign.pipeline_base, 1.0};
            }
        }
    }

    void read_table() {
        const TextFile file(redesign_.rates_file);
        CsvReader table(file);
        const RateColumns columns(table);
        while (table.next()) read_row(table, columns);
    }

    void add_inline() {
        for (std::size_t d = 0; d < problem_.types(); ++d) {
            const DeviceType& type = redesign_.devices[d];
            for (const auto& [name, rate] : type.rate) {
                const std::size_t k = index_in(problem_.tasks, name);
                if (problem_.rate(d, k) > 0.0) {
                    throw usage_error(fmt::format(
                        "'device.{}.rate.{}' and a row of {} give the same rate: keep one",
                        type.name, name, redesign_.rates_file));
                }
                put(d, k, rate, {type.source, true});
            }
        }
    }

    void add_rooflines() {
        for (std::size_t d = 0; d < problem_.types(); ++d) {
            for (std::size_t k = 0; k < problem_.classes(); ++k) add_roofline(d, k);
        }
    }

    /// A job with a pipeline has one class.
    void add_stages() {
        for (std::size_t d = 0; d < problem_.types(); ++d) {
            const double rate = fluid_rate(redesign_, d);
            if (rate > 0.0) put(d, 0, fleet::exactly(rate), {"the file of the stages", true});
        }
    }

    /// Sets the rates of devices without enough memory for a class to 0.
    void forbid() {
        for (std::size_t d = 0; d < problem_.types(); ++d) {
            for (std::size_t k = 0; k < problem_.classes(); ++k) {
                const std::size_t t = index_in(redesign_.tasks, problem_.tasks[k].name);
                const double memory = redesign_.devices[d].memory;
                if (t == redesign_.tasks.size() || memory <= 0.0) continue;
                const TaskClass& task = redesign_.tasks[t];
                const double group = static_cast<double>(task.group);
                if (memory_of(task) > group * memory) put(d, k, fleet::exactly(0.0), {});
            }
        }
    }

    void finish() {
        for (std::size_t k = 0; k < problem_.classes(); ++k) {
            const std::size_t t = index_in(redesign_.tasks, problem_.tasks[k].name);
            const bool named = t < redesign_.tasks.size() && !redesign_.tasks[t].unit.empty();
            redesign_.units.push_back(named       ? redesign_.tasks[t].unit
                                      : units_[k] ? units_[k]->base + "/s"
                                                  : "units/s");
            redesign_.base_units.push_back(parse_rate_unit(redesign_.units.back())->factor);
        }
    }

  private:
    struct RateColumns {
        std::size_t device, task, rate, unit, source;
        std::optional<std::size_t> low, high, quality, latency;
        std::vector<std::pair<std::string, std::size_t>> conditions = {};

        explicit RateColumns(const CsvReader& table)
            : device(table.require("device")),
              task(table.require("task")),
              rate(table.require("rate")),
              unit(table.require("unit")),
              source(table.require("source")),
              low(table.find("low")),
              high(table.find("high")),
              quality(table.find("quality")),
              latency(table.find("latency_s")) {
            for (const char* name : {"batch", "context", "latency_s", "precision", "software"}) {
                if (const auto found = table.find(name)) conditions.emplace_back(name, *found);
            }
        }
    };

    void put(std::size_t d, std::size_t k, const fleet::Uncertain& rate, RateOrigin origin) {
        const std::size_t at = d * problem_.classes() + k;
        problem_.rates[at] = rate.value;
        redesign_.uncertain.rates[at] = rate;
        redesign_.origins[at] = std::move(origin);
    }

    void leave_out(const std::string& what) {
        if (std::ranges::find(redesign_.left_out, what) == redesign_.left_out.end()) {
            redesign_.left_out.push_back(what);
        }
    }

    void read_row(const CsvReader& table, const RateColumns& columns) {
        const std::string device(table.field(columns.device).text);
        const std::string task(table.field(columns.task).text);
        const std::size_t d = index_in(problem_.devices, device);
        const std::size_t k = index_in(problem_.tasks, task);
        const double factor = factor_of(table, columns, task, k);
        const fleet::Uncertain rate = rate_of(table, columns, factor);
        if (d == problem_.types()) leave_out("device " + device);
        if (k == problem_.classes()) leave_out("task " + task);
        if (d == problem_.types() || k == problem_.classes()) return;
        std::int64_t& line = lines_[d * problem_.classes() + k];
        if (line > 0) {
            throw table.line().error(
                fmt::format("'{}' and '{}' have a rate in line {} already: keep one", device, task,
                            line),
                table.field(columns.device).column);
        }
        line = table.line().line();
        RateOrigin origin{std::string(table.field(columns.source).text), true};
        for (const auto& [name, column] : columns.conditions) {
            const std::string_view text = table.field(column).text;
            if (!text.empty()) origin.conditions.emplace_back(name, text);
        }
        const DeviceType& type = redesign_.devices[d];
        origin.quality =
            own_number(table, columns.quality, "quality", 1.0, type, type.quality, task);
        origin.latency = own_number(table, columns.latency, "latency_s", fleet::unlimited, type,
                                    type.latency, task);
        put(d, k, rate, std::move(origin));
    }

    /// A number that the job may give too, in `given` under the name of the class.
    static std::optional<double> own_number(const CsvReader& table,
                                            const std::optional<std::size_t>& column,
                                            const char* key, double most, const DeviceType& type,
                                            const Amounts& given, const std::string& task) {
        if (!column || table.field(*column).text.empty()) return {};
        const Field& field = table.field(*column);
        const double number = table.line().to_double(field, key);
        if (number < 0.0 || number > most) {
            throw table.line().error(
                fmt::format("{} {} must lie in [0, {:g}]", key, quote(field.text), most),
                field.column);
        }
        if (std::ranges::find(given, task, &Amounts::value_type::first) != given.end()) {
            throw table.line().error(
                fmt::format("'device.{}.{}.{}' is given too: keep one", type.name, key, task),
                field.column);
        }
        return number;
    }

    /// The factor from the unit of a row to the unit of the demand. All units of one class count
    /// the same thing.
    double factor_of(const CsvReader& table, const RateColumns& columns, const std::string& task,
                     std::size_t k) {
        const Field& field = table.field(columns.unit);
        const auto unit = parse_rate_unit(field.text);
        if (!unit) {
            throw table.line().error(fmt::format("unit {} is no amount of work per time; write one "
                                                 "as tokens/s, requests/min or TFLOP/s",
                                                 quote(field.text)),
                                     field.column);
        }
        if (k == problem_.classes()) return 1.0;
        std::optional<RateUnit>& known = units_[k];
        if (!known) known = RateUnit{unit->base, 1.0};
        if (known->base != unit->base) {
            throw table.line().error(
                fmt::format("the rates of '{}' are in {} and in {}: give all in one unit", task,
                            known->base, unit->base),
                field.column);
        }
        return unit->factor / known->factor;
    }

    static double positive(const CsvReader& table, std::size_t column, const char* what) {
        const Field& field = table.field(column);
        const double number = table.line().to_double(field, what);
        if (number > 0.0) return number;
        throw table.line().error(
            fmt::format("{} {} must be positive; leave the row out where a device cannot do the "
                        "task",
                        what, quote(field.text)),
            field.column);
    }

    fleet::Uncertain rate_of(const CsvReader& table, const RateColumns& columns, double factor) {
        fleet::Uncertain rate = fleet::exactly(positive(table, columns.rate, "rate") * factor);
        const auto end = [&](const std::optional<std::size_t>& column, const char* what,
                             double& to) {
            if (!column || table.field(*column).text.empty()) return;
            to = positive(table, *column, what) * factor;
        };
        end(columns.low, "low", rate.low);
        end(columns.high, "high", rate.high);
        if (rate.low <= rate.value && rate.value <= rate.high) return rate;
        throw table.line().error("the interval is upside down: it must be low <= rate <= high",
                                 table.field(columns.rate).column);
    }

    void add_roofline(std::size_t d, std::size_t k) {
        const std::size_t t = index_in(redesign_.tasks, problem_.tasks[k].name);
        if (t == redesign_.tasks.size()) return;
        const TaskClass& task = redesign_.tasks[t];
        const DeviceType& type = redesign_.devices[d];
        double roof = fleet::unlimited;
        if (task.flops > 0.0) roof = std::min(roof, type.peak * 1e12 / task.flops);
        if (task.bytes > 0.0) roof = std::min(roof, type.bandwidth * 1e9 / task.bytes);
        if (!std::isfinite(roof) || roof <= 0.0) return;
        if (units_[k]) roof /= units_[k]->factor;
        redesign_.roofline[d * problem_.classes() + k] = roof;
        if (problem_.rate(d, k) > 0.0) return;
        fleet::Uncertain rate = type.efficiency;
        for (const auto& [name, factor] : type.calibration) {
            if (name == task.name) rate = factor;
        }
        rate.value *= roof;
        rate.low *= roof;
        rate.high *= roof;
        put(d, k, rate, {"roofline", false});
    }

    Redesign& redesign_;
    fleet::Problem& problem_;
    std::vector<std::optional<RateUnit>> units_;
    std::vector<std::int64_t> lines_;
};

}  // namespace

double memory_of(const TaskClass& task) {
    constexpr double bits_of_gigabyte = 8e9;
    return std::max(task.memory,
                    task.parameters * task.bits / bits_of_gigabyte + task.cache * task.batch);
}

void add_rates(Redesign& redesign) {
    Rates rates(redesign);
    if (!redesign.rates_file.empty()) rates.read_table();
    rates.add_inline();
    rates.add_rooflines();
    if (!redesign.pipelines.empty()) rates.add_stages();
    rates.forbid();
    rates.finish();
}

}  // namespace motley::job
