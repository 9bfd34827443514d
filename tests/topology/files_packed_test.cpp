// Compressed graph files, as the command-line tools pack them, and pipes.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <thread>

#include "arcs.hpp"
#include "graph_files.hpp"
#include "motley/core/error.hpp"
#include "topology/files/files.hpp"
#include "topology/files/unpack.hpp"

namespace motley::topology {
namespace {

class FilesPacked : public GraphFiles {
  protected:
    /// The bytes that a command writes with `content` as its input.
    std::string piped(const std::string& command, const std::string& content) const {
        write("in", content);
        const std::string line = command + " <" + path("in") + " >" + path("out");
        EXPECT_EQ(std::system(line.c_str()), 0) << line;
        std::ifstream in(path("out"), std::ios::binary);
        return {std::istreambuf_iterator<char>(in), {}};
    }
    void expect_damaged(const std::string& bytes, const std::string& part) const {
        try {
            unpack(bytes, "packed");
            ADD_FAILURE() << "accepted, not refused: " << part;
        } catch (const Error& error) {
            EXPECT_EQ(error.kind(), ErrorKind::input);
            EXPECT_NE(std::string(error.what()).find("packed: " + part), std::string::npos)
                << error.what();
        }
    }
};

struct Packer {
    const char* command;
    const char* extension;
    const char* name;
};
const std::vector<Packer> packers = {
    {"gzip -c", ".gz", "gzip"}, {"bzip2 -c", ".bz2", "bzip2"}, {"zstd -qc", ".zst", "Zstandard"}};

TEST_F(FilesPacked, EveryFormatUnpacks) {
    const NamedArcs expected = {{{"1", "2"}, 5.0}, {{"2", "3"}, 7.0}};
    for (const Packer& packer : packers) {
        const auto read = [&](const std::string& name, const std::string& text) {
            return named_arcs(*read_file(spec(name, piped(packer.command, text))));
        };
        EXPECT_EQ(read(std::string("a.txt") + packer.extension, "1 2 5\n2 3 7\n"), expected);
        EXPECT_EQ(
            read(std::string("a.csv") + packer.extension, "source,target,weight\n1,2,5\n2,3,7\n"),
            expected);
        EXPECT_EQ(read(std::string("a.gr") + packer.extension, "p sp 3 2\na 1 2 5\na 2 3 7\n"),
                  expected);
        EXPECT_EQ(read("a.txt", "1 2 5\n2 3 7\n"), expected) << "known by its bytes";
        EXPECT_EQ(read(std::string("nothing") + packer.extension, "1 2 5\n2 3 7\n"), expected);
    }
}

TEST_F(FilesPacked, LargeOnesAndSeveralInOne) {
    std::string text;
    for (int i = 0; i < 400000; ++i) text += std::to_string(i) + " " + std::to_string(i / 2) + "\n";
    for (const Packer& packer : packers) {
        const std::string packed = piped(packer.command, text);
        EXPECT_LT(packed.size(), text.size());
        EXPECT_TRUE(unpack(packed, "packed") == text) << packer.name;
        EXPECT_TRUE(unpack(packed + packed, "packed") == text + text) << packer.name;
        const std::string damaged =
            std::string("the ") + packer.name + " data are damaged or cut off";
        expect_damaged(packed.substr(0, packed.size() / 2), damaged);
        expect_damaged(packed.substr(0, packed.size() - 5), damaged);
        std::string flipped = packed;
        for (std::size_t at = packed.size() / 2; at < packed.size() / 2 + 40; ++at)
            flipped[at] = '\x55';
        expect_damaged(flipped, damaged);
    }
}

TEST_F(FilesPacked, WhatSwellsBeyondMeasureIsRefused) {
    const std::string zeros(std::size_t{80} << 20, '0');
    for (const Packer& packer : packers) {
        const std::string packed = piped(packer.command, zeros);
        if (packed.size() * 2000 > zeros.size()) continue;  // gzip has no more than 1030
        expect_damaged(packed, "the file unpacks to more than 2000 times its size");
    }
    EXPECT_EQ(unpack("plain 1 2", "packed"), "plain 1 2");
    EXPECT_EQ(unpack("BZh", "packed"), "BZh");
}

TEST_F(FilesPacked, APipeIsReadOnceAndMayBeAskedForAgain) {
    Spec given;
    given.file = path("pipe");
    ASSERT_EQ(::mkfifo(given.file.c_str(), 0600), 0);
    std::thread writer([&] { std::ofstream(given.file) << "1 2\n2 3\n"; });
    EXPECT_EQ(read_file(given)->agents(), 3);
    writer.join();
    EXPECT_EQ(read_file(given)->agents(), 3);
}

}  // namespace
}  // namespace motley::topology
