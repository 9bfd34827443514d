// The whole document. MOTLEY_WRITE_GALLERY=FILE writes the gallery for a look at it.
#include "gallery.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <regex>

namespace motley::report::test {
namespace {

TEST(Gallery, IsWrittenTheSameEveryTime) {
    const std::string html = to_html(gallery());
    EXPECT_EQ(html, to_html(gallery()));
    if (const char* path = std::getenv("MOTLEY_WRITE_GALLERY")) std::ofstream(path) << html;
}

}  // namespace
}  // namespace motley::report::test
