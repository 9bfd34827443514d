"""Graph files as users bring them: what `motley topology` prints of each, and the same on several ranks.

The files of the folder input-cases were made after public bug reports; those of `Packed` and the messages stand here.
"""
import bz2
import concurrent.futures
import contextlib
import gzip
import os
import random
import re
import subprocess
import sys

import h5py
import support

USAGE, INPUT = 2, 3
CASES = support.SHARED / "data/input-cases"


def counts(agents, edges, loops=0, weight=None):
    """The lines of an undirected graph; `weight` is that of all arcs."""
    lines = [f"agents                  {agents}\n",
             f"arcs, edges, loops      {2 * edges + loops}, {edges}, {loops}\n"]
    return lines + ([f"total weight            {weight}\n"] if weight is not None else [])


def directed(agents, arcs, weight=None):
    lines = [f"agents                  {agents}\n", f"arcs, edges, loops      {arcs}, "]
    return lines + ([f"total weight            {weight}\n"] if weight is not None else [])


DIRECTED = ("directed=true",)
# file of input-cases: lines of the output; with a third element, --set; a text alone: the message
# with which the file is refused.
EXPECTED = [
    ("adjlist/g.txt", counts(4, 4) + ["adjacency list"]),
    ("adjlist/silent.txt", ["column 3 the weight, column 4 the survival"]),
    ("big-ids/g.txt", counts(4, 3)),
    ("count-header/g.txt", counts(3, 3) + ["the first line is taken for the numbers"]),
    ("count-header/three.txt", counts(3, 3) + ["the first line is taken for the numbers"]),
    ("cr-only/g.csv", counts(3, 2)),
    *[(f"crlf/{name}", counts(3, 3))
      for name in ("bom.graph", "bom.mtx", "bom.txt", "g.graph", "g.mtx", "g.txt")],
    *[(f"csv-adjacency-matrix/{name}", directed(3, 3, 8) + ["read as a matrix of 3 rows"], DIRECTED)
      for name in ("lab.csv", "m.csv", "m.txt")],
    ("csv-adjacency-matrix/m4.txt", directed(4, 5, 10), DIRECTED),
    ("csv-comment/g.csv", counts(3, 3)),
    ("csv-comment/h.csv", counts(3, 3)),
    ("csv-empty-weight/g.csv", counts(3, 3) + ["2 of 3 weights are no numbers"]),
    ("csv-from-to/from.csv", counts(3, 3)),
    ("csv-from-to/nohead.csv", counts(3, 3)),
    ("csv-from-to/nx.csv", counts(3, 2, weight=2)),
    ("csv-from-to/srcdst.csv", counts(3, 3) + ["source is 'src', target is 'dst'"]),
    ("csv-nan-weight/g.csv", counts(3, 3) + ["1 of 3 weights are no numbers"]),
    ("csv-quoted/g.csv", counts(3, 3)),
    ("csv-quoted/nl.csv", ":2:1: the quote that opens here does not close on its line"),
    ("csv-trailing-comma/g.csv", counts(3, 3)),
    ("csv-trailing-comma/h.csv", counts(3, 3)),
    ("csv-two-weights/g.csv", ":1:22: the header has the column 'Weight' twice"),
    ("csv-zero-negative-weight/g.csv", counts(3, 3) + ["2 of 3 weights are no numbers"]),
    ("csv-zero-negative-weight/g.csv", ":2:5: weight '0' must be greater than 0", ("weights=edge",)),
    ("dimacs/g.col", counts(3, 3)),
    ("dimacs/g.gr", directed(3, 3, 21), DIRECTED),
    ("directed-path-length/g.txt", ["path length, directed   mean 2.5000", "diameter, directed      4\n",
                                    "path length, undirected mean 1.5000"], DIRECTED),
    ("edge-list-long-path/a-folder-with-a-long-name/and-another-one/karate.gml", counts(1, 0)),
    ("fips-leading-zero/g.csv", counts(3, 3)),
    ("gephi-destination/g.csv", counts(3, 2) + ["target is 'Destination'"]),
    ("gexf/g.gexf", counts(2, 1, weight=4)),
    ("gml/g.gml", counts(3, 3)),
    ("graphml-bool/g.graphml", counts(2, 1)),
    ("graphml-default-weight/g.graphml", counts(3, 3, weight=22)),
    ("graphml-directed-attr/g.graphml", directed(3, 3), DIRECTED),
    ("graphml-edge-before-node/g.graphml", counts(2, 1)),
    ("graphml-empty-id/g.graphml", counts(3, 3)),
    ("graphml-hyper-port/hyper.graphml", "hyperedges cannot be arcs"),
    ("graphml-hyper-port/port.graphml", counts(2, 1)),
    ("graphml-latin1/g.graphml", counts(2, 1)),
    ("graphml-multi-same-id/g.graphml", counts(2, 1, weight=4)),
    ("graphml-multi-same-id/g.graphml", directed(2, 1, 2), DIRECTED),
    ("graphml-nested/g.graphml", counts(4, 3)),
    ("graphml-two-graphs/g.graphml", "2 graphs; keep one of them"),
    ("graphml-weight-nan/nan.graphml", counts(3, 3) + ["weights are no numbers greater than 0"]),
    ("graphml-weight-nan/zero.graphml", counts(3, 3) + ["weights are no numbers greater than 0"]),
    ("konect-timestamp/out.demo", counts(4, 4, weight=8) + ["column 4 a time that is not used"]),
    ("leading-zero-merge/g.csv", counts(4, 3)),
    ("metis-directed/g.graph", ":2:1: the edge between vertices 1 and 2 is missing"),
    ("metis-double-count/g.graph", "it counts each edge at both of its ends"),
    ("metis-isolated/g.graph", counts(5, 2) + ["components              3 weak"]),
    ("metis-isolated/last.graph", counts(5, 1)),
    ("metis-loop-dup/g.graph", "METIS graphs have no loops"),
    ("metis-loop-dup/d.graph", "METIS graphs have no parallel edges"),
    ("metis-tabs/g.graph", counts(3, 3)),
    ("metis-trailing-comment/g.graph", counts(3, 3)),
    *[(f"metis-weights/{name}.graph", counts(3, 3, weight=42)) for name in ("f1", "f111", "ncon")],
    ("metis-weights/f10.graph", counts(3, 3)),
    ("metis-zero-based/g.graph", "counts from 0"),
    ("metis-zero-weight/g.graph", counts(3, 3) + ["the first one in line 2"]),
    ("metis-zero-weight/g.graph", ":2:3: weight '0' must be greater than 0", ("weights=edge",)),
    ("mtx-array/g.mtx", directed(3, 3, 8), DIRECTED),
    ("mtx-blank/g.mtx", counts(3, 3)),
    ("mtx-blank-first/g.mtx", ":1:1: the first line must begin with %%MatrixMarket"),
    ("mtx-explicit-zero/g.mtx", counts(3, 2) + ["2 entries are 0, and no arcs"]),
    ("mtx-general-both/g.mtx", counts(3, 3, weight=12)),
    ("mtx-huge/g.mtx", ":2:1: 2000000000 rows for 1 entries"),
    ("mtx-rect/g.mtx", ":2:3: the matrix must be square"),
    ("mtx-rect/g.mtx", counts(5, 3), ("bipartite=true",)),
    ("mtx-skew/g.mtx", "'skew-symmetric' matrices cannot be graphs"),
    ("nbsp-names/g.csv", counts(3, 3)),
    ("one-vertex/g.graph", counts(1, 0)),
    ("one-vertex/nl.graph", counts(1, 0) + ["the last 1 vertices have no line"]),
    ("one-vertex/g.txt", counts(1, 0, 1)),
    ("only-loops/g.txt", counts(2, 0, 2) + ["components              2 weak"]),
    ("pajek/g.net", counts(3, 3, weight=8)),
    ("pajek/g.net", directed(3, 4), DIRECTED),
    ("sink-node/g.csv", directed(3, 3), DIRECTED),
    ("snap-gz/g.txt.gz", counts(3, 3)),
    ("snap-gz/g.txt.bz2", counts(3, 3)),
    ("utf16/g.csv", counts(3, 2)),
    ("utf16/le.csv", counts(3, 2)),
]


class InputCases(support.Case):
    def test_each_file_gives_what_its_readme_says(self):
        self.need(CASES)
        for name, expected, *sets in EXPECTED:
            with self.subTest(file=name, set=sets):
                self.need(CASES / name)
                options = [word for each in (sets[0] if sets else ()) for word in ("--set", each)]
                done = support.motley(["topology", CASES / name, *options], cwd=self.folder)
                if isinstance(expected, str):
                    self.assertEqual(done.returncode, INPUT, done.stdout + done.stderr)
                    self.assertIn(expected, done.stderr)
                    self.assertIn(name.split("/")[-1], done.stderr)
                    continue
                self.assertEqual(done.returncode, 0, done.stderr)
                for line in expected:
                    self.assertIn(line, done.stdout)

    def test_three_ranks_give_the_same(self):
        self.need(CASES)
        for name in ("adjlist/g.txt", "gml/g.gml", "snap-gz/g.txt.gz", "utf16/g.csv", "mtx-skew/g.mtx"):
            with self.subTest(file=name):
                arguments = ["topology", CASES / name, "-p", "3"]
                alone = support.motley(arguments, 1, self.folder)
                three = support.motley(arguments, 3, self.folder)
                self.assertEqual((alone.returncode, alone.stdout), (three.returncode, three.stdout))
                self.assertEqual(support.own_lines(alone.stderr), support.own_lines(three.stderr))


class Packed(support.Case):
    TEXT = "1 2\n2 3\n3 1\n"

    def test_packed_files_are_read_by_all_ranks_and_by_runs(self):
        self.write("g.txt", self.TEXT)
        self.write("g.txt.gz", gzip.compress(self.TEXT.encode()))
        self.write("g.bz2", bz2.compress(self.TEXT.encode()))
        plain = self.run_ok(["topology", "g.txt"]).stdout
        for name in ("g.txt.gz", "g.bz2"):
            for ranks in (1, 2):
                shown = self.run_ok(["topology", name], ranks).stdout
                self.assertEqual(shown.partition("\n")[2], plain.partition("\n")[2])
        self.write("job.toml", 'kind = "run"\ntopology = { file = "g.txt.gz" }\n')
        self.run_ok(["run", "-q", "job.toml"], 2)
        self.assertEqual(self.status("job")["arcs"], 6)
        self.write("cut.txt.gz", gzip.compress(self.TEXT.encode() * 1000)[:-20])
        done = support.motley(["topology", "cut.txt.gz"], cwd=self.folder)
        self.assertEqual(done.returncode, INPUT)
        self.assertIn("cut.txt.gz: the gzip data are damaged or cut off", done.stderr)

    def test_pipes(self):
        packed = gzip.compress(self.TEXT.encode())
        for data in (self.TEXT.encode(), packed):
            for ranks in (1, 2):
                command = support.launch(ranks, [support.BINARY, "topology", "/dev/stdin"])
                done = subprocess.run(command, input=data, capture_output=True, check=False, timeout=60,
                                      cwd=self.folder)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertIn(b"arcs, edges, loops      6, 3, 0", done.stdout)
        self.write("job.toml", 'kind = "run"\ntopology = { file = "/dev/stdin" }\n')
        command = support.launch(2, [support.BINARY, "run", "-q", "job.toml"])
        done = subprocess.run(command, input=self.TEXT.encode(), capture_output=True, check=False,
                              timeout=60, cwd=self.folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.status("job")["arcs"], 6)
        self.write("g.txt", self.TEXT)
        shown = subprocess.run(["bash", "-c", f'"{support.BINARY}" topology <(cat g.txt)'],
                               capture_output=True, text=True, check=False, cwd=self.folder, timeout=60)
        self.assertIn("arcs, edges, loops      6, 3, 0", shown.stdout, shown.stderr)


class Messages(support.Case):
    def refused(self, name, code=USAGE):
        done = support.motley(["topology", name], cwd=self.folder)
        self.assertEqual(done.returncode, code, done.stdout)
        return done.stderr

    def test_a_file_that_is_not_there_is_called_so(self):
        for name in ("nosuch/x.graphml", "x.csv", "nosuch/x"):
            message = self.refused(name)
            self.assertIn("no such file", message)
            self.assertIn(name, message)
            self.assertNotIn("known are", message)
        self.assertIn("no such file", self.refused("nosuch/x.toml"))
        self.assertIn("no topology is called \"fat-three\"", self.refused("fat-three"))
        self.write("job.toml", 'kind = "run"\ntopology = "graphs/x.csv"\n')
        done = support.motley(["validate", "job.toml"], cwd=self.folder)
        self.assertIn('write topology = { file = "graphs/x.csv" }', done.stderr)

    def test_text_of_no_format_is_named_in_full(self):
        folder = "a-folder-with-a-long-name/and-another-one-with-a-longer-name-than-that"
        self.write(f"{folder}/club.xyz", "digraph { a -> b }\n")
        message = self.refused(f"{folder}/club.xyz", INPUT)
        self.assertIn("/club.xyz: Graphviz (dot) files are not read", message)

    def test_what_set_changed_is_said_in_place_of_the_description(self):
        shown = self.run_ok(["topology", "fat-tree", "--set", "arity=4"]).stdout
        self.assertEqual(shown.splitlines()[0], "fat-tree, changed by --set arity=4")
        self.assertIn("hosts, switches         16, 20", shown)
        self.assertRegex(self.run_ok(["topology", "fat-tree"]).stdout, "^fat-tree: .*16")

    def test_notes_reach_the_log_of_a_run(self):
        self.write("g.csv", "from,to,weight\na,b,\nb,c,3\nc,a,0\n")
        self.write("job.toml", 'kind = "run"\ntopology = { file = "g.csv" }\n')
        self.run_ok(["run", "-q", "job.toml"])
        log = (self.folder / "results/job/log.txt").read_text(encoding="utf-8")
        self.assertIn("source is 'from', target is 'to'", log)
        self.assertIn("2 of 3 weights are no numbers greater than 0, the first one in line 2", log)


class Shared(support.Case):
    """Files that are large enough for each rank to have a share of them."""
    VERTICES, EDGES = 20000, 150000

    def write_edges(self, name, columns, head="", tail=""):
        draw = random.Random(7)
        rows = "".join(columns(draw.randrange(self.VERTICES), draw.randrange(self.VERTICES), draw)
                       for _ in range(self.EDGES))
        text = head + rows + tail
        if name.endswith(".gz"):
            (self.folder / name).write_bytes(gzip.compress(text.encode(), 1))
            return
        self.write(name, text)
        self.assertGreater((self.folder / name).stat().st_size, 1 << 20)

    def outcome(self, ranks, topology, *sets):
        self.write("job.toml", f'kind = "run"\ntopology = {{ {topology} }}\nmodel = {{ tasks = 2 }}\n'
                   'solve = { mode = "dynamics", steps = 5, rate = 0.05 }\n')
        options = [word for each in sets for word in ("--set", each)]
        self.run_ok(["run", "-q", "job.toml", *options], ranks)
        result = self.folder / "results/job"
        status = self.status("job")
        notes = [line.partition("g.")[2] for line in (result / "log.txt").read_text().splitlines()
                 if re.search(r"g\.[a-z.]+: ", line)]
        page = (result / "report.html").read_text(encoding="utf-8")
        density = re.search(r"(?s)Topology.*?</figure>", page)
        return (status["state_hash"], status["agents"], status["arcs"], notes,
                density and density[0].partition("ranks")[0])

    def test_any_number_of_ranks_gives_the_same_run(self):
        weighted = lambda a, b, draw: f"{a},{b},{draw.randrange(1, 9)},x\n"
        files = {
            "g.txt": (lambda a, b, draw: f"{a} {b}\n", ""),
            "g.csv": (weighted, "from,to,weight,label\n"),
            "g.mtx": (lambda a, b, draw: f"{a + 1} {b + 1} {draw.randrange(3)}\n",
                      "%%MatrixMarket matrix coordinate real general\n"
                      f"{self.VERTICES} {self.VERTICES} {self.EDGES}\n"),
            "g.names.csv": (lambda a, b, draw: f"town {a},v{b}\n", "source,target\n"),
            "g.tsv.gz": (lambda a, b, draw: f"u{a}\tu{b}\n", "source\ttarget\n"),
            # Formats that one rank reads for all.
            "g.gml": (lambda a, b, draw: f"edge [ source {a} target {b} value {draw.randrange(1, 5)} ]\n",
                      "graph [\n" + "".join(f'node [ id {v} label "n{v}" ]\n' for v in range(self.VERTICES))),
            "g.net": (lambda a, b, draw: f"{a + 1} {b + 1}\n",
                      f"*Vertices {self.VERTICES}\n*Arcs\n"),
        }
        for name, (columns, head) in files.items():
            self.write_edges(name, columns, head, "]\n" if name == "g.gml" else "")
            for more in ("", ", directed = true", ', directed = true, weights = "edge"'):
                if "weights" in more and name not in ("g.csv", "g.gml"):
                    continue
                with self.subTest(name, more=more):
                    topology = f'file = "{name}"{more}'
                    alone = self.outcome(1, topology)
                    self.assertEqual(alone, self.outcome(2, topology))
                    self.assertEqual(alone, self.outcome(3, topology, "partition.method=metis",
                                                         "topology.survival=1.0"))

    def test_names_stand_beside_results(self):
        self.write_edges("g.names.csv", lambda a, b, draw: f"town {a},v{b}\n", "source,target\n")
        names = []
        for ranks in (1, 3):
            self.outcome(ranks, 'file = "g.names.csv"')
            with h5py.File(self.folder / "results/job/run.h5") as run:
                names.append([name.decode() for name in run["final/agent_name"]])
        self.assertEqual(names[0], names[1])
        with (self.folder / "g.names.csv").open(encoding="utf-8") as table:
            next(table)
            expected = dict.fromkeys(name for row in table for name in row.strip().split(","))
        self.assertEqual(names[0], list(expected))

    def test_a_fault_has_the_same_message(self):
        self.write_edges("g.txt", lambda a, b, draw: f"{a} {b} 1\n", tail="7\n8 9 1\n")
        self.write("job.toml", 'kind = "run"\ntopology = { file = "g.txt" }\n')
        expected = f"g.txt:{self.EDGES + 1}:2: too few fields: an edge needs source and target"
        for ranks in (1, 3):
            done = support.motley(["run", "-q", "job.toml"], ranks, self.folder)
            self.assertEqual(done.returncode, INPUT, done.stderr)
            spoken = [line for line in support.own_lines(done.stderr) if line.startswith("motley: ")]
            self.assertEqual(len(spoken), 1, done.stderr)
            self.assertIn(expected, spoken[0])


class Starts(support.Case):
    """Many processes without mpirun at the same time, in the same session of a user."""

    def start_many(self, number, environment=None, **process):
        self.write("g.txt", "1 2\n2 3\n")

        def start(_):
            return subprocess.run([support.BINARY, "topology", "g.txt", "-p", "1"], cwd=self.folder,
                                  capture_output=True, text=True, timeout=60, check=False,
                                  env={**os.environ, **(environment or {})}, **process)

        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            done = list(pool.map(start, range(number)))
        bad = [each for each in done if each.returncode != 0]
        self.assertEqual(len(bad), 0, bad[0].stderr if bad else "")

    def test_none_of_many_fails(self):
        self.start_many(3000 if support.LONG else 100 if support.SANITIZE else 300)

    def test_folders_that_cannot_be_written(self):
        self.start_many(4, {"HOME": "/proc", "TMPDIR": "/proc", "TMP": "/proc", "XDG_RUNTIME_DIR": "/proc"})

    def test_a_full_folder_of_temporary_files(self):
        full = self.folder / "full"
        full.mkdir()
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", full],
                                 capture_output=True, text=True, check=False)
        if mounted.returncode != 0:
            self.skipTest("a small tmpfs cannot be mounted here")
        self.addCleanup(subprocess.run, ["umount", full], check=True)
        with contextlib.suppress(OSError), open(full / "all", "wb", buffering=0) as file:
            while True:
                file.write(b"0" * 4096)
        folders = {"TMPDIR": str(full), "TMP": str(full), "TEMP": str(full)}
        self.start_many(32, folders)
        self.write("job.toml", 'kind = "run"\ntopology = { file = "g.txt" }\n')
        done = support.motley(["run", "-q", "job.toml"], cwd=self.folder, environment=folders)
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_another_user_whose_home_is_read_only(self):
        if os.geteuid() != 0:
            self.skipTest("only root can start a program as another user")
        nobody = {"user": 65534, "group": 65534, "extra_groups": []}
        self.folder.chmod(0o755)
        home = self.folder / "home"
        home.mkdir(mode=0o555)
        if subprocess.run(["test", "-x", support.BINARY], check=False, **nobody).returncode != 0:
            self.skipTest("another user does not reach the program")
        self.start_many(32, {"HOME": str(home), "XDG_RUNTIME_DIR": str(home)}, **nobody)

    def test_commands_of_one_rank_start_no_mpi(self):
        self.write("job.toml", 'kind = "run"\ntopology = { generator = "ring", agents = 8, degree = 2 }\n')
        self.run_ok(["run", "-q", "job.toml"])
        # An MPI that cannot start, because there is no such component, stops every command that needs it.
        broken = {"OMPI_MCA_pml": "no-such-component", "OMPI_MCA_ess": "no-such-component"}
        for arguments in (["--version"], ["--help"], ["schema"], ["man"], ["completion", "bash"],
                          ["validate", "job.toml"], ["status", "results/job"], ["run", "--help"],
                          ["new", "run"], ["explain", "seed"], ["export", "results/job"],
                          ["plan", "job.toml"], ["submit", "job.toml", "--dry-run"],
                          ["report", "results/job"]):
            done = support.motley(arguments, cwd=self.folder, environment=broken)
            self.assertEqual(done.returncode, 0, f"{arguments}: {done.stderr}")
        if support.MPI == "openmpi":
            done = support.motley(["topology", "job.toml"], cwd=self.folder, environment=broken)
            self.assertNotEqual(done.returncode, 0)


if __name__ == "__main__":
    sys.modules["support"] = support
    support.main()
