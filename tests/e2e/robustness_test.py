"""Attacks from the outside: files, tables, comparisons of attacked runs, and what is refused."""
import csv
import json

import support

JOB = """kind = "run"
seed = 3
[topology]
generator = "ring"
agents = 48
[model]
tasks = 3
[solve]
gap = 1e-4
[attack]
orders = ["random", "type"]
points = 6
replicates = 2
after = { adapt = 20 }
"""

ALIKE = """kind = "robustness"
[compare]
replicates = 2
[base.topology]
generator = "torus"
agents = 36
[base.solve]
mode = "dynamics"
steps = 200
[attack]
points = 4
replicates = 2
after = { adapt = 0 }
[factors]
model = [
    { tasks = 3, capability = { value = 1.0 }, allocation = "demand", adapt = false, name = "alike" },
    { tasks = 3, name = "unlike" },
]
"""

NESTED = 'topology = { generator = "nested", level = [{ generator = "ring", agents = 6, share = 0.2 }, ' \
         '{ generator = "complete", agents = 8, share = 0.8 }] }'


class Robustness(support.Case):
    def rows(self, name):
        with (self.folder / "results" / name / "attacks.csv").open() as file:
            return list(csv.DictReader(file))

    def test_an_attacked_run_has_curves_a_table_and_a_certified_loss(self):
        self.write("job.toml", JOB)
        out = self.run_ok(["run", "-q", "job.toml"]).stdout
        self.assertIn("attack by random", out)
        self.assertIn("certified loss", out)
        rows = self.rows("job")
        self.assertEqual([row["order"] for row in rows], ["random"] * 12 + ["type"] * 6)
        self.assertEqual([int(row["taken"]) for row in rows[:6]], [8, 16, 24, 32, 40, 48])
        self.assertEqual(float(rows[5]["resistance"]), 0.0)
        for row in rows:
            if row["taken"] == "48":
                continue
            left, after = float(row["resistance"]), float(row["final"])
            self.assertTrue(0.0 < left < 1.0)
            self.assertAlmostEqual(float(row["recovery"]), (after - left) / (1.0 - left), places=9)
        status = json.loads((self.folder / "results/job/status.json").read_text())
        self.assertIn("agent", status["certified_losses"])
        page = (self.folder / "results/job/report.html").read_text()
        self.assertIn("What is left at once", page)
        self.assertIn("Attacks in short", page)
        # The report is made again from the files, to the letter.
        again = self.run_ok(["report", "results/job", "-o", "again.html"])
        self.assertEqual(again.returncode, 0)
        self.assertEqual((self.folder / "again.html").read_text(), page)

    def test_curves_are_the_same_on_any_ranks_and_do_not_change_the_run(self):
        self.write("job.toml", JOB)
        hashes = set()
        texts = set()
        for ranks in (1, 3):
            self.run_ok(["run", "-q", "--fresh", "job.toml"], ranks)
            texts.add((self.folder / "results/job/attacks.csv").read_text())
            hashes.add(json.loads((self.folder / "results/job/status.json").read_text())["state_hash"])
        self.write("plain.toml", JOB[:JOB.index("[attack]")])
        self.run_ok(["run", "-q", "plain.toml"])
        hashes.add(json.loads((self.folder / "results/plain/status.json").read_text())["state_hash"])
        self.assertEqual((len(texts), len(hashes)), (1, 1))
        self.assertFalse((self.folder / "results/plain/attacks.csv").exists())

    def test_systems_are_compared_by_their_curves(self):
        self.write("both.toml", ALIKE)
        self.run_ok(["run", "-q", "both.toml"], 2)
        with (self.folder / "results/both/runs.csv").open() as file:
            runs = list(csv.DictReader(file))
        self.assertEqual(len(runs), 4)
        for run in runs:
            if run["model"] == "alike":  # (m - 1) / (2 m)
                for order in ("random", "degree", "value", "type"):
                    self.assertAlmostEqual(float(run[f"r_index_{order}"]), 3.0 / 8.0, places=9)
            else:
                self.assertLess(float(run["r_index_type"]), 3.0 / 8.0)
            self.assertEqual(run["r_index_group"], "nan")
        page = (self.folder / "results/both/report.html").read_text()
        self.assertIn("What holds the systems up", page)
        # It goes on where it was: nothing is run again, and what was deleted is.
        curves = sorted((self.folder / "results/both").rglob("attacks.csv"))
        self.assertEqual(len(curves), 4)
        before = {path: path.stat().st_mtime_ns for path in curves}
        self.run_ok(["run", "-q", "both.toml"], 2)
        self.assertEqual({path: path.stat().st_mtime_ns for path in curves}, before)
        self.run_ok(["run", "-q", "--fresh", "both.toml"], 2)
        self.assertTrue(all(path.stat().st_mtime_ns > before[path] for path in curves))

    def test_groups_are_attacked_by_level(self):
        self.write("nested.toml", JOB.replace('[topology]\ngenerator = "ring"\nagents = 48\n', "")
                   .replace("seed = 3", f"seed = 3\n{NESTED}").replace('"type"', '"group"'))
        self.run_ok(["run", "-q", "nested.toml"])
        rows = [row for row in self.rows("nested") if row["order"] == "group"]
        self.assertEqual(len(rows), 12)
        status = json.loads((self.folder / "results/nested/status.json").read_text())
        self.assertEqual(set(status["certified_losses"]), {"agent", "ring"})

    def refused(self, text, *words):
        self.write("bad.toml", text)
        done = support.motley(["run", "bad.toml"], cwd=self.folder)
        self.assertEqual(done.returncode, 2, done.stderr)
        for word in words:
            self.assertIn(word, done.stderr)
        self.assertFalse((self.folder / "results" / "bad").exists())

    def test_what_has_no_meaning_is_refused_with_its_place(self):
        base = JOB
        self.refused(ALIKE[:ALIKE.index("[attack]")] + ALIKE[ALIKE.index("[factors]"):], "bad.toml:1:", "[attack]")
        self.refused(ALIKE[:ALIKE.index("[factors]")], "bad.toml:1:", "[factors]", 'kind = "run"')
        self.refused(base.replace('"type"', '"group"'), "bad.toml:11:", "group", "nested")
        self.refused(base.replace('"type"', '"value2"'), "bad.toml:11:", "value2")
        self.refused(base.replace('["random", "type"]', "[]"), "bad.toml:11:", "orders")
        self.refused(base.replace("points = 6", "points = 0"), "bad.toml:12:", "points")
        self.refused(base + "fraction = 1.5\n", "bad.toml:15:", "fraction")
        self.refused(base.replace('"type"', '"random"') + "recompute = true\n", "bad.toml:15:", "recompute")
        self.refused(base.replace('"ring"', '"pool"') + 'share = "lose"\n', "share", "pool")
        self.refused(base.replace("tasks = 3", "tasks = 3\nrouting_rate = 0.1"), "routing_rate")
        nested = base.replace('[topology]\ngenerator = "ring"\nagents = 48\n', "")
        nested = nested.replace("seed = 3", f"seed = 3\n{NESTED}").replace('"type"', '"group"')
        self.refused(nested + "level = 2\n", "level", "1 to 1")


if __name__ == "__main__":
    support.main()
