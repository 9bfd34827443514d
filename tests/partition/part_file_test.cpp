// METIS .part files: what is read, and what is refused with file and line.
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "graphs.hpp"

namespace motley {
namespace {

using partition::from_file;

/// A file of this process only, gone afterwards.
class PartFile : public testing::Test {
  protected:
    void TearDown() override { std::filesystem::remove(path_); }
    const std::string& write(const std::string& text) {
        std::ofstream(path_, std::ios::binary) << text;
        return path_;
    }
    void expect_refused(const std::string& text, std::int64_t line, const std::string& message) {
        write(text);
        try {
            from_file(path_, 3, 2);
            ADD_FAILURE() << "accepted: " << text;
        } catch (const Error& error) {
            EXPECT_EQ(error.kind(), ErrorKind::input);
            EXPECT_EQ(error.where().file, path_);
            EXPECT_EQ(error.where().line, line);
            const std::string start = path_ + ":" + std::to_string(line) + ": " + message;
            EXPECT_EQ(std::string(error.what()).substr(0, start.size()), start);
        }
    }

    std::string path_ = testing::TempDir() + "motley_part_" + std::to_string(getpid()) + ".part";
};

TEST_F(PartFile, IsReadLineByLine) {
    const auto partition = from_file(write("1\n0\n2\n2\n"), 4, 3);
    test::expect_whole(partition);
    EXPECT_EQ(test::owners_of(partition), (std::vector<std::int32_t>{1, 0, 2, 2}));
}

TEST_F(PartFile, ToleratesBlanksAndLineEnds) {
    const std::vector<std::int32_t> owners{1, 0, 1};
    for (const char* text :
         {"1\r\n0\r\n1\r\n", "  1\n\t0 \n1", "1 \r\n0\n1\n\n  \r\n", "01\n0\n1\n"}) {
        EXPECT_EQ(test::owners_of(from_file(write(text), 3, 2)), owners) << text;
    }
}

TEST_F(PartFile, RefusesWrongCounts) {
    expect_refused("0\n1\n", 2, "the file ends after 2 of 3 agents");
    expect_refused("0\n1\n0\n1\n", 4, "more lines than the 3 agents");
    write("");
    test::expect_error(ErrorKind::input, path_ + ": the file ends after 0 of 3 agents",
                       [&] { from_file(path_, 3, 2); });
}

TEST_F(PartFile, RefusesWhatIsNotAPart) {
    expect_refused("0\nx\n1\n", 2, "'x' is not an integer");
    expect_refused("0\n1.0\n1\n", 2, "'1.0' is not an integer");
    expect_refused("0 1\n0\n1\n", 1, "'0 1' is not an integer");
    expect_refused("0\n\n1\n0\n", 2, "an empty line before the end");
    expect_refused("0\n1\n2\n", 3, "part 2 of agent 2 is not one of 0..1; make the file for 2");
    expect_refused("-1\n1\n0\n", 1, "part -1 of agent 0 is not one of 0..1");
    expect_refused("0\n99999999999999999999\n0\n", 2, "part 99999999999999999999 of agent 1");
    expect_refused(std::string(60, 'y') + "\n", 1, "'" + std::string(40, 'y') + "...' is not");
}

TEST_F(PartFile, RefusesWhatCannotBeRead) {
    for (const std::string& path : {testing::TempDir() + "no/such.part", testing::TempDir()}) {
        test::expect_error(ErrorKind::input, path + ": cannot read the partition file",
                           [&] { from_file(path, 3, 2); });
    }
}

}  // namespace
}  // namespace motley
