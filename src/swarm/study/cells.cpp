// The settings of a study, and what their runs say together.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>

#include "motley/core/text_hash.hpp"
#include "phases.hpp"

namespace motley::swarm {
namespace {

/// Errors by the packets that sites used, over the replicates of a cell.
std::vector<std::pair<double, double>> error_by_packets(std::span<const SwarmRun> runs) {
    std::vector<std::pair<double, double>> out;
    for (std::size_t c = 0; c < use_classes; ++c) {
        double sites = 0.0, packets = 0.0, error = 0.0;
        for (const SwarmRun& run : runs) {
            const auto count = static_cast<double>(run.class_sites[c]);
            if (count == 0.0) continue;
            sites += count;
            packets += static_cast<double>(run.class_packets[c]);
            error += run.class_error[c] * count;
        }
        if (sites > 0.0) out.emplace_back(packets / sites, error / sites);
    }
    return out;
}

std::vector<double> values_of(std::span<const SwarmRun> runs, std::size_t measure) {
    std::vector<double> values;
    for (const SwarmRun& run : runs) values.push_back(run.values[measure]);
    return values;
}

/// Whether a cell has the level of the baseline.
bool is_baseline(const job::Swarm& job, const CellResult& cell) {
    switch (job.compared) {
        case job::SwarmCompared::policies:
            return job.baseline == name_of(cell.policy);
        case job::SwarmCompared::operators:
            return job.baseline == name_of(cell.op);
        case job::SwarmCompared::factor:
            return job.factors[0].labels[job.variants[cell.variant].levels[0]] == job.baseline;
        default:
            return false;
    }
}

/// Whether two cells differ in nothing but what is compared.
bool differ_only_there(const job::Swarm& job, const CellResult& a, const CellResult& b) {
    using enum job::SwarmCompared;
    if (a.spec.sites != b.spec.sites) return false;
    if (job.compared != policies && a.policy != b.policy) return false;
    if (job.compared != operators && a.op != b.op) return false;
    const auto& one = job.variants[a.variant].levels;
    const auto& other = job.variants[b.variant].levels;
    const std::ptrdiff_t first = job.compared == factor ? 1 : 0;
    return std::equal(one.begin() + first, one.end(), other.begin() + first, other.end());
}

void find_baselines(const job::Swarm& job, std::vector<CellResult>& cells) {
    for (std::size_t b = 0; b < cells.size(); ++b) {
        if (!is_baseline(job, cells[b])) continue;
        for (CellResult& cell : cells) {
            if (differ_only_there(job, cell, cells[b])) {
                cell.baseline = static_cast<std::int64_t>(b);
            }
        }
    }
}

/// Compares in pairs: replicate r is the same world in all cells of a size.
void compare_with_baselines(const job::Swarm& job, SwarmStudy& study) {
    const std::size_t measure = measure_number(compared_measure(job.spec.task));
    const auto replicates = static_cast<std::size_t>(job.replicates);
    const auto runs_of = [&](std::size_t cell) {
        return std::span<const SwarmRun>(study.runs).subspan(cell * replicates, replicates);
    };
    std::vector<double> p;
    for (std::size_t c = 0; c < study.cells.size(); ++c) {
        CellResult& cell = study.cells[c];
        p.push_back(std::nan(""));
        if (cell.baseline < 0 || cell.baseline == static_cast<std::int64_t>(c)) continue;
        const auto own = values_of(runs_of(c), measure);
        const auto theirs = values_of(runs_of(static_cast<std::size_t>(cell.baseline)), measure);
        cell.difference = measure::compare_pairs(own, theirs, {.seed = job.seed, .id = c});
        p.back() = cell.difference.p;
    }
    const std::vector<double> corrected = measure::correct_holm(p);
    for (std::size_t c = 0; c < corrected.size(); ++c) study.cells[c].p_corrected = corrected[c];
}

}  // namespace

std::vector<CellResult> cells_of(const job::Swarm& job) {
    std::vector<CellResult> cells;
    for (std::size_t v = 0; v < job.variants.size(); ++v) {
        for (const Operator op : job.operators) {
            for (const Policy policy : job.policies) {
                for (const std::int64_t sites : job.sites) {
                    CellResult cell;
                    cell.policy = policy;
                    cell.op = op;
                    cell.variant = v;
                    cell.spec = job.variants[v].spec;
                    cell.spec.policy = policy;
                    cell.spec.synthesis.op = op;
                    cell.spec.sites = sites;
                    cell.spec.seed = job.seed;
                    cells.push_back(std::move(cell));
                }
            }
        }
    }
    find_baselines(job, cells);
    return cells;
}

std::string identity_of(const job::Swarm& job) {
    std::string text = job.defining_text;
    const auto add = [&](const topology::Spec& topology) {
        std::vector<std::string> paths = {topology.file, topology.node_file};
        for (const auto& level : topology.levels) paths.push_back(level.file);
        for (const std::string& path : paths) {
            if (path.empty()) continue;
            std::ifstream in(path, std::ios::binary);
            text += hash_64(std::string(std::istreambuf_iterator<char>(in), {}));
        }
    };
    if (job.graph) add(job.graph->topology);
    if (job.place) add(job.place->topology);
    return hash_128(text);
}

Estimate estimate_of(const std::vector<double>& values) {
    const measure::MeanEstimate mean = measure::estimate_mean(values);
    return {mean.mean, mean.interval.low, mean.interval.high};
}

const char* compared_measure(TaskKind task) {
    switch (task) {
        case TaskKind::discovery:
            return "trials";
        case TaskKind::complementarity:
            return "worth";
        default:
            return "error";
    }
}

std::string label_of(const job::Swarm& job, Policy policy, Operator op, std::size_t variant) {
    std::string label = name_of(policy);
    if (job.operators.size() > 1) label += fmt::format(", {}", name_of(op));
    for (std::size_t f = 0; f < job.factors.size(); ++f) {
        const job::SwarmFactor& factor = job.factors[f];
        label +=
            fmt::format(", {} = {}", factor.key, factor.labels[job.variants[variant].levels[f]]);
    }
    return label;
}

void summarise(const job::Swarm& job, SwarmStudy& study) {
    study.cells = cells_of(job);
    const auto replicates = static_cast<std::size_t>(job.replicates);
    for (std::size_t c = 0; c < study.cells.size(); ++c) {
        CellResult& cell = study.cells[c];
        const auto runs = std::span(study.runs).subspan(c * replicates, replicates);
        for (std::size_t m = 0; m < measures().size(); ++m) {
            cell.values.push_back(estimate_of(values_of(runs, m)));
        }
        cell.error_by_packets = error_by_packets(runs);
        cell.place = runs.front().place;
    }
    compare_with_baselines(job, study);
    add_growth(job, study);
    add_front(study);
    add_claims(job, study);
}

}  // namespace motley::swarm
