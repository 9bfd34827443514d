#include "topology/files/held_share.hpp"

#include <utility>

#include "motley/core/error.hpp"
#include "topology/generators.hpp"

namespace motley::topology {
namespace {

class HeldShare final : public Share {
  public:
    HeldShare(Description description, HeldArcs arcs, const Peers& readers)
        : description_(std::move(description)),
          held_(std::move(arcs)),
          place_(readers.place()),
          shares_(readers.count()) {}

    AgentId agents() const override { return description_.agents; }
    AgentId hosts() const override { return description_.hosts; }
    Traits traits() const override { return description_.traits; }
    std::int64_t shares() const override { return shares_; }
    const std::vector<std::string>& names() const override { return description_.names; }
    const std::vector<std::string>& remarks() const override { return description_.remarks; }

    void arcs(std::int64_t chunk, std::int64_t chunks, const ArcSink& sink) const override {
        const std::int64_t each = chunks / shares_;
        if (chunks % shares_ != 0 || chunk / each != place_) {
            throw internal_error("a share of a file was asked for arcs of another one");
        }
        const ChunkRange range = chunk_range(std::ssize(held_.ends), chunk % each, each);
        ArcBatch batch(sink);
        for (auto e = static_cast<std::size_t>(range.begin);
             e < static_cast<std::size_t>(range.end); ++e) {
            const auto [source, target] = held_.ends[e];
            Arc arc = {source, target, held_.weights.empty() ? 1.0 : held_.weights[e],
                       held_.survivals.empty() ? description_.traits.survival : held_.survivals[e]};
            batch.add(arc);
            if (!held_.undirected || source == target) continue;
            std::swap(arc.source, arc.target);
            batch.add(arc);
        }
        batch.finish();
    }

    Link link(AgentId, AgentId) const override {
        throw internal_error("a share of a file was asked for a link");
    }

  private:
    Description description_;
    HeldArcs held_;
    std::int64_t place_, shares_;
};

}  // namespace

std::unique_ptr<Share> make_held_share(Description description, HeldArcs arcs,
                                       const Peers& readers) {
    return std::make_unique<HeldShare>(std::move(description), std::move(arcs), readers);
}

}  // namespace motley::topology
