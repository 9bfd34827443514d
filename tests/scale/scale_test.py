#!/usr/bin/env python3
"""The step on simulated machines: the bits of real ranks, and how its time grows.

scale_test.py REAL [SIMULATED] [arguments of unittest]: scale_steps built against the machine's MPI and against SMPI.
"""
import os
import subprocess
import sys
import unittest
from pathlib import Path

import machines

MPIEXEC = os.environ.get("MOTLEY_MPIEXEC", "mpirun")
MOST_RANKS = int(os.environ.get("MOTLEY_MOST_RANKS", "1000"))
GRAPHS = ("torus", "small-world", "random-regular", "nested")
REAL = SIMULATED = None


def real(ranks, **options):
    command = [] if ranks == 1 else [MPIEXEC, "-n", str(min(ranks, MOST_RANKS))]
    command += [REAL] + [f"{name}={value}" for name, value in options.items()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
    return machines.result(done.stdout)


class Scale(unittest.TestCase):
    def setUp(self):
        if SIMULATED is None:
            self.skipTest("sanitizers cannot be loaded by smpirun" if os.environ.get("MOTLEY_SANITIZE")
                          else "no SimGrid with SMPI")

    def step(self, kind, ranks, cores, **options):
        return float(machines.simulate(SIMULATED, kind, ranks, cores, timeout=300, **options)["step_us"])

    def test_simulated_ranks_have_the_bits_of_real_ones(self):
        for graph in GRAPHS:
            options = {"graph": graph, "agents": 4096, "steps": 4}
            found = {f"{ranks} real ranks": real(ranks, **options)["hash"] for ranks in (1, 2, 3)}
            for kind in machines.KINDS:
                found[kind] = machines.simulate(SIMULATED, kind, 16, 8, timeout=120, **options)["hash"]
            self.assertEqual(len(set(found.values())), 1, f"{graph}: {found}")

    def test_a_simulation_takes_the_same_time_every_time(self):
        options = {"graph": "small-world", "agents": 8192, "steps": 2}
        one, other = (self.step("dragonfly", 32, 8, **options) for _ in range(2))
        self.assertEqual(one, other)

    def test_one_rank_takes_what_its_work_costs(self):
        found = machines.simulate(SIMULATED, "torus", 1, 1, graph="torus", agents=4096, agent_ns=30, arc_ns=2)
        self.assertAlmostEqual(float(found["step_us"]), 4096 * (30 + 8 * 2) * 1e-3, delta=1)

    def test_weak_scaling_is_flat_with_locality_only(self):
        for kind in machines.KINDS:
            few, many = (self.step(kind, ranks, 8, graph="torus", agents=1024 * ranks, steps=2) for ranks in (16, 64))
            self.assertLess(many, 1.02 * few, f"{kind}: the step on a torus grows")
        # Four times the ranks: 31 messages instead of 7 from each.
        few, many = (self.step("fat-tree", ranks, 8, graph="random-regular", agents=64 * ranks, steps=1)
                     for ranks in (8, 32))
        self.assertGreater(many, 1.5 * few, "the step on a random graph does not grow")

    def test_the_cost_model_of_16_ranks_holds_for_64(self):
        # Of two nodes half of what a nested graph sends stays inside, of eight next to nothing.
        for graph in ("torus", "small-world", "nested"):
            machine = {"kind": "fat-tree", "cores": 8, "timeout": 300, "graph": graph, "steps": 2}
            costs = machines.simulate(SIMULATED, ranks=16, agents=128 * 16, fit=1, **machine)["costs"]
            found = machines.simulate(SIMULATED, ranks=64, agents=128 * 64, costs=costs, **machine)
            self.assertAlmostEqual(float(found["projected_us"]) / float(found["step_us"]), 1, delta=0.1, msg=graph)

    def test_by_node_bits_are_the_same_and_the_step_is_shorter(self):
        options = {"graph": "random-regular", "agents": 512, "steps": 3}
        direct, nodes = (machines.simulate(SIMULATED, "fat-tree", 64, 8, timeout=300, exchange=form, **options)
                         for form in ("persistent", "node"))
        self.assertEqual(nodes["hash"], direct["hash"])
        self.assertEqual(int(nodes["messages"]), 8 * 7, "one message from each node to each other")
        self.assertLess(float(nodes["step_us"]), float(direct["step_us"]))


if __name__ == "__main__":
    REAL = str(Path(sys.argv[1]).resolve())
    rest = sys.argv[2:]
    if rest and Path(rest[0]).is_file():
        SIMULATED = str(Path(rest[0]).resolve())
        rest = rest[1:]
    program = unittest.main(argv=[sys.argv[0]] + rest, exit=False)
    for test, reason in program.result.skipped:
        # tests/skips reads these lines.
        print(f"skipped test {test.id().replace(' ', '_')}: {reason}")
    sys.exit(0 if program.result.wasSuccessful() else 1)
