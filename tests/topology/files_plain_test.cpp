// Plain rows, read whole and in slices, give what the readers of the formats give.
#include <gtest/gtest.h>

#include <cstdlib>
#include <memory>
#include <random>

#include "collect.hpp"
#include "graph_files.hpp"
#include "motley/core/error.hpp"
#include "motley/topology/shared_file.hpp"
#include "threads.hpp"
#include "topology/files/plain_table.hpp"
#include "topology/statistics/rows.hpp"

namespace motley::topology {
namespace {

/// Arcs of all shares; everything else as the first has it.
class Union final : public Topology {
  public:
    explicit Union(std::vector<std::unique_ptr<Share>> shares) : shares_(std::move(shares)) {}
    AgentId agents() const override { return shares_.front()->agents(); }
    Traits traits() const override { return shares_.front()->traits(); }
    void arcs(std::int64_t, std::int64_t, const ArcSink& sink) const override {
        constexpr std::int64_t rounds = 3;
        for (std::int64_t place = 0; place < std::ssize(shares_); ++place) {
            for (std::int64_t round = 0; round < rounds; ++round) {
                shares_[static_cast<std::size_t>(place)]->arcs(place * rounds + round,
                                                               rounds * std::ssize(shares_), sink);
            }
        }
    }

  private:
    std::vector<std::unique_ptr<Share>> shares_;
};

struct Line {
    unsigned source, target, number;
};

/// A file of so many edges between `ids` ids from `first` on.
template <class Write>
std::string lines(std::size_t edges, unsigned first, unsigned ids, unsigned seed, Write write) {
    std::mt19937 random(seed);
    std::string text;
    for (std::size_t e = 0; e < edges; ++e) {
        const auto draw = [&](unsigned n) { return static_cast<unsigned>(random() % n); };
        text += write(Line{first + draw(ids), first + draw(ids), draw(1000)});
    }
    return text;
}

std::string pair_of(const Line& line, const std::string& separator = " ") {
    return std::to_string(line.source) + separator + std::to_string(line.target);
}

class PlainFiles : public GraphFiles {
  protected:
    static constexpr std::size_t many = 130'000;  // more than a megabyte

    static EdgeTable by_reader_of_format(const Spec& spec, FileFormat format) {
        const TextFile file(spec.file);
        return format == FileFormat::matrix_market ? read_matrix_market(spec, file)
                                                   : read_edge_list(spec, file);
    }

    static void expect_same(const EdgeTable& table, const EdgeTable& expected) {
        EXPECT_EQ(table.agents, expected.agents);
        EXPECT_EQ(table.undirected, expected.undirected);
        EXPECT_EQ(table.names, expected.names);
        EXPECT_EQ(table.remarks, expected.remarks);
        EXPECT_EQ(table.capacities, expected.capacities);
        ASSERT_EQ(table.edges.size(), expected.edges.size());
        const auto same = [](const FileEdge& a, const FileEdge& b) {
            return a.source == b.source && a.target == b.target && a.weight == b.weight &&
                   a.survival == b.survival;
        };
        EXPECT_TRUE(std::ranges::equal(table.edges, expected.edges, same));
    }

    static std::vector<std::unique_ptr<Share>> shares_of(const Spec& spec, int readers) {
        std::vector<std::unique_ptr<Share>> shares(static_cast<std::size_t>(readers));
        Threads(readers).run([&](const Peers& each, int place) {
            shares[static_cast<std::size_t>(place)] = make_share(spec, each);
        });
        return shares;
    }

    static void expect_same_rows(const Topology& topology, const Topology& expected) {
        EXPECT_EQ(topology.agents(), expected.agents());
        const Csr rows = gather_rows(topology), others = gather_rows(expected);
        EXPECT_EQ(rows.offsets, others.offsets);
        EXPECT_EQ(rows.targets, others.targets);
        EXPECT_EQ(rows.survivals, others.survivals);
        const bool counts = expected.traits().use_weights;
        if (counts) {
            EXPECT_EQ(rows.weights, others.weights);
        }
    }

    /// The file is plain, and each way to read it gives the same.
    void expect_plain(Spec spec, FileFormat format = FileFormat::edge_list) {
        const EdgeTable expected = by_reader_of_format(spec, format);
        const auto table = read_plain(spec, TextFile(spec.file), format);
        ASSERT_TRUE(table.has_value());
        expect_same(*table, expected);
        const auto whole = make(spec);
        for (const int readers : {1, 2, 5}) {
            auto shares = shares_of(spec, readers);
            for (const auto& share : shares) {
                ASSERT_NE(share, nullptr) << readers;
                EXPECT_EQ(share->agents(), expected.agents);
                EXPECT_EQ(share->names(), whole->names());
                EXPECT_EQ(share->remarks(), whole->remarks());
                EXPECT_EQ(share->shares(), readers);
                EXPECT_EQ(share->traits().symmetric_uniform, whole->traits().symmetric_uniform);
                EXPECT_EQ(share->traits().survival, whole->traits().survival);
                EXPECT_EQ(share->traits().use_weights, whole->traits().use_weights);
            }
            expect_same_rows(Union(std::move(shares)), *whole);
        }
    }

    /// The first of three readers reads the file for all.
    void expect_given(const Spec& spec) {
        ASSERT_EQ(reading_of(spec), Reading::one);
        const auto whole = make(spec);
        std::vector<std::unique_ptr<Share>> shares(3);
        Threads(3).run([&](const Peers& each, int place) {
            shares[static_cast<std::size_t>(place)] =
                give_shares(place == 0 ? whole.get() : nullptr, each);
        });
        for (const auto& share : shares) {
            EXPECT_EQ(share->agents(), whole->agents());
            EXPECT_EQ(share->hosts(), whole->hosts());
            EXPECT_EQ(share->names(), whole->names());
            EXPECT_EQ(share->remarks(), whole->remarks());
            EXPECT_EQ(share->traits().symmetric_uniform, whole->traits().symmetric_uniform);
            EXPECT_EQ(share->traits().expected_arcs, whole->traits().expected_arcs);
        }
        expect_same_rows(Union(std::move(shares)), *whole);
    }

    void expect_left_to_make(const Spec& spec) {
        for (const int readers : {1, 3}) {
            for (const auto& share : shares_of(spec, readers)) EXPECT_EQ(share, nullptr);
        }
    }
};

std::string with_weight(const Line& line) {
    return pair_of(line) + " " + std::to_string(line.number + 1) + "\n";
}

TEST_F(PlainFiles, EdgesBetweenNumbersFromZero) {
    const std::string text =
        lines(many, 0, 3000, 1, [](const Line& line) { return pair_of(line) + "\n"; });
    expect_plain(spec("a.txt", text, false));
    expect_plain(spec("a.txt", text, true));
}

TEST_F(PlainFiles, CommentsTabsAndCarriageReturns) {
    std::string text = "# a comment, \"quoted\"\r\n";
    text += lines(many, 1, 20000, 2, [](const Line& line) {
        return pair_of(line, "\t") + (line.number == 0 ? "\r\n# between\r\n\r\n" : "\r\n");
    });
    expect_plain(spec("a.tsv", text, false));
}

TEST_F(PlainFiles, LastLineWithoutLineEnd) {
    const std::string text =
        lines(many, 0, 3000, 3, [](const Line& line) { return "\n" + pair_of(line); });
    expect_plain(spec("a.edges", text, true));
}

TEST_F(PlainFiles, NamedColumnsInAnyOrderAndOthers) {
    const std::string text =
        "weight,to,from,label\n" + lines(many, 5, 9000, 4, [](const Line& line) {
            return std::to_string(line.number) + ".25," + pair_of(line, ",") + ",a b\n";
        });
    Spec csv = spec("a.csv", text, true);
    expect_plain(csv);
    csv.edge_weights = true;
    expect_plain(csv);
    csv.directed = false;
    expect_plain(csv);
}

TEST_F(PlainFiles, ParallelEdgesWithSurvivals) {
    const std::string text = lines(many, 0, 90, 5, [](const Line& line) {
        return pair_of(line) + " " + std::to_string(line.number + 1) + " 0." +
               std::to_string(1 + line.number % 9) + "\n";
    });
    Spec edges = spec("a.txt", text, false);
    expect_plain(edges);
    edges.edge_weights = true;
    expect_plain(edges);
}

TEST_F(PlainFiles, Capacities) {
    const std::string text = lines(many, 0, 5000, 6, [](const Line& line) {
        return pair_of(line) + " 2 0.5 " + std::to_string(line.number + 1) + "\n";
    });
    expect_plain(spec("a.txt", text, true));
}

TEST_F(PlainFiles, TimesAreNotUsed) {
    const std::string text = lines(many, 1, 5000, 7, [](const Line& line) {
        return pair_of(line) + " " + std::to_string(1'200'000'001 + line.number) + "\n";
    });
    expect_plain(spec("a.txt", text, true));
}

TEST_F(PlainFiles, SignsAreNoWeightsAndTheirLineIsSaid) {
    const std::string text = lines(many, 1, 5000, 8, [](const Line& line) {
        return pair_of(line) + (line.number == 7 ? " -1\n" : " 1\n");
    });
    Spec edges = spec("a.txt", text, true);
    expect_plain(edges);
    edges.edge_weights = true;
    expect_left_to_make(edges);
}

TEST_F(PlainFiles, FirstLineCounts) {
    const std::string text =
        "7000 " + std::to_string(many) + "\n" +
        lines(many, 1, 7000, 9, [](const Line& line) { return pair_of(line) + "\n"; });
    expect_plain(spec("a.txt", text, true));
}

TEST_F(PlainFiles, FirstLineIsAnEdgeThoughColumnsAreNamed) {
    Spec table = spec("a.csv", lines(many, 0, 5000, 10, [](const Line& line) {
                          return std::to_string(line.number) + "," + pair_of(line, ",") + "\n";
                      }));
    table.columns = {{"x", "target", "source"}};
    expect_plain(table);
}

TEST_F(PlainFiles, EachEdgeInBothDirections) {
    const std::string text = lines(many / 2, 0, 20000, 11, [](const Line& line) {
        return pair_of(line) + "\n" + pair_of({line.target, line.source, 0}) + "\n";
    });
    expect_plain(spec("a.txt", text, false));
}

TEST_F(PlainFiles, IdsWithGapsAreNames) {
    const std::string text =
        lines(many, 10, 500'000, 12, [](const Line& line) { return pair_of(line) + "\n"; });
    expect_plain(spec("a.txt", text, false));
}

TEST_F(PlainFiles, TwoIdSpacesAreSaid) {
    const std::string text = lines(many, 0, 6000, 13, [](const Line& line) {
        return std::to_string(1 + line.source % 300) + " " + std::to_string(1 + line.target) + "\n";
    });
    expect_plain(spec("a.txt", text, true));
}

TEST_F(PlainFiles, DecimalCommasBetweenSemicolons) {
    const std::string text =
        "source;target;weight\n" + lines(many, 0, 5000, 14, [](const Line& line) {
            return pair_of(line, ";") + ";" + std::to_string(line.number) + ",5\n";
        });
    Spec csv = spec("a.csv", text, true);
    csv.edge_weights = true;
    expect_plain(csv);
}

TEST_F(PlainFiles, KonectFilesWithoutAKnownExtension) {
    const std::string text =
        "% sym unweighted\n% 1 2 3\n" +
        lines(many, 1, 4000, 15, [](const Line& line) { return pair_of(line) + "\n"; });
    expect_plain(spec("out.network", text, false));
}

TEST_F(PlainFiles, MatrixMarket) {
    const std::string entries = lines(many, 1, 5000, 16, [](const Line& line) {
        return pair_of(line) + " " + std::to_string(line.number) + ".5e-1\n";
    });
    const std::string size = "% comment\n5000 5000 " + std::to_string(many) + "\n";
    Spec real = spec("a.mtx", "%%MatrixMarket matrix coordinate real general\n" + size + entries);
    expect_plain(real, FileFormat::matrix_market);
    real.edge_weights = true;
    expect_plain(real, FileFormat::matrix_market);

    const std::string lower = lines(many, 1, 5000, 17, [](const Line& line) {
        return pair_of(
                   {std::max(line.source, line.target), std::min(line.source, line.target), 0}) +
               "\n";
    });
    expect_plain(
        spec("b.mtx", "%%MatrixMarket matrix coordinate pattern symmetric\n" + size + lower),
        FileFormat::matrix_market);

    const std::string zeros = lines(many, 1, 5000, 18, [](const Line& line) {
        return pair_of(line) + " " + std::to_string(static_cast<int>(line.number % 3) - 1) + "\n";
    });
    expect_plain(spec("c.mtx", "%%MatrixMarket matrix coordinate integer general\n" + size + zeros),
                 FileFormat::matrix_market);
}

TEST_F(PlainFiles, WhatIsWrongIsLeftToTheReadersOfTheFormats) {
    std::string text = lines(many, 0, 5000, 19, with_weight);
    for (const char* line : {"7 x 1\n", "7 1\n", "007 1 1\n", "7 8 0.5 0.5\n", "7 -1 1\n",
                             "\"7\" 1 1\n", "7 1 nan\n", "4294967295 1 1\n", "7 1 1 # c\n"}) {
        std::string changed = text;
        changed.insert(changed.find('\n', changed.size() * 9 / 10) + 1, line);
        const Spec edges = spec("a.txt", changed);
        expect_left_to_make(edges);
        EXPECT_FALSE(read_plain(edges, TextFile(edges.file), FileFormat::edge_list)) << line;
    }
    // Ids far apart, few bytes, vertices of two kinds.
    expect_left_to_make(spec("b.txt", text + "4000000000 1 1\n"));
    expect_left_to_make(spec("c.txt", lines(100, 0, 9, 20, with_weight)));
    Spec bipartite = spec("d.txt", text);
    bipartite.bipartite = true;
    expect_left_to_make(bipartite);
    Spec weightless = spec(
        "e.txt", lines(many, 0, 500, 21, [](const Line& line) { return pair_of(line) + "\n"; }));
    weightless.edge_weights = true;
    expect_left_to_make(weightless);
}

std::string name_of(unsigned id) {
    static constexpr const char* kinds[] = {"a", "node_", "Sao Paulo ", "x.y-"};
    return kinds[id % 4] + std::to_string(id);
}

std::string names_of(const Line& line, const std::string& separator = ",") {
    return name_of(line.source) + separator + name_of(line.target);
}

TEST_F(PlainFiles, NamesAreNumberedByFirstAppearance) {
    const std::string text =
        "source,target,weight\n" + lines(many, 0, 4000, 23, [](const Line& line) {
            return names_of(line) + "," + std::to_string(line.number + 1) + "\n";
        });
    Spec csv = spec("a.csv", text, false);
    EXPECT_EQ(reading_of(csv), Reading::slices);
    expect_plain(csv);
    csv.edge_weights = true;
    csv.directed = true;
    expect_plain(csv);
}

TEST_F(PlainFiles, TargetsMayStandBeforeSources) {
    const std::string text = "to,label,from\n" + lines(many, 0, 90'000, 24, [](const Line& line) {
                                 return names_of(line, ",a b,") + "\n";
                             });
    expect_plain(spec("a.csv", text, true));
}

TEST_F(PlainFiles, NamesBetweenBlanks) {
    const std::string text = lines(many, 0, 70'000, 25, [](const Line& line) {
        return "v" + std::to_string(line.source) + "\tV" + std::to_string(line.target) + "\n";
    });
    expect_plain(spec("a.txt", text, false));
}

TEST_F(PlainFiles, NamesWithoutHeading) {
    const auto write = [](const Line& line) { return names_of(line) + "\n"; };
    const std::string text = lines(many, 0, 800, 26, write);
    expect_plain(spec("a.csv", text, false));
    // The first row may be a heading: no other names its vertices.
    const Spec doubtful = spec("b.csv", "alpha,beta\n" + text);
    expect_left_to_make(doubtful);
    EXPECT_THROW(make(doubtful), Error);
    expect_plain(spec("c.csv", "alpha,alpha\n" + text + "alpha,beta\n"));
}

TEST_F(PlainFiles, ColumnsCalledAsVerticesAreAnEdge) {
    const auto write = [](const Line& line) { return names_of(line) + "\n"; };
    const std::string text = "from,to\n" + lines(many, 0, 800, 27, write);
    expect_plain(spec("a.csv", text));
    const Spec vertex = spec("b.csv", text + "to,from\n");
    expect_left_to_make(vertex);
    EXPECT_EQ(make(vertex)->names().front(), "from");
}

TEST_F(PlainFiles, NamesThatAreNoWordsAreLeftToTheReaders) {
    const auto write = [](const Line& line) { return names_of(line) + "\n"; };
    const std::string text = "source,target\n" + lines(many, 0, 800, 28, write);
    for (const char* line : {"7,a\n", "\"b\",a\n", "1e5,a\n", ",a\n", "a\n", "a,b,c\n", "a#,b\n"}) {
        const Spec csv = spec("a.csv", text + line);
        expect_left_to_make(csv);
    }
}

TEST_F(PlainFiles, PackedTablesAreUnpackedOnceAndCut) {
    for (const unsigned seed : {29U, 30U}) {
        const std::string text =
            "source,target\n" + lines(many, 0, 3000, seed, [&](const Line& line) {
                return (seed == 29 ? pair_of(line, ",") : names_of(line)) + "\n";
            });
        const Spec plain = spec("a.csv", text);
        const auto whole = make(plain);
        Spec packed = plain;
        packed.file += ".gz";
        ASSERT_EQ(std::system(("gzip -kf " + plain.file).c_str()), 0);
        for (const int readers : {1, 2, 5}) {
            auto shares = shares_of(packed, readers);
            for (const auto& share : shares) {
                ASSERT_NE(share, nullptr);
                EXPECT_EQ(share->names(), whole->names());
            }
            expect_same_rows(Union(std::move(shares)), *whole);
        }
    }
    Spec damaged = spec("b.csv.gz", "\x1f\x8b damaged");
    expect_left_to_make(damaged);
}

TEST_F(PlainFiles, WhatCannotBeCutIsReadByOne) {
    std::string text = "graph [\n";
    for (unsigned v = 0; v < 3000; ++v) {
        text += "node [ id " + std::to_string(v) + " label \"" + name_of(v) + "\" ]\n";
    }
    text += lines(40'000, 0, 3000, 31, [](const Line& line) {
        return "edge [ source " + std::to_string(line.source) + " target " +
               std::to_string(line.target) + " weight " + std::to_string(line.number + 1) + " ]\n";
    });
    Spec gml = spec("a.gml", text + "]\n");
    expect_left_to_make(gml);
    expect_given(gml);
    gml.edge_weights = true;
    gml.directed = true;
    expect_given(gml);
    Spec small = spec("b.gml", "graph [ node [ id 0 ] node [ id 1 ] edge [ source 0 target 1 ] ]");
    EXPECT_EQ(reading_of(small), Reading::each);
    // Switches: hosts come first.
    Spec table = spec("c.csv", "source,target\n" + lines(many, 0, 3000, 32, [](const Line& line) {
                                   return pair_of(line, ",") + "\n";
                               }));
    table.node_file = spec("nodes.csv", "node,switch\n3,1\n7,1\n").file;
    expect_given(table);
    EXPECT_EQ(make(table)->hosts(), 2998);
}

/// Whatever is done to a plain file, a table that is read as plain rows is the same as the one that
/// is read with care.
TEST_F(PlainFiles, RandomChangesMakeNoDifference) {
    std::mt19937 random(22);
    const std::string letters = "0123456789 \t,;.-+eE#%\"{\r\nx\xc3";
    int plain = 0, plain_names = 0;
    for (int round = 0; round < 280; ++round) {
        const bool names = round % 4 == 3 || round % 16 == 0;
        std::string text = round % 2 == 0 ? "source,target,weight\n" : "";
        text += lines(9000, 0, 400, static_cast<unsigned>(round), [&](const Line& line) {
            return (names ? names_of(line) : pair_of(line, ",")) + "," +
                   std::to_string(line.number + 1) + "\n";
        });
        for (int change = 0; change < 1 + round % 3; ++change) {
            const std::size_t at = random() % text.size();
            text[random() % 3 == 0 ? at % 80 : at] = letters[random() % letters.size()];
        }
        Spec csv = spec("a.csv", text, round % 4 < 2);
        csv.edge_weights = round % 8 < 4;
        std::optional<EdgeTable> table, expected;
        try {
            table = read_plain(csv, TextFile(csv.file), FileFormat::csv);
        } catch (const Error&) {
        }
        if (!table) continue;
        (names ? plain_names : plain) += 1;
        ASSERT_NO_THROW(expected = by_reader_of_format(csv, FileFormat::csv));
        expect_same(*table, *expected);
    }
    EXPECT_GT(plain, 20);
    EXPECT_GT(plain_names, 10);
}

}  // namespace
}  // namespace motley::topology
