#include "report/markup.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "motley/core/error.hpp"
#include "motley/report/document.hpp"

namespace motley::report::test {
namespace {

TEST(Escape, LeavesNothingThatMarkupCouldTake) {
    EXPECT_EQ(escape("<a href=\"x\">'&'</a>"),
              "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;");
    EXPECT_EQ(escape("größe 日本 \U0001f600"), "größe 日本 \U0001f600");
}

TEST(Escape, ReplacesWhatXmlDoesNotAllow) {
    const std::string mark = "\xef\xbf\xbd";
    EXPECT_EQ(escape(std::string("a\0b\x1b", 4)), "a" + mark + "b" + mark);
    EXPECT_EQ(escape("\xff\xc3"), mark + mark);
    EXPECT_EQ(escape("\xed\xa0\x80").substr(0, 3), mark);  // a surrogate
    EXPECT_EQ(escape("\xef\xbf\xbf"), mark);               // U+FFFF
}

TEST(Coordinate, IsShortAndFinite) {
    EXPECT_EQ(coordinate(1.0), "1");
    EXPECT_EQ(coordinate(-0.001), "0");
    EXPECT_EQ(coordinate(12.3456), "12.35");
    EXPECT_THROW(coordinate(std::numeric_limits<double>::infinity()), Error);
}

TEST(FormatNumber, WritesAsItsColumnSays) {
    using Notation = NumberFormat::Notation;
    EXPECT_EQ(format_number(1200.0), "1200");
    EXPECT_EQ(format_number(0.1234567), "0.123457");
    EXPECT_EQ(format_number(1e-5), "1e-5");
    EXPECT_EQ(format_number(-2.5), "\u22122.5");
    EXPECT_EQ(format_number(1.5, {Notation::fixed, 3}), "1.500");
    EXPECT_EQ(format_number(-0.0001, {Notation::fixed, 2}), "0.00");
    EXPECT_EQ(format_number(8.04e-6, {Notation::scientific, 1}), "8.0e-6");
    EXPECT_EQ(format_number(1e20, {Notation::scientific, 0}), "1e20");
    EXPECT_EQ(format_number(0.4497, {Notation::percent, 2, true}), "+44.97 %");
    EXPECT_EQ(format_number(missing), "\u2013");
}

TEST(Wrap, KeepsEveryLineBelowTheWidth) {
    const std::string text = "a label of an axis that is much longer than the axis is";
    const auto lines = wrap(text, 13.0, 120.0, 2);
    ASSERT_EQ(lines.size(), 2u);
    for (const auto& line : lines) EXPECT_LE(text_width(line, 13.0), 120.0);
    EXPECT_TRUE(text.starts_with(lines[0]));
    EXPECT_TRUE(lines[1].ends_with("\u2026"));
    EXPECT_EQ(shorten("short", 13.0, 120.0), "short");
}

}  // namespace
}  // namespace motley::report::test
