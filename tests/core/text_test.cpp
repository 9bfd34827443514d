// The text reader: files that cannot be read, lines, fields with columns, numbers, CSV tables.
#include "motley/core/text.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>

#include "motley/core/encoding.hpp"

namespace motley {
namespace {

class TextTest : public testing::Test {
  protected:
    TextTest()
        : folder_(std::filesystem::temp_directory_path() /
                  ("motley_text_" + std::to_string(::getpid()))) {
        std::filesystem::create_directories(folder_);
    }
    ~TextTest() override { std::filesystem::remove_all(folder_); }

    std::string write(const std::string& content) {
        const auto path = (folder_ / "file.txt").string();
        std::ofstream(path, std::ios::binary) << content;
        return path;
    }

    std::filesystem::path folder_;
};

/// Runs `action`, expects an input error at line:column whose message has `word`.
template <class Action>
void expect_input_error(Action action, std::int64_t line, std::int64_t column,
                        const std::string& word) {
    try {
        action();
        FAIL() << "no error; expected one with '" << word << "'";
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::input) << error.what();
        EXPECT_EQ(error.where().line, line) << error.what();
        EXPECT_EQ(error.where().column, column) << error.what();
        EXPECT_NE(std::string(error.what()).find(word), std::string::npos) << error.what();
        EXPECT_FALSE(error.where().file.empty());
    }
}

std::vector<std::string> texts(const std::vector<Field>& fields) {
    std::vector<std::string> result;
    for (const Field& field : fields) result.emplace_back(field.text);
    return result;
}

using Texts = std::vector<std::string>;

TEST_F(TextTest, WholeFileWithoutByteOrderMark) {
    EXPECT_EQ(TextFile(write("a\nb")).text(), "a\nb");
    EXPECT_EQ(TextFile(write("\xef\xbb\xbfname")).text(), "name");
}

TEST_F(TextTest, FilesThatCannotBeRead) {
    const auto open = [](const std::string& path) { return [path] { TextFile file(path); }; };
    expect_input_error(open((folder_ / "absent.txt").string()), 0, 0, "No such file");
    expect_input_error(open(folder_.string()), 0, 0, "folder");
    expect_input_error(open("/proc/self/mem"), 0, 0, "cannot be read");
    expect_input_error(open(write("")), 0, 0, "empty");
    expect_input_error(open(write("\x1f\x8b\x08 gz")), 0, 0, "compressed");
    expect_input_error(open(write(std::string("\xff\xfe\0\xd8"
                                              "a\0",
                                              6))),
                       0, 0, "not UTF-16LE from byte 3 on");
    expect_input_error(open(write(std::string("ab\nc\0d", 6))), 2, 2, "0x00");
    expect_input_error(open(write("ab\n\x1b[0m")), 2, 1, "0x1b");
}

TEST_F(TextTest, WideEncodingsAreConverted) {
    using namespace std::string_literals;
    const std::string expected = "a,\u00e9\n\U0001f600,b\n";
    for (const std::string& bytes :
         {"\xff\xfe"
          "a\0,\0\xe9\0\n\0\x3d\xd8\x00\xde,\0b\0\n\0"s,
          "\xfe\xff\0a\0,\0\xe9\0\n\xd8\x3d\xde\x00\0,\0b\0\n"s,
          "\xff\xfe\0\0a\0\0\0,\0\0\0\xe9\0\0\0\n\0\0\0\0\xf6\x01\0,\0\0\0b\0\0\0\n\0\0\0"s}) {
        EXPECT_EQ(TextFile(write(bytes)).text(), expected);
    }
    EXPECT_EQ(TextFile(write("a\0b\0\n\0"s)).text(), "ab\n");
    EXPECT_EQ(TextFile(write("\0a\0b\0\n"s)).text(), "ab\n");
    EXPECT_EQ(to_utf8("\xe9", "ISO-8859-1", "memory"), "\u00e9");
    expect_input_error([&] { to_utf8("a", "no-such-encoding", "memory"); }, 0, 0,
                       "encoding 'no-such-encoding' is not known");
}

TEST_F(TextTest, CarriageReturnsAloneEndLines) {
    EXPECT_EQ(TextFile(write("a,b\rc,d\r")).text(), "a,b\nc,d\n");
}

TEST_F(TextTest, FieldsBetweenOtherSeparators) {
    const TextFile file("a b;\"c;d\";\n1\t\t 3 \n", "memory");
    LineReader line(file);
    const auto texts = [&](char separator) {
        Texts out;
        for (const Field& field : line.csv_fields(separator)) out.emplace_back(field.text);
        return out;
    };
    line.next();
    EXPECT_EQ(texts(';'), (Texts{"a b", "c;d", ""}));
    line.next();
    EXPECT_EQ(texts('\t'), (Texts{"1", "", "3"}));
    EXPECT_EQ(line.csv_fields('\t')[2].column, 5);
}

TEST_F(TextTest, OnlyUtf8) {
    const auto text = [](const std::string& content) {
        return [content] { TextFile file(content, "memory"); };
    };
    EXPECT_NO_THROW(text("\u00e9 \u20ac \U0001f600 \u7f51")());
    expect_input_error(text("a\nJos\xe9,b\n"), 2, 4, "not UTF-8: byte 0xe9");
    for (const char* bad : {"\x80", "\xc0\x80", "\xe0\x80\x80", "\xed\xa0\x80", "\xf0\x80\x80\x80",
                            "\xf4\x90\x80\x80", "\xf8\x88", "\xe2\x82"}) {
        expect_input_error(text(bad), 1, 1, "not UTF-8");
    }
    expect_input_error(text("a\r\nb\rc\n"), 2, 2, "carriage return");
    EXPECT_NO_THROW(text("a\r\nb\r")());
}

TEST_F(TextTest, UnreadableFile) {
    const std::string path = write("x");
    ::chmod(path.c_str(), 0);
    if (::access(path.c_str(), R_OK) == 0) GTEST_SKIP() << "root reads everything";
    expect_input_error([&] { TextFile file(path); }, 0, 0, "Permission denied");
}

TEST_F(TextTest, PlaceOfAnOffset) {
    const TextFile file("ab\ncd\n", "memory");
    EXPECT_EQ(file.where(0).prefix(), "memory:1:1: ");
    EXPECT_EQ(file.where(4).prefix(), "memory:2:2: ");
    EXPECT_EQ(file.where(6).prefix(), "memory:3:1: ");
}

TEST_F(TextTest, LinesWithAndWithoutCarriageReturn) {
    const TextFile file("one\r\n\ntwo \nthree", "memory");
    LineReader lines(file);
    ASSERT_TRUE(lines.next());
    EXPECT_EQ(lines.text(), "one");
    ASSERT_TRUE(lines.next());
    EXPECT_TRUE(lines.blank());
    ASSERT_TRUE(lines.next());
    EXPECT_EQ(lines.text(), "two ");
    EXPECT_EQ(lines.end_column(), 5);
    ASSERT_TRUE(lines.next());
    EXPECT_EQ(lines.text(), "three");
    EXPECT_EQ(lines.line(), 4);
    EXPECT_FALSE(lines.next());
}

TEST_F(TextTest, WordsKnowTheirColumns) {
    const TextFile file(" a\tbc   d \n \t \n", "memory");
    LineReader lines(file);
    ASSERT_TRUE(lines.next());
    const auto& words = lines.words();
    EXPECT_EQ(texts(words), (Texts{"a", "bc", "d"}));
    EXPECT_EQ(words[0].column, 2);
    EXPECT_EQ(words[1].column, 4);
    EXPECT_EQ(words[2].column, 9);
    ASSERT_TRUE(lines.next());
    EXPECT_TRUE(lines.words().empty());
}

TEST_F(TextTest, CsvFieldsAreTrimmedAndQuotesKeepWhatTheyHold) {
    const TextFile file("a , b c,,\n\" x, \"\"y\"\" \" , 2\n\"\"\n", "memory");
    LineReader lines(file);
    ASSERT_TRUE(lines.next());
    EXPECT_EQ(texts(lines.csv_fields()), (Texts{"a", "b c", "", ""}));
    EXPECT_EQ(lines.csv_fields()[1].column, 5);
    ASSERT_TRUE(lines.next());
    EXPECT_EQ(texts(lines.csv_fields()), (Texts{" x, \"y\" ", "2"}));
    EXPECT_TRUE(lines.csv_fields()[0].quoted);
    EXPECT_EQ(lines.csv_fields()[1].column, 16);
    ASSERT_TRUE(lines.next());
    EXPECT_EQ(texts(lines.csv_fields()), (Texts{""}));
}

TEST_F(TextTest, CsvFieldInverts) {
    for (const std::string name : {"plain", "a,b", "say \"hi\"", " padded ", "", "x y"}) {
        const TextFile file(csv_field(name) + "," + csv_field(name) + "\n", "memory");
        LineReader lines(file);
        ASSERT_TRUE(lines.next());
        EXPECT_EQ(texts(lines.csv_fields()), (Texts{name, name}));
    }
    EXPECT_EQ(csv_field("plain"), "plain");
    try {
        csv_field("two\nlines");
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::internal);
        EXPECT_STREQ(error.what(), "a CSV field cannot hold the line break in 'two\\x0alines'");
    }
}

TEST_F(TextTest, BadQuotes) {
    const TextFile file("a,\"b\n\"a\" b\n", "memory");
    LineReader lines(file);
    ASSERT_TRUE(lines.next());
    expect_input_error([&] { lines.csv_fields(); }, 1, 3, "does not close");
    ASSERT_TRUE(lines.next());
    expect_input_error([&] { lines.csv_fields(); }, 2, 5, "after the closing quote");
}

TEST_F(TextTest, Numbers) {
    double real = 7.0;
    EXPECT_EQ(parse_number("2.5e-3", real), NumberFault::none);
    EXPECT_EQ(real, 2.5e-3);
    EXPECT_EQ(parse_number("+4", real), NumberFault::none);
    EXPECT_EQ(real, 4.0);
    EXPECT_EQ(parse_number("0.1", real), NumberFault::none);
    EXPECT_EQ(real, 0.1);
    for (const char* text : {"x", "1x", "1 2", "+", "-", "+-1", "0x10", "1,5", "--1"}) {
        EXPECT_EQ(parse_number(text, real), NumberFault::malformed) << text;
    }
    EXPECT_EQ(parse_number("", real), NumberFault::empty);
    EXPECT_EQ(parse_number("1e999", real), NumberFault::out_of_range);
    for (const char* text : {"nan", "inf", "-inf", "NaN"}) {
        EXPECT_EQ(parse_number(text, real), NumberFault::not_finite) << text;
    }
    EXPECT_EQ(real, 0.1);
    std::int64_t whole = 0;
    EXPECT_EQ(parse_number("-9223372036854775808", whole), NumberFault::none);
    EXPECT_EQ(whole, std::numeric_limits<std::int64_t>::min());
    EXPECT_EQ(parse_number("9223372036854775808", whole), NumberFault::out_of_range);
    EXPECT_EQ(parse_number("1.0", whole), NumberFault::malformed);
}

TEST_F(TextTest, NumberFaultsAreInputErrorsWithTheirPlace) {
    const TextFile file("1 x 1e999 inf 2.5 99999999999999999999\n", "memory");
    LineReader lines(file);
    ASSERT_TRUE(lines.next());
    const auto& words = lines.words();
    EXPECT_EQ(lines.to_double(words[0], "rate"), 1.0);
    EXPECT_EQ(lines.to_integer(words[0], "count"), 1);
    const auto real = [&](int i) { return [&, i] { lines.to_double(words[i], "rate"); }; };
    const auto whole = [&](int i) { return [&, i] { lines.to_integer(words[i], "count"); }; };
    expect_input_error(real(1), 1, 3, "rate 'x' is not a number");
    expect_input_error(real(2), 1, 5, "rate '1e999' is out of range");
    expect_input_error(real(3), 1, 11, "rate 'inf' is not finite");
    expect_input_error(whole(1), 1, 3, "count 'x' is not a number");
    expect_input_error(whole(4), 1, 15, "count '2.5' is not a whole number");
    expect_input_error(whole(5), 1, 19, "out of range");
    expect_input_error([&] { lines.to_double(Field{"", 4}, "rate"); }, 1, 4, "rate is missing");
}

TEST_F(TextTest, MessagesStayShortAndPrintable) {
    EXPECT_EQ(quote("a\x01"), "'a\\x01'");
    EXPECT_EQ(quote(std::string(39, 'x') + "\u00e9"), "'" + std::string(39, 'x') + "...'");
    EXPECT_EQ(quote(std::string(100, 'x')), "'" + std::string(40, 'x') + "...'");
}

TEST_F(TextTest, CsvTable) {
    const TextFile file("\n Agent ,TASK a\r\n\nx,1\r\n y , 2\r\n\n", "memory");
    CsvReader table(file);
    EXPECT_EQ(texts(table.header()), (Texts{"Agent", "TASK a"}));
    EXPECT_EQ(table.require("agent"), 0u);
    EXPECT_EQ(table.find("task A"), 1u);
    EXPECT_FALSE(table.find("task b"));
    ASSERT_TRUE(table.next());
    EXPECT_EQ(table.field(0).text, "x");
    ASSERT_TRUE(table.next());
    EXPECT_EQ(table.field(0).text, "y");
    EXPECT_EQ(table.line().line(), 5);
    EXPECT_EQ(table.line().to_integer(table.field(1), "value"), 2);
    EXPECT_FALSE(table.next());
}

TEST_F(TextTest, CsvTableErrors) {
    const auto rows = [](const std::string& text) {
        return [text] {
            const TextFile file(text, "memory");
            CsvReader table(file);
            table.require("agent");
            while (table.next()) {
            }
        };
    };
    expect_input_error(rows("\n\n"), 0, 0, "only blank lines");
    expect_input_error(rows("agent,,x\n"), 1, 7, "no name");
    expect_input_error(rows("a,b\n"), 1, 1, "no column 'agent', only 'a', 'b'");
    expect_input_error(rows("agent;b\n"), 1, 1, "separated by commas");
    expect_input_error(rows("\nagent,b,Agent\n"), 2, 9, "twice");
    expect_input_error(rows("agent,b\n1\n"), 2, 2, "too few fields");
    expect_input_error(rows("agent,b\n\n1,2,3\n"), 3, 5, "too many fields");
    expect_input_error(rows("agent,b\n1,\"2\n"), 2, 3, "does not close");
}

TEST_F(TextTest, HundredThousandBadLinesAreCheap) {
    std::string text;
    for (int i = 0; i < 100000; ++i) text += "name " + std::to_string(i) + ",12x,\"never closed\n";
    const TextFile file(text, "memory");
    const auto start = std::chrono::steady_clock::now();
    LineReader lines(file);
    int faults = 0;
    double value = 0.0;
    while (lines.next()) {
        for (const Field& word : lines.words()) {
            faults += parse_number(word.text, value) != NumberFault::none;
        }
    }
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
    EXPECT_EQ(faults, 300000);
    EXPECT_LT(elapsed.count(), 0.5);  // some 10 ms; quadratic work would take minutes
}

}  // namespace
}  // namespace motley
