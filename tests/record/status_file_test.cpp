// status.json there and back.
#include "motley/record/status_file.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace motley::record::test {
namespace {

Status full() {
    Status status;
    status.state = JobState::failed;
    status.step = 12;
    status.productivity = 0.1 + 0.2;
    status.productivity_per_agent = 1.0 / 3.0;
    status.heterogeneity = {1e-300, Status::unknown};
    status.spatial_scale = 2.5;
    status.levels = {{"outer", 0.25}, {"inner", 1.5}};
    status.certified = true;
    status.state_hash = "00ff";
    status.agents = 3;
    status.relays = 1;
    status.arcs = std::int64_t{1} << 40;
    status.tasks = 2;
    status.ranks = 4;
    status.memory_bytes = {7, 8};
    status.wall_seconds = {{"setup", 0.5}};
    status.by_task = {{1.0, 2.0}, {3.0, 4.0}, {5.0, 6.0}};
    status.message = "no \"room\"\n";
    status.provenance = {{"seed", "1"}, {"job", "[model]\ntasks = 2\n"}};
    return status;
}

TEST(StatusJson, ComesBackAsItWas) {
    for (const Status& status : {full(), Status{}}) {
        const std::string text = to_json(status);
        EXPECT_EQ(to_json(status_from_json(text, "status.json")), text);
    }
    const Status back = status_from_json(to_json(full()), "status.json");
    EXPECT_EQ(back.state, JobState::failed);
    EXPECT_EQ(back.productivity, 0.1 + 0.2);
    EXPECT_TRUE(std::isnan(back.heterogeneity.value));
    EXPECT_EQ(back.by_task.expenditure, (std::vector{5.0, 6.0}));
    EXPECT_EQ(back.provenance, full().provenance);
}

TEST(StatusJson, NamesTheFileThatItCannotRead) {
    for (const char* text : {"", "{}", "[1]", "{\"state\": \"done\"", "{\"state\": \"lost\"}"}) {
        try {
            status_from_json(text, "results/a/status.json");
            ADD_FAILURE() << "taken: " << text;
        } catch (const Error& error) {
            EXPECT_EQ(error.kind(), ErrorKind::input);
            EXPECT_TRUE(std::string(error.what()).starts_with("results/a/status.json: "))
                << error.what();
        }
    }
}

}  // namespace
}  // namespace motley::record::test
