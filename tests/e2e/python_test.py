"""The Python package: what it opens is what the files hold, with units, names and provenance; the lines of README and
the notebook run as they stand."""
import os
import re
import subprocess
import sys
import unittest

import support

PACKAGE = support.SOURCE / "src/python"
sys.path.insert(0, str(PACKAGE))
os.environ["MPLBACKEND"] = "Agg"

import h5py
import igraph
import networkx
import numpy

import motley
from motley import figures

GRAPH = 'source,target,weight\nlisbon,porto,2\nporto,"a <b> & ""c""",1\nlisbon,"a <b> & ""c""",3\n'
NAMES = ["lisbon", "porto", 'a <b> & "c"']
RUN = """
kind = "run"
topology = { file = "g.csv" }
[model]
tasks = 2
[measure]
centres = 3
[output]
topology = true
partition = true
snapshots = 40
"""
COMPARISON = """
kind = "compare"
[compare]
replicates = 2
[base.model]
tasks = 2
[factors]
topology = [
  { name = "few", generator = "ring", agents = 8, degree = 2 },
  { name = "many", generator = "ring", agents = 8, degree = 4 },
]
"model.openness" = [0.3, 0.6]
"""


class Package(support.Case):
    def made(self, job, name="job", ranks=1):
        self.write("g.csv", GRAPH)
        self.write(f"{name}.toml", job)
        self.run_ok(["run", "-q", f"{name}.toml"], ranks)
        return self.folder / "results" / name

    def test_a_run_has_its_tables_by_name_with_units(self):
        folder = self.made(RUN, ranks=2)
        run = motley.open_run(folder)
        with h5py.File(folder / "run.h5") as file:
            allocation, income = file["final/allocation"][:], file["final/income"][:]
        self.assertEqual(run.name, "job")
        self.assertEqual(run.final["agent"].values.tolist(), NAMES)
        numpy.testing.assert_array_equal(run.final["allocation"], allocation)
        self.assertEqual(run.final["consumption"].attrs["units"], "output")
        agents = run.agents
        self.assertEqual(agents.index.tolist(), NAMES)
        self.assertEqual(agents["income"].tolist(), income.tolist())
        self.assertEqual(agents["type"].tolist(), allocation.argmax(1).tolist())
        self.assertEqual(agents["share"].tolist(), allocation.max(1).tolist())
        self.assertEqual(sorted(set(agents["rank"])), [0, 1])
        self.assertEqual(agents.attrs["units"]["income"], "utility")
        self.assertIn("worth of what the agent makes", agents.attrs["meaning"]["income"])
        self.assertEqual(agents.attrs["provenance"]["seed"], "1")
        self.assertEqual(run.series.attrs["version"], run.provenance["version"])
        self.assertEqual(run.job["model"]["tasks"], 2)
        self.assertEqual(run.spatial["radius"].values.tolist(), [0, 1])
        state = list(run.snapshots.items())[0]
        self.assertEqual((state[0], state[1]["agent"].values.tolist()), (40, NAMES))

    def test_graphs_have_the_final_state_at_their_vertices(self):
        run = motley.open_run(self.made(RUN))
        graph = run.graph()
        self.assertIsInstance(graph, networkx.DiGraph)
        self.assertEqual(list(graph), NAMES)
        self.assertEqual(graph.number_of_edges(), 6)
        self.assertEqual(graph.nodes["porto"]["income"], run.agents.loc["porto", "income"])
        arc = run.arcs.query("source == 'lisbon' and target == 'porto'").iloc[0]
        self.assertEqual(graph.edges["lisbon", "porto"]["value"], arc["value"])
        other = run.graph("igraph")
        self.assertIsInstance(other, igraph.Graph)
        self.assertEqual(other.vs["name"], NAMES)
        self.assertEqual(other.vs["type"], run.agents["type"].tolist())
        self.assertEqual({(other.vs[e.source]["name"], other.vs[e.target]["name"]) for e in other.es},
                         set(graph.edges))
        with self.assertRaisesRegex(ValueError, "networkx or igraph, not for 'boost'"):
            run.graph("boost")

    def test_relays_are_vertices_and_no_agents(self):
        run = motley.open_run(self.made(
            'kind = "run"\ntopology = { generator = "fat-tree", arity = 2 }\n[output]\ntopology = true\n'))
        status = run.status
        self.assertGreater(status["relays"], 0)
        self.assertEqual(len(run.agents), status["agents"])
        graph = run.graph()
        self.assertEqual(len(graph), status["agents"] + status["relays"])
        self.assertEqual(sum(1 for _, row in graph.nodes(data=True) if row.get("relay")), status["relays"])

    def test_one_task_has_one_type(self):
        run = motley.open_run(self.made(
            'kind = "run"\ntopology = { generator = "ring", agents = 4, degree = 2 }\nmodel = { tasks = 1 }\n'))
        self.assertEqual(run.agents["type"].tolist(), [0] * 4)
        self.assertEqual(run.agents["share"].tolist(), [1.0] * 4)
        self.assertNotIn("allocation", run.agents)

    def test_a_comparison_has_its_tables_and_runs(self):
        comparison = motley.open_comparison(self.made(COMPARISON))
        self.assertEqual(comparison.factors, ["topology", "model.openness"])
        self.assertEqual(len(comparison.runs), 8)
        self.assertEqual(comparison.summary["topology"].tolist(), ["few", "few", "many", "many"])
        self.assertEqual(comparison.summary["model.openness"].tolist(), [0.3, 0.6, 0.3, 0.6])
        self.assertEqual(comparison.runs.attrs["units"]["productivity"], "utility")
        self.assertEqual(comparison.runs.attrs["provenance"]["baseline"], "few")
        for key in (3, comparison.runs["run"][3]):
            run = comparison.open(key)
            self.assertEqual(run.status["productivity"], comparison.runs["productivity"][3])
        axes = figures.comparison(comparison)
        self.assertEqual(axes.get_ylabel(), "productivity per agent [utility]")
        self.assertEqual([each.get_text() for each in axes.get_legend().get_texts()], ["few", "many"])
        numpy.testing.assert_array_equal(axes.containers[0][0].get_ydata(),
                                         comparison.summary["productivity_per_agent_mean"][:2])
        self.assertEqual(motley.open_tables(comparison.directory).names, ["runs", "summary"])

    def test_figures_show_the_numbers_of_the_run(self):
        run = motley.open_run(self.made(RUN))
        for draw, measure in ((figures.productivity, "productivity_per_agent"), (figures.gap, "gap")):
            numpy.testing.assert_array_equal(draw(run).lines[0].get_ydata(), run.series[measure])
        self.assertEqual(len(figures.heterogeneity(run).lines), 3)
        bars = [bar.get_height() for bar in figures.tasks(run).patches[:2]]
        effort = numpy.array(run.status["by_task"]["effort"])
        numpy.testing.assert_allclose(bars, effort / effort.sum())
        self.assertEqual(figures.spatial(run).get_ylabel(), "heterogeneity I(r) [nat]")
        self.assertEqual({text.get_text() for text in figures.network(run).texts}, set(NAMES))

    def test_what_is_missing_is_said(self):
        for opened in (motley.open_run, motley.open_comparison, motley.open_tables):
            with self.assertRaisesRegex(motley.ResultError, f"{self.folder}: no .*give the folder of a"):
                opened(self.folder)
        run = motley.open_run(self.made(
            'kind = "run"\ntopology = { generator = "ring", agents = 4, degree = 2 }\n'))
        with self.assertRaisesRegex(motley.ResultError, "set output.topology = true in the job"):
            run.graph()
        with self.assertRaisesRegex(motley.ResultError, "set measure.centres in the job"):
            run.spatial  # pylint: disable=pointless-statement
        (run.directory / "run.h5").write_bytes(b"no HDF5")
        with self.assertRaisesRegex(motley.ResultError, "run.h5 cannot be read"):
            motley.open_run(run.directory)


class Documents(support.Case):
    ENVIRONMENT = {**os.environ, "PYTHONPATH": str(PACKAGE)}

    def python(self, arguments, **more):
        done = subprocess.run([sys.executable, *arguments], cwd=self.folder, capture_output=True, text=True,
                              timeout=240, check=False, env={**self.ENVIRONMENT, **more})
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def test_the_five_lines_of_readme(self):
        readme = (support.SOURCE / "README.md").read_text(encoding="utf-8")
        block = re.search(r"(?m)^ +import motley\n(?: +\S.*\n)+", readme)[0]
        lines = [line.strip() for line in block.splitlines()]
        self.assertEqual(len(lines), 5)
        self.run_ok(["run", "-q", support.SOURCE / "jobs/small-world.toml"], timeout=240)
        shown = self.python(["-c", "\n".join(lines)])
        agents = motley.open_run(self.folder / "results/small-world").agents
        for kind, rows in agents.groupby("type"):
            self.assertRegex(shown, rf"(?m)^{kind} +{len(rows)} ")
        self.assertIn(str(agents["share"].idxmax()), shown)

    def test_the_notebook_runs_from_top_to_bottom(self):
        shown = self.python([support.SOURCE / "docs/notebook.py"], MOTLEY=support.BINARY)
        self.assertIn("income in utility", shown)
        for name in ("river", "heterogeneity", "tasks", "spatial", "density", "dense"):
            self.assertIn("</svg>", (self.folder / f"figures/{name}.svg").read_text(encoding="utf-8"))


if __name__ == "__main__":
    unittest.TestCase.maxDiff = None
    support.main()
