// Threads that work on one graph together, as ranks do.
#pragma once

#include <barrier>
#include <cstdint>
#include <thread>
#include <vector>

#include "motley/topology/peers.hpp"

namespace motley::topology {

/// Threads in place of ranks.
class Threads {
  public:
    explicit Threads(int count) : count_(count), said_(at(count)), barrier_(count) {}

    /// Runs `action(peers, place)` on each.
    template <class Action>
    void run(Action action) {
        std::vector<std::jthread> threads;
        for (int place = 0; place < count_; ++place) {
            threads.emplace_back([this, place, action] { action(One(*this, place), place); });
        }
    }

  private:
    static std::size_t at(int place) { return static_cast<std::size_t>(place); }

    class One final : public Peers {
      public:
        One(Threads& all, int place) : all_(all), place_(place) {}
        int count() const override { return all_.count_; }
        int place() const override { return place_; }
        Words gather(const Words& own) const override {
            std::vector<std::int64_t> counts;
            return exchange(std::vector<Words>(at(all_.count_), own), counts);
        }
        Words exchange(const std::vector<Words>& send,
                       std::vector<std::int64_t>& counts) const override {
            all_.said_[at(place_)] = send;
            all_.barrier_.arrive_and_wait();
            Words received;
            counts.clear();
            for (const auto& each : all_.said_) {
                received.insert(received.end(), each[at(place_)].begin(), each[at(place_)].end());
                counts.push_back(std::ssize(each[at(place_)]));
            }
            all_.barrier_.arrive_and_wait();
            return received;
        }

      private:
        Threads& all_;
        int place_;
    };

    int count_;
    std::vector<std::vector<Peers::Words>> said_;
    std::barrier<> barrier_;
};

}  // namespace motley::topology
