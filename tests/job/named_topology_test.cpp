// topologies/<name>.toml: where they are searched, what is in them, what is wrong with them.
#include <cstdlib>

#include "job/support.hpp"

namespace motley::test {
namespace {

const char* const karate =
    "description = \"a club\"\nsource = \"Zachary 1977\"\nfile = \"karate.csv\"\n";

/// $MOTLEY_TOPOLOGIES for the time of a test.
class Installed {
  public:
    explicit Installed(const std::string& folder) {
        ::setenv("MOTLEY_TOPOLOGIES", folder.c_str(), 1);
    }
    ~Installed() { ::unsetenv("MOTLEY_TOPOLOGIES"); }
};

TEST(NamedTopology, IsFoundAboveTheJobAndReadsItsOwnFiles) {
    Folder folder;
    folder.write("topologies/karate.toml", karate);
    folder.write("topologies/karate.csv", "source,target\n0,1\n");
    const std::string job =
        folder.write("jobs/deep/a.toml", "kind = \"run\"\ntopology = \"karate\"\n");

    EXPECT_EQ(job::load(job, {}).run.topology.file, folder.path("topologies/karate.csv"));
    EXPECT_TRUE(job::load(job, {"topology.weights=edge"}).run.topology.edge_weights);
}

TEST(NamedTopology, TheNearestWins) {
    Folder folder;
    folder.write("topologies/t.toml", "generator = \"ring\"\nagents = 8\n");
    folder.write("jobs/topologies/t.toml", "generator = \"star\"\nagents = 8\n");
    const std::string text = "kind = \"run\"\ntopology = \"t\"\n";

    EXPECT_EQ(job::parse(text, folder.path("jobs/a.toml"), {}).run.topology.generator, "star");
    EXPECT_EQ(job::parse(text, folder.path("a.toml"), {}).run.topology.generator, "ring");
    EXPECT_EQ(job::parse("kind = \"run\"\ntopology = \"../topologies/t.toml\"\n",
                         folder.path("jobs/a.toml"), {})
                  .run.topology.generator,
              "ring");
}

TEST(NamedTopology, MayBeInstalled) {
    Folder folder;
    folder.write("here/only-here.toml", "generator = \"star\"\nagents = 8\n");
    const Installed installed(folder.path("here"));

    EXPECT_EQ(job::parse(small_run, "a.toml", {"topology=only-here"}).run.topology.generator,
              "star");
    const job::NamedTopology named = job::load_topology("only-here", {"agents=9"});
    EXPECT_EQ(named.name, "only-here");
    EXPECT_EQ(named.spec.agents, 9);
}

TEST(NamedTopology, UnknownNames) {
    Folder folder;
    folder.write("topologies/karate.toml", karate);
    folder.write("topologies/jazz.toml", karate);
    const std::string path = folder.path("a.toml");

    const std::string found = errors_in("kind = \"run\"\ntopology = \"karaet\"\n", {}, path);
    EXPECT_THAT(found,
                testing::StartsWith(path + ":2:12: no topology is called \"karaet\"; known are"));
    EXPECT_THAT(found, testing::HasSubstr("jazz"));
    EXPECT_THAT(found, testing::EndsWith("; did you mean 'karate'?"));
    EXPECT_THAT(errors_in("kind = \"run\"\ntopology = \"no.toml\"\n", {}, path),
                testing::HasSubstr("no such file: \"no.toml\""));
    EXPECT_THAT(errors_in("kind = \"run\"\ntopology = \"nets/a.csv\"\n", {}, path),
                testing::HasSubstr("write topology = { file = \"nets/a.csv\" }"));
    EXPECT_THAT(errors_in("kind = \"run\"\ntopology = \"\"\n", {}, path),
                testing::HasSubstr("no topology is called \"\""));
    EXPECT_THAT(errors_in("kind = \"compare\"\n[factors]\ntopology = [\"karaet\"]\n", {}, path),
                testing::StartsWith(path + ":3:13: no topology is called \"karaet\""));
}

TEST(NamedTopology, MistakesInTheFileCarryItsPlaces) {
    Folder folder;
    const std::string file =
        folder.write("topologies/t.toml", "description = 3\ngenerator = \"ring\"\ndegre = 4\n");
    const std::string broken = folder.write("topologies/u.toml", "generator = \n");
    const std::string path = folder.path("a.toml");

    EXPECT_THAT(lines_of(errors_in("kind = \"run\"\nsede = 1\ntopology = \"t\"\n", {}, path)),
                testing::ElementsAre(
                    path + ":2:1: unknown key 'sede'; did you mean 'seed'?",
                    file + ":1:1: missing 'agents' in [topology]: generator 'ring' needs it",
                    file + ":1:15: 'description' must be a string, not 3",
                    file + ":3:1: unknown key 'degre' in [topology]; did you mean 'degree'?"));
    EXPECT_THAT(errors_in("kind = \"run\"\ntopology = \"u\"\n", {}, path),
                testing::StartsWith(broken + ":1:13: not TOML: "));
}

TEST(LoadTopology, TomlFilesGraphsAndOverrides) {
    Folder folder;
    const std::string toml = folder.write("nets/karate.toml", karate);
    const std::string graph = folder.write("nets/karate.csv", "source,target\n0,1\n");

    const job::NamedTopology named = job::load_topology(toml, {"directed=true", "survival = 0.5"});
    EXPECT_EQ(named.name, "karate");
    EXPECT_EQ(named.description, "a club");
    EXPECT_EQ(named.source, "Zachary 1977");
    EXPECT_EQ(named.spec.file, graph);
    EXPECT_TRUE(named.spec.directed);
    EXPECT_DOUBLE_EQ(named.spec.survival, 0.5);

    const job::NamedTopology plain = job::load_topology(graph, {"format=csv"});
    EXPECT_EQ(plain.name, "karate");
    EXPECT_EQ(plain.description, "");
    EXPECT_EQ(plain.spec.file, graph);
    EXPECT_EQ(plain.spec.format, topology::FileFormat::csv);
}

TEST(LoadTopology, Errors) {
    Folder folder;
    const std::string graph = folder.write("g.csv", "source,target\n0,1\n");
    const auto error = [](const std::string& name, const std::vector<std::string>& overrides) {
        return usage_error_of([&] { job::load_topology(name, overrides); });
    };

    EXPECT_THAT(error("no-such-topology", {}),
                testing::StartsWith("no topology is called \"no-such-topology\"; "));
    EXPECT_THAT(error("no/such.csv", {}), testing::HasSubstr("'topology.file': no such file: "));
    EXPECT_EQ(error(graph, {"survival=2"}),
              "--set survival=2: 'topology.survival' must lie in (0, 1], not be 2");
    EXPECT_EQ(
        error(graph, {"direcetd=true"}),
        "--set direcetd=true: unknown key 'direcetd' in [topology]; did you mean 'directed'?");
    EXPECT_THAT(error(folder.write("t.toml", "generator = \"ring\"\n"), {}),
                testing::HasSubstr("missing 'agents'"));
}

TEST(NamedTopology, ThoseOfTheProjectAreRight) {
    const std::filesystem::path folder = std::filesystem::path(MOTLEY_SOURCE_DIR) / "topologies";
    if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no topologies";
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (entry.path().extension() != ".toml") continue;
        EXPECT_NO_THROW({
            const job::NamedTopology named = job::load_topology(entry.path().string(), {});
            EXPECT_NE(named.description, "");
            EXPECT_NE(named.source, "");
            EXPECT_GE(topology::make(named.spec)->agents(), 1);
        }) << entry.path();
    }
}

}  // namespace
}  // namespace motley::test
