// The JSON schema and the reference page, both from the key table.
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "job/support.hpp"

namespace motley::test {
namespace {

/// Checks the schema itself, then prints "ok" or "refused" for every job file.
const char* const validate = R"(
import json, sys
try:
    import tomllib, jsonschema
    jsonschema.Draft202012Validator
except (ImportError, AttributeError) as problem:
    print('missing', problem)
    sys.exit(0)
schema = json.load(open(sys.argv[1]))
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)
for path in sys.argv[2:]:
    job = tomllib.load(open(path, 'rb'))
    print('ok' if validator.is_valid(job) else 'refused')
)";

std::vector<std::string> verdicts(const Folder& folder, const std::vector<std::string>& jobs) {
    std::string command = std::string(MOTLEY_PYTHON) + " " + folder.write("validate.py", validate) +
                          " " + folder.write("schema.json", job::schema());
    for (std::size_t i = 0; i < jobs.size(); ++i) {
        command += " " + folder.write("job" + std::to_string(i) + ".toml", jobs[i]);
    }
    const std::string out = folder.path("out.txt");
    EXPECT_EQ(std::system((command + " > " + out).c_str()), 0) << command;
    std::ifstream in(out);
    std::stringstream text;
    text << in.rdbuf();
    return lines_of(text.str());
}

TEST(Schema, AcceptsTheExamplesAndRefusesMistakes) {
    Folder folder;
    const std::string nested =
        "kind = \"run\"\n[topology]\ngenerator = \"nested\"\n[[topology.level]]\ngenerator = "
        "\"ring\"\nagents = 4\n";
    const std::vector<std::string> right = {
        run_example,
        compare_example,
        small_run,
        nested,
        job::parse(run_example, "a.toml", {}).resolved_text,
        job::parse(nested, "a.toml", {}).resolved_text,
        small_run + "[model]\nschedule = [{ step = 1, demand = { weights = [1, 2] } }]\n",
        "kind = \"run\"\ntopology = \"karate\"\n",
        "kind = \"compare\"\ncompare = { ranks_per_run = \"auto\" }\n[factors]\nmodel.openness = "
        "[0.1]\n",
        "kind = \"compare\"\n[factors]\n\"model.openness\" = { from = 0, to = 1, step = 0.1 }\n",
        "kind = \"robustness\"\n[attack]\norders = [\"value\"]\n[factors]\n\"model.openness\" = "
        "[0.1]\n",
        small_run + "[attack]\nafter = { adapt = 0 }\n",
    };
    const std::vector<std::string> wrong = {
        "seed = 1\n",
        "kind = \"run\"\n",
        "kind = \"redesign\"\n",
        small_run + "sede = 1\n",
        small_run + "[model]\nopenness = 1\n",
        small_run + "[model]\nreturns = 0\n",
        small_run + "[model]\ntasks = 1.5\n",
        small_run + "[model]\ndemand = { distribution = \"uniform\", sigma = 1 }\n",
        small_run + "[model]\nresource = { weights = [1] }\n",
        small_run + "[solve]\nmode = \"optimun\"\n",
        small_run + "name = \"a/b\"\n",
        "kind = \"run\"\ntopology = { generator = \"ring\" }\n",
        "kind = \"run\"\ntopology = { generator = \"complete\", agents = 4, degree = 2 }\n",
        "kind = \"run\"\ntopology = { generator = \"erdos-renyi\", agents = 4, edges = 2, "
        "edge_probability = 0.1 }\n",
        "kind = \"run\"\ntopology = { generator = \"torus\" }\n",
        "kind = \"compare\"\n",
        "kind = \"robustness\"\n[factors]\n\"model.openness\" = [0.1]\n",
        small_run + "[attack]\norders = [\"vaule\"]\n",
        "kind = \"compare\"\n[factors]\n\"model.opennes\" = [0.1]\n",
        "kind = \"compare\"\n[factors]\n\"model.openness\" = [1.5]\n",
    };
    std::vector<std::string> all = right;
    all.insert(all.end(), wrong.begin(), wrong.end());

    const std::vector<std::string> found = verdicts(folder, all);

    if (!found.empty() && found.front().starts_with("missing")) {
        GTEST_SKIP() << "python without jsonschema or tomllib: " << found.front();
    }
    ASSERT_EQ(found.size(), all.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
        EXPECT_EQ(found[i], i < right.size() ? "ok" : "refused") << all[i];
    }
}

TEST(Schema, SaysDefaultsUnitsAndRanges) {
    const auto schema = nlohmann::json::parse(job::schema());
    const auto& model = schema["$defs"]["model"]["properties"];

    EXPECT_EQ(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    EXPECT_EQ(model["openness"]["default"], 0.9);
    EXPECT_EQ(model["openness"]["minimum"], 0.0);
    EXPECT_EQ(model["openness"]["exclusiveMaximum"], 1.0);
    EXPECT_EQ(model["tasks"]["maximum"], 4096);
    EXPECT_THAT(model["tasks"]["description"].get<std::string>(), testing::HasSubstr("[tasks]"));
}

TEST(Reference, ListsEachKey) {
    const std::string page = job::reference();
    for (const char* key : {"name",
                            "kind",
                            "seed",
                            "topology",
                            "model",
                            "solve",
                            "partition",
                            "exchange",
                            "output",
                            "generator",
                            "agents",
                            "degree",
                            "rewire",
                            "shape",
                            "dimensions",
                            "neighbourhood",
                            "arity",
                            "edge_probability",
                            "edges",
                            "blocks",
                            "p_inside",
                            "p_between",
                            "file",
                            "format",
                            "directed",
                            "weights",
                            "survival",
                            "level",
                            "share",
                            "tasks",
                            "openness",
                            "elasticity",
                            "returns",
                            "precision",
                            "capability",
                            "resource",
                            "demand",
                            "schedule",
                            "step",
                            "noise",
                            "learning",
                            "growth",
                            "rate",
                            "exponent",
                            "scope",
                            "value",
                            "distribution",
                            "sigma",
                            "group_sigma",
                            "groups",
                            "concentration",
                            "mode",
                            "gap",
                            "max_steps",
                            "steps",
                            "method",
                            "overlap",
                            "directory",
                            "every",
                            "snapshots",
                            "compression",
                            "partition",
                            "compare",
                            "base",
                            "factors",
                            "replicates",
                            "baseline",
                            "ranks_per_run",
                            "from",
                            "to",
                            "count",
                            "scale",
                            "description",
                            "source",
                            "base",
                            "length",
                            "side",
                            "contacts",
                            "radius",
                            "mean_degree",
                            "leaves",
                            "spines",
                            "hosts_per_leaf",
                            "uplink_capacity",
                            "h",
                            "a",
                            "p",
                            "q",
                            "switches",
                            "ports",
                            "nodes",
                            "devices",
                            "hosts_per_switch",
                            "node_capacity",
                            "oversubscription"}) {
        EXPECT_THAT(page, testing::HasSubstr("| `" + std::string(key) + "`")) << key;
    }
    EXPECT_THAT(page, testing::HasSubstr("| `openness` | number | [0, 1) | 1 | `0.9` | "));
}

/// MOTLEY_WRITE_REFERENCE=1 writes the page anew.
TEST(Reference, IsThePageInDocs) {
    const std::string path = std::string(MOTLEY_SOURCE_DIR) + "/docs/reference.md";
    if (std::getenv("MOTLEY_WRITE_REFERENCE") != nullptr) std::ofstream(path) << job::reference();
    std::ifstream in(path);
    std::stringstream text;
    text << in.rdbuf();
    EXPECT_EQ(text.str(), job::reference())
        << "docs/reference.md is old: run this test with MOTLEY_WRITE_REFERENCE=1";
}

}  // namespace
}  // namespace motley::test
