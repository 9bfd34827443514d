// The data that every phase of a run uses.
#pragma once

#include <string>

#include "attack_journal.hpp"
#include "checkpoints.hpp"
#include "motley/experiment/pause/pause.hpp"
#include "motley/job/job.hpp"
#include "motley/mpi/communicator.hpp"
#include "motley/record/record.hpp"
#include "progress.hpp"

namespace motley::experiment {

struct RunContext {
    const job::Run& job;
    const record::Provenance& provenance;
    const mpi::Communicator& comm;
    std::string directory;  ///< the folder of the results
    Progress& progress;
    Checkpoints& checkpoints;
    const Limits& limits;
    const AttackJournal& journal;
    const AttackStart& begun;  ///< what earlier starts made of the attack
};

}  // namespace motley::experiment
