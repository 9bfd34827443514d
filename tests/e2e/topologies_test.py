"""Every named topology is what its file says, and `motley topology` describes it from anywhere inside."""
import re
import sys
import tomllib

import support

FOLDER = support.SOURCE / "topologies"
# Facts from theory or from the literature: words that the description must show.
FACTS = {
    "isolated": ["4096 weak", "0, 0, 0"],
    "ring": ["min 8  mean 8.0000  max 8", "32768, 16384, 0", "average 0.6429", "1 weak"],
    "small-world": ["1 weak (largest 4096)"],
    "scale-free": ["1 weak (largest 4096)"],
    "random": ["agents                  4096"],
    "random-regular": ["min 8  mean 8.0000  max 8"],
    "communities": ["agents                  4096"],
    "torus": ["min 4  mean 4.0000  max 4", "16384, 8192, 0", "average 0.0000"],
    "torus-3d": ["min 6  mean 6.0000  max 6", "24576, 12288, 0"],
    "hypercube": ["min 12  mean 12.0000  max 12", "49152, 24576, 0", "mean 6.0015"],
    "hub": ["min 1  mean 1.9980  max 1023", "diameter                2\n"],
    "market": ["min 1023  mean 1023.0000  max 1023", "average 1.0000", "mean 1.0000"],
    # two in the ring of pods, seven racks, fifteen devices
    "datacentre": ["min 24  mean 24.0000  max 24", "level", "share 0.8"],
    # k = 16: k^3 / 4 hosts, 5 k^2 / 4 switches, three times k^3 / 4 links
    "fat-tree": ["1024, 320", "6144, 3072, 0", "min 1  mean 4.5714  max 16"],
    # formulas: docs/topologies.md. Edges: 144 x 22 / 2 between switches, and 1008 hosts
    "hyperx": ["1008, 144", "5184, 2592, 0", "max 29"],
    # 33 groups of 8: 33 x 28 within, 33 x 32 / 2 between, 1056 hosts
    "dragonfly": ["1056, 264", "5016, 2508, 0", "max 15"],
    "leaf-spine": ["1024, 48", "3072, 1536, 0", "max 48", "diameter                4\n"],
    # a torus of 64 x 64 and one contact each, some of which coincide
    "kleinberg": ["agents                  4096", "min 4"],
    # 162 routers with 13 links between them and seven hosts
    "slim-fly": ["1134, 162", "4374, 2187, 0", "max 20"],
    # each device: one link in the node, one to its rail
    "rail-only": ["1024, 136", "4096, 2048, 0", "max 128"],
    "rail-optimised": ["1024, 152", "4352, 2176, 0", "max 144"],
    # 2^13 shifts less two loops and the pair 0101.., 1010.., which is linked both ways
    "de-bruijn": ["agents                  4096", "16378, 8189, 0", "max 4"],
    "random-geometric": ["agents                  4096"],
    "jellyfish": ["1024, 256", "5120, 2560, 0", "max 16"],
    # 1, 2, .. 2^10 both ways, 2^11 is its own opposite
    "one-peer": ["min 23  mean 23.0000  max 23", "arcs change while a system runs (one-peer)"],
    "exponential": ["min 23  mean 23.0000  max 23", "94208, 47104, 0"],
    # as networkx counts them
    "karate-club": ["34\n", "156, 78, 0", "max 17", "average 0.5706  transitivity 0.2557",
                    "mean 2.4082", "diameter                5\n"],
}


class Topologies(support.Case):
    def test_every_file_has_a_sentence_and_a_source(self):
        files = sorted(FOLDER.glob("*.toml"))
        self.assertEqual({f.stem for f in files}, set(FACTS))
        for file in files:
            keys = tomllib.loads(file.read_text(encoding="utf-8"))
            self.assertRegex(keys["description"], r"^[A-Z0-9].*\.$", file.name)
            self.assertRegex(keys["source"], r"(doi:10\.\d{4,}/\S+|arXiv:\d{4}\.\d{5}.*|www\.usenix\.org/\S+|\(\d{4}\))$", file.name)

    def test_each_is_described(self):
        for name, facts in FACTS.items():
            with self.subTest(topology=name):
                shown = self.run_ok(["topology", name], cwd=FOLDER.parent / "jobs").stdout
                keys = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
                self.assertIn(f"{name}: {keys['description']}\nsource: {keys['source']}\n", shown)
                for fact in facts:
                    self.assertIn(fact, shown)
                for word in ("agents", "degree", "components", "clustering", "path length",
                             "diameter", "partition", "block", "random", *support.PARTITIONERS):
                    self.assertRegex(shown, rf"(?m)^{word}\b")

    def test_examples_and_generators_are_found_from_an_empty_folder(self):
        shown = self.run_ok(["topology", "fat-tree"]).stdout
        self.assertIn("1024, 320", shown)
        shown = self.run_ok(["topology", "tree", "--set", "agents=31"]).stdout
        self.assertIn("30, 0", shown)
        done = support.motley(["topology", "tree"], cwd=self.folder)
        self.assertEqual(done.returncode, 2)
        self.assertIn("--set KEY=VALUE: missing 'agents' in [topology]: generator 'tree' needs it",
                      done.stderr)

    def test_found_through_the_environment_and_under_mpirun(self):
        done = support.motley(["topology", "karate-club"], 3, self.folder,
                              environment={"MOTLEY_TOPOLOGIES": str(FOLDER)})
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(len(re.findall("^karate-club: ", done.stdout, re.M)), 1)

    def test_the_same_words_on_any_number_of_ranks(self):
        # a directed graph with loops and parts, and one of fewer agents than ranks
        self.write("g.txt", "".join(f"{7 * i % 60} {(i * i + 3) % 75}\n" for i in range(150)))
        self.write("tiny.txt", "0 1\n")
        for words in (["karate-club"], ["small-world"], ["g.txt", "--set", "directed=true"],
                      ["tiny.txt"]):
            with self.subTest(topology=words):
                alone = support.motley(["topology", *words, "-p", "2"], 1, self.folder,
                                       environment={"MOTLEY_TOPOLOGIES": str(FOLDER)})
                self.assertEqual(alone.returncode, 0, alone.stderr)
                for ranks in (2, 3):
                    done = support.motley(["topology", *words, "-p", "2"], ranks, self.folder,
                                          environment={"MOTLEY_TOPOLOGIES": str(FOLDER)})
                    self.assertEqual(done.returncode, 0, done.stderr)
                    # PT-Scotch partitions otherwise on other numbers of ranks.
                    for shown, expected in zip(done.stdout.splitlines(), alone.stdout.splitlines(),
                                               strict=True):
                        if not shown.startswith("scotch"):
                            self.assertEqual(shown, expected)

    def test_partitions_are_left_out(self):
        shown = self.run_ok(["topology", "karate-club", "-p", "0"]).stdout
        self.assertIn("spectral gap", shown)
        self.assertNotIn("partition", shown)

    def test_a_run_takes_the_name(self):
        self.write("job.toml", 'kind = "run"\ntopology = "karate-club"\n')
        done = support.motley(["run", "-q", "job.toml"], 2, self.folder,
                              environment={"MOTLEY_TOPOLOGIES": str(FOLDER)})
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.status("job")["arcs"], 156)


class RealNetworks(support.Case):
    def facts(self, file, *words, extra=()):
        path = support.SHARED / "data/networks" / file
        self.need(path)
        shown = self.run_ok(["topology", path, *extra]).stdout
        for word in words:
            self.assertIn(word, shown)

    def test_facebook(self):
        self.facts("snap-facebook.txt", "agents                  4039", "176468, 88234, 0",
                   "max 1045", "1 weak", "average 0.6055")

    def test_celegans(self):
        self.facts("celegans-herm-edges.csv", "agents                  448", "6625", "46",
                   "total weight            39702", "1 weak", "4 strong",
                   extra=["--set", "directed=true", "--set", "weights=edge"])

    def test_kdl(self):
        self.facts("topologyzoo-Kdl.graphml", "agents                  754", "1790, 895, 0",
                   "1 weak")

    def test_geant(self):
        self.facts("topologyzoo-Geant2012.graphml", "agents                  40", "122, 61, 0",
                   "1 weak")


if __name__ == "__main__":
    sys.modules["support"] = support
    support.main()
