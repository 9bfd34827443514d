// kind = "redesign": workflows, whose steps make a graph, and times of units.
#include <algorithm>
#include <cmath>

#include "job/support.hpp"

namespace motley::test {
namespace {

std::string with_steps(const std::string& steps, const std::string& more = "",
                       const std::string& latency = "{ plan = 1, zoom = 0.5, read = 0.25 }") {
    return "kind = \"redesign\"\ndemand = { plan = 1, zoom = 1, read = 1 "
           "}\n[workflow.agent]\ndemand = 2\nsteps = [" +
           steps + "]\n" + more +
           "[device.a]\nprice_per_hour = 1\nrate = { plan = 1, zoom = 2, read = 3 }\n"
           "latency_s = " +
           latency + "\n[search]\n";
}

const char* const branches =
    "{ task = \"plan\" }, { task = \"zoom\", count = 7, parallel = 3 }, "
    "{ task = \"read\", after = [] }, "
    "{ task = \"plan\", name = \"decide\", after = [\"zoom\", \"read\"] }";

job::Job parsed_workflow(const std::string& text) {
    return job::parse(text, "job.toml", {});
}

std::string error_of_workflow(const std::string& text) {
    try {
        parsed_workflow(text);
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::usage);
        return error.what();
    }
    return "";
}

TEST(Workflow, StepsMakeAGraph) {
    const job::Job job = parsed_workflow(with_steps(branches, "latency_s = 9\n"));
    const fleet::Workflow& flow = job.redesign.problem.workflows.at(0);
    ASSERT_EQ(flow.steps.size(), 4U);
    EXPECT_EQ(flow.steps[1].rounds, 3.0);  // 7 units, 3 at the same time
    EXPECT_EQ(flow.steps[1].at_once, 3.0);
    EXPECT_EQ(flow.steps[1].after, (std::vector<std::size_t>{0}));  // the step before it
    EXPECT_EQ(flow.steps[2].after, (std::vector<std::size_t>{}));
    EXPECT_EQ(flow.steps[3].after, (std::vector<std::size_t>{1, 2}));
    EXPECT_EQ(flow.steps[3].task, flow.steps[0].task);
    EXPECT_EQ(flow.counts, (std::vector<double>{2.0, 7.0, 1.0}));
    EXPECT_EQ(flow.most_latency, 9.0);
    EXPECT_EQ(job.redesign.problem.latency(0, 2), 0.25);
    EXPECT_EQ(job.redesign.problem.tasks[0].demand, 5.0);  // 1 + 2 x 2
    const job::Job again = parsed_workflow(job.resolved_text);
    EXPECT_EQ(again.resolved_text, job.resolved_text);
    EXPECT_EQ(again.redesign.problem.workflows[0].steps[2].after.size(), 0U);
}

TEST(Workflow, AListOfStepsIsAChainAndItsResolvedTextHasNoNewKey) {
    const job::Job job =
        parsed_workflow(with_steps("{ task = \"plan\" }, { task = \"read\", count = 2.5 }"));
    const fleet::Workflow& flow = job.redesign.problem.workflows.at(0);
    EXPECT_EQ(flow.steps[1].after, (std::vector<std::size_t>{0}));
    EXPECT_EQ(flow.steps[1].rounds, 3.0);
    EXPECT_FALSE(flow.conditional());
    for (const char* key : {"after", "parallel", "name = \"plan\""}) {
        EXPECT_EQ(job.resolved_text.find(key), std::string::npos) << key;
    }
}

TEST(Workflow, AStepMayFollowALaterOne) {
    const job::Job job = parsed_workflow(
        with_steps("{ task = \"plan\", after = [\"read\"] }, { task = \"read\", after = [] }"));
    const fleet::Workflow& flow = job.redesign.problem.workflows.at(0);
    EXPECT_EQ(job.redesign.problem.tasks[flow.steps[0].task].name, "read");
    EXPECT_EQ(flow.steps[1].after, (std::vector<std::size_t>{0}));
}

TEST(BadWorkflow, StepsAndTimes) {
    EXPECT_EQ(error_of_workflow(with_steps("{ task = \"plan\" }, { task = \"plan\" }")),
              "job.toml:5:29: 'workflow.agent.steps[2]': there is a step 'plan' already: give one "
              "of them another `name`");
    EXPECT_EQ(error_of_workflow(
                  with_steps("{ task = \"plan\" }, { task = \"read\", after = [\"pla\"] }")),
              "job.toml:5:55: 'workflow.agent.steps[2].after': there is no step 'pla'; there are "
              "plan, read; did you mean 'plan'?");
    EXPECT_EQ(error_of_workflow(
                  with_steps("{ task = \"plan\", after = [\"read\"] }, { task = \"read\" }")),
              "job.toml:5:35: 'workflow.agent.steps[1].after': no step can be the first, because "
              "each waits for the next: plan, read, plan; leave one of them out of `after`");
    EXPECT_THAT(error_of_workflow(with_steps("{ task = \"plan\", after = \"read\" }")),
                testing::HasSubstr("'workflow.agent.steps[1].after' must be a list of strings"));
    EXPECT_THAT(error_of_workflow(with_steps("{ task = \"plan\", parallel = 0 }")),
                testing::HasSubstr("'workflow.agent.steps[1].parallel' must lie in [1, 1000000]"));
    EXPECT_THAT(
        error_of_workflow("kind = \"redesign\"\n[demand]\nplan = 1\n[workflow.agent]\ndemand = 1\n"
                          "[device.a]\nprice_per_hour = 1\nrate = { plan = 1 }\n[search]\n"),
        testing::HasSubstr("[workflow.agent] has no steps"));
    EXPECT_EQ(error_of_workflow(with_steps(branches, "latency_s = 9\n", "{ plan = 1, read = 1 }")),
              "job.toml:6:13: 'workflow.agent.latency_s' needs the time of a unit of 'zoom' on "
              "'a': give 'device.a.latency_s.zoom' in seconds, or leave the condition out");
    EXPECT_EQ(error_of_workflow(with_steps(branches, "", "{ plan = [1, 2] }")),
              "job.toml:9:22: 'device.a.latency_s.plan' must be one number, the mean time of a "
              "unit, not an interval");
    EXPECT_THAT(error_of_workflow(with_steps(branches, "", "{ plann = 1 }")),
                testing::HasSubstr("'device.a.latency_s': unknown task 'plann'"));
}

}  // namespace
}  // namespace motley::test
