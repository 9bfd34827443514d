// Edit distances by hand, and which candidate is meant.
#include "motley/core/edit_distance.hpp"

#include <gtest/gtest.h>

namespace motley {
namespace {

TEST(EditDistance, CountsEdits) {
    EXPECT_EQ(edit_distance("", ""), 0U);
    EXPECT_EQ(edit_distance("", "abc"), 3U);
    EXPECT_EQ(edit_distance("ring", "ring"), 0U);
    EXPECT_EQ(edit_distance("rings", "ring"), 1U);
    EXPECT_EQ(edit_distance("rang", "ring"), 1U);
    EXPECT_EQ(edit_distance("rnig", "ring"), 1U) << "two neighbours are swapped";
    EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
    EXPECT_EQ(edit_distance("ca", "abc"), 3U) << "no byte is edited twice";
}

TEST(Nearest, IsTheCandidateThatIsNearEnough) {
    const std::vector<std::string> names{"ring", "grid", "torus", "tree"};
    EXPECT_EQ(nearest("tours", names), "torus");
    EXPECT_EQ(nearest("rign", names), "ring");
    EXPECT_EQ(nearest("hypercube", names), "");
    EXPECT_EQ(nearest("", names), "");
    EXPECT_EQ(nearest(std::string(65, 'x'), names), "");
    EXPECT_EQ(nearest("x", {"y"}), "") << "nothing of the candidate would be left";
}

}  // namespace
}  // namespace motley
