"""Attacks from the outside: files, tables, comparisons of attacked runs, and what is refused."""
import csv
import json
import random
import signal
import subprocess
import time

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

    def test_an_attack_that_is_set_aside_goes_on_on_other_ranks(self):
        long = JOB.replace("agents = 48", "agents = 600").replace("points = 6", "points = 60")
        long = long.replace("adapt = 20", "adapt = 100").replace("[attack]", "[attack]\nspectral = true\nsingles = 2")
        self.write("job.toml", long)
        self.run_ok(["run", "-q", "job.toml"])
        whole = {name: (self.folder / "results/job" / name).read_text() for name in ("attacks.csv", "criticality.csv")}
        self.assertEqual(whole["attacks.csv"].splitlines()[0].split(",")[-2:], ["mu2", "settling"])
        log = self.folder / "results/job/log.txt"
        log.unlink()
        process = subprocess.Popen([support.BINARY, "run", "-q", "--fresh", "job.toml"], cwd=self.folder,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        deadline = time.monotonic() + 60
        while process.poll() is None and "attacks:" not in (log.read_text() if log.exists() else ""):
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.01)
        process.send_signal(signal.SIGUSR1)
        out, err = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 75, err)
        self.assertIn("motley resume results/job", out)
        self.assertTrue((self.folder / "results/job/attacks.part").exists())
        self.assertFalse((self.folder / "results/job/attacks.csv").exists())
        self.assertEqual(self.status("job")["state"], "checkpointed")
        # Another attack does not go on with these points.
        self.write("job.toml", long.replace("adapt = 100", "adapt = 99"))
        refused = support.motley(["run", "-q", "job.toml"], cwd=self.folder)
        self.assertEqual(refused.returncode, 2)
        self.assertIn("attacks.part", refused.stderr)
        self.run_ok(["resume", "-q", "results/job"], 2)
        for name, text in whole.items():
            self.assertEqual((self.folder / "results/job" / name).read_text(), text)
        self.assertFalse((self.folder / "results/job/attacks.part").exists())

    def test_systems_in_files_are_compared(self):
        folder = self.folder / "systems"
        folder.mkdir()
        plain = JOB[:JOB.index("[attack]")]
        (folder / "graph.csv").write_text("source,target\n" + "".join(f"{i},{(i + 1) % 9}\n" for i in range(9)))
        (folder / "a.toml").write_text(plain.replace("seed = 3", 'name = "one"'))
        (folder / "b.toml").write_text(JOB.replace('generator = "ring"\nagents = 48', 'file = "graph.csv"'))
        text = 'kind = "robustness"\nsystems = ["systems/a.toml", "systems/b.toml", {listed}]\n[attack]\n' \
               'points = 3\nreplicates = 1\nspectral = true\nafter = {{ adapt = 0 }}\n'
        listed = '{ name = "three", topology = { generator = "complete", agents = 12 }, model = { tasks = 3 } }'
        self.write("both.toml", text.format(listed=listed))
        self.run_ok(["run", "-q", "both.toml"], 2)
        with (self.folder / "results/both/runs.csv").open() as file:
            runs = list(csv.DictReader(file))
        self.assertEqual([run["system"] for run in runs], ["one", "b", "three"])
        self.assertEqual([int(run["agents"]) for run in runs], [48, 9, 12])
        # The attack is that of the comparison, also where a system brings its own.
        points = [path.read_text().count("\n") - 1 for path in (self.folder / "results/both").rglob("attacks.csv")]
        self.assertEqual(points, [12, 12, 12])
        # The resolved text is a job that gives the same runs.
        resolved = self.run_ok(["validate", "--resolved", "both.toml"]).stdout
        self.write("again.toml", resolved.replace('name = "both"', 'name = "again"'))
        self.run_ok(["run", "-q", "again.toml"])
        self.assertEqual((self.folder / "results/again/summary.csv").read_text(),
                         (self.folder / "results/both/summary.csv").read_text())
        # Factors are crossed with systems.
        self.write("more.toml", text.format(listed=listed) + '[factors]\n"model.openness" = [0.2, 0.8]\n')
        self.run_ok(["run", "-q", "more.toml"])
        with (self.folder / "results/more/runs.csv").open() as file:
            self.assertEqual(len(list(csv.DictReader(file))), 6)
        base = text.format(listed=listed)
        self.refused(base.replace("systems/b.toml", "systems/c.toml"), "bad.toml:2:", "systems/c.toml")
        self.refused(base.replace('"three"', '"one"'), "bad.toml:2:", "one")
        self.refused(base.replace('name = "three", ', ""), "bad.toml:2:", "name")
        self.refused(base.replace("tasks = 3", "task = 3"), "bad.toml:2:", "task")
        (folder / "b.toml").write_text(JOB.replace("tasks = 3", "tasks = 3\nopen = 1"))
        self.refused(base, "systems/b.toml:8:1", "open")
        (folder / "b.toml").write_text(ALIKE)
        self.refused(base, "systems/b.toml:1:", "run")

    def test_a_graph_that_ranks_read_together_has_the_same_curves(self):
        draw = random.Random(5)
        pairs = {tuple(sorted(draw.sample(range(1500), 2))) for _ in range(150000)}
        (self.folder / "graph.txt").write_text("".join(f"{a} {b}\n" for a, b in sorted(pairs)))
        self.assertGreater((self.folder / "graph.txt").stat().st_size, 1 << 20)
        self.write("job.toml", JOB.replace('generator = "ring"\nagents = 48', 'file = "graph.txt"')
                   .replace("points = 6", "points = 3\nspectral = true").replace("adapt = 20", "adapt = 0"))
        texts = set()
        for ranks in (1, 3):
            self.run_ok(["run", "-q", "--fresh", "job.toml"], ranks)
            texts.add((self.folder / "results/job/attacks.csv").read_text())
        self.assertEqual(len(texts), 1)
        # A random graph of degree d: about 2 / sqrt(d).
        degree = 2 * len(pairs) / 1500 * 2 / 3
        self.assertAlmostEqual(float(self.rows("job")[0]["mu2"]), 2 / degree ** 0.5, delta=0.02)

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
