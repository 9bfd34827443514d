"""`motley plan` predicts the peak memory of a rank within 20 % of what the run then needs, without running."""
import random
import re
import sys

import support

AGENTS = 200000
TOLERANCE = 0.2

SYSTEMS = {
    "torus": 'topology = { generator = "torus", shape = [400, 500] }\nmodel = { tasks = 8 }\n',
    "single precision": 'topology = { generator = "torus", shape = [400, 500] }\n'
                        'model = { tasks = 8, precision = "single" }\n',
    "small world": 'topology = { generator = "watts-strogatz", agents = 200000, degree = 8 }\n'
                   'model = { tasks = 8 }\n',
    "random partition": 'topology = { generator = "random-regular", agents = 200000, degree = 8 }\n'
                        'model = { tasks = 8 }\npartition = { method = "random" }\n',
    "own demand": 'topology = { generator = "torus", shape = [400, 500] }\nmodel = { tasks = 8, '
                  'demand = { distribution = "dirichlet" }, '
                  'resource = { distribution = "lognormal" } }\n',
    "many tasks": 'topology = { generator = "ring", agents = 200000, degree = 4 }\n'
                  'model = { tasks = 32 }\n',
    "directed file": 'topology = { file = "graph.txt", directed = true, weights = "edge" }\n'
                     'model = { tasks = 8 }\n',
    "complete": 'topology = { generator = "complete", agents = 200000 }\nmodel = { tasks = 8 }\n',
}


class Plan(support.Case):
    def setUp(self):
        super().setUp()
        if support.SANITIZE:
            self.skipTest("sanitizers take memory of their own")

    def write_graph(self):
        draw = random.Random(3)
        self.write("graph.txt", "".join(
            f"{draw.randrange(AGENTS)} {draw.randrange(AGENTS)} {draw.randrange(1, 9)}\n"
            for _ in range(5 * AGENTS)))

    def check(self, title, ranks=2):
        self.write("job.toml", 'kind = "run"\n' + SYSTEMS[title] +
                   'solve = { mode = "dynamics", steps = 4, rate = 0.05 }\n')
        shown = self.run_ok(["plan", "job.toml", "-n", ranks]).stdout
        predicted = 1e6 * float(re.search(r"memory, largest rank +([0-9.]+) MB", shown)[1])
        self.run_ok(["run", "-q", "job.toml"], ranks, timeout=120)
        status = self.status("job")
        needed = status["memory_bytes"]["max"]
        print(f"{title} on {ranks}: predicted {predicted / 1e6:.1f} MB, needed {needed / 1e6:.1f} MB,"
              f" {100 * (predicted / needed - 1):+.1f} %", file=sys.stderr)
        self.assertLess(abs(predicted / needed - 1), TOLERANCE, title)
        agents, arcs = map(int, re.search(r"agents, arcs +(\d+), (\d+)", shown).groups())
        self.assertEqual((agents, arcs), (status["agents"], status["arcs"]))

    def test_generated(self):
        for title in SYSTEMS:
            if title != "directed file":
                with self.subTest(title):
                    self.check(title)

    def test_file(self):
        self.write_graph()
        self.check("directed file")

    def test_other_numbers_of_ranks(self):
        for ranks in (1, min(4, support.MOST_RANKS)):
            with self.subTest(ranks=ranks):
                self.check("small world", ranks)

    def test_the_lines_for_slurm(self):
        self.write("job.toml", 'kind = "run"\ntopology = { generator = "ring", agents = 1000 }\n')
        shown = self.run_ok(["plan", "job.toml", "-n", "4"]).stdout
        self.assertRegex(shown, r"#SBATCH --ntasks=4\n")
        self.assertRegex(shown, r"#SBATCH --mem-per-cpu=\d+M\n")
        self.assertRegex(shown, r"#SBATCH --time=\d\d:\d\d:\d\d\n")
        self.assertFalse((self.folder / "results").exists())

    def test_the_disk_that_a_run_fills(self):
        self.write("job.toml", 'kind = "run"\n' + SYSTEMS["torus"] +
                   'solve = { mode = "dynamics", steps = 10, rate = 0.05 }\n[output]\n'
                   'snapshots = 4\ntopology = true\n')
        shown = self.run_ok(["plan", "job.toml", "-n", "2"]).stdout
        predicted = 1e6 * float(re.search(r"disk +([0-9.]+) MB", shown)[1])
        self.run_ok(["run", "-q", "job.toml"], 2, timeout=120)
        written = sum(p.stat().st_size for p in (self.folder / "results/job").rglob("*"))
        self.assertLess(abs(predicted / written - 1), TOLERANCE)

    def test_the_room_for_checkpoints(self):
        self.write("job.toml", 'kind = "run"\n' + SYSTEMS["torus"] +
                   'solve = { mode = "dynamics", steps = 1000000000, rate = 0.05 }\n')
        shown = self.run_ok(["plan", "job.toml"]).stdout
        predicted = 1e6 * float(re.search(r"checkpoints +([0-9.]+) MB, three of", shown)[1])
        done = support.motley(["run", "-q", "job.toml", "--time-limit", "0:03"], 1, self.folder)
        self.assertEqual(done.returncode, 75, done.stderr)
        one, = (self.folder / "results/job/checkpoint").glob("*.h5")
        self.assertLess(abs(predicted / (3 * one.stat().st_size) - 1), TOLERANCE)


if __name__ == "__main__":
    sys.modules["support"] = support
    support.main()
