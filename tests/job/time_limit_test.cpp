#include "motley/job/time_limit.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

namespace motley::test {
namespace {

TEST(TimeLimit, IsMinutesOrAsSlurmWritesTimes) {
    EXPECT_EQ(job::parse_time_limit("90"), 5400.0);
    EXPECT_EQ(job::parse_time_limit("0.5"), 30.0);
    EXPECT_EQ(job::parse_time_limit("12:30"), 750.0);
    EXPECT_EQ(job::parse_time_limit("1:00:00"), 3600.0);
    EXPECT_EQ(job::parse_time_limit("2-00:00:01"), 172801.0);
    EXPECT_EQ(job::parse_time_limit("1-12"), 129600.0);
}

TEST(TimeLimit, OfAnythingElseIsNothing) {
    for (const char* text : {"", "soon", "-5", "1:", ":30", "1:2:3:4", "1-", "-1:00", "inf", "nan",
                             "1h30m", "1-0:0:0:0"}) {
        EXPECT_FALSE(job::parse_time_limit(text)) << text;
    }
}

TEST(TimeLimit, InASlurmJobEndsWithTheJob) {
    ::unsetenv("SLURM_JOB_END_TIME");
    EXPECT_FALSE(job::slurm_time_left());
    ::setenv("SLURM_JOB_END_TIME", "4102444800", 1);  // the year 2100
    EXPECT_GT(job::slurm_time_left().value(), 0.0);
    ::unsetenv("SLURM_JOB_END_TIME");
}

}  // namespace
}  // namespace motley::test
