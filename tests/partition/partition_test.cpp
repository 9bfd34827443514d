// Block, group, random and table partitions: complete, disjoint, ascending, as promised.
#include "motley/partition/partition.hpp"

#include "graphs.hpp"

namespace motley {
namespace {

using partition::Partition;
using test::expect_error;
using test::expect_whole;
using test::owners_of;

TEST(Partition, BlocksAreTheChunks) {
    for (const AgentId agents : {0, 1, 2, 7, 12, 100, 101}) {
        for (const int parts : {1, 2, 3, 7, 12, 150}) {
            const Partition block = Partition::block(agents, parts);
            EXPECT_EQ(block.agents(), agents);
            EXPECT_EQ(block.parts(), parts);
            expect_whole(block);
            for (int part = 0; part < parts; ++part) {
                const auto range = topology::chunk_range(agents, part, parts);
                const auto ids = block.owned(part);
                ASSERT_EQ(static_cast<std::int64_t>(ids.size()), range.end - range.begin);
                if (!ids.empty()) {
                    EXPECT_EQ(ids.front(), range.begin);
                }
            }
        }
    }
}

TEST(Partition, BlocksOfHugeSystemsDoNotOverflow) {
    const AgentId agents = (AgentId{1} << 62) + 12345;
    const int parts = 100003;
    const Partition block = Partition::block(agents, parts);
    EXPECT_EQ(block.owner(0), 0);
    EXPECT_EQ(block.owner(agents - 1), parts - 1);
    for (const int part : {1, 17, 50000, parts - 1}) {
        const auto range = topology::chunk_range(agents, part, parts);
        EXPECT_EQ(block.owner(range.begin), part);
        EXPECT_EQ(block.owner(range.begin - 1), part - 1);
        EXPECT_EQ(block.owner(range.end - 1), part);
    }
}

TEST(Partition, MorePartsThanAgentsLeavesPartsEmpty) {
    for (const Partition& partition :
         {Partition::block(3, 5), Partition::random(3, 5, 1), Partition::from_owners({4, 0, 2}, 5),
          Partition::groups(6, 2, 5)}) {
        expect_whole(partition);
        int empty = 0;
        for (int part = 0; part < 5; ++part) empty += partition.owned(part).empty() ? 1 : 0;
        EXPECT_EQ(empty, 2);
    }
}

TEST(Partition, GroupsStayTogether) {
    const Partition groups = Partition::groups(35, 5, 3);  // 7 groups: 3, 2, 2
    expect_whole(groups);
    EXPECT_EQ(groups.owned(0).size(), 15u);
    EXPECT_EQ(groups.owned(1).size(), 10u);
    EXPECT_EQ(groups.owned(2).size(), 10u);
    for (AgentId i = 0; i < 35; ++i) EXPECT_EQ(groups.owner(i), groups.owner(i / 5 * 5));
    EXPECT_EQ(owners_of(Partition::groups(12, 1, 5)), owners_of(Partition::block(12, 5)));
}

TEST(Partition, RandomIsEvenKeyedAndMixed) {
    const Partition one = Partition::random(1000, 7, 11);
    expect_whole(one);
    for (int part = 0; part < 7; ++part) {
        const auto range = topology::chunk_range(1000, part, 7);
        EXPECT_EQ(static_cast<std::int64_t>(one.owned(part).size()), range.end - range.begin);
    }
    EXPECT_EQ(owners_of(one), owners_of(Partition::random(1000, 7, 11)));
    EXPECT_NE(owners_of(one), owners_of(Partition::random(1000, 7, 12)));
    // Neighbours in number are on the same part with probability 142/999: 142 +- 11 of 999.
    const auto owners = owners_of(one);
    int together = 0;
    for (std::size_t i = 1; i < owners.size(); ++i) together += owners[i] == owners[i - 1] ? 1 : 0;
    EXPECT_NEAR(together, 142, 55);
}

TEST(Partition, OneAgent) {
    for (const int parts : {1, 4}) {
        expect_whole(Partition::random(1, parts, 5));
        expect_whole(Partition::block(1, parts));
    }
}

TEST(Partition, TableKeepsTheOwners) {
    const std::vector<std::int32_t> owners{2, 0, 2, 1, 0};
    const Partition table = Partition::from_owners(owners, 3);
    expect_whole(table);
    EXPECT_EQ(owners_of(table), owners);
    EXPECT_EQ(table.owned(2), (std::vector<AgentId>{0, 2}));
}

TEST(Partition, RefusesBrokenPromises) {
    const auto internal = ErrorKind::internal;
    expect_error(internal, "partition of 5 agents over 0 parts", [] { Partition::block(5, 0); });
    expect_error(internal, "partition of -1 agents over 2 parts", [] { Partition::block(-1, 2); });
    expect_error(internal, "agent 1 has owner 3 of 3 parts", [] {
        Partition::from_owners({0, 3}, 3);
    });
    expect_error(internal, "agent 0 has owner -1 of 3 parts", [] {
        Partition::from_owners({-1, 2}, 3);
    });
    expect_error(internal, "groups of 4 do not divide 10 agents",
                 [] { Partition::groups(10, 4, 2); });
    expect_error(internal, "owner of agent 5 was asked, there are 5",
                 [] { Partition::block(5, 2).owner(5); });
    expect_error(internal, "owner of agent -1 was asked, there are 5",
                 [] { Partition::random(5, 2, 1).owner(-1); });
    expect_error(internal, "agents of part 2 were asked, there are 2",
                 [] { Partition::block(5, 2).owned(2); });
}

TEST(Partition, MethodsHaveTheNamesOfTheJobFile) {
    using partition::Method;
    EXPECT_STREQ(partition::name(Method::block), "block");
    EXPECT_STREQ(partition::name(Method::random), "random");
    EXPECT_STREQ(partition::name(Method::levels), "levels");
    EXPECT_STREQ(partition::name(Method::metis), "metis");
    EXPECT_STREQ(partition::name(Method::scotch), "scotch");
    EXPECT_STREQ(partition::name(Method::file), "file");
    expect_error(ErrorKind::internal, "unknown partition method",
                 [] { partition::name(static_cast<Method>(99)); });
}

}  // namespace
}  // namespace motley
