// The packets of one key at its holders, and the answers that readers make of them.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "motley/swarm/knowledge/world.hpp"
#include "motley/swarm/round/round_result.hpp"
#include "records.hpp"

namespace motley::swarm {

/// What an operator did with the packets of a list.
struct Judgement {
    Summary summary;
    std::vector<std::uint8_t> kept;  ///< by packet: 1: used; empty: all are
    std::int64_t lies = 0, lies_rejected = 0, truths = 0, truths_rejected = 0;

    bool keeps(std::size_t packet) const { return kept.empty() || kept[packet] != 0; }
    void count_into(RoundCounts& counts) const;
};

/// Combines packets in rising order of their senders.
Judgement judge(const Spec& spec, const World& world, std::span<const Packet> packets);

/// The numbers of the packets that a reader with a cap reads among `others` ones: `cap` distinct
/// ones, rising, or all.
std::vector<std::size_t> chosen_packets(const Spec& spec, Site reader, std::int64_t round,
                                        std::size_t others);

class Bucket {
  public:
    /// `deposits`: of one key, in rising order of sites.
    Bucket(const Spec& spec, const World& world, std::int64_t round,
           std::span<const DepositRecord> deposits);

    /// Answers of questions in rising order of sites; adds what they did to `counts`.
    std::vector<AnswerRecord> answer(std::span<const QuestionRecord> questions,
                                     RoundCounts& counts);
    /// The same for readers that choose themselves: the packets that they get.
    void deliver(std::span<const QuestionRecord> questions, std::vector<DeliveryRecord>& out) const;

  private:
    /// The packets that the holder with the number `replica` has.
    struct Copy {
        std::vector<Packet> packets;
        std::optional<Judgement> judgement;
    };
    const Copy& copy_of(std::uint32_t replica, bool judged);
    std::vector<Packet> packets_of(std::uint32_t replica) const;
    AnswerRecord answer_from_all(const QuestionRecord& question, RoundCounts& counts);
    AnswerRecord answer_capped(const QuestionRecord& question, RoundCounts& counts);
    void count_pairs(std::span<const QuestionRecord> questions, RoundCounts& counts);
    bool whole(std::span<const QuestionRecord> questions) const;

    const Spec& spec_;
    const World& world_;
    std::int64_t round_;
    std::span<const DepositRecord> deposits_;
    std::vector<Copy> copies_;
    std::vector<std::uint64_t> read_;  ///< cap: pairs of sites, the smaller number first
};

/// Sum over equal numbers in a list of the pairs among them.
std::int64_t equal_pairs(std::vector<std::uint32_t> numbers);

}  // namespace motley::swarm
