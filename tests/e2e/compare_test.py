"""Comparisons from the outside: killed and started again, against single runs, with runs that fail."""
import csv
import hashlib
import json
import math
import os
import signal
import subprocess
import sys
import time

import h5py
import support
import xarray

BASE = """\
kind = "compare"
seed = 4
[compare]
replicates = {replicates}
baseline = "ring"
{more}
[base]
model = {{ tasks = 4, elasticity = 0.7, capability = {{ distribution = "lognormal", sigma = 0.3 }} }}
solve = {{ {solve} }}
"""
FACTORS = """\
[factors]
topology = [
  { generator = "isolated", agents = %(n)d },
  { generator = "ring", agents = %(n)d, degree = 4 },
  { generator = "random-regular", agents = %(n)d, degree = 4, name = "random" }]
"model.openness" = [0.5, 0.9]
"""
QUICK = BASE.format(replicates=3, more="", solve="gap = 1e-2") + FACTORS % {"n": 64}
TABLES = ("runs.csv", "summary.csv", "compare.h5", "manifest")


class Compare(support.Case):
    def place(self, name, cwd=None):
        return (cwd or self.folder) / "results" / name

    def rows(self, name, table="runs.csv", cwd=None):
        with open(self.place(name, cwd) / table, newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))

    def manifest(self, name):
        lines = (self.place(name) / "manifest").read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines]

    def tables(self, name, cwd=None):
        return {t: hashlib.sha256((self.place(name, cwd) / t).read_bytes()).hexdigest()
                for t in TABLES}

    def start_and_kill(self, name, ranks, more):
        """Starts the comparison, kills mpirun when `more` runs have ended; returns all that have."""
        enough = len(list(self.place(name).rglob("result.json"))) + more
        command = support.launch(ranks, [support.BINARY, "run", "-q", f"{name}.toml"])
        process = subprocess.Popen(command, cwd=self.folder, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 60
        ended = []
        while len(ended) < enough:
            self.assertLess(time.monotonic(), deadline, "no runs were finished")
            self.assertIsNone(process.poll(), "all was over before it could be killed")
            time.sleep(0.01)
            ended = list(self.place(name).rglob("result.json"))
        self.assertEqual(len(self.ranks_of(name)), min(ranks, support.MOST_RANKS))
        # They keep others out until they end, also where they outlive mpirun.
        early = support.motley(["run", "-q", f"{name}.toml"], cwd=self.folder)
        self.assertEqual(early.returncode, 2, early.stdout)
        self.assertIn("another motley is at work in this folder", early.stderr)
        process.send_signal(signal.SIGKILL)
        process.wait()
        self.kill_ranks(name)
        return list(self.place(name).rglob("result.json"))

    def test_killed_and_started_again_it_ends_with_the_same_tables(self):
        steps = 10000 // support.SLOW
        job = BASE.format(replicates=4, more="", solve=f'mode = "dynamics", steps = {steps}, rate = 0.1')
        job += FACTORS % {"n": 512}
        self.write("job.toml", job)
        whole = self.folder / "whole"
        whole.mkdir()
        self.run_ok(["run", "-q", self.folder / "job.toml"], ranks=2, cwd=whole, timeout=120)

        traces = {}
        for ranks in (2, 3):
            finished = self.start_and_kill("job", ranks, 3)
            self.assertLess(len(finished), 24)
            # No finished run is made twice: its files stay the same files.
            for path, trace in traces.items():
                self.assertEqual((path.stat().st_ino, path.stat().st_mtime_ns), trace)
            for path in finished:
                for file in (path, path.parent / "run.h5"):
                    traces[file] = (file.stat().st_ino, file.stat().st_mtime_ns)
            manifest = self.manifest("job")
            self.assertEqual(manifest[0]["runs"], 24)
            self.assertEqual(len(manifest), 25)
        again = support.motley(["run", "job.toml"], ranks=2, cwd=self.folder, timeout=120)
        self.assertEqual(again.returncode, 0, again.stderr)
        self.assertIn(f"{len(finished)} of 24 runs were finished before and are kept", again.stderr)

        for path, trace in traces.items():
            self.assertEqual((path.stat().st_ino, path.stat().st_mtime_ns), trace, path)
        self.assertEqual(self.tables("job"), self.tables("job", whole))
        self.assertEqual({line["state"] for line in self.manifest("job")[1:]}, {"done"})

    def test_the_tables_are_the_same_on_any_number_of_ranks(self):
        self.write("job.toml", QUICK)
        found = []
        for ranks in (1, 2, 4):
            cwd = self.folder / str(ranks)
            cwd.mkdir()
            shown = self.run_ok(["run", "-q", self.folder / "job.toml"], ranks, cwd)
            found.append((self.tables("job", cwd), shown.stdout))
        self.assertEqual(found[0], found[1])
        self.assertEqual(found[0], found[2])

    def test_groups_of_ranks_make_the_same_runs(self):
        self.write("job.toml", QUICK)
        self.run_ok(["run", "-q", "job.toml"])
        alone = [(r["run"], r["state_hash"]) for r in self.rows("job")]
        for width in ("2", "3", '"auto"'):
            if width.isdigit() and int(width) > support.MOST_RANKS:
                continue
            self.run_ok(["run", "-q", "job.toml", "--set", f"compare.ranks_per_run={width}", "--set",
                         f"name=wide-{width[0]}"], ranks=3)
            name = f"wide-{width[0]}"
            self.assertEqual([(r["run"], r["state_hash"]) for r in self.rows(name)], alone)

    def test_each_run_is_bitwise_that_of_motley_run(self):
        self.write("job.toml", QUICK)
        self.run_ok(["run", "-q", "job.toml"], ranks=2)
        for run in ("ring/openness-0.9/r1", "isolated/openness-0.5/r0", "random/openness-0.5/r2"):
            theirs = self.place("job") / run
            status = json.loads((theirs / "status.json").read_text(encoding="utf-8"))
            self.write("alone/one.toml", status["provenance"]["job"])
            self.run_ok(["run", "-q", "one.toml"], ranks=2, cwd=self.folder / "alone")
            ours = self.folder / "alone" / "results" / "job" / run
            self.assertEqual((ours / "series.csv").read_bytes(),
                             (theirs / "series.csv").read_bytes())
            alone = json.loads((ours / "status.json").read_text(encoding="utf-8"))
            row = next(r for r in self.rows("job") if r["run"] == run)
            self.assertEqual(alone["state_hash"], row["state_hash"])
            self.assertEqual(alone["productivity"], float(row["productivity"]))
            self.assertEqual(alone["gap"], float(row["gap"]))
            with h5py.File(ours / "run.h5") as one, h5py.File(theirs / "run.h5") as other:
                for group in ("final", "series"):
                    self.assertEqual(sorted(one[group]), sorted(other[group]))
                    for name in one[group]:
                        self.assertEqual(one[group][name][()].tobytes(),
                                         other[group][name][()].tobytes(), name)

    def test_statistics_from_the_runs(self):
        self.write("job.toml", QUICK)
        shown = self.run_ok(["run", "-q", "job.toml"], ranks=2).stdout
        for word in ("95 %", "to ring", "p (Holm)"):
            self.assertIn(word, shown)
        runs, cells = self.rows("job"), self.rows("job", "summary.csv")
        self.assertEqual(len(cells), 6)
        per_agent = {(r["topology"], r["model.openness"], r["replicate"]):
                     float(r["productivity_per_agent"]) for r in runs}
        for cell in cells:
            key = (cell["topology"], cell["model.openness"])
            values = [per_agent[(*key, r)] for r in "012"]
            mean = sum(values) / 3
            self.assertAlmostEqual(float(cell["productivity_per_agent_mean"]), mean, 13)
            deviation = math.sqrt(sum((v - mean) ** 2 for v in values) / 2)
            # t(2) at 0.975 is 4.302653.
            half = 4.30265272991 * deviation / math.sqrt(3)
            self.assertAlmostEqual(float(cell["productivity_per_agent_high"]), mean + half, 9)
            if cell["topology"] == "ring":
                self.assertEqual((cell["difference"], cell["p"], cell["p_holm"]), ("", "", ""))
                continue
            pairs = [per_agent[(*key, r)] - per_agent[("ring", key[1], r)] for r in "012"]
            self.assertAlmostEqual(float(cell["difference"]), sum(pairs) / 3, 13)
            self.assertLessEqual(min(pairs), float(cell["difference_low"]))
            self.assertGreaterEqual(max(pairs), float(cell["difference_high"]))
            self.assertGreaterEqual(float(cell["p_holm"]), float(cell["p"]))
            spread = math.sqrt(sum((p - sum(pairs) / 3) ** 2 for p in pairs) / 2)
            t = sum(pairs) / 3 / spread * math.sqrt(3)
            # With two degrees of freedom the distribution of t is elementary.
            self.assertAlmostEqual(float(cell["p"]), 1 - abs(t) / math.sqrt(t * t + 2), 10)
        for openness in ("0.5", "0.9"):
            ranks = sorted(float(c["rank"]) for c in cells if c["model.openness"] == openness)
            self.assertEqual(ranks, [1, 2, 3])

    def test_xarray_opens_compare_h5(self):
        self.write("job.toml", QUICK)
        self.run_ok(["run", "-q", "job.toml"], ranks=2)
        path = self.place("job") / "compare.h5"
        csv_runs = self.rows("job")
        with xarray.open_dataset(path, group="runs", engine="h5netcdf") as runs:
            self.assertEqual(dict(runs.sizes), {"number": 18})
            self.assertEqual([str(t) for t in runs["topology"].values],
                             [r["topology"] for r in csv_runs])
            self.assertEqual(runs["model.openness"].values.tolist(),
                             [float(r["model.openness"]) for r in csv_runs])
            self.assertEqual(runs.productivity.values.tolist(),
                             [float(r["productivity"]) for r in csv_runs])
            self.assertEqual(runs.productivity.attrs["units"], "utility")
            self.assertEqual(str(runs.seed.dtype), "int64")
            for name, variable in runs.data_vars.items():
                self.assertEqual(variable.dims, ("number",), name)
                self.assertTrue(variable.attrs.get("long_name"), name)
        with xarray.open_dataset(path, group="summary", engine="h5netcdf") as cells:
            self.assertEqual(dict(cells.sizes), {"cell": 6})
            found = cells.difference.values.tolist()
            for value, row in zip(found, self.rows("job", "summary.csv")):
                if row["difference"]:
                    self.assertEqual(value, float(row["difference"]))
                else:
                    self.assertTrue(math.isnan(value))
        with xarray.open_dataset(path, engine="h5netcdf") as root:
            self.assertEqual(root.attrs["baseline"], "ring")
            self.assertIn("[factors]", root.attrs["job"])

    def test_a_failed_run_stays_with_its_reason_and_is_tried_again(self):
        # An odd number of agents has no random graph of odd degree: known when it is made.
        job = BASE.format(replicates=2, more="", solve="gap = 1e-2") + """\
[factors]
topology = [{ generator = "ring", agents = 63, degree = 4 },
            { generator = "random-regular", agents = 63, degree = 3, name = "odd" },
            { generator = "star", agents = 63 }]
"""
        self.write("job.toml", job)
        for ranks in (1, 3, 2):
            done = support.motley(["run", "-q", "job.toml"], ranks, cwd=self.folder)
            self.assertEqual(done.returncode, 3, done.stderr)
            self.assertIn("(2 failed)", done.stdout)
            rows = self.rows("job")
            self.assertEqual([r["state"] for r in rows], ["done"] * 2 + ["failed"] * 2 + ["done"] * 2)
            for row in rows:
                if row["state"] == "failed":
                    self.assertIn("degree", row["message"])
                    self.assertEqual(row["productivity"], "")
            states = [line["state"] for line in self.manifest("job")[1:]]
            self.assertEqual(states, [r["state"] for r in rows])
            self.assertIn("degree", self.manifest("job")[3]["reason"])
            cells = self.rows("job", "summary.csv")
            self.assertEqual([(c["runs"], c["failed"]) for c in cells],
                             [("2", "0"), ("0", "2"), ("2", "0")])
            self.assertEqual(cells[1]["productivity_mean"], "")
            self.assertNotEqual(cells[2]["p"], "")
            status = json.loads((self.place("job") / "status.json").read_text(encoding="utf-8"))
            self.assertEqual((status["state"], status["message"]), ("failed", "2 of 6 runs failed"))

    def test_another_job_in_the_folder_is_refused_and_nothing_is_lost(self):
        self.write("job.toml", QUICK)
        self.run_ok(["run", "-q", "job.toml"])
        before = self.tables("job")
        done = support.motley(["run", "-q", "job.toml", "--set", "seed=5"], 2, cwd=self.folder)
        self.assertEqual(done.returncode, 2)
        message = support.own_lines(done.stderr)
        self.assertEqual(len(message), 1, message)
        for part in ("results/job/manifest", "another job", "--fresh", "another name"):
            self.assertIn(part, message[0])
        self.assertEqual(self.tables("job"), before)
        self.run_ok(["run", "-q", "job.toml", "--set", "seed=5", "--set", "name=other"])

    def test_a_full_disk_loses_nothing(self):
        self.write("job.toml", QUICK)
        self.run_ok(["run", "-q", "job.toml"])
        disk = self.folder / "disk"
        disk.mkdir()
        mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)]
        if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
            self.skipTest("no tmpfs can be mounted here")
        self.addCleanup(subprocess.run, ["umount", str(disk)], check=False)
        full = support.motley(["run", "-q", self.folder / "job.toml"], 2, cwd=disk)
        self.assertIn(full.returncode, (3, 74), full.stderr)
        self.assertIn("No space left", full.stdout + full.stderr)
        kept = len([p for p in (disk / "results/job").rglob("result.json")
                    if json.loads(p.read_text(encoding="utf-8"))["state"] == "done"])
        self.assertGreater(kept, 0)
        subprocess.run(["mount", "-o", "remount,size=64m", str(disk)], check=True)
        again = support.motley(["run", self.folder / "job.toml"], 2, cwd=disk)
        self.assertEqual(again.returncode, 0, again.stderr)
        self.assertIn(f"{kept} of 18 runs were finished before", again.stderr)
        self.assertEqual(self.tables("job", disk), self.tables("job"))

    def test_a_lost_run_is_made_again(self):
        self.write("job.toml", QUICK)
        self.run_ok(["run", "-q", "job.toml"])
        before = self.tables("job")
        lost = self.place("job") / "ring/openness-0.9/r1"
        (lost / "run.h5").unlink()
        again = support.motley(["run", "job.toml"], cwd=self.folder)
        self.assertIn("17 of 18 runs were finished before", again.stderr)
        self.assertTrue((lost / "run.h5").exists())
        self.assertEqual(self.tables("job"), before)

    def test_latin_hypercube(self):
        job = BASE.format(replicates=2, more='design = "latin-hypercube"\nsamples = 5',
                          solve="gap = 1e-2") + """\
[factors]
topology = [{ generator = "ring", agents = 36, degree = 4 }, { generator = "torus", agents = 36 }]
"model.openness" = { from = 0.1, to = 0.9 }
"model.elasticity" = { from = 0.5, to = 2.0, scale = "log" }
"""
        self.write("job.toml", job)
        self.assertIn("20 runs", self.run_ok(["validate", "job.toml"]).stdout)
        self.run_ok(["run", "-q", "job.toml"], ranks=2)
        rows = self.rows("job")
        points = {}
        for row in rows:
            points.setdefault(row["topology"], set()).add(
                (row["model.openness"], row["model.elasticity"], row["seed"]))
        self.assertEqual(points["ring"], points["torus"])
        self.assertEqual(len(points["ring"]), 10)
        strata = sorted({int((float(o) - 0.1) / 0.16) for o, _, _ in points["ring"]})
        self.assertEqual(strata, [0, 1, 2, 3, 4])
        cells = self.rows("job", "summary.csv")
        self.assertEqual([c["pairs"] for c in cells], ["0"] * 5 + ["2"] * 5)

    def test_bad_factors_and_baselines(self):
        for text, part in ((QUICK.replace('"ring"\n', '"rnig"\n', 1),
                            'is "rnig"; it must be a level of the factor \'topology\': isolated, ring, '
                            "random; did you mean 'ring'?"),
                           (QUICK.replace("[0.5, 0.9]", "{ from = 0.1, to = 0.9, steps = 1 }"),
                            "must lie in [2, 10000]"),
                           (QUICK.replace('"model.openness"', '"model.openess"'),
                            "did you mean 'model.openness'?")):
            self.write("bad.toml", text)
            done = support.motley(["run", "bad.toml"], 2, cwd=self.folder)
            self.assertEqual(done.returncode, 2)
            self.assertIn(part, done.stderr)
            self.assertFalse(self.place("bad").exists())
        self.write("job.toml", QUICK)
        done = support.motley(["run", "job.toml", "--set", "compare.ranks_per_run=3"], 2,
                              cwd=self.folder)
        self.assertEqual(done.returncode, 2)
        self.assertIn("compare.ranks_per_run is 3, but there are 2 ranks", done.stderr)


if __name__ == "__main__":
    sys.modules["support"] = support
    support.main()
