// Finite fields by their axioms, and Slim Fly networks against the published sizes and diameter.
#include <gtest/gtest.h>

#include "interconnects.hpp"
#include "topology/fabrics/finite_field.hpp"

namespace motley::topology {
namespace {

using namespace test;

TEST(PrimePower, IsFactored) {
    for (const auto& [q, prime, exponent] : {std::tuple{2, 2, 1},
                                             {3, 3, 1},
                                             {4, 2, 2},
                                             {8, 2, 3},
                                             {9, 3, 2},
                                             {97, 97, 1},
                                             {125, 5, 3},
                                             {1024, 2, 10},
                                             {2187, 3, 7}}) {
        EXPECT_EQ(prime_power(q).prime, prime) << q;
        EXPECT_EQ(prime_power(q).exponent, exponent) << q;
    }
    for (const int q : {-3, 0, 1, 6, 12, 15, 36, 1001, 2 * 1021}) {
        EXPECT_EQ(prime_power(q).exponent, 0) << q;
    }
}

class Field : public testing::TestWithParam<std::int64_t> {};

INSTANTIATE_TEST_SUITE_P(Sizes, Field, testing::Values(2, 3, 4, 5, 7, 8, 9, 16, 25, 27, 49));

TEST_P(Field, HasItsAxioms) {
    const std::int64_t q = GetParam();
    const FiniteField f(q);
    for (std::int64_t a = 0; a < q; ++a) {
        EXPECT_EQ(f.add(a, 0), a);
        EXPECT_EQ(f.multiply(a, 1), a);
        EXPECT_EQ(f.add(a, f.negative(a)), 0);
        for (std::int64_t b = 0; b < q; ++b) {
            ASSERT_EQ(f.add(a, b), f.add(b, a));
            ASSERT_EQ(f.multiply(a, b), f.multiply(b, a));
            ASSERT_EQ(f.multiply(a, b) == 0, a == 0 || b == 0);
            for (std::int64_t c = 0; c < q; ++c) {
                ASSERT_EQ(f.add(f.add(a, b), c), f.add(a, f.add(b, c)));
                ASSERT_EQ(f.multiply(f.multiply(a, b), c), f.multiply(a, f.multiply(b, c)));
                ASSERT_EQ(f.multiply(a, f.add(b, c)), f.add(f.multiply(a, b), f.multiply(a, c)));
            }
        }
    }
}

TEST_P(Field, IsGeneratedByOneElement) {
    const std::int64_t q = GetParam();
    const FiniteField f(q);
    std::set<std::int64_t> powers;
    for (std::int64_t k = 0; k < q - 1; ++k) {
        powers.insert(f.power(k));
        EXPECT_EQ(f.multiply(f.power(k), f.power(1)), f.power(k + 1));
    }
    EXPECT_EQ(std::ssize(powers), q - 1);
    EXPECT_FALSE(powers.contains(0));
    // As often as the characteristic says, and not less often, an element added up is 0.
    std::int64_t sum = 0;
    for (std::int64_t k = 1; k <= prime_power(q).prime; ++k) {
        sum = f.add(sum, 1);
        EXPECT_EQ(sum == 0, k == prime_power(q).prime);
    }
}

/// Besta, Hoefler 2014, doi:10.1109/SC.2014.34 (section II-B1): 2 q^2 routers of network radix
/// (3 q - delta) / 2 for q = 4 w + delta, diameter 2; p = ceil(radix / 2) hosts.
class SlimFlies : public testing::TestWithParam<std::int64_t> {};

INSTANTIATE_TEST_SUITE_P(Sizes, SlimFlies, testing::Values(3, 4, 5, 7, 8, 9, 11, 13));

TEST_P(SlimFlies, HaveThePublishedSizes) {
    const std::int64_t q = GetParam();
    const std::int64_t delta = q % 4 == 3 ? -1 : q % 4;
    const std::int64_t radix = (3 * q - delta) / 2, p = (radix + 1) / 2;
    const auto standard = make(slim_fly_of(q));
    EXPECT_EQ(standard->hosts(), 2 * q * q * p);
    EXPECT_EQ(standard->agents(), 2 * q * q * (p + 1));

    const auto topology = make(slim_fly_of(q, 1));
    const AgentId routers = 2 * q * q;
    const auto rows = rows_of(links_of(*topology), topology->agents());
    for (AgentId router = routers; router < 2 * routers; ++router) {
        EXPECT_EQ(std::ssize(rows[static_cast<std::size_t>(router)]), radix + 1) << router;
    }
    EXPECT_EQ(diameter(*topology), 2 + 2);
}

/// For q = 5 the routers are the Hoffman-Singleton graph: 50 vertices of degree 7, girth 5 (1960,
/// doi:10.1147/rd.45.0497), so that no two share a neighbour where they are linked, and exactly one
/// where they are not.
TEST(SlimFly, OfFiveIsTheHoffmanSingletonGraph) {
    const auto topology = make(slim_fly_of(5, 1));
    const auto rows = rows_of(links_of(*topology), topology->agents());
    for (std::size_t a = 50; a < 100; ++a) {
        for (std::size_t b = 50; b < a; ++b) {
            std::vector<AgentId> common;
            std::ranges::set_intersection(rows[a], rows[b], std::back_inserter(common));
            const bool linked = std::ranges::binary_search(rows[a], static_cast<AgentId>(b));
            EXPECT_EQ(common.size(), linked ? 0U : 1U) << a << " " << b;
        }
    }
}

TEST(SlimFly, OfAHundredThousandRoutersIsDescribedAtOnce) {
    const auto topology = make(slim_fly_of(243, 1));
    EXPECT_EQ(topology->agents(), 4 * 243 * 243);
    std::vector<AgentId> row;
    topology->row(topology->agents() - 1, row);
    EXPECT_EQ(std::ssize(row), 1 + (3 * 243 + 1) / 2);
}

}  // namespace
}  // namespace motley::topology
