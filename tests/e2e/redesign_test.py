"""Redesigns from the outside: the shipped proposals, the files, and what is refused."""
import csv
import json
import random
import shutil
import time
import unittest

import support

EXAMPLE = """\
kind = "redesign"
[demand]                          # ! work units per second
prefill = 120.0
decode = 900.0
[rates]
file = "rates.csv"                # device,task,rate,unit,source   (measured); or inline [device.x.rate]
[device.h100]
price_per_hour = 2.99             # or [2.49, 8.22]
power_w = { idle = 75, busy = 700 }
node_size = 8
available = 512
[design.present]
fleet = { h100 = 16 }
[search]
objective = "cost"                # cost: cheapest fleet for the demand; throughput: most of the demanded mix within the budget
budget = { price_per_hour = 100 } # any of price_per_hour, power_w, devices
integer = true
"""
RATES = """\
device,task,rate,unit,source
h100,prefill,20,requests/s,bench A
h100,decode,150,tokens/s,
"""
DESIGN = {"name", "fleet", "throughput", "theta", "price_per_hour", "power_w", "gain", "bottleneck",
          "task_prices", "device_worth", "n_minus_1", "interval", "flips", "proved",
          "optimality_gap"}


class Redesign(support.Case):
    jobs = support.SOURCE / "jobs" / "redesign"

    def result(self, name):
        path = self.folder / "results" / name / "redesign.json"
        return json.loads(path.read_text(encoding="utf-8"))

    def shipped(self, name, *extra, ranks=1):
        for path in self.jobs.iterdir():
            shutil.copy(path, self.folder)
        done = self.run_ok(["run", "-q", f"{name}.toml", *extra], ranks)
        self.assertEqual(done.stderr, "")
        return self.result(name), done.stdout

    def test_the_example_of_the_interface(self):
        self.write("example.toml", EXAMPLE)
        self.write("rates.csv", RATES)
        self.assertIn("valid", self.run_ok(["validate", "example.toml"]).stdout)
        done = self.run_ok(["run", "example.toml"])
        self.assertIn("rates without a source: h100/decode", done.stdout)
        result = self.result("example")
        self.assertLessEqual(DESIGN, set(result["designs"][0]))
        self.assertLessEqual({"total", "comparative_advantage", "granularity", "network",
                              "scheduling"}, set(result["designs"][0]["gain"]))
        self.assertEqual(result["designs"][0]["throughput"]["bound"], 1360.0)  # 16 x 85
        self.assertEqual(result["best_homogeneous"]["fleet"], {"h100": 16})
        self.assertEqual(result["verdict"]["recommendation"], "no change")

    def test_the_mixed_fleet_gains_by_granularity_alone(self):
        result, table = self.shipped("mixed-fleet", "--set=proposal.serve=0", ranks=2)
        found = result["designs"][1]
        self.assertEqual(found["fleet"], {"a10g": 1, "a100": 1})
        self.assertAlmostEqual(found["price_per_hour"], 4.68, places=9)
        self.assertAlmostEqual(found["gain"]["comparative_advantage"], 1.0, places=9)
        self.assertAlmostEqual(found["gain"]["granularity"], 7.34 / 4.68, places=9)
        self.assertTrue(found["proved"])
        self.assertIn("verdict", table)
        for design in result["designs"]:
            achieved = design["throughput"]["achieved"] / design["throughput"]["bound"]
            self.assertAlmostEqual(achieved, design["gain"]["scheduling"], places=12)
            self.assertTrue(0.9 < achieved <= 1.0 + 1e-9, achieved)
        for name in ("redesign.json", "designs.csv", "allocation.csv", "losses.csv", "flips.csv",
                     "front.csv", "redesign.h5", "report.html", "status.json"):
            self.assertTrue((self.folder / "results/mixed-fleet" / name).exists(), name)
        self.assertEqual(self.status("mixed-fleet")["state"], "done")
        with open(self.folder / "results/mixed-fleet/designs.csv", newline="") as file:
            self.assertEqual([row["design"] for row in csv.DictReader(file)],
                             ["present", "search", "best homogeneous"])

    def test_the_gain_of_the_mixed_fleet_is_gone_at_a_hundredfold_load(self):
        more = [f"--set=demand.{name}={value}" for name, value in (
            ("in_short_out_short", 600), ("in_short_out_long", 300), ("in_long_out_short", 1500),
            ("in_long_out_long", 600))]
        result, _ = self.shipped("mixed-fleet", *more)
        found = next(d for d in result["designs"] if d["name"] == "search")
        self.assertLess(found["gain"]["granularity"], 1.01)

    def test_every_proposal_runs_and_its_gain_is_the_product_of_its_causes(self):
        for name in ("prefill-decode", "attention-memory", "most-mixed"):
            result, _ = self.shipped(name)
            for design in result["designs"]:
                gain = design["gain"]
                product = 1.0
                for cause in ("comparative_advantage", "granularity", "mix", "calibration"):
                    product *= gain[cause]
                self.assertAlmostEqual(product / gain["total"], 1.0, places=9)
            used = [d for d in result["designs"] if d["name"] == "search"][0]["fleet"]
            self.assertLessEqual(len(used), len(result["designs"][0]["task_prices"]) + 1)

    def design(self, result, name):
        return next(d for d in result["designs"] if d["name"] == name)

    def test_rails_without_spines_carry_the_same_training(self):
        result, table = self.shipped("rail-only", ranks=2)
        spines, rails = (self.design(result, n) for n in ("spines", "rail-only"))
        for design in (spines, rails):
            self.assertEqual(design["gain"]["network"], 1.0)
            self.assertAlmostEqual(design["theta"], 1.0, places=8)
            self.assertIn("rack", design["network"]["n_minus_1"])
        self.assertAlmostEqual(spines["price_to_serve"] - rails["price_to_serve"], 19.2 - 6.4,
                               places=4)
        self.assertEqual(result["verdict"]["recommendation"], "rail-only")
        self.assertIn("without a switch", table)

    def test_a_random_graph_carries_more_devices_than_the_fat_tree_of_its_switches(self):
        result, _ = self.shipped("jellyfish")
        tree = self.design(result, "fat-tree")
        self.assertAlmostEqual(tree["network"]["theta"][0], 0.8, places=8)
        self.assertAlmostEqual(tree["network"]["theta"][1], 0.8, places=8)
        self.assertEqual(tree["gain"]["network"], 1.0)
        for name in ("jellyfish", "jellyfish-spread"):
            network = self.design(result, name)["network"]
            self.assertLessEqual(network["theta"][1], 1.0 + 1e-8)  # the ports
            self.assertLess(network["theta_even_ecmp"], 0.81)  # ECMP alone, work handed over evenly
        for design in result["designs"][:3]:  # nothing is uncertain here: there is no interval
            self.assertIsNone(design["interval"])

    def test_what_a_file_of_a_fabric_says_of_latencies_is_not_used_and_a_note_says_so_once(self):
        text = (self.jobs / "jellyfish.toml").read_text(encoding="utf-8")
        for generator in ('generator = "fat-tree", arity = 8',
                          'generator = "jellyfish", switches = 80, ports = 8, hosts_per_switch = 2'):
            self.assertIn(generator, text)
            text = text.replace(generator, 'file = "cluster"')
        self.write("links.toml", text)
        links = "".join(f"{host} 160 100Gbps {1 + host % 2}us 0\n" for host in range(160))
        self.write("cluster", f"161 1 160\n160\n{links}")
        shown = self.run_ok(["run", "-q", "links.toml"]).stdout
        self.assertEqual(shown.count("delays, 1 to 2 us, and rates of errors are not used"), 1, shown)

    def test_one_model_for_all_against_a_mixture_of_engines(self):
        # The cheapest shares of engines by hand: upgrades in the order of their price per quality.
        prices = {"frontier": 23.92, "small": 2.99, "wafer": 142.6}
        tokens = {"frontier": 3840, "small": 9600, "wafer": 36000}
        quality = {"plan": (0.6, 0.85), "decide": (0.65, 0.88), "zoom": (0.93, 0.97),
                   "read": (0.92, 0.97), "chunk": (0.9, 0.97)}

        def cheapest(steps, least):
            """Price of a request per request/s and hour; `steps` are (count, qualities, rates)."""
            price, reached, upgrades = 0.0, 0.0, []
            for count, name, rates in steps:
                small, wafer = quality[name]
                points = sorted((count * prices[e] / rates[e], count * q) for e, q in
                                (("small", small), ("wafer", wafer), ("frontier", 1.0)))
                hull = points[:1]
                for point in points[1:]:
                    if point[1] <= hull[-1][1]:
                        continue
                    slope = lambda a, b: (b[0] - a[0]) / (b[1] - a[1])
                    while len(hull) > 1 and slope(hull[-1], point) <= slope(hull[-2], hull[-1]):
                        hull.pop()
                    hull.append(point)
                price += hull[0][0]
                reached += hull[0][1]
                upgrades += [((b[0] - a[0]) / (b[1] - a[1]), b[1] - a[1])
                             for a, b in zip(hull, hull[1:])]
            for each, most in sorted(upgrades):
                more = min(most, max(0.0, least * sum(step[0] for step in steps) - reached))
                price += each * more
                reached += more
            return price

        def writes(length):
            return {engine: rate / length for engine, rate in tokens.items()}

        chunk = {"frontier": 0.3, "small": 0.75, "wafer": 4.5}
        agent = [(1, "plan", writes(900)), (6, "zoom", writes(300)), (3, "read", writes(300)),
                 (1, "decide", writes(600))]
        recursion = [(1, "plan", writes(900)), (32, "chunk", chunk),
                     (1, "decide_long", writes(900))]
        quality["decide_long"] = (0.65, 0.88)
        for name, flow, steps, demand, alone in (
                ("agent-workflow", "agent", agent, 200, 40.0),
                ("agent-recursion", "recursion", recursion, 5, 62.0)):
            for least in (0.92, 0.95, 0.98):
                fluid, _ = self.shipped(name, f"--set=workflow.{flow}.least_quality={least}",
                                        "--set=search.integer=false", "--set=search.flips=false")
                found = self.design(fluid, "search")
                expected = demand * cheapest(steps, least)
                self.assertAlmostEqual(found["price_per_hour"] / expected, 1.0, places=6)
            result, table = self.shipped(name)
            all_frontier, mixture = (self.design(result, n) for n in ("frontier-for-all", "search"))
            self.assertLess(mixture["price_per_hour"] / (demand * cheapest(steps, 0.95)), 1.02)
            request = all_frontier["workflows"][flow]
            self.assertEqual(request["latency_s"], [alone, alone])
            self.assertAlmostEqual(mixture["workflows"][flow]["quality"], 0.95, places=6)
            cost = request["price_per_1000_requests"] / (
                mixture["workflows"][flow]["price_per_1000_requests"])
            faster = alone / mixture["workflows"][flow]["latency_s"][1]
            said = {"agent": (2.08, 1.25), "recursion": (3.46, 1.77)}[flow]
            self.assertAlmostEqual(cost, said[0], delta=0.006)
            self.assertAlmostEqual(faster, said[1], delta=0.006)
            self.assertIn(f"a request of '{flow}'", table)

    def test_a_most_latency_is_kept_by_the_searched_fleet(self):
        result, _ = self.shipped("agent-workflow", "--set=workflow.agent.latency_s=13.333",
                                 "--set=search.flips=false")
        found = self.design(result, "search")
        self.assertTrue(found["passes"])
        self.assertLessEqual(found["workflows"]["agent"]["latency_s"][1], 13.333 * (1 + 1e-6))
        self.assertLess(found["optimality_gap"], 0.02)
        self.assertFalse(found["proved"])  # branches of the request wait for each other
        failing = self.design(result, "frontier-for-all")  # 40 s
        self.assertIn("conditions of the workflows", failing["conditions"][0]["text"])

    def test_a_time_that_is_not_given_is_not_guessed(self):
        for path in self.jobs.iterdir():
            shutil.copy(path, self.folder)
        text = (self.folder / "agent-workflow.toml").read_text(encoding="utf-8")
        self.write("some.toml", text.replace("latency_s = { plan = 15, zoom = 5,", "latency_s = {"))
        table = self.run_ok(["run", "-q", "some.toml"]).stdout
        self.assertIn("no latency_s: frontier/plan, frontier/zoom", table)
        request = self.result("some")["designs"][0]["workflows"]["agent"]
        self.assertEqual(request["latency_s"], [None, None])
        self.assertGreater(request["price_per_1000_requests"], 0)

    def test_a_queue_of_training_jobs_takes_longer_than_the_sum_of_its_work(self):
        result, _ = self.shipped("training-queue")
        work = {"base": 6e11, "tune-a": 1e11, "tune-b": 8e10, "reward": 3e10}
        rates = {"base": (9000, 3100), "tune-a": (8000, 3000), "tune-b": (8000, 3000),
                 "reward": (9500, 3400)}

        def without_limits(h100, a100):
            """Hours: the fastest of each goes to the h100 until both types end together."""
            low, high = 0.0, 1e9
            for _ in range(100):
                middle = 0.5 * (low + high)
                left, needed = h100 * middle, 0.0
                for task in sorted(work, key=lambda t: -rates[t][0] / rates[t][1]):
                    own = min(left, work[task] / rates[task][0])
                    left -= own
                    needed += (work[task] - own * rates[task][0]) / rates[task][1]
                low, high = (low, middle) if needed <= a100 * middle else (middle, high)
            return high / 3600

        longest = 6e11 / (128 * 9000 * 0.88) / 3600
        present, twice = (self.design(result, n) for n in ("present", "twice"))
        self.assertAlmostEqual(without_limits(128, 64), 168.7, delta=0.05)
        self.assertAlmostEqual(without_limits(256, 128), 84.4, delta=0.05)
        self.assertAlmostEqual(twice["makespan_hours"], longest, places=6)
        self.assertGreater(present["makespan_hours"], 1.1 * without_limits(128, 64))
        self.assertFalse(present["passes"])
        self.assertTrue(self.design(result, "search")["passes"])

    def test_a_model_spread_over_two_regions(self):
        result, table = self.shipped("pipeline", ranks=2)
        self.assertEqual(result["verdict"]["recommendation"], "by-region")
        alone, alternating, region = (self.design(result, n)["pipeline"] for n in (
            "a100-alone", "alternating", "by-region"))
        self.assertAlmostEqual(alone["throughput"], 900.0, places=6)
        # 0.01 x 1.25 GB/s over 16384 B
        self.assertAlmostEqual(alternating["throughput"], 12.5e6 / 16384, places=5)
        self.assertEqual(list(alternating["cut"]), ["switch east -> switch west"])
        self.assertAlmostEqual(region["throughput"], 1400.0, places=6)
        self.assertEqual(region["stage_units"]["l4"], 500.0)
        node = self.design(result, "by-region")["network"]["n_minus_1"]["node"]
        self.assertAlmostEqual(node["theta"], 500.0 / 1200.0, places=8)
        self.assertIn("limited by switch east -> switch west", table)
        page = (self.folder / "results/pipeline/report.html").read_text(encoding="utf-8")
        self.assertTrue("Loads of &#39;by-region&#39;" in page)
        self.assertTrue("Stages" in page)
        with open(self.folder / "results/pipeline/stages.csv", newline="") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual(len(rows), 14)
        self.assertEqual(result["best_homogeneous"], None)

    def test_a_searched_placement_is_the_same_on_all_ranks(self):
        self.write("place.toml", """\
kind = "redesign"
demand = { prefill = 100, decode = 100 }
[task.prefill]
flows = [{ to = "decode", bytes = 1e9 }]
[device.a]
price_per_hour = 1
rate = { prefill = 50 }
[device.b]
price_per_hour = 1
rate = { decode = 50 }
[design.one]
fleet = { a = 5, b = 5 }
topology = { generator = "leaf-spine", leaves = 5, spines = 1, hosts_per_leaf = 2, uplink_capacity = 0.1 }
link_gb_per_s = 50
hand_over = "rack"
placement = "search"
placement_trials = 60
failures = 0
""")
        files = []
        for ranks in (1, 2, 3):
            self.run_ok(["run", "-q", "place.toml"], ranks)
            files.append((self.folder / "results/place/redesign.json").read_bytes())
        self.assertEqual(files[0], files[1])
        self.assertEqual(files[0], files[2])
        design = self.result("place")["designs"][0]
        found = design["network"]["placement"]
        self.assertAlmostEqual(found["searched"], 2.5, places=6)  # a pair under every leaf
        self.assertAlmostEqual(found["searched"], design["theta"], places=6)
        self.assertLess(found["packed"], 0.6)
        self.assertLessEqual(found["searched"], found["bound"] + 1e-6)
        self.refuses_trials()

    def refuses_trials(self):
        text = (self.folder / "place.toml").read_text().replace('"search"', '"packed"')
        self.write("place.toml", text)
        done = support.motley(["run", "-q", "place.toml"], 1, self.folder)
        self.assertEqual(done.returncode, 2)
        self.assertIn("'design.one.placement_trials' needs 'design.one.placement' = \"search\"",
                      done.stderr)

    def pipeline_files(self, random, name, layers, directed):
        """A random network in files; returns its keys and the edges for the reference."""
        count = random.randint(4, 11)
        nodes = [f"n{i}" for i in range(count)]
        coordinator = nodes[-1] if random.random() < 0.6 else None
        stages, rows, capacities = {}, ["node,first,last,rate"], ["node,capacity"]
        for node in nodes:
            if node == coordinator:
                continue
            first = 1 if random.random() < 0.4 else random.randint(1, layers)
            last = layers if random.random() < 0.4 else random.randint(first, layers)
            rate, most = random.uniform(0.1, 4.0), random.uniform(0.1, 4.0)
            stages[node] = [first, last, rate]
            kind = random.randint(0, 2)  # the rate, the capacity of the vertex, the lower of both
            rows.append(f"{node},{first},{last},{'' if kind == 1 else repr(rate)}")
            if kind > 0:
                capacities.append(f"{node},{most!r}")
                stages[node][2] = most if kind == 1 else min(rate, most)
        lines, links = ["source,target,capacity"], {}
        for i, a in enumerate(nodes):
            for b in nodes[i + 1:]:
                for source, target in ((a, b), (b, a)) if directed else ((a, b),):
                    if random.random() < 0.7:
                        capacity = random.uniform(0.1, 3.0)
                        lines.append(f"{source},{target},{capacity!r}")
                        links[source, target] = capacity
                        if not directed:
                            links[target, source] = capacity
        for source, target in zip(nodes, nodes[1:]):  # every node is in the file
            if (source, target) not in links and (target, source) not in links:
                lines.append(f"{source},{target},0.5")
                links[source, target] = 0.5
                if not directed:
                    links[target, source] = 0.5
        held = set()
        for first, last, _ in stages.values():
            held |= set(range(first, last + 1))
        if len(held) < layers:
            return self.pipeline_files(random, name, layers, directed)
        for suffix, text in (("stages", rows), ("links", lines), ("nodes", capacities)):
            self.write(f"{name}-{suffix}.csv", "\n".join(text) + "\n")
        partial = random.random() < 0.6
        keys = (f'[design.{name}]\nstages = "{name}-stages.csv"\nlink_gb_per_s = 2\nfailures = 0\n'
                f'topology = {{ file = "{name}-links.csv", node_file = "{name}-nodes.csv", '
                f'directed = {str(directed).lower()} }}\n')
        if coordinator:
            keys += f'coordinator = "{coordinator}"\n'
        if not partial or random.random() < 0.5:
            keys += f"partial = {str(partial).lower()}\n"
        return keys, (stages, links, coordinator, partial)

    @staticmethod
    def pipeline_by_maximum_flow(layers, stage_bytes, request_bytes, network):
        """Units/s by shortest augmenting paths on the graph of Helix."""
        stages, links, coordinator, partial = network
        rest = {}

        def add(source, target, capacity):
            rest.setdefault(source, {}).setdefault(target, 0.0)
            rest.setdefault(target, {}).setdefault(source, 0.0)
            rest[source][target] += capacity

        def enters(stage, done):
            return stage[0] == done + 1 or (partial and stage[0] <= done + 1 <= stage[1])

        for node, stage in stages.items():
            add((node, "in"), (node, "out"), stage[2])
            if coordinator is None:
                if enters(stage, 0):
                    add("source", (node, "in"), 1e6)
                if stage[1] == layers:
                    add((node, "out"), "target", 1e6)
        for (a, b), capacity in links.items():
            if a == coordinator:
                if enters(stages[b], 0):
                    add("source", (b, "in"), 2e9 * capacity / request_bytes)
            elif b == coordinator:
                if stages[a][1] == layers:
                    add((a, "out"), "target", 2e9 * capacity / request_bytes)
            elif stages[a][1] < layers and enters(stages[b], stages[a][1]):
                add((a, "out"), (b, "in"), 2e9 * capacity / stage_bytes)
        total = 0.0
        while True:
            before, open_ = {"source": None}, ["source"]
            for vertex in open_:
                for other, capacity in rest.get(vertex, {}).items():
                    if capacity > 1e-12 and other not in before:
                        before[other] = vertex
                        open_.append(other)
            if "target" not in before:
                return total
            path, vertex = [], "target"
            while before[vertex] is not None:
                path.append((before[vertex], vertex))
                vertex = before[vertex]
            most = min(rest[a][b] for a, b in path)
            for a, b in path:
                rest[a][b] -= most
                rest[b][a] += most
            total += most

    def test_pipelines_are_maximum_flows(self):
        carried = cut_by_links = 0
        for seed in range(6):
            draws = random.Random(seed)
            layers = draws.randint(2, 8)
            stage_bytes, request_bytes = draws.uniform(0.5e9, 4e9), draws.uniform(0.1e9, 2e9)
            text = (f'kind = "redesign"\n[demand]\nllm = 1.7\n[task.llm]\nlayers = {layers}\n'
                    f"stage_bytes = {stage_bytes!r}\nrequest_bytes = {request_bytes!r}\n"
                    "[device.any]\nprice_per_hour = 1\n")
            networks = {}
            for i in range(8):
                name = f"d{seed}-{i}"
                keys, networks[name] = self.pipeline_files(draws, name, layers, i % 2 == 0)
                text += keys
            self.write(f"flow{seed}.toml", text)
            self.run_ok(["run", "-q", f"flow{seed}.toml"], 1 + seed % 2)
            for design in self.result(f"flow{seed}")["designs"]:
                most = self.pipeline_by_maximum_flow(layers, stage_bytes, request_bytes,
                                                     networks[design["name"]])
                pipeline = design["pipeline"]
                self.assertAlmostEqual(pipeline["throughput"], most, delta=1e-6 * max(most, 1e-3))
                self.assertAlmostEqual(design["theta"], most / 1.7, delta=1e-6 * max(most, 1e-3))
                carried += most > 0.0
                cut_by_links += any(name.startswith("host") for name in pipeline["cut"])
        self.assertGreater(carried, 24)
        self.assertGreater(cut_by_links, 12)

    def test_a_link_that_limits_is_named_and_the_files_are_the_same_on_all_ranks(self):
        self.write("link.toml", """\
kind = "redesign"
demand = { prefill = 100, decode = 100 }
[task.prefill]
unit = "requests/s"
flows = [{ to = "decode", bytes = 1e9 }]
[device.a]
price_per_hour = 1
rate = { prefill = 100 }
[device.b]
price_per_hour = 1
rate = { decode = 100 }
[design.one]
fleet = { a = 1, b = 1 }
topology = { generator = "complete", agents = 2 }
link_gb_per_s = 50
""")
        files = {}
        for ranks in (1, 2, 3):
            table = self.run_ok(["run", "-q", "link.toml"], ranks).stdout
            files[ranks] = (self.folder / "results/link/redesign.json").read_bytes()
        self.assertEqual(files[1], files[2])
        self.assertEqual(files[1], files[3])
        self.assertIn("host 0 -> host 1", table)
        design = self.result("link")["designs"][0]
        self.assertAlmostEqual(design["theta"], 0.5, places=8)
        self.assertAlmostEqual(design["gain"]["network"], 0.5, places=8)
        self.assertAlmostEqual(design["throughput"]["bound"], 100.0, places=6)
        self.assertAlmostEqual(design["throughput"]["achieved"], 100.0, places=6)
        self.assertEqual(design["bottleneck"], "network")
        self.assertEqual(design["network"]["bottleneck"], "host 0 -> host 1")

    def test_a_redesign_that_failed_is_not_resumed(self):
        self.write("job.toml", EXAMPLE.replace("= 100 }", "= 1 }"))
        self.write("rates.csv", RATES)
        self.assertEqual(support.motley(["run", "-q", "job.toml"], 1, self.folder).returncode, 2)
        done = support.motley(["resume", "results/job"], 2, self.folder)
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn("start it again with `motley run`", done.stderr)

    def test_a_hundred_thousand_scenarios_on_two_ranks(self):
        start = time.monotonic()
        one, _ = self.shipped("mixed-fleet", "--set=uncertainty.scenarios=100000", ranks=2)
        self.assertLess(time.monotonic() - start, 30 if not support.SANITIZE else 600)
        self.assertEqual(one["scenarios"], 100000)

    def test_a_plan_knows_the_phases_and_a_batch_script_asks_for_them(self):
        self.write("example.toml", EXAMPLE)
        self.write("rates.csv", RATES)
        plan = self.run_ok(["plan", "example.toml", "-n", "4"]).stdout
        self.assertRegex(plan, r"designs, the search +3 designs on rank 0")
        self.assertIn("memory of a rank", plan)
        self.assertIn("#SBATCH --ntasks=4", plan)
        script = self.run_ok(["submit", "example.toml", "--dry-run", "--ntasks-per-node", "2"]).stdout
        self.assertIn("#SBATCH --ntasks-per-node=2", script)
        self.assertIn("arguments=(example.toml --quiet)", script)

    def test_a_search_says_how_far_it_is(self):
        self.write("example.toml", EXAMPLE)
        self.write("rates.csv", RATES)
        said = self.run_ok(["run", "example.toml"]).stderr
        self.assertRegex(said, r"s  'search' for 1 times the demand: [0-9.]+ \$/h, it passes")
        self.assertEqual(self.run_ok(["run", "-q", "example.toml"]).stderr, "")

    def test_a_billion_devices_take_no_more_than_a_thousand(self):
        fleet = 'kind = "redesign"\n[demand]\na = 1e10\n[device.x]\nprice_per_hour = 1\n' \
                'rate = { a = 10 }\n[design.now]\nfleet = { x = 1000000000 }\n' \
                '[uncertainty]\nnode_failure = 0.01\n'
        self.write("billion.toml", fleet)
        self.run_ok(["run", "-q", "billion.toml"])
        result = self.result("billion")
        self.assertAlmostEqual(result["designs"][0]["interval"]["theta"][0], 0.99, delta=1e-4)

    def test_the_cases_that_went_wrong(self):
        cases = support.SOURCE.parent / "shared" / "data" / "redesign-cases"
        if not cases.exists():
            self.skipTest(f"not there: {cases}")
        for path in cases.iterdir():
            shutil.copy(path, self.folder)
        for name, recommended in (
                ("w1-half-fleet", "best homogeneous"), ("w2-second-best", "safe"), ("w2b", "safe"),
                ("w6-types", "no change"), ("w8-demand-interval", "search"),
                ("w9-over-budget", "search"), ("w10-flips-network", "no change"),
                ("w12-search-useless", "search"), ("w13-no-change-below-demand", "enough"),
                ("w16-budget-cost", "no change"), ("w4-allocation", "no change")):
            self.run_ok(["run", "-q", f"{name}.toml"], 1)
            result = self.result(name)
            self.assertEqual(result["verdict"]["recommendation"], recommended, name)
            for design in result["designs"]:
                if design["name"] == recommended:
                    self.assertTrue(design["passes"], name)
        for design in self.result("w4-allocation")["designs"]:
            self.assertAlmostEqual(design["theta"], 1.0, places=8)
        self.run_ok(["run", "-q", "cap.toml"], 1)
        self.assertAlmostEqual(self.result("cap")["designs"][0]["theta"], 5.0, places=7)
        self.run_ok(["run", "-q", "pareto.toml"], 2)
        self.assertEqual(len(self.result("pareto")["front"]), 78)
        for name, part in (
                ("e01-no-demand", "missing [demand]"), ("e05-budget-small", "cheapest fleet is 100 a"),
                ("e13-node-not-multiple", "write 8 or 16"), ("w15-mixed-tp", "groups of 64 devices"),
                ("e16-group-larger-than-fleet", "groups of 64 devices"),
                ("e20-tp-group-over-node", "task.x.group = 2"),
                ("e22-huge-number", "check the units"), ("w7-searched", "groups of 64 devices")):
            done = support.motley(["run", "-q", f"{name}.toml"], 1, self.folder)
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertIn(part, done.stderr)
        self.assertIn("if that is kW, write 700",
                      self.run_ok(["run", "-q", "e09-power-in-kW-value.toml"], 1).stdout)
        self.assertIn("leave the nodes of 8 'a'",
                      self.run_ok(["run", "-q", "e21-tp-group.toml"], 1).stdout)

    def refused(self, text, code, *expected, rates=RATES):
        self.write("job.toml", text)
        self.write("rates.csv", rates)
        done = support.motley(["run", "-q", "job.toml"], 2, self.folder)
        self.assertEqual(done.returncode, code, done.stderr)
        for part in expected:
            self.assertIn(part, done.stderr)

    def test_a_budget_that_buys_no_fleet(self):
        self.refused(EXAMPLE.replace("= 100 }", "= 1 }"), 2, "job.toml:14:",
                     "the budget is 1 per hour", "the demand of 'prefill' is 120 units/s")

    def test_a_table_that_is_wrong(self):
        self.refused(EXAMPLE, 3, "rates.csv:2:14: rate '-20' must be positive",
                     rates=RATES.replace(",20,", ",-20,"))

    def test_a_task_nobody_can_do(self):
        self.refused(EXAMPLE.replace("decode = 900.0", "decode = 900.0\ntrain = 1"), 2,
                     "job.toml:5:9: no device can do 'train'")


if __name__ == "__main__":
    support.main()
