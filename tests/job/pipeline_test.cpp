// Pipelines in a redesign: stages from a file, and what is refused.
#include "job/support.hpp"

namespace motley::job {
namespace {

using test::Folder;
using test::replaced;

const char* const pipeline_job =
    "kind = \"redesign\"\n"
    "[demand]\nllm = 2\n"
    "[task.llm]\nunit = \"ktokens/s\"\nlayers = 8\nstage_bytes = 100\nrequest_bytes = 4\n"
    "[device.a]\nprice_per_hour = 2\n"
    "[device.b]\nprice_per_hour = 1\n"
    "[design.one]\nstages = \"stages.csv\"\ncoordinator = \"c\"\n"
    "topology = { file = \"links.csv\", node_file = \"nodes.csv\" }\nlink_gb_per_s = 1\n";
const char* const stages_of_job =
    "node,first,last,rate,device,unit\n"
    "x,1,4,3,a,\n"
    "y,5,8,4000,b,tokens/s\n"
    "z,3,8,,b,\n";

struct Texts {
    std::string job = pipeline_job;
    std::string stages = stages_of_job;
    std::string nodes = "node,switch,capacity\ns,yes,\nz,,0.5\nx,,2.5\n";
};

job::Job loaded(const Texts& texts, const Folder& folder) {
    folder.write("stages.csv", texts.stages);
    folder.write("nodes.csv", texts.nodes);
    folder.write("links.csv",
                 "source,target,capacity\nc,x,1\nx,y,2\ny,c,1\nz,c,3\nz,s,1\nx,s,1\ns,free,1\n");
    return job::parse(texts.job, folder.path("job.toml"), {});
}

std::string error_of(const Texts& texts, ErrorKind kind) {
    const Folder folder;
    return test::error_in(folder, kind, [&] { loaded(texts, folder); });
}

TEST(Pipelines, AreReadFromTheirFile) {
    const Folder folder;
    const job::Job read = loaded({}, folder);
    const job::Redesign& job = read.redesign;
    ASSERT_EQ(job.pipelines.size(), 1U);
    const serving::Pipeline& model = job.pipelines[0].model;
    EXPECT_EQ(model.layers, 8);
    EXPECT_TRUE(model.partial);
    ASSERT_EQ(model.stages.size(), 3U);
    EXPECT_EQ(model.stages[0].first, 0);
    EXPECT_EQ(model.stages[0].last, 3);
    EXPECT_EQ(model.stages[0].rate, 2.5);  // the capacity of x is below its rate
    EXPECT_EQ(model.stages[1].rate, 4.0);  // 4000 tokens/s
    EXPECT_EQ(model.stages[2].rate, 0.5);  // the capacity of z
    EXPECT_EQ(job.fleets[0], (fleet::Fleet{1.0, 2.0}));
    EXPECT_EQ(job.units[0], "ktokens/s");
    EXPECT_EQ(job.base_units[0], 1000.0);
    EXPECT_NEAR(job.problem.rate(0, 0), 2.5 * 4 / 8, 1e-12);
    EXPECT_NEAR(job.problem.rate(1, 0), (4.0 * 4 / 8 + 0.5 * 6 / 8) / 2, 1e-12);
    const job::Job again = job::parse(read.resolved_text, folder.path("job.toml"), {});
    EXPECT_EQ(again.resolved_text, read.resolved_text);
    EXPECT_EQ(again.redesign.fleets, job.fleets);
}

TEST(Pipelines, KeysThatAreNotGivenAreNotInTheResolvedText) {
    const std::string text = job::parse(
                                 "kind = \"redesign\"\n[demand]\nx = 1\n[task.x]\nbytes = 1\n"
                                 "[device.a]\nprice_per_hour = 1\nrate = { x = 1 }\n"
                                 "[design.one]\nfleet = { a = 1 }\n",
                                 "job.toml", {})
                                 .resolved_text;
    for (const char* key : {"layers", "stage_bytes", "request_bytes", "stages", "coordinator",
                            "partial", "placement_trials"}) {
        EXPECT_EQ(text.find(key), std::string::npos) << key;
    }
}

TEST(BadPipelines, TheFileOfStages) {
    const auto error = [](const std::string& from, const std::string& to) {
        return error_of({.stages = replaced(stages_of_job, from, to)}, ErrorKind::input);
    };
    EXPECT_EQ(error("y,5", "w,5"), "stages.csv:3:1: 'design.one.topology' has no vertex 'w'");
    EXPECT_EQ(error("y,5", "s,5"),
              "stages.csv:3:1: 's' is a switch, which passes on and holds no layers");
    EXPECT_EQ(error("y,5,8", "y,5,9"),
              "stages.csv:3:5: last is layer 9, but 'task.llm.layers' is 8: layers are counted "
              "from 1 to 8");
    EXPECT_EQ(error("x,1,4", "x,0,4"),
              "stages.csv:2:3: first is layer 0, but 'task.llm.layers' is 8: layers are counted "
              "from 1 to 8");
    EXPECT_EQ(error("y,5,8", "y,8,5"),
              "stages.csv:3:3: the stage begins with layer 8 and ends with layer 5: first must "
              "not be above last");
    EXPECT_EQ(error("y,5", "x,5"),
              "stages.csv:3:1: 'x' has a stage in line 2 already: a machine holds one run of "
              "layers");
    EXPECT_EQ(error("4000", "-1"),
              "stages.csv:3:7: rate '-1' is negative; a stage that is down has 0");
    EXPECT_EQ(error("4000", ""),
              "stages.csv:3:7: stage 'y' has no rate: give it in a column 'rate', or as "
              "'capacity' of the vertex in the topology's node_file");
    EXPECT_EQ(error("b,tokens/s", "d,tokens/s"),
              "stages.csv:3:12: the job has no [device.d]; it has a, b");
    EXPECT_EQ(error("tokens/s", "requests/s"),
              "stages.csv:3:14: the rate is in requests, but the demand of 'llm' in tokens: give "
              "both in one unit");
    EXPECT_THAT(error("tokens/s", "much"), testing::HasSubstr("is no amount of work per time"));
    EXPECT_THAT(error("device,unit", "kind,unit"), testing::HasSubstr("no column 'device'"));
    EXPECT_THAT(error("first", "begin"), testing::HasSubstr("stages.csv:1"));
    EXPECT_EQ(error_of({.stages = "node,first,last,rate,device\n"}, ErrorKind::input),
              "stages.csv:1:1: there is no stage in it");
}

TEST(BadPipelines, TheJob) {
    const auto error = [](const std::string& from, const std::string& to) {
        return error_of({.job = replaced(pipeline_job, from, to)}, ErrorKind::usage);
    };
    const auto more = [](const std::string& text) {
        return error_of({.job = pipeline_job + text}, ErrorKind::usage);
    };
    using testing::HasSubstr;
    EXPECT_EQ(error("coordinator = \"c\"", "coordinator = \"d\""),
              "job.toml:15:15: 'design.one.coordinator': the topology has no vertex \"d\"");
    EXPECT_THAT(error("coordinator = \"c\"", "coordinator = \"s\""), HasSubstr("is a switch"));
    EXPECT_THAT(error("coordinator = \"c\"", "coordinator = \"y\""),
                HasSubstr("\"y\" has a stage in line 3 of stages.csv"));
    EXPECT_THAT(error("request_bytes = 4\n", ""), HasSubstr("needs 'task.llm.request_bytes'"));
    EXPECT_THAT(error("stage_bytes = 100\n", ""), HasSubstr("needs 'task.llm.stage_bytes'"));
    EXPECT_THAT(error("layers = 8\n", ""), HasSubstr("'task.llm.stage_bytes' needs"));
    EXPECT_THAT(error("stages = \"stages.csv\"", "fleet = { a = 1 }"),
                HasSubstr("'design.one.stages' is missing"));
    EXPECT_THAT(error("stages =", "fleet = { a = 2, b = 2 }\nstages ="),
                HasSubstr("has 2 a, but 1 of its stages are that"));
    EXPECT_THAT(error("llm = 2", "llm = 2\nother = 1"), HasSubstr("has one class"));
    EXPECT_THAT(error("layers = 8", "layers = 8\ngroup = 2"), HasSubstr("'task.llm.group'"));
    EXPECT_THAT(error("layers = 8", "layers = 8\np95_wait_s = 2"), HasSubstr("are not computed"));
    EXPECT_THAT(error("price_per_hour = 2", "price_per_hour = 2\nrate = { llm = 1 }"),
                HasSubstr("'device.a.rate'"));
    EXPECT_THAT(error("price_per_hour = 2", "price_per_hour = 2\nnode_size = 2"),
                HasSubstr("leave node_size out"));
    EXPECT_THAT(error("stages =", "placement = \"spread\"\nstages ="),
                HasSubstr("have their places"));
    EXPECT_THAT(error("stages =", "hand_over = \"rack\"\nstages ="), HasSubstr("for fleets"));
    EXPECT_THAT(error("stages =", "routing = \"adaptive\"\nstages ="), HasSubstr("best routes"));
    EXPECT_THAT(more("[uncertainty]\nnode_failure = 0.1\n"), HasSubstr("which stage is down"));
    EXPECT_THAT(more("[search]\nspare = true\n"), HasSubstr("finds no stages"));
    EXPECT_THAT(more("[proposal]\nsurvive = [{ devices = \"10%\" }]\n"),
                HasSubstr("is not known for a pipeline"));
    EXPECT_EQ(error_of({.stages = replaced(stages_of_job, "x,1,4", "x,1,2")}, ErrorKind::usage),
              "");  // z holds 3 and 4
    EXPECT_EQ(error_of({.stages = "node,first,last,rate,device\nx,2,2,1,a\ny,5,7,1,b\n"},
                       ErrorKind::usage),
              "job.toml:14:10: 'design.one.stages': no stage with a rate above 0 holds layers 1, 3 "
              "to 4, 8 of 8, so that nothing passes");
    EXPECT_THAT(error_of({.nodes = "node,switch,capacity\ns,yes,1\nz,,1\n"}, ErrorKind::usage),
                HasSubstr("gives \"s\" a capacity, but only a stage has one"));
    EXPECT_THAT(error_of({.nodes = "node,switch,capacity\ns,yes,\nc,,1\nz,,1\n"}, ErrorKind::usage),
                HasSubstr("gives \"c\" a capacity"));
    EXPECT_THAT(test::errors_in("kind = \"redesign\"\n[demand]\nx = 1\n[device.a]\nprice_per_hour "
                                "= 1\nrate = { x = 1 }\n[design.one]\n"),
                HasSubstr("missing 'fleet' in [design.one]"));
}

}  // namespace
}  // namespace motley::job
