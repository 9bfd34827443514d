"""Graph files that networkx and scipy write are read as those programs have them."""
import csv
import random
import sys

import networkx
import scipy.io
import scipy.sparse
import support


def random_graph(seed, is_directed, names):
    """A graph with loops, isolated vertices and weights."""
    draw = random.Random(seed)
    graph = networkx.DiGraph() if is_directed else networkx.Graph()
    nodes = [f"Knoten {i} & Söhne" if names else str(i) for i in range(draw.randint(3, 30))]
    graph.add_nodes_from(nodes)
    for _ in range(draw.randint(2, 60)):
        graph.add_edge(draw.choice(nodes), draw.choice(nodes), weight=draw.choice((0.25, 1.0, 3.0, 17.5)))
    return graph


def write_dimacs(graph, path):
    number = {node: i + 1 for i, node in enumerate(graph)}
    lines = [f"p sp {len(number)} {graph.number_of_edges()}"]
    lines += [f"a {number[u]} {number[v]} {w}" for u, v, w in graph.edges.data("weight")]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return {node: str(i) for node, i in number.items()}


def write_matrix(graph, path):
    """A dense matrix with names, by rows."""
    nodes = list(graph)
    matrix = networkx.to_numpy_array(graph, nodes)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([""] + nodes)
        writer.writerows([node, *row] for node, row in zip(nodes, matrix))


def write_matrix_market(graph, path):
    matrix = networkx.to_scipy_sparse_array(graph, list(graph), format="coo")
    scipy.io.mmwrite(path, scipy.sparse.coo_matrix(matrix))
    return {node: str(i) for i, node in enumerate(graph)}


# extension: the function that writes it, and whether vertices without edges are in the file
WRITERS = {
    ".gml": (networkx.write_gml, True),
    ".graphml": (networkx.write_graphml, True),
    ".gexf": (networkx.write_gexf, True),
    ".net": (networkx.write_pajek, True),
    ".edgelist": (networkx.write_edgelist, False),
    ".gr": (write_dimacs, True),
    ".csv": (write_matrix, True),
    ".mtx": (write_matrix_market, True),
    ".net.gz": (networkx.write_pajek, True),
    ".edgelist.bz2": (networkx.write_edgelist, False),
}


class OtherPrograms(support.Case):
    def arcs(self, path, is_directed):
        """The arcs of a file as `motley topology --write` has them."""
        out = self.folder / "out.csv"
        self.run_ok(["topology", path, "--write", out, "-p", "1", "--sources", "1", "--set",
                     f"directed={str(is_directed).lower()}", "--set", "weights=edge"])
        with out.open(encoding="utf-8", newline="") as file:
            return {(row["source"], row["target"]): float(row["weight"]) for row in csv.DictReader(file)}

    def test_random_graphs_are_the_same(self):
        for extension, (write, isolated) in WRITERS.items():
            for seed in range(6 if support.LONG else 3):
                is_directed = seed % 2 == 0
                names = extension not in (".edgelist", ".edgelist.bz2")
                graph = random_graph(seed, is_directed, names)
                with self.subTest(extension=extension, seed=seed):
                    path = self.folder / f"graph{extension}"
                    number = write(graph, path) or {node: node for node in graph}
                    expected = {}
                    for u, v, w in graph.edges.data("weight"):
                        expected[number[u], number[v]] = w
                        if not is_directed:
                            expected[number[v], number[u]] = w
                    self.assertEqual(self.arcs(path, is_directed), expected)
                    shown = self.run_ok(["topology", path]).stdout
                    agents = len(graph) if isolated else sum(d > 0 for _, d in graph.degree())
                    self.assertIn(f"agents                  {agents}\n", shown)

    def test_arrays_of_scipy(self):
        draw = random.Random(7)
        matrix = [[draw.choice((0, 0, 1.5, 4)) for _ in range(9)] for _ in range(9)]
        path = self.folder / "dense.mtx"
        scipy.io.mmwrite(path, matrix, symmetry="general")
        expected = {(str(i), str(j)): w for i, row in enumerate(matrix) for j, w in enumerate(row) if w > 0}
        self.assertEqual(self.arcs(path, True), expected)

    def test_known_graphs(self):
        karate = networkx.karate_club_graph()
        for extension in (".gml", ".graphml", ".gexf", ".net", ".edgelist"):
            path = self.folder / f"karate{extension}"
            WRITERS[extension][0](karate, path)
            shown = self.run_ok(["topology", path]).stdout
            for line in ("agents                  34\n", "156, 78, 0\n", "total weight            462\n"):
                self.assertIn(line, shown, extension)


if __name__ == "__main__":
    sys.modules["support"] = support
    support.main()
