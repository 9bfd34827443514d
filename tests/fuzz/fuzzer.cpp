// The entry for libFuzzer; call: MOTLEY_FUZZ_TARGET=csv fuzzer CORPUS/csv -max_total_time=600
// (tests/fuzz/run.sh).
#include <cstdio>
#include <cstdlib>

#include "targets.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const char* target = std::getenv("MOTLEY_FUZZ_TARGET");
    if (target == nullptr || !motley::fuzz::read(target, data, size)) {
        std::fprintf(stderr, "set MOTLEY_FUZZ_TARGET to one of:");
        for (const auto& name : motley::fuzz::targets()) std::fprintf(stderr, " %s", name.c_str());
        std::fprintf(stderr, "\n");
        std::exit(2);
    }
    return 0;
}
