"""kind = "scaling": the tables, the model's error, projections, and what cannot be measured."""
import csv
import json
import os

import support

JOB = """
kind = "scaling"
[scaling]
steps = 3
repetitions = 2
project = [4, 32]
[topology]
generator = "torus"
shape = [60, 40]
[model]
tasks = 4
"""


class Scaling(support.Case):
    def table(self, name):
        with open(self.folder / "results/job" / name, encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def test_tables_of_strong_and_weak_scaling(self):
        self.write("job.toml", JOB)
        done = self.run_ok(["run", "-q", "job.toml"], ranks=2)
        self.assertIn("per agent", done.stdout)
        cases = self.table("scaling.csv")
        self.assertEqual([(c["scaling"], c["ranks"], c["agents"]) for c in cases],
                         [("strong", "1", "2400"), ("strong", "2", "2400"),
                          ("weak", "1", "2400"), ("weak", "2", "4800")])
        for case in cases:
            self.assertGreater(float(case["step_seconds"]), 0)
            self.assertGreater(float(case["predicted_seconds"]), 0)
            for phase in ("compute", "pack", "wait", "reduce", "output"):
                least, mean, most = (float(case[f"{phase}_{w}"]) for w in ("min", "mean", "max"))
                self.assertLessEqual(least, mean * (1 + 1e-5))
                self.assertLessEqual(mean, most * (1 + 1e-5))
                self.assertIn(int(case[f"{phase}_slowest_rank"]), (0, 1))
        # Two blocks of a torus: each sends one row of 40 on either side, twice 4 doubles each.
        self.assertEqual(int(cases[0]["bytes_per_step"]), 0)
        self.assertEqual(int(cases[1]["bytes_per_step"]), 2 * 80 * 2 * 4 * 8)
        self.assertEqual(float(cases[0]["efficiency"]), 1)
        self.assertFalse((self.folder / "results/job/probe.h5").exists())
        status = json.loads((self.folder / "results/job/status.json").read_text())
        self.assertEqual(status["state"], "done")

    def test_projections_use_the_real_partition(self):
        self.write("job.toml", JOB)
        self.run_ok(["run", "-q", "job.toml"], ranks=2)
        four, many = self.table("projection.csv")
        self.assertEqual((four["ranks"], many["ranks"]), ("4", "32"))
        # Blocks of 15 rows of 40: two neighbours, two rows of 40 agents to send.
        self.assertEqual((four["slowest_agents"], four["slowest_arcs"]), ("600", "2400"))
        self.assertEqual((four["slowest_messages"], four["slowest_units_sent"]), ("2", "80"))
        self.assertEqual(many["slowest_agents"], "75")

    def test_projections_know_the_links_between_islands(self):
        self.write("job.toml", JOB)
        for links, seconds in (("pairs", (5.12, 2.56)), ("shared", (5.12, 5.12))):
            done = self.run_ok(["run", "-q", "job.toml", "--set", "exchange.ranks_per_node=1", "--set",
                                f'scaling.islands={{nodes=2, link_gb_per_s=1e-6, links="{links}"}}'], ranks=2)
            self.assertIn("ns per byte between islands, as given: 1000000.000", done.stdout)
            self.assertIn("byte between islands, given", (self.folder / "results/job/report.html").read_text())
            # 40 agents of 64 bytes on either side of an island, at 1000 bytes a second; two islands have one link.
            for row, wanted in zip(self.table("projection.csv"), seconds):
                self.assertAlmostEqual(float(row["step_seconds"]), wanted, delta=0.05, msg=f"{links} {row['ranks']}")
            # The measured ranks are one island.
            self.assertLess(float(self.table("scaling.csv")[1]["predicted_seconds"]), 0.5)

    def test_a_note_says_where_no_message_left_a_node(self):
        self.write("job.toml", JOB)
        one = "note: all ranks were on one node"
        self.assertIn(one, self.run_ok(["run", "-q", "job.toml"], ranks=2).stdout)
        done = self.run_ok(["run", "-q", "job.toml", "--set", "exchange.ranks_per_node=1"], ranks=2)
        self.assertNotIn(one, done.stdout)
        self.assertNotIn(one, self.run_ok(["run", "-q", "job.toml", "--set", "scaling.project=[2]"], ranks=2).stdout)
        self.assertIn("note: one rank sends no messages", self.run_ok(["run", "-q", "job.toml"]).stdout)

    def test_what_cannot_be_measured_is_refused(self):
        self.write("job.toml", JOB)
        for change, code, message in (
                (["scaling.ranks=[1,9]"], 2, r"9 ranks are asked for, but there are 2"),
                (['topology={file="g.csv"}'], 2, r"scaling\.weak.*no size that could grow"),
                (["scaling.steps=0"], 2, r"scaling\.steps|'steps'"),
                (["scaling.fast=true"], 2, r"unknown key 'fast'"),
                (["scaling.islands={nodes=2}"], 2, r"scaling\.islands.*link_gb_per_s|missing.*link_gb_per_s"),
                (["scaling.islands={nodes=0, link_gb_per_s=1}"], 2, r"scaling\.islands\.nodes.*\[1, "),
                (['scaling.islands={nodes=2, link_gb_per_s=1, links="ring"}'], 2, r"pairs.*shared")):
            self.write("g.csv", "source,target\na,b\nb,c\n")
            arguments = [a for each in change for a in ("--set", each)]
            done = support.motley(["run", "-q", "job.toml"] + arguments, 2, self.folder)
            self.assertEqual(done.returncode, code, done.stderr)
            self.assertRegex(done.stderr, message)

    def test_notes_say_what_the_figures_do_not(self):
        self.write("job.toml", JOB)
        cores = os.sched_getaffinity(0)
        try:
            os.sched_setaffinity(0, {min(cores)})
            done = self.run_ok(["run", "-q", "job.toml"], ranks=2)
            self.assertRegex(done.stdout, "note: 2 ranks share 1 of the processor's cores")
            self.assertIn("Note: 2 ranks share 1 of", (self.folder / "results/job/report.html").read_text())
        finally:
            os.sched_setaffinity(0, cores)
        done = self.run_ok(["run", "-q", "job.toml", "--set", "exchange.method=node"], ranks=2)
        self.assertEqual("ranks share" in done.stdout, len(cores) < 2)
        self.assertRegex(done.stdout, 'note: .*messages from rank to rank.*exchange.method = "node"')
        # One node, whose ranks send no messages.
        self.assertEqual([c["messages_per_step"] for c in self.table("scaling.csv")], ["0"] * 4)
        self.assertGreater(float(self.table("projection.csv")[0]["exchange_share"]), 0)

    def test_files_without_weak_scaling(self):
        self.write("job.toml", JOB)
        self.write("g.csv", "source,target\na,b\nb,c\nc,d\n")
        self.run_ok(["run", "-q", "job.toml", "--set", 'topology={file="g.csv"}', "--set",
                     "scaling.weak=false", "--set", "model.precision=single"], ranks=3)
        self.assertEqual([c["ranks"] for c in self.table("scaling.csv")],
                         ["1", "2", "3"][:support.MOST_RANKS])


if __name__ == "__main__":
    support.main()
