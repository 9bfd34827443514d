"""Swarms from the outside: the shipped jobs and their findings, the files, and what is refused."""
import csv
import json
import os
import re
import subprocess
import unittest

import support

NAMES = {"demo", "policies", "scaling", "diversity", "heterogeneity", "adversaries", "churn", "keys", "discovery",
         "complementarity", "posterior", "machine", "backbone", "production"}


class Swarm(support.Case):
    jobs = support.SOURCE / "jobs" / "swarm"

    def shipped(self, name, *extra, ranks=1, timeout=240):
        done = self.run_ok(["run", "-q", self.jobs / f"{name}.toml", *extra], ranks, timeout=timeout)
        self.assertEqual(done.stderr, "")
        path = self.folder / "results" / name / "swarm.json"
        return json.loads(path.read_text(encoding="utf-8")), done.stdout

    @staticmethod
    def cell(result, policy, sites=None, **setting):
        for cell in result["cells"]:
            if cell["policy"] != policy or sites not in (None, cell["sites"]):
                continue
            if all(cell[key.replace("__", ".")] == value for key, value in setting.items()):
                return cell
        raise AssertionError(f"no cell {policy} {sites} {setting}")

    @staticmethod
    def exponent(result, policy, measure, **setting):
        for law in result["growth"]:
            if (law["policy"], law["measure"]) != (policy, measure):
                continue
            if all(law[key.replace("__", ".")] == value for key, value in setting.items()):
                return law["exponent"][0]
        raise AssertionError(f"no law {policy} {measure} {setting}")

    @staticmethod
    def verdict(result, claim):
        return next(c["verdict"] for c in result["claims"] if c["claim"] == claim)

    def test_every_job_of_the_folder_is_tested(self):
        self.assertEqual({p.stem for p in self.jobs.glob("*.toml")}, NAMES)
        for name in NAMES - {"backbone"}:
            self.assertIn("valid", self.run_ok(["validate", self.jobs / f"{name}.toml"]).stdout)

    def test_policies_have_the_costs_of_the_specification(self):
        # The prototype's table of N = 4096 and C = 1, 16, 512 problems: messages, bytes, pairs and errors.
        result, table = self.shipped("policies", ranks=2)
        of = {(c["policy"], c["problems"]): c for c in result["cells"]}
        for problems, bytes_of_full, pairs in ((1, 2107467, 8386560), (16, 141882, 524221), (512, 14934, 16427)):
            full, cap, total = (of[policy, problems] for policy in ("full", "cap", "aggregate"))
            self.assertAlmostEqual(full["messages_per_site"][0], 30.2, delta=0.2)
            self.assertAlmostEqual(full["bytes_per_site"][0] / bytes_of_full, 1, delta=0.01)
            self.assertAlmostEqual(full["pairs"][0] / pairs, 1, delta=0.01)
            self.assertAlmostEqual(total["bytes_per_site"][0], 11339, delta=30)
            self.assertEqual(full["error"], total["error"])
            for policy in ("central", "broadcast", "gossip", "hierarchical"):
                self.assertEqual(of[policy, problems]["error"], full["error"], policy)
            self.assertEqual(of["central", problems]["bytes_per_site"][0], 1024)
            if problems < 512:
                self.assertAlmostEqual(cap["bytes_per_site"][0], 21067, delta=30)
                self.assertAlmostEqual(cap["error"][0], 1 / 21, delta=0.004)
        self.assertEqual(of["full", 1]["pairs"][0], 4096 * 4095 / 2)
        self.assertEqual(of["full", 1]["hottest_served"][0], 4096 * 4095 * 512)
        self.assertAlmostEqual(of["broadcast", 1]["bytes_per_site"][0], 2096640, delta=1)
        self.assertAlmostEqual(of["cap", 1]["pairs"][0] / 81728, 1, delta=0.003)
        self.assertAlmostEqual(of["cap", 16]["pairs"][0] / 78685, 1, delta=0.004)
        self.assertAlmostEqual(of["full", 512]["error"][0], 0.127, delta=0.01)
        self.assertGreater(of["average", 16]["error"][0], 3.0)
        self.assertLess(of["average", 1]["error"][0], 0.01)
        self.assertEqual(self.verdict(result, "paths carry the knowledge"), "fails")
        for word in ("policy", "gossip", "hierarchical", "hops", "because"):
            self.assertIn(word, table)

    def test_settings_are_compared_in_pairs_with_the_baseline(self):
        # The difference of two independent means has a wider interval than that of the pairs.
        result, _ = self.shipped("demo", "--set=swarm.baseline=full", ranks=2)
        self.assertNotIn("difference", self.cell(result, "full"))
        none = self.cell(result, "none")["difference"]
        self.assertEqual((none["of"], none["to"]), ("error", "full"))
        expected = self.cell(result, "none")["error"][0] - self.cell(result, "full")["error"][0]
        self.assertAlmostEqual(none["mean"], expected, delta=1e-12)
        self.assertLess(none["interval"][0], none["mean"])
        self.assertLess(none["p_holm"], 0.01)
        self.assertEqual(self.cell(result, "aggregate")["difference"]["mean"], 0)
        with open(self.folder / "results/demo/runs.csv", newline="", encoding="utf-8") as file:
            runs = list(csv.DictReader(file))
        self.assertEqual(len(runs), 30)
        own = {r["replicate"]: float(r["error"]) for r in runs if r["policy"] == "none"}
        theirs = {r["replicate"]: float(r["error"]) for r in runs if r["policy"] == "full"}
        self.assertAlmostEqual(sum(own[r] - theirs[r] for r in own) / 5, none["mean"], delta=1e-12)
        with open(self.folder / "results/demo/summary.csv", newline="", encoding="utf-8") as file:
            rows = {r["policy"]: r for r in csv.DictReader(file)}
        self.assertAlmostEqual(float(rows["none"]["difference"]), none["mean"], delta=1e-15)
        self.assertAlmostEqual(float(rows["none"]["error_mean"]), sum(own.values()) / 5, delta=1e-12)
        self.assertEqual(rows["full"]["difference"], "")
        page = (self.folder / "results/demo/report.html").read_text(encoding="utf-8")
        self.assertIn("to full", page)

    def test_factors_are_words_and_ranges_too(self):
        self.write("job.toml", 'kind = "swarm"\n[swarm]\nsites = [300]\npolicies = ["aggregate"]\nreplicates = 2\n'
                   '[factors]\n"overlay.lookup" = ["recursive", "iterative"]\n'
                   '"overlay.contacts" = { from = 4, to = 16, count = 3, scale = "log" }\n')
        out = self.run_ok(["run", "-q", "job.toml"]).stdout
        self.assertIn("overlay.lookup", out)
        result = json.loads((self.folder / "results/job/swarm.json").read_text())
        self.assertEqual(len(result["cells"]), 6)
        for contacts in (4, 8, 16):
            found = {word: self.cell(result, "aggregate", overlay__lookup=word, overlay__contacts=contacts)
                     for word in ("recursive", "iterative")}
            self.assertEqual(found["recursive"]["error"], found["iterative"]["error"])
            self.assertLess(found["recursive"]["messages_per_site"][0], found["iterative"]["messages_per_site"][0])
        with open(self.folder / "results/job/runs.csv", newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual({r["overlay.lookup"] for r in rows}, {"recursive", "iterative"})
        self.assertEqual({float(r["overlay.contacts"]) for r in rows}, {4, 8, 16})

    def test_scaling_in_its_short_form(self):
        result, _ = self.shipped("scaling", "--set=swarm.sites=[100,400,1600,6400]", ranks=2)
        self.assertAlmostEqual(self.exponent(result, "full", "pairs"), 2.0, delta=0.04)
        self.assertAlmostEqual(self.exponent(result, "full", "hottest_served"), 2.0, delta=0.3)
        self.assertAlmostEqual(self.exponent(result, "cap", "bytes_per_site"), 0.0, delta=0.2)
        self.assertAlmostEqual(self.exponent(result, "aggregate", "information"), 1.0, delta=1e-9)
        self.assertEqual(self.verdict(result, "the cost of finding others grows logarithmically"),
                         "holds")
        self.assertEqual(self.verdict(result, "knowledge grows quadratically"),
                         "holds for the sum over sites only")

    def test_diversity_takes_from_the_exponent(self):
        result, _ = self.shipped("diversity")
        for growth in (0, 0.5, 1):
            found = self.exponent(result, "full", "pairs", problems__growth=growth)
            self.assertAlmostEqual(found, 2 - growth, delta=0.03)

    def test_heterogeneity_limits_what_is_gained(self):
        result, _ = self.shipped("heterogeneity")
        for between in (0.5, 1, 2):
            best = self.cell(result, "aggregate", 4096, operator="shrink",
                             problems__heterogeneity=between)
            limit = between / (1 + between)
            self.assertAlmostEqual(best["error"][0], limit, delta=0.03)
        self.assertEqual(self.verdict(result, "more packets never harm"), "fails for the mean")

    def test_adversaries_in_range_are_not_kept_out(self):
        result, _ = self.shipped("adversaries", "--set=swarm.replicates=4")
        bias = self.cell(result, "full", operator="median", adversaries__share=0.3)["bias"][0]
        self.assertGreater(bias, 0.4)
        out = self.cell(result, "full", operator="rejection", adversaries__share=0.3)
        self.assertLess(out["lies_rejected"][0], 0.01)
        self.assertEqual(self.verdict(result, "false packets are kept out"), "fails")
        seen, _ = self.shipped("adversaries", "--fresh", "--set=swarm.replicates=2",
                               "--set=adversaries.attack=out-of-range", "--set=synthesis.range=20")
        self.assertEqual(self.verdict(seen, "false packets are kept out"), "holds")

    def test_churn_loses_questions_as_its_chances(self):
        result, _ = self.shipped("churn")
        at_one = self.cell(result, "aggregate", overlay__session="1")["unanswered_share"][0]
        away = 1 - 2.718281828 ** -1
        self.assertAlmostEqual(at_one, 1 - (1 - away ** 3) * 0.9, delta=0.02)
        none_away = self.cell(result, "aggregate", overlay__session="infinite")["unanswered_share"][0]
        self.assertAlmostEqual(none_away, 0.1, delta=0.01)

    def test_keys_have_a_best_width(self):
        result, table = self.shipped("keys", "--set=swarm.replicates=2")
        errors = [c["error"][0] for c in result["cells"] if c["policy"] == "full"]
        best = errors.index(min(errors))
        self.assertNotIn(best, (0, len(errors) - 1))
        self.assertIn("recall", table)

    def test_discovery_saves_trials_linearly(self):
        result, _ = self.shipped("discovery")
        self.assertAlmostEqual(self.exponent(result, "aggregate", "trials_saved"), 1.0, delta=0.05)
        self.assertEqual(self.verdict(result, "without routing sites repeat each other's work"),
                         "holds")

    def test_worth_in_pairs_is_quadratic_at_constant_worth_per_byte(self):
        result, _ = self.shipped("complementarity")
        self.assertAlmostEqual(self.exponent(result, "full", "worth"), 2.0, delta=0.03)
        self.assertAlmostEqual(self.exponent(result, "full", "worth_per_megabyte"), 0.0, delta=0.05)
        self.assertEqual(self.cell(result, "aggregate")["worth"][0], 0)

    def test_posteriors_count_evidence_twice(self):
        result, _ = self.shipped("posterior")
        self.assertGreater(self.cell(result, "full")["calibration"][0], 100)
        own, _ = self.shipped("posterior", "--fresh", "--set=synthesis.deposit=own")
        self.assertAlmostEqual(self.cell(own, "full")["calibration"][0], 1.0, delta=0.4)

    def test_groups_on_a_machine_load_its_links_less(self):
        result, table = self.shipped("machine", "--set=swarm.replicates=1")
        load = {c["policy"]: c["place"] for c in result["cells"]}
        self.assertLess(load["hierarchical"]["link_bytes"], load["aggregate"]["link_bytes"] / 4)
        self.assertIn("busiest link", table)
        # Ids that ignore where sites are: each hop is between random hosts, so that stretch is hops.
        random, _ = self.shipped("machine", "--fresh", "--set=swarm.replicates=1", "--set=place.placement=random")
        cell = self.cell(random, "aggregate")
        self.assertAlmostEqual(cell["place"]["stretch"], cell["hops"][0], delta=0.05)
        self.assertLess(load["aggregate"]["stretch"], 1.3)

    def test_backbone(self):
        self.need(support.SHARED / "data" / "networks" / "topologyzoo-Kdl.graphml")
        result, _ = self.shipped("backbone", "--set=swarm.replicates=1")
        load = {c["policy"]: c["place"] for c in result["cells"]}
        self.assertGreater(load["aggregate"]["stretch"], 1.2)
        self.assertLess(load["hierarchical"]["link_bytes"], load["cap"]["link_bytes"] / 4)

    def test_similar_partners_raise_productivity_at_the_same_degree(self):
        self.run_ok(["run", "-q", self.jobs / "production.toml", "--set=compare.replicates=1",
                     "--set=base.measure.centres=0"], 2, timeout=240)
        path = self.folder / "results" / "production" / "summary.csv"
        with open(path, newline="", encoding="utf-8") as file:
            made = {(r["topology"], r["model.capability"], float(r["model.openness"])):
                    float(r["productivity_per_agent_mean"]) for r in csv.DictReader(file)}
        for openness, least in ((0.5, 1.4), (0.9, 1.8), (0.97, 1.8)):
            own_mix = [made[topology, "own mix", openness] for topology in ("similar", "random")]
            self.assertGreater(own_mix[0], least * own_mix[1])
        skilled = [made[topology, "skilled in what they want", 0.5]
                   for topology in ("similar", "random")]
        self.assertLess(skilled[0], skilled[1])

    def test_files_are_those_of_every_number_of_ranks(self):
        for ranks in (1, 2, 3):
            self.run_ok(["run", "-q", self.jobs / "policies.toml", f"--set=name=r{ranks}",
                         "--set=swarm.sites=[500]", "--set=factors.problems.count=[8]"], ranks, timeout=120)
        for file in ("swarm.json", "runs.csv", "summary.csv", "claims.csv"):
            texts = {(self.folder / "results" / f"r{r}" / file).read_bytes() for r in (1, 2, 3)}
            self.assertEqual(len(texts), 1, file)
        with open(self.folder / "results" / "r1" / "summary.csv", newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual(len(rows), 10)
        html = (self.folder / "results" / "r1" / "report.html").read_text(encoding="utf-8")
        self.assertIn("Error against bytes of a site", html)
        self.assertEqual(self.status("r1")["state"], "done")

    def test_plan_and_submit(self):
        plan = self.run_ok(["plan", self.jobs / "demo.toml", "-n", "4"]).stdout
        self.assertIn("6 settings", plan)
        script = self.run_ok(["submit", "--dry-run", "--ntasks-per-node", "2",
                              self.jobs / "demo.toml"]).stdout
        self.assertIn("#SBATCH", script)
        self.assertIn("demo.toml", script)

    def test_progress_is_on_stderr(self):
        done = self.run_ok(["run", self.jobs / "demo.toml", "--set=swarm.sites=[100]"])
        self.assertEqual(len(done.stderr.splitlines()), 6)
        self.assertIn("1 of 6: none, 100 sites", done.stderr)

    def test_resume_of_a_finished_swarm_does_nothing(self):
        self.run_ok(["run", "-q", self.jobs / "posterior.toml"])
        self.assertIn("done already", self.run_ok(["resume", "results/posterior"]).stdout)

    def test_a_plan_knows_the_memory(self):
        # The kernel counts the memory of the run; the plan must be right within 30 %.
        self.write("job.toml", 'kind = "swarm"\n[swarm]\nsites = [300000]\npolicies = ["cap"]\nreplicates = 1\n'
                   '[problems]\ncount = 30000\n')
        planned = re.search(r"memory of a rank +([0-9.]+) MB", self.run_ok(["plan", "job.toml"]).stdout)
        process = subprocess.Popen([support.BINARY, "run", "-q", "job.toml"], cwd=self.folder,
                                   stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.assertEqual(process.returncode, 0)
        self.assertAlmostEqual(float(planned[1]) / (usage.ru_maxrss * 1024 / 1e6), 1, delta=0.3)

    def test_what_is_refused(self):
        cases = {
            "swarm.cap=0": "'swarm.cap' must lie in [1, 4096]",
            "swarm.cap=4096": "a site among 4096 has 4095 others",
            "overlay.contacts=0": "'overlay.contacts' must lie in [1, 255]",
            "adversaries.share=1.5": "'adversaries.share' must lie in [0, 1]",
            "keys.threshold=2": "'keys.threshold' must lie in [-1, 1]",
            "keys.bits=99": "'keys.bits' must lie in [1, 60]",
            "keys.tables=99": "'keys.tables' must lie in [1, 60]",
            "swarm.policies=[\"ful\"]": "did you mean 'full'?",
            "swarm.sites=[0]": "'swarm.sites",
        }
        for setting, message in cases.items():
            for ranks in (1, 2):
                with self.subTest(setting=setting, ranks=ranks):
                    done = support.motley(["run", self.jobs / "demo.toml", "--set", setting], ranks,
                                          self.folder)
                    self.assertEqual(done.returncode, 2, done.stderr)
                    own = support.own_lines(done.stderr)
                    self.assertEqual(len(own), 1, done.stderr)
                    self.assertIn(message, own[0])
        self.assertFalse((self.folder / "results").exists())

    def test_bad_input_is_told_with_its_place(self):
        cases = [
            ("[overlay]\ncontacts = 0\n", "3:12", "[1, 255]"),
            ("[swarm]\nsites = [30]\ncap = 30\npolicies = [\"cap\"]\n", "4:7", "a site among 30 has 29 others"),
            ("[keys]\nkind = \"simhash\"\nbits = 61\ntables = 4\n", "4:8", "[1, 60]"),
            ("[keys]\nkind = \"simhash\"\nbits = 12\ntables = 61\n", "5:10", "[1, 60]"),
            ("[keys]\nkind = \"simhash\"\nbits = 33\ntables = 32\n", "5:10", "33 x 32 = 1056"),
            ("[keys]\nkind = \"simhash\"\nbits = 60\n[factors]\n\"keys.tables\" = [1, 18]\n", "6:21",
             "60 x 18 = 1080"),
            ("[keys]\nkind = \"simhash\"\ntables = 0\n", "4:10", "[1, 60]"),
            ("[swarm]\ncap = 0\n", "3:7", "[1, 4096]"),
            ("[adversaries]\nshare = -0.1\n", "3:9", "[0, 1]"),
            ("[adversaries]\nshare = 1.01\n", "3:9", "[0, 1]"),
            ("[keys]\nthreshold = 1.01\n", "3:13", "[-1, 1]"),
            ("[keys]\nthreshold = -1.01\n", "3:13", "[-1, 1]"),
            ("[factors]\n\"keys.threshold\" = [0.5, -2]\n", "3:26", "[-1, 1]"),
        ]
        for text, place, message in cases:
            self.write("bad.toml", 'kind = "swarm"\n' + text)
            for command in ("validate", "run"):
                with self.subTest(text=text, command=command):
                    done = support.motley([command, "bad.toml"], 1, self.folder)
                    self.assertEqual(done.returncode, 2, done.stderr)
                    self.assertIn(f"bad.toml:{place}: ", done.stderr)
                    self.assertIn(message, done.stderr)
        self.assertFalse((self.folder / "results").exists())

    def test_a_place_in_pieces_is_refused(self):
        done = support.motley(["run", "-q", self.jobs / "machine.toml",
                               "--set=place.topology={generator=\"isolated\",agents=4}"], 2,
                              self.folder)
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn("not connected", done.stderr)

    def test_greedy_walks_on_a_graph_in_pieces_fail_and_are_counted(self):
        self.write("pieces.toml", 'kind = "swarm"\n[swarm]\nsites = [60]\npolicies = ["greedy"]\n'
                   '[graph]\ntopology = { generator = "isolated", agents = 60 }\n')
        done = self.run_ok(["run", "-q", "pieces.toml"])
        result = json.loads((self.folder / "results" / "pieces" / "swarm.json").read_text())
        self.assertGreater(self.cell(result, "greedy")["unanswered_share"][0], 0.5)
        self.assertIn("no answer", done.stdout)


if __name__ == "__main__":
    support.main()
