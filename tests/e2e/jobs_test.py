"""The job files of jobs/ and the examples of the interface run as they stand."""
import csv
import json
import math
import re
import sys
from pathlib import Path

import support

# What the interface promises ("These examples must run as they stand"), word for word.
RUN_EXAMPLE = """\
name = "small-world"              # results/<name>/ ; default: the file's stem
kind = "run"                      # ! run | compare | redesign | swarm | scaling
seed = 1

[topology]
generator = "watts-strogatz"      # ! or: file = "graph.csv" with format = "edge-list" | "csv" | "graphml" | "metis" | "matrix-market" (default: by extension)
agents = 4096
degree = 8
rewire = 0.1
directed = false                  # of files; generators know
weights = "uniform"               # routing: uniform = 1/outdegree, edge = proportional to the edge's weight
survival = 1.0                    # per edge where the file has a survival column

[model]
tasks = 8
openness = 0.9
elasticity = 0.7
returns = 1.0
precision = "double"              # or "single"
capability = { distribution = "lognormal", sigma = 0.3 }   # exp(sigma * normal); or { value = 1.0 }, or { file = "capability.csv" }
resource = { value = 1.0 }        # or { distribution = ... }, or { file = ... }
demand = { distribution = "uniform" }   # or { distribution = "zipf", exponent = 1.0 }, { distribution = "dirichlet", concentration = 2.0 } (per agent), { weights = [3, 2, 1] }, { file = ... }
noise = 0.0                       # of the initial allocation: exp(noise * normal), renormalised
learning = { rate = 0.0, exponent = 1.0 }
growth = { rate = 0.0, scope = "global" }

[solve]
mode = "optimum"                  # or "dynamics"
gap = 1e-6                        # optimum: relative
max_steps = 20000
steps = 4000                      # dynamics
rate = 0.05                       # dynamics: eta

[partition]
method = "block"                  # block | random | levels | metis | scotch | file
[exchange]
method = "persistent"             # persistent | neighbour | dense
overlap = true

[output]
every = 10                        # steps between series rows
snapshots = 0                     # steps between snapshots; 0: none
"""

COMPARE_EXAMPLE = """\
kind = "compare"
seed = 1
[compare]
replicates = 5
baseline = "ring"
ranks_per_run = 1                 # or "auto"
[base]                            # any key of a run
model = { tasks = 8, elasticity = 0.7 }
[factors]
topology = ["isolated", { generator = "ring", agents = 4096, degree = 8, name = "ring" }, { generator = "watts-strogatz", agents = 4096, degree = 8, rewire = 0.1, name = "small world" }]
"model.openness" = [0.3, 0.6, 0.9]
"""

INTERFACE = support.SHARED / "design" / "jobfile.md"


class Jobs(support.Case):
    def setUp(self):
        super().setUp()
        # Data of the jobs lie beside the repository; named topologies in it.
        self.jobs = support.SOURCE / "jobs"

    def run_job(self, name, ranks=2, extra=(), timeout=120):
        path = self.jobs / f"{name}.toml"
        data = re.search(r'^file = "(.*)"', path.read_text(encoding="utf-8"), re.M)
        if data:
            self.need((self.jobs / data[1]).resolve())
        valid = self.run_ok(["validate", path])
        self.assertIn("valid", valid.stdout)
        done = self.run_ok(["run", "-q", path, *extra], ranks, timeout=timeout)
        self.assertEqual(done.stderr, "")
        return done.stdout

    def rows(self, name):
        with open(self.folder / "results" / name / "runs.csv", newline="") as file:
            return list(csv.DictReader(file))

    def test_every_job_of_the_folder_is_run_here(self):
        tested = set(re.findall(r'run_job\("([^"]+)"', Path(__file__).read_text(encoding="utf-8")))
        here = {p.stem for p in self.jobs.glob("*.toml") if 'kind = "redesign"' not in p.read_text()
                and 'kind = "swarm"' not in p.read_text()}
        self.assertLessEqual(here, tested)

    def test_quickstart_rises_from_isolation_to_the_market(self):
        table = self.run_job("quickstart")
        rows = self.rows("quickstart")
        self.assertEqual([r["topology"] for r in rows],
                         ["isolated", "ring", "small world", "complete"])
        productivity = [float(r["productivity_per_agent"]) for r in rows]
        self.assertEqual(productivity, sorted(productivity))
        self.assertGreater(productivity[1], 1.3 * productivity[0])
        heterogeneity = [float(r["heterogeneity_effort"]) for r in rows]
        self.assertEqual(heterogeneity, sorted(heterogeneity))
        for row in rows:
            self.assertEqual((row["state"], row["certified"]), ("done", "1"))
            self.assertLessEqual(float(row["gap"]), 1e-5)
        for word in ("P/N", "I effort", "gap", "messages/step", "small world"):
            self.assertIn(word, table)
        self.assertTrue((self.folder / "results/quickstart/small-world/r0/run.h5").exists())

    def test_machines_are_compared_like_societies(self):
        self.run_job("machines", extra=("--set", "compare.replicates=1"), timeout=300)
        rows = {(r["topology"], r["model.openness"]): r for r in self.rows("machines")}
        self.assertEqual(len(rows), 22)
        self.assertEqual({r["certified"] for r in rows.values()}, {"1"})
        agents = {name: int(r["agents"]) for (name, _), r in rows.items()}
        self.assertEqual((agents["fat tree"], agents["dragonfly"], agents["slim fly"]),
                         (1024, 1056, 1134), "switches are no agents")
        open_market = {name: float(r["productivity_per_agent"])
                       for (name, openness), r in rows.items() if openness == "0.9"}
        self.assertEqual(sorted(open_market, key=open_market.get)[-1], "market")
        self.assertLess(max(open_market["rails"], open_market["rails only"]),
                        0.97 * open_market["fat tree"])

    def test_topologies_matter_the_more_the_more_is_exchanged(self):
        self.run_job("compare-topologies", extra=("--set", "compare.replicates=1"), timeout=300)
        productivity = {(r["topology"], r["model.openness"]): float(r["productivity_per_agent"])
                        for r in self.rows("compare-topologies")}
        self.assertEqual(len(productivity), 30)
        topologies = {topology for topology, _ in productivity}
        for openness in ("0.3", "0.6", "0.9"):
            # Without links nothing is gained; nobody does better than the complete graph at 0.9.
            self.assertEqual(min(topologies, key=lambda t: productivity[t, openness]), "isolated")
        self.assertEqual(max(topologies, key=lambda t: productivity[t, "0.9"]), "complete")
        linked = topologies - {"isolated"}
        spread = {o: max(productivity[t, o] for t in linked) - min(productivity[t, o] for t in linked)
                  for o in ("0.3", "0.6", "0.9")}
        self.assertLess(spread["0.3"], spread["0.6"])
        self.assertLess(spread["0.6"], spread["0.9"])

    def test_laws(self):
        table = self.run_job("laws", extra=("--set", "compare.replicates=1"), timeout=300)
        for law in (1, 2, 3, 4):
            self.assertRegex(table, rf"(?m)^law {law} (holds|does NOT hold) here: ")
        report = (self.folder / "results/laws/report.html").read_text(encoding="utf-8")
        for title in ("Productivity per agent", "All cells", "Law 2: how much", "Law 3: hetero",
                      "Law 4: heterogeneity between", "Rank correlation of productivity",
                      "nested three levels"):
            self.assertIn(title, report)
        self.assertNotRegex(report, r"(?i)\bnan\b|https?://(?!www\.w3\.org|arxiv\.org|doi\.org)")
        rows = self.rows("laws")
        self.assertEqual(len(rows), 48)
        for row in rows:
            # Theorems, whatever the draws: the bound, and its value at elasticity 1.
            self.assertLessEqual(float(row["heterogeneity_value"]),
                                 float(row["expenditure_entropy"]) + 1e-9)
            if row["model.elasticity"] == "1.0":
                self.assertAlmostEqual(float(row["expenditure_entropy"]), math.log(8), 6)
            if row["topology"].startswith("nested"):
                self.assertAlmostEqual(float(row["heterogeneity_between"])
                                       + float(row["heterogeneity_within"]),
                                       float(row["heterogeneity_effort"]), 12)

    def test_scaling(self):
        table = self.run_job("scaling", extra=("--set", "topology.agents=20000"))
        self.assertIn("strong", table)
        with open(self.folder / "results/scaling/projection.csv", newline="") as file:
            self.assertEqual([r["ranks"] for r in csv.DictReader(file)], ["4", "16", "64", "256"])

    def test_small_world(self):
        self.run_job("small-world")
        status = self.status("small-world")
        self.assertTrue(status["certified"])
        self.assertLessEqual(status["gap"], 1e-6)

    def test_brain_meets_the_prior(self):
        self.run_job("brain")
        status = self.status("brain")
        self.assertEqual((status["agents"], status["arcs"]), (448, 6625))
        self.assertTrue(status["certified"])
        weights = [1 / k for k in range(1, 13)]
        prior = -sum(w / sum(weights) * math.log(w / sum(weights)) for w in weights)
        self.assertAlmostEqual(status["demand_entropy"], prior, 12)
        # Elasticity 1 and a common demand: shares of the expenditure are the demand, exactly.
        self.assertAlmostEqual(status["expenditure_entropy"], prior, 6)
        self.assertLess(status["heterogeneity"]["value"], prior)
        self.run_job("brain", extra=["--set", "model.demand.exponent=0"])
        even = self.status("brain")
        self.assertGreater(even["heterogeneity"]["effort"], status["heterogeneity"]["effort"])

    def test_economy_gains_from_exchange(self):
        self.run_job("economy")
        together = self.status("economy")
        self.assertEqual((together["agents"], together["arcs"]), (4039, 2 * 88234))
        self.assertTrue(together["certified"])
        self.run_job("economy", extra=["--set", 'topology={generator="isolated",agents=4039}'])
        alone = self.status("economy")
        self.assertTrue(alone["certified"])
        self.assertGreater(together["productivity"], 1.4 * alone["productivity"])

    def test_backbone_is_certified_and_far_is_expensive(self):
        self.run_job("backbone")
        sparse = self.status("backbone")
        self.assertEqual((sparse["agents"], sparse["arcs"]), (754, 2 * 895))
        self.assertTrue(sparse["certified"])
        self.run_job("backbone", extra=[
            "--set", 'topology={generator="random-regular",agents=754,degree=4,survival=0.99}'])
        dense = self.status("backbone")
        self.assertGreater(dense["heterogeneity"]["effort"], sparse["heterogeneity"]["effort"])
        self.assertGreater(dense["productivity"], sparse["productivity"])

    def test_nested_heterogeneity_adds_up_over_the_levels(self):
        shown = self.run_job("nested")
        status = self.status("nested")
        self.assertTrue(status["certified"])
        levels = [float(x) for x in re.findall(r"at level +\S+: ([0-9.]+)", shown)]
        self.assertEqual(len(levels), 2)
        self.assertAlmostEqual(sum(levels), status["heterogeneity"]["effort"], 5)
        self.assertGreater(min(levels), 0.01)

    def test_diversity_wins_only_where_the_demand_is_wide_and_agents_exchange(self):
        self.run_job("skills")
        rows = {(r["model.capability"], r["topology"], float(r["model.openness"]),
                 r["model.demand"]): float(r["productivity_per_agent"])
                for r in self.rows("skills")}

        def bump(centre, breadth):
            distances = [min(abs(k / 32 - centre), 1 - abs(k / 32 - centre)) for k in range(32)]
            heights = [math.exp(-d * d / (2 * breadth * breadth)) for d in distances]
            return [h / sum(heights) for h in heights]

        def alone(able, wanted):  # sigma 1: x = D, u = prod_k a_k^D_k
            return math.exp(sum(d * math.log(32 * a) for a, d in zip(able, wanted)))

        one = bump(0.5, 0.1)
        two = [(a + b) / 2 for a, b in zip(bump(0.0, 0.1), one)]
        for demand, wanted in (("one peak", one), ("two peaks", two)):
            for kind, breadth in (("shared peak", 0.1), ("generalists", 0.3)):
                expected = alone(bump(0.5, breadth), wanted)
                for topology in ("isolated", "ring", "small world", "complete"):
                    for openness in (0.1, 0.5, 0.9, 0.97):  # alike agents have nothing to exchange
                        self.assertAlmostEqual(rows[kind, topology, openness, demand] / expected,
                                               1, delta=2e-4)
            expected = sum(alone(bump((i + 0.5) / 64, 0.1), wanted) for i in range(64)) / 64
            self.assertAlmostEqual(rows["specialists", "isolated", 0.5, demand] / expected, 1,
                                   delta=2e-4)
        for openness in (0.1, 0.5, 0.9, 0.97):
            for topology in ("isolated", "ring", "small world", "complete"):
                self.assertLess(rows["specialists", topology, openness, "one peak"],
                                rows["shared peak", topology, openness, "one peak"])
            self.assertGreater(rows["specialists", "complete", openness, "two peaks"],
                               rows["generalists", "complete", openness, "two peaks"])

    def test_symmetry_breaks_where_agents_are_linked(self):
        self.run_job("symmetry-breaking")
        rows = {r["topology"]: r for r in self.rows("symmetry-breaking")}
        self.assertAlmostEqual(float(rows["isolated"]["productivity_per_agent"]), 1, 6)
        self.assertLess(float(rows["isolated"]["heterogeneity_effort"]), 1e-6)
        for name in ("ring", "torus", "complete"):
            self.assertGreater(float(rows[name]["heterogeneity_effort"]), 0.98 * math.log(8))
            self.assertGreater(float(rows[name]["productivity_per_agent"]), 6)
            self.assertEqual(rows[name]["gap"], "nan")

    def test_changing_demand_throws_back_and_is_recovered_from(self):
        self.run_job("changing-demand")
        with open(self.folder / "results/changing-demand/series.csv", newline="") as file:
            rows = {int(r["step"]): {k: float(v) for k, v in r.items()} for r in
                    csv.DictReader(file)}
        self.assertLess(rows[1000]["productivity"], 0.5 * rows[990]["productivity"])
        self.assertGreater(rows[1990]["productivity"], 2 * rows[1000]["productivity"])
        shares = [1 / 2, 1 / 3, 1 / 6]
        self.assertAlmostEqual(rows[1990]["demand_entropy"],
                               -sum(s * math.log(s) for s in shares), 12)
        self.assertAlmostEqual(rows[990]["demand_entropy"], math.log(8), 12)
        self.assertGreater(rows[3000]["heterogeneity_effort"], rows[1990]["heterogeneity_effort"])


class Interface(support.Case):
    def test_these_are_the_examples(self):
        self.need(INTERFACE)
        examples = re.findall(r"```toml\n(.*?)```", INTERFACE.read_text(encoding="utf-8"), re.S)
        self.assertEqual(examples[:2], [RUN_EXAMPLE, COMPARE_EXAMPLE])

    def test_the_run_example_runs_as_it_stands(self):
        self.write("job.toml", RUN_EXAMPLE)
        self.run_ok(["run", "-q", "job.toml"], ranks=2, timeout=120)
        self.assertTrue(self.status("small-world")["certified"])
        found = {p.name for p in (self.folder / "results/small-world").iterdir()}
        self.assertLessEqual({"run.h5", "series.csv", "status.json", "log.txt"}, found)

    def test_the_compare_example_runs_as_it_stands(self):
        """With one replicate in the short form: the text is the same, the runs are fewer."""
        self.write("job.toml", COMPARE_EXAMPLE)
        self.write("topologies/isolated.toml",
                   (support.SOURCE / "topologies/isolated.toml").read_text(encoding="utf-8"))
        replicates = 5 if support.LONG else 1
        extra = [] if support.LONG else ["--set", "compare.replicates=1"]
        self.assertIn("45 runs", self.run_ok(["validate", "job.toml"]).stdout)
        self.run_ok(["run", "-q", "job.toml", *extra], ranks=2, timeout=600)
        with open(self.folder / "results/job/runs.csv", newline="") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual(len(rows), 9 * replicates)
        self.assertEqual({r["state"] for r in rows}, {"done"})
        self.assertEqual({r["certified"] for r in rows}, {"1"})
        self.assertEqual({(r["topology"], r["model.openness"]) for r in rows},
                         {(t, o) for t in ("isolated", "ring", "small world")
                          for o in ("0.3", "0.6", "0.9")})
        status = json.loads((self.folder / "results/job/status.json").read_text())
        self.assertEqual(status["state"], "done")


if __name__ == "__main__":
    sys.modules["support"] = support
    support.main()
