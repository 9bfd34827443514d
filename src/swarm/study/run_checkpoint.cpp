// A checkpoint holds what a site observed and what it believes, and the traffic so far. All else of
// a swarm (ids, contacts, problems, truths, random numbers) is a pure function of its job.
#include "run_checkpoint.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace motley::swarm {
namespace {

using Json = nlohmann::ordered_json;

/// Numbers of checkpoints rise: more than a run may have rounds.
constexpr std::int64_t most_rounds = 1001;

std::vector<AgentId> ids_of(const Swarm& swarm) {
    return {swarm.own_sites().begin(), swarm.own_sites().end()};
}

template <class Row>
record::AgentVariable variable(const char* name, const char* long_name,
                               const std::vector<Row>& rows, double Row::*member) {
    return {name,
            "1",
            long_name,
            1,
            false,
            [&rows, member](std::int64_t first, std::int64_t count, double* out) {
                for (std::int64_t i = 0; i < count; ++i) {
                    out[i] = rows[static_cast<std::size_t>(first + i)].*member;
                }
            }};
}

}  // namespace

std::optional<RunPlace> RunCheckpoint::find(const std::function<void(const std::string&)>& warn) {
    const auto steps = mpi::on_root(comm_, [&] {
        folder_.remove_remains();
        return folder_.steps();
    });
    for (const std::int64_t step : steps) {
        try {
            record::Seal seal;
            mpi::together(comm_, [&] { seal = folder_.seal(step); });
            if (seal.job != identity_) continue;
            folder_.check(comm_, seal);
            const record::RunFileReader file(comm_, folder_.file(step));
            const Json json = Json::parse(file.attribute("swarm"));
            place_ = {json.at("run").get<std::size_t>(), json.at("rounds").get<std::int64_t>()};
            found_ = step;
            return place_;
        } catch (const Error& error) {
            if (!error.everywhere()) throw;
            warn(fmt::format("a checkpoint is not used: {}", error.what()));
        } catch (const std::exception&) {
            // The text is the same on every rank.
            warn(fmt::format("a checkpoint is not used: {} is of another program",
                             folder_.file(step)));
        }
    }
    return {};
}

void RunCheckpoint::restore(Swarm& swarm, const Spec& spec, HostTraffic* traffic,
                            std::size_t hosts) const {
    const record::RunFileReader file(comm_, folder_.file(found_));
    const std::vector<AgentId> ids = ids_of(swarm);
    const auto rows = [&](const char* name) {
        return file.rows(std::string("/state/") + name, spec.sites, 1, ids);
    };
    const auto mean = rows("evidence"), weight = rows("weight");
    const auto opinion = rows("opinion"), variance = rows("variance");
    std::vector<Packet> evidence;
    std::vector<Opinion> opinions;
    for (std::size_t i = 0; i < ids.size(); ++i) {
        evidence.push_back({swarm.own_sites()[i], mean[i], weight[i]});
        opinions.push_back({opinion[i], variance[i]});
    }
    swarm.restore(place_.rounds, std::move(evidence), std::move(opinions));
    if (traffic == nullptr) return;
    const auto pairs = static_cast<std::int64_t>(hosts * hosts);
    const auto bytes = file.column("/traffic/bytes", pairs);
    const auto messages = file.column("/traffic/messages", pairs);
    const auto walked = file.column("/lengths/walked", HostTraffic::chunks);
    const auto direct = file.column("/lengths/direct", HostTraffic::chunks);
    if (comm_.root()) traffic->restore(bytes, messages, walked, direct);
}

void RunCheckpoint::write(const Swarm& swarm, const Spec& spec, const RunPlace& place,
                          const HostTraffic* traffic, const record::Provenance& provenance) {
    const std::int64_t step = static_cast<std::int64_t>(place.run) * most_rounds + place.rounds;
    mpi::on_root(comm_, [&] { record::make_inner_directory(folder_.path()); });
    const std::vector<AgentId> ids = ids_of(swarm);
    record::Seal seal;
    record::RunFile::WriteOptions options;
    options.digest = &seal.digest;
    record::RunFile file(comm_, folder_.file(step), spec.sites, 1, ids, options);
    record::Provenance attributes = provenance;
    attributes.emplace_back("swarm", Json{{"run", place.run}, {"rounds", place.rounds}}.dump());
    file.write_attributes(attributes);
    const auto& evidence = swarm.evidence();
    const auto& opinions = swarm.opinions();
    file.write_agents(
        "state", {variable("evidence", "mean of what a site observed", evidence, &Packet::mean),
                  variable("weight", "one over its variance", evidence, &Packet::weight),
                  variable("opinion", "what a site believes", opinions, &Opinion::mean),
                  variable("variance", "its variance", opinions, &Opinion::variance)});
    if (traffic != nullptr) {
        file.write_series(traffic->by_pair(comm_), "traffic", "pair");
        file.write_series(traffic->by_chunk(comm_), "lengths", "chunk");
    }
    file.commit();
    seal.step = step;
    seal.job = identity_;
    seal.program = record::program_version();
    folder_.close(comm_, seal);
}

void RunCheckpoint::remove() {
    mpi::on_root(comm_, [&] { folder_.remove(); });
    found_ = -1;
}

}  // namespace motley::swarm
