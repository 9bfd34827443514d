// The step as a pipeline over blocks of agents: gather, produce, price, send, adapt, learn. Each
// stage is a loop over independent vectors, which keeps the processor busy while a single agent
// would wait. The arithmetic is the same for every agent, whatever its place in a block is.
#pragma once

#include "acceleration_stages.hpp"
#include "block.hpp"
#include "block_tally.hpp"
#include "change_stages.hpp"
#include "flow_stages.hpp"
#include "gather.hpp"
#include "stages.hpp"

namespace motley::model {

/// Number of blocks that go through the stages together: 16 agents, 32 in vectors of 32 bytes.
constexpr int blocks_in_flight = vector_bytes == 64 ? 2 : 8;

/// Messages of one parity with this many bytes do not stay in a cache until neighbours read them.
constexpr std::size_t streaming_bytes = std::size_t{64} << 20;

template <class Real, int W, int Chunks>
class Kernel {
    using B = Block<Real, W, Chunks>;
    using Lanes = typename B::Lanes;
    using S = Stages<Real, W, Chunks>;
    using C = ChangeStages<Real, W, Chunks>;
    using A = AccelerationStages<Real, W, Chunks>;

  public:
    explicit Kernel(const StepArguments<Real>& arguments)
        : arguments_(arguments),
          graph_(*arguments.graph),
          state_(*arguments.state),
          parameters_(arguments.parameters),
          in_place_(!graph_.has_arcs()),
          stages_(parameters_, message_path()),
          flow_stages_(arguments),
          change_stages_(parameters_, state_.tasks),
          acceleration_stages_(parameters_),
          staging_(state_.width),
          read_(state_.messages[read_parity()].data()),
          write_(state_.messages[in_place_ ? 0 : 1 - read_parity()].data()) {
        for (int i = 0; i < blocks_in_flight; ++i) blocks_.emplace_back(state_.width);
        if (state_.demand_per_agent) return;
        for (B& block : blocks_) {
            block.demand = state_.demand.data();
            block.invert_demand(1);
        }
    }

    void run(LocalId begin, LocalId end) {
        if (arguments_.tally != nullptr) {
            tally_ = std::make_unique<BlockTally<Real, W, Chunks>>(state_.width, parameters_,
                                                                   graph_, *arguments_.tally);
        }
        constexpr LocalId batch = blocks_in_flight * block_agents;
        LocalId first = begin;
        for (; first + batch <= end; first += batch) {
            for (LocalId i = 0; i < blocks_in_flight; ++i) {
                enter(blocks_[static_cast<std::size_t>(i)], first + i * block_agents, block_agents);
            }
            advance_all(std::span<B>(blocks_));
        }
        for (; first < end; first += block_agents) {
            enter(blocks_[0], first,
                  static_cast<int>(std::min<LocalId>(block_agents, end - first)));
            advance_all(std::span<B>(blocks_.data(), 1));
            if (blocks_[0].count < block_agents) leave(blocks_[0]);
        }
        if (tally_) tally_->flush();
        flow_stages_.flush();
    }

  private:
    MessagePath message_path() const {
        const std::size_t bytes = state_.messages[0].bytes() + state_.ghosts.bytes();
        return bytes >= streaming_bytes ? MessagePath::streaming : MessagePath::cached;
    }
    std::size_t read_parity() const {
        return in_place_ ? 0 : static_cast<std::size_t>(arguments_.parity);
    }
    std::size_t at(LocalId row) const {
        return static_cast<std::size_t>(row) * static_cast<std::size_t>(state_.width);
    }

    void advance_all(std::span<B> blocks) {
        if (flow_stages_.on()) {
            advance_with_rules(blocks);
        } else {
            advance(blocks);
        }
    }

    /// Runs a stage on all blocks, as one function that sets its constants up once.
    template <auto Member, class Owner>
    [[gnu::noinline, gnu::flatten]] static void stage(Owner& owner, std::span<B> blocks) {
        for (B& block : blocks) (owner.*Member)(block);
    }
    template <class Action>
    static void stage(std::span<B> blocks, Action action) {
        for (B& block : blocks) action(block);
    }

    /// Runs each stage on all blocks before the next stage. While the last instructions of one
    /// block complete, the processor computes another one.
    void advance(std::span<B> blocks) {
        stage(blocks, [&](B& block) { gather(arguments_, read_, block); });
        stage<&S::produce>(stages_, blocks);
        find_utility(blocks);
        stage<&S::price>(stages_, blocks);
        if (arguments_.reward != nullptr)
            stage(blocks, [&](B& block) { stages_.reward(block, arguments_.reward); });
        if (tally_) stage(blocks, [&](B& block) { tally_->add(block); });
        foresee_gain(blocks);
        stage<&S::send>(stages_, blocks);
        follow(blocks);
    }

    /// The same with own rules of flows, or as one pass of a pool.
    [[gnu::noinline, gnu::cold]] void advance_with_rules(std::span<B> blocks) {
        const PoolPass pass = arguments_.pass;
        const auto add_up = [&](B& block) { flow_stages_.add_up(block); };
        stage(blocks, [&](B& block) { flow_stages_.gather(read_, block); });
        if (pass == PoolPass::none) {
            stage<&S::produce>(stages_, blocks);
        } else {
            stage<&S::make>(stages_, blocks);
        }
        if (pass == PoolPass::make) return stage(blocks, add_up);
        if (pass != PoolPass::adapt || tally_) {
            stage(blocks, [&](B& block) { flow_stages_.consume(block); });
            find_utility(blocks);
            stage(blocks, [&](B& block) { flow_stages_.price(block); });
        }
        if (pass == PoolPass::price) return stage(blocks, add_up);
        stage(blocks, [&](B& block) { flow_stages_.value(block); });
        if (arguments_.arc_worth != nullptr)
            stage(blocks, [&](B& block) { flow_stages_.note_arc_worth(read_, block); });
        if (arguments_.reward != nullptr)
            stage(blocks, [&](B& block) { stages_.reward(block, arguments_.reward); });
        if (tally_) stage(blocks, [&](B& block) { tally_->add(block); });
        foresee_gain(blocks);
        if (pass == PoolPass::none) {
            stage(blocks, [&](B& block) { flow_stages_.send(block); });
            stage(blocks, [&](B& block) { flow_stages_.choose_openness(block); });
        }
        follow(blocks);
    }

    /// Utility, and prices up to a factor. Prices that look ahead are those of a consumption to
    /// come; the utility that is measured is that of what is consumed now.
    void find_utility(std::span<B> blocks) {
        const bool ahead = acceleration_stages_.looks_ahead();
        if (!ahead || tally_) find_utility_of_ratio(blocks);
        if (tally_) stage(blocks, [&](B& block) { block.log_consumed = block.log_utility; });
        if (!ahead) return;
        stage<&A::foresee_consumption>(acceleration_stages_, blocks);
        find_utility_of_ratio(blocks);
    }

    void foresee_gain(std::span<B> blocks) {
        if (acceleration_stages_.looks_ahead())
            stage<&A::foresee_gain>(acceleration_stages_, blocks);
    }

    void find_utility_of_ratio(std::span<B> blocks) {
        stage<&S::take_logarithms>(stages_, blocks);
        if (stages_.far_from_one()) {
            stage<&S::find_reference>(stages_, blocks);
            stage<&S::weigh>(stages_, blocks);
            stage<&S::add_up>(stages_, blocks);
            stage<&S::find_level>(stages_, blocks);
        } else {
            stage<&S::utility_near_one>(stages_, blocks);
            stage<&S::price_from_utility>(stages_, blocks);
        }
    }

    /// Allocations and capabilities follow the gains.
    void follow(std::span<B> blocks) {
        if (parameters_.rate > 0.0 && parameters_.adapts) {
            stage<&S::find_mean_gain>(stages_, blocks);
            if (acceleration_stages_.on()) {
                stage<&A::move>(acceleration_stages_, blocks);
                stage(blocks, [&](B& block) { keep_moves(block); });
            } else {
                stage<&S::grow>(stages_, blocks);
            }
            stage<&S::normalise>(stages_, blocks);
            if (change_stages_.mutates()) stage<&C::mutate>(change_stages_, blocks);
        }
        if (parameters_.learning_rate > 0.0) stage<&C::learn>(change_stages_, blocks);
    }

    /// Points the block at the rows from `first` on, or at copies when they are fewer than a block.
    void enter(B& block, LocalId first, int count) {
        block.first = first;
        block.count = count;
        block.allocation = state_.allocation.data() + at(first);
        block.capability = state_.capability.data() + at(first);
        block.message = write_ + 2 * at(first);
        block.before = read_ + 2 * at(first);
        if (acceleration_stages_.on()) enter_momentum(block);
        if (state_.demand_per_agent) {
            block.demand = state_.demand.data() + at(first);
            block.demand_stride = block.width();
        }
        if (state_.resource.empty()) {
            block.resource = Lanes::fill(static_cast<Real>(state_.resource_value));
        } else {
            for (int b = 0; b < block_agents; ++b) {
                block.resource[b] = state_.resource[first + std::min(b, count - 1)];
            }
        }
        if (count < block_agents) {
            staging_.take(staging_.allocation(), block.allocation, count, 1);
            staging_.take(staging_.capability(), block.capability, count, 1);
            staging_.take(staging_.before(), block.before, count, 2);
            block.allocation = staging_.allocation();
            block.capability = staging_.capability();
            block.before = staging_.before();
            if (acceleration_stages_.on()) stage_momentum(block);
            block.message = staging_.message();
            if (state_.demand_per_agent) {
                staging_.take(staging_.demand(), block.demand, count, 1);
                block.demand = staging_.demand();
            }
        }
        if (state_.demand_per_agent) block.invert_demand(block_agents);
    }

    /// What an accelerated search reads besides; `count` rows from `first` on.
    void enter_momentum(B& block) {
        block.velocity = state_.velocity.data() + at(block.first);
        const Real* moves = state_.moves.data() + block.first;
        for (int b = 0; b < block_agents; ++b) block.moves[b] = moves[std::min(b, block.count - 1)];
    }
    /// The same for copies, which also need the earlier messages that the step overwrites.
    void stage_momentum(B& block) {
        staging_.take(staging_.velocity(), block.velocity, block.count, 1);
        staging_.take(staging_.message(), block.message, block.count, 2);
        block.velocity = staging_.velocity();
    }
    void keep_moves(B& block) {
        Real* moves = state_.moves.data() + block.first;
        for (int b = 0; b < block.count; ++b) moves[b] = block.moves[b];
    }

    /// Writes the copies back.
    void leave(B& block) {
        const LocalId first = block.first;
        staging_.give(state_.allocation.data() + at(first), block.allocation, block.count, 1);
        staging_.give(state_.capability.data() + at(first), block.capability, block.count, 1);
        if (acceleration_stages_.on())
            staging_.give(state_.velocity.data() + at(first), block.velocity, block.count, 1);
        if (arguments_.pass == PoolPass::none)
            staging_.give(write_ + 2 * at(first), block.message, block.count, 2);
    }

    const StepArguments<Real>& arguments_;
    const LocalGraph<Real>& graph_;
    State<Real>& state_;
    const Parameters& parameters_;
    const bool in_place_;  ///< one buffer of messages
    S stages_;
    FlowStages<Real, W, Chunks> flow_stages_;
    C change_stages_;
    A acceleration_stages_;
    std::vector<B> blocks_;
    Staging<Real> staging_;
    const Real* read_;
    Real* write_;
    std::unique_ptr<BlockTally<Real, W, Chunks>> tally_;
};

}  // namespace motley::model
