"""The files of a run as their readers see them: run.h5 through xarray, series.csv, status.json, log.txt."""
import csv
import json
import math
import subprocess
import sys
import threading

import support
import xarray

JOB = """
kind = "run"
seed = 5
[topology]
generator = "watts-strogatz"
agents = 200
degree = 4
[model]
tasks = 3
demand = { distribution = "dirichlet" }
[solve]
gap = 1e-5
[output]
every = 20
snapshots = 50
topology = true
partition = true
"""

FIELDS = ["state", "step", "productivity", "productivity_per_agent", "heterogeneity",
          "demand_entropy", "expenditure_entropy", "gap", "certified", "state_hash", "agents",
          "arcs", "tasks", "ranks", "agent_steps_per_second", "memory_bytes", "wall_seconds"]
SERIES = ["productivity", "heterogeneity_effort", "heterogeneity_value", "task_entropy",
          "expenditure_entropy", "gap", "traffic"]


class Files(support.Case):
    def test_xarray_opens_a_real_run_with_named_dimensions_and_units(self):
        self.write("job.toml", JOB)
        self.run_ok(["run", "-q", "job.toml"], ranks=3)
        path = self.folder / "results/job/run.h5"
        status = self.status("job")
        with xarray.open_dataset(path, group="final", engine="h5netcdf") as final:
            self.assertEqual(dict(final.sizes), {"agent": 200, "task": 3})
            for name in ("allocation", "capability", "consumption", "value"):
                self.assertEqual(final[name].dims, ("agent", "task"), name)
            for name in ("resource", "utility"):
                self.assertEqual(final[name].dims, ("agent",), name)
            for name, variable in final.data_vars.items():
                self.assertTrue(variable.attrs.get("units"), f"{name} has no units")
                self.assertTrue(variable.attrs.get("long_name"), f"{name} has no long name")
            self.assertLess(abs(final.allocation.sum("task") - 1).max(), 1e-12)
            total = math.fsum(final.utility.values)
            self.assertLess(abs(total / status["productivity"] - 1), 1e-12)
        with xarray.open_dataset(path, group="series", engine="h5netcdf") as series:
            self.assertEqual(list(series.sizes), ["step"])
            for name in SERIES:
                self.assertTrue(series[name].attrs.get("units"), f"{name} has no units")
            self.assertEqual(series.productivity.values[-1], status["productivity"])
            self.assertEqual(series.step.values[-1], status["step"])
            self.assertTrue((series.step.values[1:-1] % 20 == 0).all())
            with open(self.folder / "results/job/series.csv", newline="") as file:
                rows = list(csv.DictReader(file))
            self.assertEqual([int(r["step"]) for r in rows], series.step.values.tolist())
            for name in SERIES:
                self.assertEqual([float(r[name]) for r in rows], series[name].values.tolist(), name)
        with xarray.open_dataset(path, group="snapshots/step_50", engine="h5netcdf") as snapshot:
            self.assertEqual(snapshot.allocation.shape, (200, 3))
        with xarray.open_dataset(path, engine="h5netcdf") as root:
            for name in ("version", "commit", "compiler", "mpi", "hdf5", "job", "command", "seed",
                         "ranks", "hosts", "partitioner", "started"):
                self.assertIn(name, root.attrs)
            self.assertEqual(int(root.attrs["ranks"]), min(3, support.MOST_RANKS))

    def test_status_of_a_finished_run_has_every_field(self):
        self.write("job.toml", JOB)
        done = self.run_ok(["run", "-q", "job.toml"], ranks=2)
        status = self.status("job")
        for field in FIELDS:
            self.assertIsNotNone(status.get(field), field)
        self.assertEqual(status["state"], "done")
        self.assertNotIn("message", status)
        self.assertEqual((status["agents"], status["arcs"], status["tasks"], status["ranks"]),
                         (200, 800, 3, 2))
        self.assertAlmostEqual(status["productivity_per_agent"] * 200, status["productivity"], 9)
        self.assertEqual(set(status["heterogeneity"]), {"effort", "value"})
        self.assertTrue(status["certified"])
        self.assertLessEqual(status["gap"], 1e-5)
        self.assertRegex(status["state_hash"], "^[0-9a-f]{16}$")
        self.assertIn(status["state_hash"], done.stdout)
        memory = status["memory_bytes"]
        self.assertLessEqual(memory["max"], memory["total"])
        self.assertLessEqual(memory["total"], 2 * memory["max"])
        self.assertTrue(all(seconds >= 0 for seconds in status["wall_seconds"].values()))
        self.assertEqual(done.stderr, "")
        log = (self.folder / "results/job/log.txt").read_text()
        self.assertIn("200 agents, 800 arcs, 3 tasks on 2 ranks", log)
        self.assertIn("done", log.splitlines()[-1])

    def test_status_of_a_failed_run_says_why(self):
        self.write("job.toml", JOB)
        self.run_ok(["run", "-q", "job.toml"])
        self.write("bad.csv", "agent,a,b,c\n0,1,2,nan\n")
        for ranks in (1, 3):
            done = support.motley(["run", "-q", "job.toml", "--set",
                                   'model.capability={file="bad.csv"}'], ranks, self.folder)
            self.assertEqual(done.returncode, 3, done.stderr)
            status = self.status("job")
            self.assertEqual(status["state"], "failed")
            self.assertRegex(status["message"], r"bad\.csv:2:7: c .*not finite")
            left = {path.name for path in (self.folder / "results/job").iterdir()}
            self.assertEqual(left, {"status.json", "log.txt", ".lock"}, "the old result is gone")

    def test_a_run_that_learns_to_be_poorer_says_so(self):
        self.write("learn.toml", """kind = "run"
topology = { generator = "ring", agents = 64, degree = 2 }
model = { tasks = 8, openness = 0.2, elasticity = 1.0, noise = 0.01, capability = { value = 1 }, """
                   """learning = { rate = 0.05 } }
solve = { mode = "dynamics", steps = 1500, rate = 0.03 }
""")
        doing = self.run_ok(["run", "learn.toml"])
        self.assertIn("of the same agents alone at the start", doing.stderr)
        self.assertIn('model.learning.rule = "marginal"', doing.stderr)
        marginal = self.run_ok(["run", "learn.toml", "--fresh", "--set", "model.learning.rule=marginal"])
        self.assertNotIn("alone at the start", marginal.stderr)

    def test_progress_lines_where_no_terminal_is(self):
        self.write("job.toml", JOB)
        endless = ["--set", "solve.mode=dynamics", "--set", "solve.steps=1000000000", "--set",
                   "output.snapshots=0", "--set", "output.every=1000"]
        command = support.launch(2, [support.BINARY, "run", "job.toml"] + endless)
        with subprocess.Popen(command, cwd=self.folder, stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE, text=True) as process:
            guard = threading.Timer(60, process.kill)
            guard.start()
            text = ""
            for line in process.stderr:
                text += line
                if line.startswith("step "):
                    break
            guard.cancel()
            process.terminate()
        self.assertRegex(text, r"(?m)^step \d+/1000000000 .*agent-steps/s .* s left .* MB .*P/N ")
        self.assertNotIn("\r", text)

    def test_the_spatial_scale_is_the_same_on_any_ranks_and_in_all_files(self):
        self.write("job.toml", JOB)
        texts = set()
        for ranks, partition in ((1, "block"), (2, "random"), (3, "metis")):
            self.run_ok(["run", "-q", "job.toml", "--set", "measure.centres=70", "--set",
                         f"partition.method={partition}"], ranks)
            texts.add((self.folder / "results/job/spatial.csv").read_text())
        self.assertEqual(len(texts), 1)
        rows = list(csv.DictReader(texts.pop().splitlines()))
        self.assertEqual([int(r["radius"]) for r in rows], list(range(len(rows))))
        self.assertAlmostEqual(float(rows[0]["heterogeneity"]), 0, 12)
        self.assertEqual((float(rows[0]["ball"]), float(rows[-1]["ball"])), (1, 200))
        with xarray.open_dataset(self.folder / "results/job/run.h5", group="spatial",
                                 engine="h5netcdf") as spatial:
            self.assertEqual(spatial["heterogeneity"].dims, ("radius",))
            self.assertEqual(spatial["heterogeneity"].attrs["units"], "nat")
            self.assertEqual([float(v) for v in spatial["heterogeneity"]],
                             [float(r["heterogeneity"]) for r in rows])
        # The ball that holds all has the heterogeneity of all.
        status = self.status("job")
        self.assertAlmostEqual(float(rows[-1]["heterogeneity"]),
                               status["heterogeneity"]["effort"], 12)
        target = (1 - 1 / math.e) * status["heterogeneity"]["effort"]
        below = int(status["spatial_scale"])
        self.assertLess(float(rows[below]["heterogeneity"]), target)
        self.assertGreaterEqual(float(rows[below + 1]["heterogeneity"]), target)
        self.run_ok(["run", "-q", "job.toml"])
        self.assertFalse((self.folder / "results/job/spatial.csv").exists())
        self.assertNotIn("spatial_scale", self.status("job"))

    def test_paths_with_blanks_and_other_alphabets(self):
        folder = self.folder / "mit Leerzeichen und Ümläuten"
        job = JOB.replace('generator = "watts-strogatz"\nagents = 200\ndegree = 4',
                          'file = "граф 1.csv"')
        self.write(folder.name + "/arbeit größe.toml", 'name = "größe 1"\n' + job)
        self.write(folder.name + "/граф 1.csv", "source,target\nä b,c\nc,日本\n日本,ä b\n")
        self.run_ok(["run", "-q", folder / "arbeit größe.toml", "--set",
                     'output.directory="из файлов"'], ranks=2)
        results = self.folder / "из файлов/größe 1"
        status = json.loads((results / "status.json").read_text(encoding="utf-8"))
        self.assertEqual(status["arcs"], 6)
        with xarray.open_dataset(results / "run.h5", group="final", engine="h5netcdf") as final:
            self.assertEqual(final.sizes["agent"], 3)
            self.assertEqual([str(name) for name in final.agent_name.values], ["ä b", "c", "日本"])
        shown = self.run_ok(["topology", folder / "граф 1.csv", "--write", "out ü.csv"])
        self.assertIn("граф 1", shown.stdout)
        self.assertIn("ä b,日本", (self.folder / "out ü.csv").read_text(encoding="utf-8"))


if __name__ == "__main__":
    sys.modules["support"] = support
    support.main()
