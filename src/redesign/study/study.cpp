#include "motley/redesign/study/study.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>

#include "motley/partition/versions.hpp"
#include "motley/record/folder_lock.hpp"
#include "motley/record/status_file.hpp"
#include "phases.hpp"

namespace motley::redesign {
namespace {

void write(const job::Redesign& job, const RedesignResult& result,
           const record::Provenance& attributes) {
    const std::vector<record::Table> tables = redesign_tables(job, result);
    for (const record::Table& table : tables) {
        record::write_file(fmt::format("{}/{}.csv", result.directory, table.name),
                           record::table_csv(table));
    }
    record::write_tables(result.directory + "/redesign.h5", attributes, tables);
    record::write_file(result.directory + "/redesign.json", redesign_json(job, result));
    record::write_file(result.directory + "/report.html", redesign_html(job, result, attributes));
}

}  // namespace

RedesignResult redesign(const job::Redesign& job, const std::string& resolved_text,
                        const std::vector<std::string>& command, const mpi::Communicator& comm,
                        const Console& console) {
    RedesignResult result;
    result.directory = job.directory + "/" + job.name;
    const record::FolderLock lock(comm, result.directory);
    record::Status status;
    status.ranks = comm.size();
    status.tasks = static_cast<std::int64_t>(job.problem.classes());
    status.provenance = record::run_provenance(comm, command, partition::library_versions());
    status.provenance.emplace_back("job", resolved_text);
    const auto write_status = [&](record::JobState state) {
        status.state = state;
        mpi::on_root(
            comm, [&] { record::write_file(result.directory + "/status.json", to_json(status)); });
    };
    write_status(record::JobState::running);
    const auto start = std::chrono::steady_clock::now();
    const Progress say = [&](const std::string& text) {
        if (console.quiet || !comm.root()) return;
        const std::chrono::duration<double> now = std::chrono::steady_clock::now() - start;
        std::fprintf(stderr, "%7.1f s  %s\n", now.count(), text.c_str());
    };
    try {
        mpi::on_root(comm, [&] { judge(job, result, say); });
        say("fabrics and their failures follow");
        const std::vector<double> limits = add_network(job, comm, result);
        say(fmt::format("up to {} scenarios follow", job.uncertainty.scenarios));
        add_intervals(job, comm, limits, result);
        say("prices and demands at which the comparison turns follow");
        add_flips(job, comm, limits, result);
        add_dynamics(job, comm, result);
        add_ranges(job, comm, result);
        if (job.search.pareto > 0) say("the Pareto front follows");
        add_front(job, comm, result);
        mpi::on_root(comm, [&] {
            write(job, result, record::reproducible_attributes(resolved_text, job.seed));
        });
    } catch (const Error& error) {
        status.message = error.what();
        write_status(record::JobState::failed);
        throw;
    }
    write_status(record::JobState::done);
    return result;
}

}  // namespace motley::redesign
