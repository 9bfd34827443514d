"""The same bits for every number of ranks, partition, exchange method and overlap."""
import hashlib
import itertools
import random
import sys
import unittest

import h5py
import support

RANKS = (1, 2, 3, 4, 8)
PARTITIONS = ("block", "random", *support.PARTITIONERS)
EXCHANGES = ("persistent", "neighbour", "dense", "node")
OVERLAPS = ("true", "false")

OPTIMUM = 'solve = { gap = 1e-4, max_steps = 120 }\n'
DYNAMICS = 'solve = { mode = "dynamics", steps = 60, rate = 0.05 }\n'
MODEL = ('model = { tasks = 5, openness = 0.9, elasticity = 0.7, noise = 0.1, '
         'resource = { distribution = "lognormal", sigma = 0.4 } }\n')


def generated(keys):
    return OPTIMUM + MODEL + f"topology = {{ {keys} }}\n"


SYSTEMS = {
    "watts-strogatz": generated('generator = "watts-strogatz", agents = 301, degree = 6'),
    "erdos-renyi": generated('generator = "erdos-renyi", agents = 300, edge_probability = 0.02'),
    "erdos-renyi-edges": generated('generator = "erdos-renyi", agents = 200, edges = 500'),
    "barabasi-albert": generated('generator = "barabasi-albert", agents = 257, degree = 6'),
    "random-regular": generated('generator = "random-regular", agents = 256, degree = 6'),
    "stochastic-block": generated('generator = "stochastic-block", agents = 240, blocks = 5'),
    "complete": generated('generator = "complete", agents = 150, survival = 0.9'),
    "isolated": generated('generator = "isolated", agents = 20'),
    "three-agents": generated('generator = "ring", agents = 3, degree = 2'),
    "directed-file": OPTIMUM + MODEL.replace("elasticity = 0.7", "elasticity = 1.0") +
        'topology = { file = "graph.csv", directed = true, weights = "edge" }\n',
    "nested": OPTIMUM + MODEL + """
[topology]
generator = "nested"
[[topology.level]]
generator = "watts-strogatz"
agents = 12
degree = 4
rewire = 0.3
share = 0.3
survival = 0.9
[[topology.level]]
generator = "complete"
agents = 13
share = 0.7
""",
    "learning-growth": DYNAMICS + """
[topology]
generator = "torus"
agents = 196
[model]
tasks = 3
returns = 1.2
precision = "single"
demand = { distribution = "dirichlet", concentration = 2.0 }
learning = { rate = 0.05, exponent = 2.0 }
growth = { rate = 0.01, scope = "local" }
[[model.schedule]]
step = 30
demand = { distribution = "dirichlet", concentration = 0.5 }
[output]
snapshots = 20
topology = true
""",
    "pool": generated('generator = "pool", agents = 151').replace("openness = 0.9, ", ""),
    "own-rules-of-flows": DYNAMICS + """
[topology]
generator = "watts-strogatz"
agents = 203
degree = 6
survival = 0.9
[model]
tasks = 5
elasticity = 2.0
relay = false
welfare = "log"
openness_rate = 0.05
""",
    "global-growth": DYNAMICS + """
[topology]
generator = "star"
agents = 100
[model]
tasks = 8
growth = { rate = 0.02, scope = "global" }
""",
}


def directed_graph():
    """Weights, survival, loops, parallel arcs, agents without outgoing arcs, names."""
    draw = random.Random(7)
    rows = ["source,target,weight,survival"]
    for _ in range(900):
        source, target = draw.randrange(150), draw.randrange(160)
        rows.append(f"n{source},n{target},{draw.uniform(0.1, 9):.17g},{draw.uniform(0.5, 1):.17g}")
    return "\n".join(rows) + "\n"


def covering(number):
    """Few configurations that hold every pair of values over the systems together."""
    chosen = []
    for i in range(4):
        chosen.append((RANKS[1:][i], PARTITIONS[(i + number) % len(PARTITIONS)],
                       EXCHANGES[(i + number // 4) % 4], OVERLAPS[(i + number // 2) % 2]))
    return chosen


def configurations(number, name):
    if name == "three-agents":
        return [(8, "block", "persistent", "true"), (8, "random", "neighbour", "false"),
                (4, PARTITIONS[-1], "dense", "true"), (8, "metis", "persistent", "false")]
    chosen = covering(number)
    if support.LONG:
        chosen = [c for c in itertools.product(RANKS, PARTITIONS, EXCHANGES, OVERLAPS)
                  if c != (1, "block", "persistent", "true")]
    if name == "nested":
        chosen.append((3, "levels", "persistent", "true"))
    return chosen


def digest(path):
    """Name, type, shape and bytes of every dataset."""
    found = {}

    def visit(name, item):
        if isinstance(item, h5py.Dataset):
            bits = hashlib.sha256(item[()].tobytes()).hexdigest() if item.dtype.kind != "O" else \
                repr(item[()].tolist())
            found[name] = (str(item.dtype), item.shape, bits)

    with h5py.File(path, "r") as file:
        file.visititems(visit)
    return found


class Sameness(support.Case):
    def result(self, name, configuration):
        ranks, partition, exchange, overlap = configuration
        self.run_ok(["run", "-q", f"{name}.toml", "--set", f"partition.method={partition}", "--set",
                     f"exchange.method={exchange}", "--set", "exchange.ranks_per_node=2", "--set",
                     f"exchange.overlap={overlap}"], ranks)
        folder = self.folder / "results" / name
        return {"state_hash": self.status(name)["state_hash"], **digest(folder / "run.h5"),
                "series.csv": (folder / "series.csv").read_bytes()}

    def compare(self, name):
        number = list(SYSTEMS).index(name)
        self.write("graph.csv", directed_graph())
        self.write(f"{name}.toml", 'kind = "run"\nseed = 3\n' + SYSTEMS[name])
        expected = self.result(name, (1, "block", "persistent", "true"))
        self.assertIn("final/allocation", expected)
        self.assertIn("series/productivity", expected)
        self.assertGreater(len(expected["series.csv"].splitlines()), 3)
        for configuration in configurations(number, name):
            with self.subTest(system=name, configuration=configuration):
                self.assertEqual(self.result(name, configuration), expected)


def test_of(name):
    return lambda self: self.compare(name)


for system in SYSTEMS:
    setattr(Sameness, "test_" + system.replace("-", "_"), test_of(system))


class Covering(unittest.TestCase):
    def test_every_pair_of_values_is_run(self):
        """The short form leaves out combinations of three, not of two."""
        runs = [c for i in range(len(SYSTEMS)) for c in covering(i)]
        for a, b in itertools.combinations(range(4), 2):
            values = [RANKS[1:], PARTITIONS, EXCHANGES, OVERLAPS]
            missing = set(itertools.product(values[a], values[b])) - {(c[a], c[b]) for c in runs}
            self.assertEqual(missing, set())


class Different(support.Case):
    def test_another_seed_is_another_state(self):
        """The comparison can fail: another seed, another hash and other bits."""
        self.write("a.toml", 'kind = "run"\n' + SYSTEMS["watts-strogatz"])
        hashes = set()
        for seed in (1, 2):
            self.run_ok(["run", "-q", "a.toml", "--set", f"seed={seed}"])
            hashes.add((self.status("a")["state_hash"], str(digest(
                self.folder / "results/a/run.h5")["final/allocation"])))
        self.assertEqual(len({h for h, _ in hashes}), 2)
        self.assertEqual(len({d for _, d in hashes}), 2)


if __name__ == "__main__":
    sys.modules["support"] = support
    support.main()
