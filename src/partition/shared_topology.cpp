#include "motley/partition/shared_topology.hpp"

#include <utility>
#include <vector>

#include "motley/topology/shared_file.hpp"

namespace motley::partition {
namespace {

/// The ranks of a communicator.
class Ranks final : public topology::Readers {
  public:
    explicit Ranks(const mpi::Communicator& comm) : comm_(comm) {}

    int count() const override { return comm_.size(); }
    int place() const override { return comm_.rank(); }
    Words gather(const Words& own) const override { return comm_.all_gather(own); }
    Words exchange(const std::vector<Words>& send) const override { return comm_.exchange(send); }

  private:
    const mpi::Communicator& comm_;
};

/// A topology that stands beside its arcs.
class WithArcs final : public topology::Topology {
  public:
    WithArcs(const topology::Topology& share, std::vector<topology::Arc> arcs)
        : share_(share), arcs_(std::move(arcs)) {}

    AgentId agents() const override { return share_.agents(); }
    AgentId hosts() const override { return share_.hosts(); }
    topology::Traits traits() const override { return share_.traits(); }
    const std::vector<std::string>& names() const override { return share_.names(); }
    void arcs(std::int64_t chunk, std::int64_t chunks,
              const topology::ArcSink& sink) const override {
        const auto range = topology::chunk_range(std::ssize(arcs_), chunk, chunks);
        if (range.begin == range.end) return;
        sink({arcs_.data() + range.begin, static_cast<std::size_t>(range.end - range.begin)});
    }

  private:
    const topology::Topology& share_;
    std::vector<topology::Arc> arcs_;
};

}  // namespace

std::unique_ptr<topology::Topology> make_topology(const topology::Spec& spec,
                                                  const mpi::Communicator& comm) {
    if (auto share = topology::make_share(spec, Ranks(comm))) return share;
    std::unique_ptr<topology::Topology> topology;
    const auto reading = mpi::on_root(comm, [&] { return topology::reading_of(spec); });
    if (comm.size() == 1 || reading == topology::Reading::each) {
        mpi::together(comm, [&] { topology = topology::make(spec); });
        return topology;
    }
    mpi::on_root(comm, [&] { topology = topology::make(spec); });
    return topology::give_shares(topology.get(), Ranks(comm));
}

OnRoot::OnRoot(const topology::Topology& topology, const mpi::Communicator& comm)
    : topology_(topology) {
    if (dynamic_cast<const topology::Share*>(&topology) == nullptr) return;
    std::vector<topology::Arc> own;
    topology.arcs(comm.rank(), comm.size(), [&](std::span<const topology::Arc> arcs) {
        own.insert(own.end(), arcs.begin(), arcs.end());
    });
    auto all = comm.gather(own);
    if (comm.root()) gathered_ = std::make_unique<WithArcs>(topology, std::move(all));
}

}  // namespace motley::partition
