// Tables per agent: CSV by id or name, HDF5, and every way in which they can be wrong.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "record/support.hpp"

namespace motley::test {
namespace {

using record::read_table;
using testing::ElementsAre;
using testing::HasSubstr;

class ReadTable : public testing::Test {
  protected:
    /// A file of this rank alone.
    std::string file(const std::string& text, const std::string& name = "table.csv") {
        const std::string path = folder / (std::to_string(self_rank) + "-" + name);
        std::ofstream(path, std::ios::binary) << text;
        return path;
    }

    /// The error must be at `line`:`column` and say `message`; both in the text as well.
    void expect_error(const std::string& text, std::int64_t line, std::int64_t column,
                      const std::string& message, std::int64_t width = 2,
                      const std::vector<std::string>& names = {}) {
        const std::string path = file(text);
        // A rank that owns nothing finds the same error as the owner.
        for (const auto& owned : {all, std::vector<AgentId>{}}) {
            const Error error = error_of([&] { read_table(path, width, 3, owned, names); });
            EXPECT_EQ(error.kind(), ErrorKind::input) << error.what();
            EXPECT_EQ(error.where().file, path);
            EXPECT_EQ(error.where().line, line) << error.what();
            EXPECT_EQ(error.where().column, column) << error.what();
            EXPECT_THAT(error.what(), HasSubstr(message));
            EXPECT_THAT(error.what(), HasSubstr(error.where().prefix()));
        }
    }

    mpi::Communicator world = mpi::Communicator::world();
    int self_rank = world.rank();
    ScratchFolder folder{world};
    const std::vector<AgentId> all{0, 1, 2};
};

TEST_F(ReadTable, KeepsOwnRowsInLocalOrder) {
    const std::string path = file("agent, heat ,cool\n2,5,6\n0,1,2\n\n1,3,4\n");

    EXPECT_THAT(read_table(path, 2, 3, all, {}), ElementsAre(1, 2, 3, 4, 5, 6));
    EXPECT_THAT(read_table(path, 2, 3, std::vector<AgentId>{2, 0}, {}), ElementsAre(5, 6, 1, 2));
    EXPECT_TRUE(read_table(path, 2, 3, {}, {}).empty());
}

TEST_F(ReadTable, FindsAgentsByName) {
    const std::string path =
        file("Cool,AGENT,Heat\r\n2.5,\"Meyer, Eva\",1e3\r\n4,bo,3\r\n6,2,5\r\n");

    EXPECT_THAT(read_table(path, 2, 3, all, {"bo", "2", "Meyer, Eva"}),
                ElementsAre(4, 3, 6, 5, 2.5, 1000));
}

TEST_F(ReadTable, ReadsOneColumn) {
    EXPECT_THAT(read_table(file("agent,resource\n0,1\n1,0\n2,7.5\n"), 1, 3, all, {}),
                ElementsAre(1, 0, 7.5));
    EXPECT_THAT(read_table(file("note,agent,Resource\nx,0,1\n,1,0\ny,2,7.5\n"), 1, 3, all, {}),
                ElementsAre(1, 0, 7.5));
    EXPECT_THAT(read_table(file("agent,only\n0,1\n1,0\n2,7.5\n"), 1, 3, all, {}),
                ElementsAre(1, 0, 7.5));
}

TEST_F(ReadTable, RefusesUnknownAgents) {
    expect_error("agent,a,b\n0,1,1\n3,1,1\n", 3, 1,
                 "there is no agent 3; agents are numbered from 0 to 2");
    expect_error("a,agent,b\n1,-1,1\n", 2, 3, "there is no agent -1");
    expect_error("agent,a,b\neva,1,1\n", 2, 1, "there is no agent 'eva'");
    expect_error("agent,a,b\neve,1,1\n", 2, 1,
                 "there is no agent 'eve'; the graph names its agents, the first is 'eva'", 2,
                 {"eva", "bo", "kim"});
}

TEST_F(ReadTable, RefusesASecondRow) {
    expect_error("agent,a,b\n1,1,1\n0,1,1\n1,1,1\n", 4, 1, "agent 1 has a second row");
    expect_error("agent,a,b\nbo,1,1\nbo,1,1\n", 3, 1, "agent 'bo' has a second row", 2,
                 {"eva", "bo", "kim"});
}

TEST_F(ReadTable, NamesTheMissingAgent) {
    expect_error("agent,a,b\n2,1,1\n", 0, 0, "agent 0 has no row (2 of 3 agents have none)");
    expect_error("agent,a,b\neva,1,1\nbo,1,1\n", 0, 0, "agent 'kim' has no row (1 of 3", 2,
                 {"eva", "bo", "kim"});
    expect_error("agent,a,b\n", 0, 0, "agent 0 has no row (3 of 3");
}

TEST_F(ReadTable, RefusesWhatIsNoNumber) {
    expect_error("agent,heat,cool\n0,1,much\n", 2, 5, "cool 'much' is not a number");
    expect_error("agent,heat,cool\n0, nan,1\n", 2, 4, "heat 'nan' is not finite");
    expect_error("agent,heat,cool\n0,1,inf\n", 2, 5, "cool 'inf' is not finite");
    expect_error("agent,heat,cool\n0,1,1\n1,,1\n", 3, 3, "heat is missing: the field is empty");
    expect_error("agent,heat,cool\n0,1,-0.5\n", 2, 5, "cool -0.5 is negative");
}

TEST_F(ReadTable, RefusesWrongColumns) {
    expect_error("agent,a\n0,1\n", 1, 1, "wrong number of columns: 1 beside 'agent', 2 are needed");
    expect_error("agent,a,b,c\n0,1,1,1\n", 1, 1, "wrong number of columns: 3 beside 'agent'");
    expect_error("agent,a,b\n0,1,1\n", 1, 1, "2 beside 'agent', 1 is needed", 1);
    expect_error("agent,a,A\n0,1,1\n", 1, 9, "twice");
    expect_error("who,a,b\n0,1,1\n", 1, 1, "no column 'agent'");
    expect_error("agent,a,b\n0,1\n", 2, 4, "too few fields");
    expect_error("agent,a,b\n0,1,2,3\n", 2, 7, "too many fields");
}

TEST_F(ReadTable, RefusesEmptyAndMissingFiles) {
    expect_error("", 0, 0, "empty");
    expect_error("\n\n", 0, 0, "header");
    const Error error = error_of([&] { read_table(folder / "none.csv", 1, 3, all, {}); });
    EXPECT_EQ(error.kind(), ErrorKind::input);
    EXPECT_THAT(error.what(), HasSubstr("No such file"));
    EXPECT_EQ(error.where().file, folder / "none.csv");
}

TEST_F(ReadTable, WantsANameForEveryAgent) {
    const Error error = error_of([&] {
        read_table(file("agent,a\n0,1\n"), 1, 3, all, {"one", "two"});
    });
    EXPECT_EQ(error.kind(), ErrorKind::internal);
    EXPECT_THAT(error.what(), HasSubstr("2 names for 3 agents"));
}

class ReadHdf5Table : public ReadTable {
  protected:
    static void add(const std::string& path, const char* name, hid_t type, const void* data,
                    const std::vector<hsize_t>& extent) {
        const hid_t opened = std::filesystem::exists(path)
                                 ? H5Fopen(path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT)
                                 : H5Fcreate(path.c_str(), H5F_ACC_EXCL, H5P_DEFAULT, H5P_DEFAULT);
        const hid_t space =
            H5Screate_simple(static_cast<int>(extent.size()), extent.data(), nullptr);
        const hid_t dataset =
            H5Dcreate2(opened, name, type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
        ASSERT_GE(H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data), 0);
        H5Dclose(dataset);
        H5Sclose(space);
        H5Fclose(opened);
    }
    std::string with_values(const std::vector<double>& values, const std::vector<hsize_t>& extent) {
        const std::string path =
            folder / (std::to_string(self_rank) + "-" + std::to_string(count++) + ".h5");
        add(path, "values", H5T_NATIVE_DOUBLE, values.data(), extent);
        return path;
    }
    void expect_error(const std::string& path, const std::string& message,
                      std::int64_t width = 2) const {
        const Error error = error_of([&] { read_table(path, width, 3, all, {}); });
        EXPECT_EQ(error.kind(), ErrorKind::input);
        EXPECT_EQ(error.where().file, path);
        EXPECT_THAT(error.what(), HasSubstr(path + ": "));
        EXPECT_THAT(error.what(), HasSubstr(message));
    }
    int count = 0;
};

TEST_F(ReadHdf5Table, InTheOrderOfIdsOrByAgent) {
    const std::string ordered = with_values({1, 2, 3, 4, 5, 6}, {3, 2});
    EXPECT_THAT(read_table(ordered, 2, 3, std::vector<AgentId>{2, 0}, {}), ElementsAre(5, 6, 1, 2));

    const std::string named = with_values({1, 2, 3, 4, 5, 6}, {3, 2});
    add(named, "agent", H5T_NATIVE_INT, std::vector<int>{2, 0, 1}.data(), {3});
    EXPECT_THAT(read_table(named, 2, 3, all, {}), ElementsAre(3, 4, 5, 6, 1, 2));

    EXPECT_THAT(read_table(with_values({1, 2, 3}, {3}), 1, 3, all, {}), ElementsAre(1, 2, 3));
    EXPECT_THAT(read_table(with_values({1, 2, 3}, {3, 1}), 1, 3, all, {}), ElementsAre(1, 2, 3));
}

TEST_F(ReadHdf5Table, ReadsInSlabs) {
    constexpr AgentId agents = 700000;
    std::vector<double> values;
    for (AgentId i = 0; i < 2 * agents; ++i) values.push_back(static_cast<double>(i));
    const std::string path = with_values(values, {agents, 2});
    EXPECT_THAT(read_table(path, 2, agents, std::vector<AgentId>{agents - 1, 524288, 524287}, {}),
                ElementsAre(1399998, 1399999, 1048576, 1048577, 1048574, 1048575));
}

TEST_F(ReadHdf5Table, RefusesWrongShapes) {
    expect_error(with_values({1, 2, 3}, {3}), "'values' is 3, it must be agents x 2");
    expect_error(with_values({1, 2, 3, 4, 5, 6}, {2, 3}),
                 "'values' is 2 x 3, it must be agents x 2");
    expect_error(with_values({1, 2, 3, 4}, {2, 2}), "'values' has 2 rows, there are 3 agents");
    const std::string empty = folder / (std::to_string(self_rank) + "-other.h5");
    add(empty, "other", H5T_NATIVE_DOUBLE, std::vector<double>{1}.data(), {1});
    expect_error(empty, "no dataset 'values' (agents x 2)");
    const std::string text = folder / (std::to_string(self_rank) + "-text.h5");
    add(text, "values", H5T_C_S1, "abcdef", {3, 2});
    expect_error(text, "'values' does not hold numbers");
}

TEST_F(ReadHdf5Table, RefusesWrongAgents) {
    const std::vector<double> values{1, 2, 3, 4, 5, 6};
    const auto with_agents = [&](const std::vector<int>& ids) {
        const std::string path = with_values(values, {3, 2});
        add(path, "agent", H5T_NATIVE_INT, ids.data(), {ids.size()});
        return path;
    };
    expect_error(with_agents({0, 1, 3}), "there is no agent 3");
    expect_error(with_agents({0, 1, 1}), "agent 1 has a second row");
    expect_error(with_agents({0, 1}), "'agent' is 2, 'values' has 3 rows");
    const std::string real = with_values(values, {3, 2});
    add(real, "agent", H5T_NATIVE_DOUBLE, values.data(), {3});
    expect_error(real, "'agent' must hold the ids of the agents as integers");
    const std::string few = with_values({1, 2}, {1, 2});
    add(few, "agent", H5T_NATIVE_INT, std::vector<int>{1}.data(), {1});
    expect_error(few, "agent 0 has no row (2 of 3");
}

TEST_F(ReadHdf5Table, RefusesWrongNumbers) {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    expect_error(with_values({1, 2, 3, nan, 5, 6}, {3, 2}),
                 "'values', row 1, column 1: the number nan is not finite");
    expect_error(with_values({1, 2, 3, 4, -5, 6}, {3, 2}),
                 "'values', row 2, column 0: the number -5 is negative");
}

TEST_F(ReadHdf5Table, SaysWhatHdf5Says) {
    // The signature of HDF5 and nothing behind it.
    expect_error(file("\x89HDF\r\n\x1a\n", "broken.h5"), "opening the HDF5 file: ");
}

}  // namespace
}  // namespace motley::test
