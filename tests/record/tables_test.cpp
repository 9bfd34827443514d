// Tables: text that reads back, HDF5 that reads back, the same bytes each time, errors with the
// path.
#include "motley/record/tables.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "record/support.hpp"

namespace motley::test {
namespace {

using record::Table;
using record::TableValue;
using Kind = record::TableColumn::Kind;
using testing::ElementsAre;
using testing::HasSubstr;

Table made_up() {
    return {"runs",
            "number",
            {{"name", "", "what it is called", Kind::text, {"a, b", "say \"x\"", TableValue()}},
             {"model.openness", "1", "", Kind::real, {0.1, std::nan(""), TableValue()}},
             {"seed",
              "1",
              "of it",
              Kind::integer,
              {std::int64_t{1} << 62, std::int64_t{-1}, std::int64_t{0}}}}};
}

TEST(Tables, CsvKeepsEveryDigitAndTellsMissingFromNotANumber) {
    EXPECT_EQ(record::table_csv(made_up()),
              "name,model.openness,seed\n"
              "\"a, b\",0.10000000000000001,4611686018427387904\n"
              "\"say \"\"x\"\"\",nan,-1\n"
              ",,0\n");
}

/// Ranks write to folders of their own.
TEST(Tables, FileHasWhatTheTablesHave) {
    const auto self = mpi::Communicator::self();
    const ScratchFolder folder(self);
    const std::string path = folder / "compare.h5";
    record::write_tables(path, {{"version", "1"}}, {made_up()});

    const Content openness = read_dataset(path, "/runs/model.openness");
    ASSERT_THAT(openness.extent, ElementsAre(3));
    EXPECT_EQ(openness.values[0], 0.1);
    EXPECT_TRUE(std::isnan(openness.values[1]));
    EXPECT_TRUE(std::isnan(openness.values[2]));
    EXPECT_THAT(read_dataset(path, "/runs/seed").values, ElementsAre(std::ldexp(1.0, 62), -1, 0));
    EXPECT_THAT(read_dataset(path, "/runs/number").values, ElementsAre(0, 1, 2));
    EXPECT_FALSE(std::filesystem::exists(path + ".tmp"));
}

TEST(Tables, SameTablesSameBytes) {
    const auto self = mpi::Communicator::self();
    const ScratchFolder folder(self);
    record::write_tables(folder / "a.h5", {{"version", "1"}}, {made_up()});
    record::write_tables(folder / "b.h5", {{"version", "1"}}, {made_up()});
    const std::string bytes = read_file(folder / "a.h5");
    EXPECT_GT(bytes.size(), 1000U);
    EXPECT_EQ(bytes, read_file(folder / "b.h5"));
}

TEST(Tables, Errors) {
    const auto self = mpi::Communicator::self();
    const ScratchFolder folder(self);
    Table uneven = made_up();
    uneven.columns[1].values.pop_back();
    EXPECT_THAT(error_of([&] { record::table_csv(uneven); }).what(),
                HasSubstr("table runs: column model.openness has 2 values, not 3"));
    Table lacking = made_up();
    lacking.columns[2].values[1] = TableValue();
    const Error error = error_of([&] { record::write_tables(folder / "c.h5", {}, {lacking}); });
    EXPECT_THAT(error.what(), HasSubstr("column seed lacks a value"));
    EXPECT_THAT(error.where().file, HasSubstr("c.h5"));
    EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
    const Error nowhere =
        error_of([&] { record::write_tables(folder / "no/c.h5", {}, {made_up()}); });
    EXPECT_EQ(nowhere.kind(), ErrorKind::storage);
    EXPECT_THAT(nowhere.what(), HasSubstr("no/c.h5"));
}

}  // namespace
}  // namespace motley::test
