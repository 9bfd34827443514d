// The tables of columns: names that outputs rely on are there once, and every object has its place.
#include "motley/redesign/study/result_columns.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <utility>

#include "motley/job/job.hpp"
#include "redesign/study/phases.hpp"

namespace motley::redesign {
namespace {

template <class Row>
void expect_unique(std::span<const ResultColumn<Row>> columns, const Row& row) {
    std::set<std::string> names;
    std::set<std::pair<JsonObject, std::string>> keys;
    for (const auto& column : columns) {
        const std::string name = column.head.name;
        const bool bracket = std::holds_alternative<Bracket>(column.get.call(row));
        if (!name.empty() && bracket) {
            EXPECT_TRUE(names.insert(name + "_low").second) << name;
            EXPECT_TRUE(names.insert(name + "_high").second) << name;
        } else if (!name.empty()) {
            EXPECT_TRUE(names.insert(name).second) << name;
        }
        if (!name.empty()) {
            EXPECT_STRNE(column.head.long_name, "") << name;
        }
        if (column.json.object == JsonObject::none) continue;
        EXPECT_TRUE(keys.emplace(column.json.object, column.json.key).second) << column.json.key;
    }
    EXPECT_GT(names.size(), 3U);
}

struct Study {
    job::Redesign job = job::parse(
                            "kind = \"redesign\"\n[demand]\nwork = 10\n[device.a]\n"
                            "price_per_hour = 1\nrate = { work = 5 }\n[design.one]\n"
                            "fleet = { a = 3 }\n",
                            "columns.toml", {})
                            .redesign;
    RedesignResult result = {};

    Study() { judge(job, result, {}); }
};

TEST(ResultColumns, HaveEachNameAndEachKeyOnce) {
    const Study study;
    const DesignResult& design = study.result.designs.front();
    expect_unique(design_columns(), DesignRow{study.job, study.result, design});
    expect_unique(fabric_loss_columns(), FabricLossRow{design, {}});
    expect_unique(flip_columns(), FlipRow{});
    expect_unique(stage_columns(), StageRow{study.job, design, {}});
    expect_unique(front_columns(), FrontRow{study.job, {}});
}

TEST(ResultColumns, StandInAnObjectThatHasAPlace) {
    Study study;
    DesignResult& design = study.result.designs.front();
    design.network.given = true;
    design.network.pipeline.emplace();
    design.dynamics.devices = 1;
    design.interval.emplace();
    const DesignRow row{study.job, study.result, design};
    std::set<JsonObject> placed = {JsonObject::item};
    for (const auto& column : design_columns()) {
        const ResultValue value = column.get.call(row);
        if (const auto* object = std::get_if<JsonObject>(&value)) placed.insert(*object);
    }
    for (const auto& column : design_columns()) {
        if (column.json.object == JsonObject::none) continue;
        EXPECT_TRUE(placed.contains(column.json.object)) << column.json.key;
    }
}

TEST(ResultColumns, ValuesBecomeText) {
    EXPECT_EQ(text_of(NamedNumbers{{"h100", 16.0}, {"l4", 8.0}}), "16 h100 + 8 l4");
    EXPECT_EQ(text_of(NamedNumbers{}), "nothing");
    EXPECT_EQ(text_of(true), "yes");
    EXPECT_EQ(number_of(std::int64_t{3}), 3.0);
    EXPECT_EQ(number_of(WorstLoss{{.theta = 0.5}, "h100"}), 0.5);
}

}  // namespace
}  // namespace motley::redesign
