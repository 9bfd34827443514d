// The job file as typed structs, which the commands read.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "motley/job/attack.hpp"
#include "motley/job/changes.hpp"
#include "motley/job/redesign.hpp"
#include "motley/job/swarm.hpp"
#include "motley/model/spec.hpp"
#include "motley/partition/partition.hpp"
#include "motley/simulation/options.hpp"
#include "motley/topology/topology.hpp"

namespace motley::job {

struct Measure {
    std::int64_t centres = 0;  ///< number of balls for the spatial scale, 0: not measured
    bool graph = false;        ///< also measure properties of the topology
};

struct Output {
    std::string directory = "results";  ///< the run's folder is <directory>/<name>
    std::int64_t every = 10;            ///< steps between series rows
    std::int64_t snapshots = 0;         ///< steps between snapshots, 0: none
    int compression = 0;                ///< deflate level of run.h5, 0: none
    bool topology = false;              ///< store the arcs in run.h5
    bool partition = false;             ///< store each agent's rank in run.h5
};

struct Checkpoint {
    std::int64_t every_steps = 0;  ///< 0: not by steps
    double every_minutes = 0.0;    ///< 0: chosen from the cost of a checkpoint
};

/// What a network has between groups of nodes; measure::Islands.
struct Islands {
    enum class Links { pairs, shared };
    std::int64_t nodes = 0;      ///< in each island
    double link_gb_per_s = 0.0;  ///< of a link between islands, each way
    Links links = Links::pairs;
};

/// The section [scaling] of kind = "scaling".
struct Scaling {
    std::vector<std::int64_t> ranks;  ///< empty: powers of two, and all ranks
    bool strong = true;               ///< the same system on more ranks
    bool weak = true;                 ///< a system that grows with the ranks
    std::int64_t steps = 20;          ///< per repetition
    std::int64_t repetitions = 5;
    std::vector<std::int64_t> project;  ///< numbers of ranks to project to
    std::optional<Islands> islands;     ///< none: nodes have the full bandwidth of their links
};

/// The job of kind = "run", and the run that kind = "scaling" measures.
struct Run {
    std::string name;
    std::string preset;  ///< field whose defaults and words are used; empty: none
    std::uint64_t seed = 1;
    topology::Spec topology;
    model::Spec model;
    simulation::SolveOptions solve;
    partition::Spec partition;
    simulation::ExchangeOptions exchange;
    Measure measure;
    std::optional<Attack> attack;
    std::vector<Event> events;
    std::vector<Failure> failures;
    Output output;
    Checkpoint checkpoint;
    Scaling scaling;  ///< kind = "scaling" only
};

/// One run of a comparison. Runs of one cell differ in their replicate only.
struct CompareCell {
    std::vector<std::string> levels;  ///< value of every factor, as text in tables
    std::int64_t cell = 0;            ///< combination of levels
    std::int64_t replicate = 0;
    Run run;  ///< its results go to <directory>/<name of the comparison>/<combination>/r<replicate>
};
enum class Design { factorial, latin_hypercube };
/// The job of kind = "compare": every combination of the factors' levels, each cell a complete run.
/// In a Latin hypercube the ranges among the factors are sampled together.
struct Compare {
    std::string name;
    std::string preset;  ///< of all runs; empty: none
    std::uint64_t seed = 1;
    std::int64_t replicates = 1;
    Design design = Design::factorial;
    std::int64_t samples = -1;            ///< points of a Latin hypercube
    std::string baseline;                 ///< level of the compared factor
    int ranks_per_run = 1;                ///< 0: auto
    std::vector<std::string> factors;     ///< names of the factors, in file order
    int compared = -1;                    ///< factor `topology`, else the first list; -1: none
    std::vector<std::int64_t> baselines;  ///< the cell with which each cell is compared, or -1
    std::vector<CompareCell> cells;       ///< every run, in the order of the factors
    Output output;
};

enum class JobKind { run, compare, scaling, redesign, swarm };

/// A parsed and checked job.
struct Job {
    JobKind kind = JobKind::run;
    std::string path;           ///< as given
    std::string resolved_text;  ///< TOML with every key and default, the text that provenance keeps
    Run run;                    ///< when kind is run or scaling
    Compare compare;            ///< when kind is compare
    Redesign redesign;          ///< when kind is redesign
    Swarm swarm;                ///< when kind is swarm
};

/// Parses, applies `--set` overrides ("a.b=value": TOML syntax or a bare word), checks everything
/// and returns the job. Throws one usage error with all findings, one per line, each
/// `file:line:column: what; did you mean 'x'?`. Relative paths of files are resolved against the
/// folder of the job file, then against the working directory.
Job load(const std::string& path, const std::vector<std::string>& overrides);
/// The same from a text; `path` is used in messages and to resolve files.
Job parse(const std::string& text, const std::string& path,
          const std::vector<std::string>& overrides);

/// TOML of one run with every key and default; it parses again to the same run.
std::string to_toml(const Run& run);
/// The keys that determine the states of a run, as TOML: all but its name and the keys that only
/// change where and when things are computed or written. A run may resume from a checkpoint of
/// another run with the same text.
std::string defining_toml(const Run& run);
/// The same with [attack]: an unfinished attack goes on where another run has the same text.
std::string attacked_toml(const Run& run);

/// A topology by name, with the description in its file.
struct NamedTopology {
    topology::Spec spec;
    std::string name;         ///< stem of the file
    std::string description;  ///< empty for graph files
    std::string source;
    bool changed = false;  ///< overrides changed what the description is about
};
/// `name_or_path`: a name (topologies/<name>.toml, searched in the working directory and the
/// folders above it, then in $MOTLEY_TOPOLOGIES), the path of such a .toml file, or the path of a
/// graph, which is what has an extension or a slash. `overrides`: "key=value" for keys of
/// [topology]. Throws one usage error with all findings.
NamedTopology load_topology(const std::string& name_or_path,
                            const std::vector<std::string>& overrides);

/// JSON Schema (draft 2020-12) of the job file, generated from the key table.
std::string schema();
/// Reference page in Markdown, generated from the key table.
std::string reference();

}  // namespace motley::job
