"""motley export from outside: tables and graphs are read back by other programs' readers, and hold what run.h5 holds."""
import csv
import io
import sys
import xml.etree.ElementTree as xml

import support

import h5py
import igraph
import networkx
import numpy

USAGE = 2
GRAPH = 'source,target,weight\nlisbon,porto,2\nporto,"a <b> & ""c""",1\nlisbon,"a <b> & ""c""",3\n'
NAMES = ["lisbon", "porto", 'a <b> & "c"']
NAMED = """
kind = "run"
topology = { file = "g.csv" }
[model]
tasks = 2
[output]
topology = true
partition = true
snapshots = 40
"""


class Export(support.Case):
    def made(self, job, name="job", ranks=1):
        self.write("g.csv", GRAPH)
        self.write(f"{name}.toml", job)
        self.run_ok(["run", "-q", f"{name}.toml"], ranks)
        return self.folder / "results" / name

    def generated(self, topology, output="", name="job"):
        return self.made(f'kind = "run"\ntopology = {{ {topology} }}\nmodel = {{ tasks = 2 }}\n{output}', name)

    def table(self, folder, name):
        return list(csv.DictReader(io.StringIO(self.run_ok(["export", folder, "--table", name]).stdout)))

    def exported(self, folder, name):
        self.run_ok(["export", folder, "--graph", name])
        return self.folder / name

    def refused(self, arguments):
        done = support.motley(["export", *arguments], cwd=self.folder)
        self.assertEqual((done.returncode, done.stdout), (USAGE, ""), done.stderr)
        return done.stderr

    def test_tables_of_a_run_are_what_run_h5_holds(self):
        folder = self.made(NAMED, ranks=2)
        self.assertEqual(self.run_ok(["export", folder]).stdout.split()[:4], ["series", "agents", "final", "arcs"])
        agents, final, arcs = (self.table(folder, name) for name in ("agents", "final", "arcs"))
        with h5py.File(folder / "run.h5") as file:
            allocation = file["final/allocation"][:]
            self.assertEqual([float(row["income"]) for row in agents], file["final/income"][:].tolist())
            self.assertEqual([float(row["value"]) for row in final], file["final/value"][:].ravel().tolist())
            self.assertEqual([float(row["value"]) for row in arcs], file["topology/value"][:].tolist())
            self.assertEqual([int(row["rank"]) for row in agents], file["partition/rank"][:].tolist())
            state = self.table(folder, "snapshots/step_40")
            self.assertEqual([float(row["allocation"]) for row in state],
                             file["snapshots/step_40/allocation"][:].ravel().tolist())
        self.assertEqual([row["agent"] for row in agents], NAMES)
        self.assertEqual([int(row["type"]) for row in agents], allocation.argmax(1).tolist())
        self.assertEqual([float(row["share"]) for row in agents], allocation.max(1).tolist())
        self.assertEqual([(row["agent"], row["task"]) for row in final],
                         [(name, str(task)) for name in NAMES for task in range(2)])
        self.assertEqual({(row["source"], row["target"]) for row in arcs},
                         {(a, b) for a in NAMES for b in NAMES if a != b})

    def test_tables_of_comparisons_are_their_files(self):
        folder = self.made('kind = "compare"\n[compare]\nreplicates = 2\n[base]\ntopology = { generator = "ring", '
                           'agents = 8, degree = 2 }\n[factors]\n"model.openness" = [0.3, 0.6]\n')
        for name in ("runs", "summary"):
            self.run_ok(["export", folder, "--table", name, "--output", f"{name}.csv"])
            self.assertEqual((self.folder / f"{name}.csv").read_bytes(), (folder / f"{name}.csv").read_bytes())
        self.assertIn("results/NAME/RUN", self.refused([folder, "--graph", "x.gexf"]))

    def test_graphs_keep_names_and_the_final_state(self):
        folder = self.made(NAMED)
        agents = {row["agent"]: row for row in self.table(folder, "agents")}
        worth = {(row["source"], row["target"]): float(row["value"]) for row in self.table(folder, "arcs")}
        graphml = networkx.read_graphml(self.exported(folder, "g.graphml"))
        gexf = networkx.read_gexf(self.exported(folder, "g.gexf"))
        for graph in (graphml, gexf):
            self.assertTrue(graph.is_directed())
            label = networkx.get_node_attributes(graph, "label")
            self.assertEqual(list(label.values()), NAMES)
            for node, row in graph.nodes(data=True):
                for column in ("income", "share", "type", "rank"):
                    self.assertEqual(row[column], float(agents[label[node]][column]))
                self.assertAlmostEqual(row["allocation_0"] + row["allocation_1"], 1, 12)
            self.assertEqual({(label[a], label[b]): row["value"] for a, b, row in graph.edges(data=True)}, worth)
        other = igraph.Graph.Read_GraphML(str(self.folder / "g.graphml"))
        self.assertEqual(other.vs["label"], NAMES)
        self.assertEqual(other.vs["income"], [float(agents[name]["income"]) for name in NAMES])

    def test_graphs_without_arcs_in_run_h5_are_made_again(self):
        folder = self.generated('generator = "torus", shape = [3, 4]')
        graph = networkx.read_gexf(self.exported(folder, "t.gexf"))
        self.assertFalse(graph.is_directed())
        self.assertTrue(networkx.is_isomorphic(graph, networkx.grid_graph([3, 4], periodic=True)))
        places = [row["viz"]["position"] for _, row in graph.nodes(data=True)]
        self.assertEqual([(p["x"], p["y"]) for p in places], [(i % 4, -(i // 4)) for i in range(12)])
        for name in ("t.gexf", "t.graphml", "t.vtu"):
            self.assertNotIn('"-0"', self.exported(folder, name).read_text())
        self.assertEqual(len(self.table(folder, "arcs")), 48)
        directed = self.made('kind = "run"\ntopology = { file = "g.csv", directed = true }\nmodel.tasks = 2\n', "directed")
        self.assertEqual(networkx.read_graphml(self.exported(directed, "d.graphml")).number_of_edges(), 3)

    def test_a_graph_file_that_is_gone_or_has_changed(self):
        stored = self.made(NAMED)
        lost = self.made('kind = "run"\ntopology = { file = "g.csv" }\nmodel = { tasks = 2 }\n', "lost")
        self.write("g.csv", GRAPH + "madrid,porto,1\n")
        done = support.motley(["export", lost, "--graph", "x.gexf"], cwd=self.folder)
        self.assertEqual(done.returncode, 3)
        self.assertIn("has 4 vertices now, and the run had 3", done.stderr)
        (self.folder / "g.csv").unlink()
        self.assertIn("no such file", self.refused([lost, "--graph", "x.gexf"]))
        self.assertFalse((self.folder / "x.gexf").exists())
        self.assertEqual(len(networkx.read_gexf(self.exported(stored, "s.gexf")).edges), 6)

    def test_geometric_graphs_have_the_points_that_made_them(self):
        folder = self.generated('generator = "random-geometric", agents = 60, radius = 0.3')
        graph = networkx.read_graphml(self.exported(folder, "g.graphml"))
        place = {node: (row["x"], row["y"]) for node, row in graph.nodes(data=True)}
        near = {frozenset((a, b)) for a in place for b in place
                if a < b and numpy.hypot(*numpy.subtract(place[a], place[b])) <= 0.3}
        self.assertEqual({frozenset(edge) for edge in graph.edges}, near)
        self.assertTrue(near)

    def test_vtu_is_an_unstructured_grid_of_lines(self):
        folder = self.made(NAMED)
        root = xml.parse(self.exported(folder, "g.vtu")).getroot()
        piece = root.find("UnstructuredGrid/Piece")
        self.assertEqual((piece.get("NumberOfPoints"), piece.get("NumberOfCells")), ("3", "6"))
        arrays = {each.get("Name"): each.text.split() for each in piece.iter("DataArray")}
        texts = bytes(map(int, arrays["name"])).decode().split("\0")
        self.assertEqual(texts, [*NAMES, ""])
        ends = numpy.array(arrays["connectivity"], int).reshape(-1, 2)
        rows = self.table(folder, "arcs")
        self.assertEqual([[NAMES[a], NAMES[b]] for a, b in ends], [[r["source"], r["target"]] for r in rows])
        self.assertEqual(arrays["value"], [row["value"] for row in rows])
        self.assertEqual(arrays["income"], [row["income"] for row in self.table(folder, "agents")])
        self.assertEqual((arrays["offsets"], set(arrays["types"])), (["2", "4", "6", "8", "10", "12"], {"3"}))
        points = numpy.array(arrays["Points"], float).reshape(-1, 3)
        self.assertEqual(len({tuple(point) for point in points.round(9)}), 3)

    def test_relays_are_marked_and_have_no_state(self):
        folder = self.generated('generator = "fat-tree", arity = 2')
        status = self.status("job")
        graph = networkx.read_graphml(self.exported(folder, "f.graphml"))
        relays = [row for _, row in graph.nodes(data=True) if row["relay"]]
        self.assertEqual((len(relays), len(graph)), (status["relays"], status["agents"] + status["relays"]))
        self.assertGreater(len(relays), 0)
        self.assertFalse([row for row in relays if "income" in row])
        self.assertEqual(len(self.table(folder, "agents")), status["agents"])

    def test_what_cannot_be_exported_is_said(self):
        folder = self.generated('generator = "ring", agents = 8, degree = 2')
        self.assertIn("did you mean 'agents'?; there are series, agents, final, arcs",
                      self.refused([folder, "--table", "agent"]))
        self.assertIn("no status.json: this is no folder of results", self.refused([self.folder]))
        self.assertIn("give the file one of these extensions", self.refused([folder, "--graph", "x.dot"]))
        self.assertIn("--output requires --table", self.refused([folder, "--output", "x.csv"]))
        pool = self.generated('generator = "pool", agents = 8', name="pool")
        self.assertIn("a pool has no arcs", self.refused([pool, "--graph", "x.gexf"]))
        self.assertEqual([path.name for path in self.folder.glob("x.*")], [])
        (pool / "run.h5").unlink()
        (pool / "series.csv").unlink()
        self.assertIn("has written no tables so far", self.refused([pool]))
        (folder / "run.h5").write_bytes(b"no HDF5")
        done = support.motley(["export", folder, "--table", "agents"], cwd=self.folder)
        self.assertEqual(done.returncode, 3)
        self.assertIn("run.h5: cannot be read", done.stderr)

    def test_a_file_that_cannot_be_written_is_said(self):
        folder = self.generated('generator = "ring", agents = 8, degree = 2')
        done = support.motley(["export", folder, "--table", "agents", "-o", "/nowhere/x.csv"], cwd=self.folder)
        self.assertEqual(done.returncode, 74)
        self.assertIn("/nowhere/x.csv", done.stderr)


if __name__ == "__main__":
    sys.modules["support"] = support
    support.main()
