// A linear programme over arcs with one commodity per number of layers done.
#include "motley/redesign/serving/pipeline.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "bound.hpp"
#include "motley/core/error.hpp"
#include "motley/redesign/programme/symmetry.hpp"

namespace motley::serving {
namespace {

void require_of_pipeline(bool condition, const char* what) {
    if (!condition) throw usage_error(std::string("pipeline: ") + what);
}

void check_pipeline(const fabric::FabricGraph& graph, const Pipeline& pipeline) {
    require_of_pipeline(pipeline.layers > 0, "the model has no layer");
    require_of_pipeline(pipeline.stage_amount >= 0.0 && pipeline.coordinator_amount >= 0.0,
                        "the amount of a unit is negative");
    require_of_pipeline(pipeline.coordinator < graph.vertices(), "the coordinator is on no vertex");
    std::set<int> used = {pipeline.coordinator};
    for (const Stage& stage : pipeline.stages) {
        require_of_pipeline(stage.vertex >= 0 && stage.vertex < graph.vertices(),
                            "a stage is on no vertex");
        require_of_pipeline(used.insert(stage.vertex).second,
                            "a vertex has two stages, or a stage and the coordinator");
        require_of_pipeline(
            stage.first >= 0 && stage.first <= stage.last && stage.last < pipeline.layers,
            "a stage holds no layers of the model");
        require_of_pipeline(stage.rate >= 0.0, "the rate of a stage is negative");
    }
}

/// Variables and rows. Flows are in units of `scale`; rows of capacity are shares of it.
class PipelineBuilder {
  public:
    PipelineBuilder(const fabric::FabricGraph& graph, const Pipeline& pipeline, double scale)
        : graph_(graph), pipeline_(pipeline), scale_(scale), stage_at_(at(graph.vertices()), -1) {
        programme_.sense = programme::Sense::maximise;
        for (std::size_t s = 0; s < pipeline.stages.size(); ++s) {
            stage_at_[at(pipeline.stages[s].vertex)] = static_cast<int>(s);
        }
        add_stages();
        std::set<int> done;
        if (pipeline.coordinator >= 0) done.insert(0);
        for (const Stage& stage : pipeline.stages) done.insert(stage.last + 1);
        if (pipeline.coordinator < 0) done.erase(pipeline.layers);
        for (std::size_t c = 0; c < graph.channels().size(); ++c) {
            channel_rows_.push_back(programme_.add(programme::Row{.high = 1.0}));
        }
        arcs_.resize(graph.channels().size());
        for (const int layers : done) add_commodity(layers);
    }

    /// Solves; the outcome's throughput is in units/s.
    PipelineOutcome solve() const {
        const auto solution = programme::solve_by_symmetry(programme_);
        if (!solution.optimal()) {
            throw internal_error(std::string("pipeline: the programme ended as ") +
                                 programme::name_of(solution.status));
        }
        PipelineOutcome out;
        out.low = solution.objective * scale_;
        out.high = std::max(out.low, dual_bound(programme_, solution.duals) * scale_);
        fill_stages(out, solution);
        fill_channels(out, solution);
        return out;
    }

  private:
    double amount(int layers) const {
        return layers == 0 || layers == pipeline_.layers ? pipeline_.coordinator_amount
                                                         : pipeline_.stage_amount;
    }
    const Stage* stage_of(int vertex) const {
        const int stage = stage_at_[at(vertex)];
        return stage < 0 ? nullptr : &pipeline_.stages[at(stage)];
    }
    bool enters(const Stage& stage, int layers) const {
        return layers == stage.first ||
               (pipeline_.partial && layers > stage.first && layers <= stage.last);
    }
    /// Whether units with so many layers done may leave a vertex, or come to it.
    bool leaves(int vertex, int layers) const {
        if (vertex == pipeline_.coordinator) return layers == 0;
        const Stage* stage = stage_of(vertex);
        return stage != nullptr ? layers == stage->last + 1 : !graph_.is_host(vertex);
    }
    bool comes(int vertex, int layers) const {
        if (vertex == pipeline_.coordinator) return layers == pipeline_.layers;
        const Stage* stage = stage_of(vertex);
        return stage != nullptr ? enters(*stage, layers) : !graph_.is_host(vertex);
    }

    int add_flow(double most, double cost) {
        return programme_.add(programme::ProgrammeVariable{.high = 2.0 * most, .cost = cost});
    }

    /// Units through each stage, and rows of what comes to it and leaves it.
    void add_stages() {
        for (const Stage& stage : pipeline_.stages) {
            const double most = stage.rate / scale_;
            const int through = add_flow(most, 0.0);
            stages_.push_back(through);
            stage_rows_.push_back(
                programme_.add(programme::Row{.high = most, .terms = {{through, 1.0}}}));
            in_rows_.push_back(programme_.add(programme::Row{0.0, 0.0, {{through, -1.0}}}));
            const bool ends = pipeline_.coordinator < 0 && stage.last + 1 == pipeline_.layers;
            out_rows_.push_back(ends ? -1
                                     : programme_.add(programme::Row{0.0, 0.0, {{through, -1.0}}}));
            if (pipeline_.coordinator >= 0 || !enters(stage, 0)) continue;
            programme_.rows[at(in_rows_.back())].terms.push_back({add_flow(most, 1.0), 1.0});
        }
    }

    void add_commodity(int layers) {
        std::map<int, int> switches;
        const auto conserve = [&](int vertex, int variable, double sign) {
            const int stage = stage_at_[at(vertex)];
            int row = -1;
            if (stage >= 0) {
                row = sign > 0.0 ? in_rows_[at(stage)] : out_rows_[at(stage)];
            } else if (vertex != pipeline_.coordinator) {
                const auto [found, fresh] = switches.emplace(vertex, 0);
                if (fresh) found->second = programme_.add(programme::Row{0.0, 0.0});
                row = found->second;
            }
            if (row < 0) return;
            programme_.rows[at(row)].terms.push_back({variable, stage >= 0 ? 1.0 : sign});
        };
        for (std::size_t c = 0; c < graph_.channels().size(); ++c) {
            const auto& channel = graph_.channels()[c];
            if (!leaves(channel.source, layers) || !comes(channel.target, layers)) continue;
            const double share = amount(layers) * scale_ / channel.capacity;
            const bool starts = channel.source == pipeline_.coordinator;
            const int variable =
                add_flow(share > 0.0 ? std::min(all(), 1.0 / share) : all(), starts ? 1.0 : 0.0);
            if (share > 0.0) {
                programme_.rows[at(channel_rows_[c])].terms.push_back({variable, share});
            }
            arcs_[c].push_back({variable, amount(layers)});
            conserve(channel.source, variable, -1.0);
            conserve(channel.target, variable, 1.0);
        }
    }

    /// All units that all stages pass, which no channel exceeds without a circle.
    double all() const {
        double sum = 0.0;
        for (const Stage& stage : pipeline_.stages) sum += stage.rate / scale_;
        return sum;
    }

    void fill_stages(PipelineOutcome& out, const programme::ProgrammeSolution& solution) const {
        for (std::size_t s = 0; s < stages_.size(); ++s) {
            out.stage_units.push_back(std::max(0.0, solution.values[at(stages_[s])]) * scale_);
            out.stage_prices.push_back(std::max(0.0, solution.duals[at(stage_rows_[s])]));
            const double worth = out.stage_prices.back() * pipeline_.stages[s].rate;
            if (worth > 1e-9 * out.low) out.cut_stages.push_back(static_cast<int>(s));
        }
    }

    void fill_channels(PipelineOutcome& out, const programme::ProgrammeSolution& solution) const {
        for (std::size_t c = 0; c < arcs_.size(); ++c) {
            double units = 0.0, load = 0.0;
            for (const auto& [variable, amount] : arcs_[c]) {
                const double flow = std::max(0.0, solution.values[at(variable)]) * scale_;
                units += flow;
                load += flow * amount;
            }
            out.channel_units.push_back(units);
            out.loads.push_back(load);
            const double worth = std::max(0.0, solution.duals[at(channel_rows_[c])]) * scale_;
            out.channel_prices.push_back(worth / graph_.channels()[c].capacity);
            if (worth > 1e-9 * out.low) out.cut_channels.push_back(static_cast<int>(c));
        }
    }

    const fabric::FabricGraph& graph_;
    const Pipeline& pipeline_;
    double scale_;
    programme::Programme programme_;
    std::vector<int> stage_at_;  ///< per vertex, -1: none
    std::vector<int> stages_, stage_rows_, in_rows_, out_rows_;
    std::vector<int> channel_rows_;
    std::vector<std::vector<std::pair<int, double>>> arcs_;  ///< per channel: variable, amount
};

}  // namespace

PipelineOutcome pipeline_throughput(const fabric::FabricGraph& graph, const Pipeline& pipeline) {
    check_pipeline(graph, pipeline);
    double scale = 0.0;
    for (const Stage& stage : pipeline.stages) scale = std::max(scale, stage.rate);
    if (scale <= 0.0) scale = 1.0;
    PipelineOutcome out = PipelineBuilder(graph, pipeline, scale).solve();
    // The solver's tolerance is absolute: a throughput far below the rates is found again in its
    // own unit.
    for (int again = 0; again < 3 && out.low > 0.0 && out.low < 0.1 * scale; ++again) {
        scale = out.low;
        out = PipelineBuilder(graph, pipeline, scale).solve();
    }
    return out;
}

}  // namespace motley::serving
