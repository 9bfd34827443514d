#include "even.hpp"

#include <algorithm>
#include <map>

namespace motley::serving {

EvenShares::EvenShares(const System& system, const std::vector<double>& shares)
    : classes_(system.classes()), works_(shares.size(), 0.0), served_(true) {
    theta_ = std::numeric_limits<double>::infinity();
    for (std::size_t k = 0; k < classes_; ++k) {
        double sum = 0.0;
        for (std::size_t h = 0; h < system.hosts.size(); ++h) {
            if (system.hosts[h].type < 0) continue;
            const double rate = system.types[at(system.hosts[h].type)].rates[k];
            works_[h * classes_ + k] = rate * shares[h * classes_ + k];
            sum += works_[h * classes_ + k];
        }
        theta_ = std::min(theta_, sum / system.demands[k]);
        served_ = served_ && sum > 0.0;
        for (std::size_t h = 0; h < system.hosts.size() && sum > 0.0; ++h) {
            works_[h * classes_ + k] *= system.demands[k] / sum;
        }
    }
}

namespace {

/// Adds the traffic of `activity` from one host to another, in the node or outside of it.
class Spreader {
  public:
    Spreader(const System& system, const Layout& layout) : system_(system), layout_(layout) {}

    void add(int source, int target, double amount) {
        if (source == target || amount <= 0.0) return;
        if (shares_node(system_, source, target)) {
            part(source).outward += amount;
            part(target).inward += amount;
        } else {
            outside_.push_back({source, target, amount});
        }
    }

    Part& part(int host) {
        const int cell = layout_.cell_of[at(host)];
        Part& part = parts_[cell];
        part.cell = cell;
        return part;
    }

    Activity activity() {
        Activity out;
        for (const auto& [cell, part] : parts_) out.parts.push_back(part);
        out.traffic = fabric::Traffic(std::move(outside_));
        return out;
    }

  private:
    const System& system_;
    const Layout& layout_;
    std::map<int, Part> parts_;
    std::vector<fabric::Demand> outside_;
};

}  // namespace

Activity EvenShares::activity(const System& system, const Layout& layout) const {
    if (!served_) return {};
    const int hosts = static_cast<int>(system.hosts.size());
    Spreader spreader(system, layout);
    for (int h = 0; h < hosts; ++h) {
        if (system.hosts[at(h)].type >= 0) spreader.part(h).time += 1.0 / theta_;
    }
    for (const Flow& flow : system.flows) {
        for (int a = 0; a < hosts; ++a) {
            const double sent = flow.amount * work(a, flow.from);
            for (int b = 0; b < hosts && sent > 0.0; ++b) {
                spreader.add(a, b, sent * work(b, flow.to) / system.demands[at(flow.to)]);
            }
        }
    }
    for (const Collective& collective : system.collectives) {
        for (const Group& group : collective.groups) {
            double sum = 0.0;
            for (const int host : group.hosts) sum += work(host, collective.task);
            for (const auto& each : group.demands) {
                spreader.add(each.source, each.target, each.amount * sum);
            }
        }
    }
    Activity out = spreader.activity();
    for (std::size_t k = 0; k < classes_; ++k) {
        out.works.emplace_back(static_cast<int>(k), system.demands[k]);
    }
    return out;
}

std::vector<double> EvenShares::times(const System& system, double theta) const {
    std::vector<double> out(works_.size(), 0.0);
    for (std::size_t h = 0; h < system.hosts.size(); ++h) {
        if (system.hosts[h].type < 0) continue;
        for (std::size_t k = 0; k < classes_; ++k) {
            const double rate = system.types[at(system.hosts[h].type)].rates[k];
            if (rate > 0.0) out[h * classes_ + k] = theta * works_[h * classes_ + k] / rate;
        }
    }
    return out;
}

}  // namespace motley::serving
