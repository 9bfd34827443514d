// Makes a checked job from the text of a job file.
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "job/checks.hpp"
#include "job/keys.hpp"
#include "job/named_topology.hpp"
#include "job/overrides.hpp"
#include "job/preset.hpp"
#include "job/read_compare.hpp"
#include "job/reader.hpp"
#include "job/redesign/read_redesign.hpp"
#include "job/seed.hpp"
#include "job/swarm/read_swarm.hpp"
#include "job/systems.hpp"
#include "job/toml.hpp"
#include "motley/core/error.hpp"
#include "motley/job/job.hpp"

namespace motley::job {
namespace {

namespace fs = std::filesystem;

const std::vector<std::string> kinds = {"run",      "compare", "scaling",
                                        "redesign", "swarm",   "robustness"};

bool contains(const std::vector<std::string>& words, const std::string& word) {
    return std::ranges::find(words, word) != words.end();
}

/// The kind of a job. Throws where it is wrong, because nothing else can be checked then.
JobKind kind_of(const Value& root) {
    Findings findings;
    const Member* kind = root.find("kind");
    if (kind == nullptr || !kind->value.is(Value::Type::text)) {
        const bool compares = root.find("factors") != nullptr || root.find("compare") != nullptr ||
                              root.find("systems") != nullptr;
        return compares ? JobKind::compare
                        : JobKind::run;  // missing keys are reported with the rest
    }
    const std::string& word = kind->value.text;
    if (!contains(kinds, word)) {
        findings.add(kind->value.place,
                     fmt::format("'kind' must be one of {}, not \"{}\"", list(kinds), word),
                     [word] { return nearest(word, kinds); });
    }
    findings.throw_if_any();
    if (word == "compare") return JobKind::compare;
    if (word == "redesign") return JobKind::redesign;
    if (word == "swarm") return JobKind::swarm;
    return word == "scaling" ? JobKind::scaling : JobKind::run;
}

/// kind = "robustness" is a comparison whose runs are all attacked: [attack] belongs to [base].
void expand_robustness(Value& root) {
    Member* kind = root.find("kind");
    if (kind == nullptr || kind->value.text != "robustness") return;
    Findings findings;
    const Member* attack = root.find("attack");
    if (attack == nullptr) {
        findings.add(kind->value.place,
                     "kind = \"robustness\" needs a section [attack]; an empty one takes the "
                     "defaults");
    }
    if (root.find("factors") == nullptr && root.find("systems") == nullptr) {
        findings.add(
            kind->value.place,
            "kind = \"robustness\" compares systems: list their files in systems, or name in "
            "[factors] what they differ in; a single run is attacked with kind = \"run\" and a "
            "section [attack]");
    }
    findings.throw_if_any();
    kind->value.text = "compare";
    const Value section = attack->value;
    root.erase("attack");
    if (root.find("base") == nullptr) root.put("base", table_value(section.place));
    root.find("base")->value.put("attack", section);
    // All are attacked in the same way.
    Member* systems = root.find("systems");
    if (systems == nullptr) return;
    for (Value& system : systems->value.items) system.erase("attack");
}

/// The name defaults to the file's stem, and is checked like one that was given.
void default_name(Value& root, const fs::path& path) {
    if (root.find("name") != nullptr) return;
    Value name = Value::of(path.stem().string());
    name.place = root.place;
    root.put("name", name);
}

/// A preset decides other defaults of quiet keys, so that with one they are written.
QuietKeys quiet_keys(const Run& run) {
    return run.preset.empty() ? QuietKeys::left_out : QuietKeys::written;
}

std::string document_of(const KeyTable& keys, const Run& run) {
    return to_document(dump(keys, &run, quiet_keys(run)));
}

Run read_run(const KeyTable& keys, Value& root, Findings& findings) {
    apply_preset(root, findings);
    Run run;
    Reader(keys, findings).read(keys, root, &run, "");
    check_run(run, root, findings);
    leave_out_meaningless(run);
    note_changes(run);
    set_seed(run, run.seed);
    return run;
}

std::string read_job_file(const std::string& path) {
    std::error_code failed;
    if (!fs::exists(path, failed)) {
        throw usage_error("no such file; give the path of a job file", {path});
    }
    std::ifstream in(path, std::ios::binary);
    std::stringstream text;
    if (fs::is_directory(path, failed) || !in || (in.peek() != EOF && !(text << in.rdbuf()))) {
        throw usage_error("cannot be read; give the path of a job file", {path});
    }
    return text.str();
}

}  // namespace

void set_seed(Run& run, std::uint64_t seed) {
    run.seed = seed;
    run.topology.seed = seed;
    for (topology::Spec& level : run.topology.levels) level.seed = seed;
    run.partition.seed = seed;
}

Job load(const std::string& path, const std::vector<std::string>& overrides) {
    return parse(read_job_file(path), path, overrides);
}

Job parse(const std::string& text, const std::string& path,
          const std::vector<std::string>& overrides) {
    Findings findings;
    fs::path folder = fs::path(path).parent_path();
    if (folder.empty()) folder = ".";
    const auto source = std::make_shared<const Source>(Source{path, folder, 0});
    auto root = parse_toml(text, source, findings);
    findings.throw_if_any();
    expand_topologies(*root, findings);
    apply_overrides(*root, overrides, folder, findings, Overridden::job);
    expand_systems(*root, findings);

    Job job;
    job.path = path;
    job.kind = kind_of(*root);
    expand_robustness(*root);
    job.kind = kind_of(*root);
    default_name(*root, path);
    std::vector<Factor> factors;
    if (job.kind == JobKind::compare) {
        job.compare = read_compare(*root, findings, factors);
        findings.throw_if_any();
        job.resolved_text = resolved_text(job.compare, *root, factors);
        return job;
    }
    if (job.kind == JobKind::redesign) {
        job.redesign = read_redesign(*root, findings);
        job.resolved_text = to_document(dump(redesign_table(), &job.redesign));
        return job;
    }
    if (job.kind == JobKind::swarm) {
        job.swarm = read_swarm(*root, findings);
        job.resolved_text = resolved_text(job.swarm, *root);
        return job;
    }
    const KeyTable& keys = job.kind == JobKind::run ? run_table() : scaling_table();
    job.run = read_run(keys, *root, findings);
    findings.throw_if_any();
    job.resolved_text = document_of(keys, job.run);
    return job;
}

std::string to_toml(const Run& run) {
    // The run of a comparison is called <combination>/r<replicate>. This keeps its folder, and
    // gives it a name that a job file may have.
    const std::size_t slash = run.name.rfind('/');
    if (slash == std::string::npos) return document_of(run_table(), run);
    Run named = run;
    named.output.directory += "/" + run.name.substr(0, slash);
    named.name = run.name.substr(slash + 1);
    return document_of(run_table(), named);
}

namespace {

/// The run without the keys on which no result depends.
Run bare_of(const Run& run) {
    const Run standard;
    Run bare = run;
    bare.name = "run";
    bare.preset.clear();
    bare.partition = standard.partition;
    bare.partition.seed = run.seed;
    bare.exchange = standard.exchange;
    bare.checkpoint = standard.checkpoint;
    bare.measure = standard.measure;
    bare.output = standard.output;
    bare.output.every = run.output.every;
    return bare;
}

}  // namespace

std::string defining_toml(const Run& run) {
    Run bare = bare_of(run);
    bare.attack.reset();
    return to_document(dump(run_table(), &bare));
}

std::string attacked_toml(const Run& run) {
    Run bare = bare_of(run);
    if (bare.attack) bare.attack->fraction = Attack().fraction;
    return to_document(dump(run_table(), &bare));
}

}  // namespace motley::job
