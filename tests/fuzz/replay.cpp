// fuzz_replay CORPUS MUTATIONS: the short form of the fuzz tests, for any compiler. It reads every
// file of the corpus (a folder per target) and the given number of mutations of it, which are the
// same at every start.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "targets.hpp"

namespace {

namespace fs = std::filesystem;

/// The generator SplitMix64, which is good enough for these tests.
class Draw {
  public:
    explicit Draw(std::uint64_t seed) : state_(seed) {}
    std::size_t below(std::size_t limit) {
        state_ += 0x9e3779b97f4a7c15ULL;
        std::uint64_t mixed = (state_ ^ (state_ >> 30)) * 0xbf58476d1ce4e5b9ULL;
        mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebULL;
        return limit == 0 ? 0 : (mixed ^ (mixed >> 31)) % limit;
    }

  private:
    std::uint64_t state_;
};

std::string mutated(std::string text, Draw& draw) {
    static const std::string pieces[] = {"\n",   "-1",    "1e999", "nan", "9223372036854775808",
                                         "\0x",  "\xff",  "[[",    "\"",  "<graph>",
                                         "</a>", "0 0 0", ",,",    "%%",  "99999999999"};
    for (std::size_t changes = 1 + draw.below(4); changes > 0; --changes) {
        const std::size_t at = draw.below(text.size() + 1);
        switch (draw.below(5)) {
            case 0:
                if (at < text.size()) text[at] = static_cast<char>(draw.below(256));
                break;
            case 1:
                text.erase(at, draw.below(20));
                break;
            case 2:
                text.insert(at, pieces[draw.below(std::size(pieces))]);
                break;
            case 3:
                text.insert(at, text.substr(draw.below(text.size() + 1), draw.below(60)));
                break;
            default:
                text.resize(at);
        }
    }
    return text;
}

bool read_in_time(const std::string& target, const std::string& text) {
    using Clock = std::chrono::steady_clock;
    const auto start = Clock::now();
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
    if (!motley::fuzz::read(target, bytes, text.size())) return false;
    const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
    if (seconds < 5.0) return true;
    std::printf("%s: %.1f s for an input of %zu bytes\n", target.c_str(), seconds, text.size());
    return false;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::fprintf(stderr, "usage: fuzz_replay CORPUS MUTATIONS\n");
        return 2;
    }
    const int mutations = std::atoi(argv[2]);
    std::size_t inputs = 0;
    for (const auto& target : motley::fuzz::targets()) {
        const fs::path folder = fs::path(argv[1]) / target;
        if (!fs::is_directory(folder)) {
            std::fprintf(stderr, "%s: no corpus\n", folder.c_str());
            return 1;
        }
        for (const auto& entry : fs::directory_iterator(folder)) {
            std::ifstream in(entry.path(), std::ios::binary);
            const std::string text{std::istreambuf_iterator<char>(in),
                                   std::istreambuf_iterator<char>()};
            Draw draw(text.size());
            if (!read_in_time(target, text)) return 1;
            for (int i = 0; i < mutations; ++i, ++inputs) {
                const std::string other = mutated(text, draw);
                // After a crash this file holds the input that caused it.
                std::ofstream("fuzz_last_input", std::ios::binary) << target << '\n' << other;
                if (!read_in_time(target, other)) return 1;
            }
        }
    }
    fs::remove("fuzz_last_input");
    std::printf("%zu inputs read\n", inputs);
    return 0;
}
