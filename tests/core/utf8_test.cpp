// Well-formed UTF-8 and what only looks like it.
#include "motley/core/utf8.hpp"

#include <gtest/gtest.h>

#include <string>

namespace motley {
namespace {

void expect_point(std::string_view text, std::uint32_t value, std::size_t length) {
    const CodePoint point = first_code_point(text);
    EXPECT_EQ(point.value, value) << text;
    EXPECT_EQ(point.length, length) << text;
}

TEST(Utf8, DecodesTheEndsOfEveryLength) {
    expect_point("Abc", 'A', 1);
    expect_point(std::string_view("\0", 1), 0, 1);
    expect_point("\x7f", 0x7f, 1);
    expect_point("\xc2\x80", 0x80, 2);
    expect_point("\xdf\xbf", 0x7ff, 2);
    expect_point("\xe0\xa0\x80", 0x800, 3);
    expect_point("\xed\x9f\xbf", 0xd7ff, 3);
    expect_point("\xee\x80\x80", 0xe000, 3);
    expect_point("\xef\xbf\xbf", 0xffff, 3);
    expect_point("\xf0\x90\x80\x80", 0x10000, 4);
    expect_point("\xf4\x8f\xbf\xbf and more", 0x10ffff, 4);
}

TEST(Utf8, RefusesWhatIsNotWellFormed) {
    for (const char* bad : {"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xed\xa0\x80",
                            "\xed\xbf\xbf", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80",
                            "\xf5\x80\x80\x80", "\xff", "\xc2", "\xe2\x82", "\xf0\x9f\x98",
                            "\xc2"
                            "A",
                            "\xe2\x82"
                            "A",
                            ""}) {
        expect_point(bad, 0, 0);
    }
}

TEST(Utf8, EncodesWhatItDecodes) {
    for (const std::uint32_t value : {0x41u, 0x7fu, 0x80u, 0xe9u, 0x7ffu, 0x800u, 0x20acu, 0xffffu,
                                      0x10000u, 0x1f600u, 0x10ffffu}) {
        std::string text;
        append_code_point(text, value);
        EXPECT_EQ(first_code_point(text).value, value);
        EXPECT_EQ(first_code_point(text).length, text.size());
    }
}

}  // namespace
}  // namespace motley
