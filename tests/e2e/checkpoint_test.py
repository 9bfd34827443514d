"""Runs that are stopped by signals, limits, kills and full disks. No checkpoint is lost, every file is whole or absent,
and a resumed run ends with the bits of an undisturbed one."""
import hashlib
import json
import os
import random
import re
import shutil
import signal
import subprocess
import time

import h5py
import numpy
import support

JOB = """\
kind = "run"
seed = 7
[topology]
generator = "watts-strogatz"
agents = 3000
degree = 6
rewire = 0.1
[model]
tasks = 4
elasticity = 0.7
capability = { distribution = "lognormal", sigma = 0.3 }
learning = { rate = 0.01, exponent = 1.0 }
[solve]
mode = "dynamics"
steps = %(steps)d
[output]
every = 100
[checkpoint]
every_steps = %(every)d
"""
# Files that a folder of results may hold after any kind of end.
DOCUMENTED = re.compile(
    r"(run\.h5|series\.csv|spatial\.csv|report\.html|status\.json|log\.txt|\.lock"
    r"|checkpoint(/step_\d+\.(h5|json))?|snapshots(/step_\d+\.h5)?)$")


class Case(support.Case):
    def job(self, name, steps=6000, every=500, more=""):
        shape = {"steps": steps // support.SLOW, "every": every // support.SLOW}
        self.write(f"{name}.toml", JOB % shape + more)

    def place(self, name):
        return self.folder / "results" / name

    def content(self, name):
        """Every number of run.h5, and the other files that must be the same."""
        out = {}

        def add(path, item):
            if isinstance(item, h5py.Dataset) and item.dtype.kind in "if":
                out[path] = hashlib.sha256(numpy.ascontiguousarray(item[...]).tobytes()).hexdigest()

        with h5py.File(self.place(name) / "run.h5") as file:
            file.visititems(add)
        out["series.csv"] = hashlib.sha256((self.place(name) / "series.csv").read_bytes()).hexdigest()
        out["state_hash"] = self.status(name)["state_hash"]
        return out

    def undisturbed(self, name, **shape):
        self.job(name, **shape)
        self.run_ok(["run", "-q", f"{name}.toml"])
        return self.content(name)

    def start(self, name, ranks, *arguments, command="run"):
        target = f"{name}.toml" if command == "run" else f"results/{name}"
        return subprocess.Popen(
            support.launch(ranks, [support.BINARY, command, "-q", target, *arguments]),
            cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def wait(self, process, timeout=90):
        try:
            out, err = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            process.kill()
            self.fail("it hangs")
        return process.returncode, out, err

    def only_documented(self, name):
        place = self.place(name)
        names = [str(path.relative_to(place)) for path in place.rglob("*")]
        self.assertEqual([n for n in names if not DOCUMENTED.match(n)], [])


class Signals(Case):
    def stop(self, name, process, number, launched):
        """Waits until the run makes steps, then sends the signal."""
        status = self.place(name) / "status.json"
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and process.poll() is None:
            if status.exists() and json.loads(status.read_text())["state"] == "running":
                break
            time.sleep(0.01)
        time.sleep(launched)
        self.send(name, process, number)
        return self.wait(process)

    def send(self, name, process, number):
        """Sends the signal to mpirun, which passes it on. MPICH's mpirun may then end with 0: there a rank gets it."""
        if support.MPI == "mpich":
            os.kill(self.ranks_of(name)[0], number)
        else:
            process.send_signal(number)

    def test_each_signal_sets_aside_and_resume_gives_the_same_bits(self):
        expected = self.undisturbed("whole", steps=12000, every=0)
        moves = [(1, ["--set", "partition.method=metis"]), (3, []),
                 (2, ["--set", "exchange.method=dense", "--set", "partition.method=random"])]
        for number, (ranks, how) in zip((signal.SIGUSR1, signal.SIGUSR2, signal.SIGTERM), moves):
            name = f"stopped{int(number)}"
            self.job(name, steps=12000, every=0)
            lone = number == signal.SIGTERM  # mpirun gives its ranks a second after TERM
            code, out, err = self.stop(name, self.start(name, 1 if lone else 2), number, 0.2)
            self.assertEqual(code, 75, err)
            self.assertIn(f"motley resume results/{name}", out)
            self.assertIn(signal.Signals(number).name, out)
            self.assertEqual(self.status(name)["state"], "checkpointed")
            self.only_documented(name)
            self.assertFalse((self.place(name) / "run.h5").exists())
            self.run_ok(["resume", "-q", f"results/{name}", *how], ranks)
            self.assertEqual(self.content(name), expected)
            self.assertFalse((self.place(name) / "checkpoint").exists())
            self.only_documented(name)
            done = self.run_ok(["resume", f"results/{name}"])
            self.assertIn("done already", done.stdout)

    def test_the_time_limit(self):
        self.job("limited", steps=100000000, every=0)
        begun = time.monotonic()
        code, out, err = self.wait(self.start("limited", 2, "--time-limit", "0:04"))
        self.assertEqual(code, 75, err)
        self.assertIn("the time limit is near", out)
        self.assertLess(time.monotonic() - begun, 8)
        first = self.status("limited")["step"]
        # The limit is that of the SLURM job, and `run` is called instead of `resume`.
        done = support.motley(["run", "-q", "limited.toml"], 1, self.folder,
                              environment={"SLURM_JOB_END_TIME": str(int(time.time()) + 4)})
        self.assertEqual(done.returncode, 75, done.stderr)
        self.assertGreater(self.status("limited")["step"], first)
        for wrong in ("soon", "0", "1:2:3:4", "-5", "nan"):
            done = support.motley(["run", "limited.toml", f"--time-limit={wrong}"], 2, self.folder)
            self.assertEqual(done.returncode, 2, wrong)
            self.assertIn("--time-limit", done.stderr)

    def test_another_job_does_not_take_the_checkpoint_and_fresh_starts_over(self):
        self.job("mine", steps=100000000, every=0)
        code, _, err = self.wait(self.start("mine", 1, "--time-limit", "0:02"))
        self.assertEqual(code, 75, err)
        other = ["run", "-q", "mine.toml", "--set", "solve.steps=200"]
        for ranks in (1, 2):
            done = support.motley(other, ranks, self.folder)
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertEqual(len(support.own_lines(done.stderr)), 1, done.stderr)
            self.assertIn("another job", done.stderr)
        self.assertTrue(any((self.place("mine") / "checkpoint").iterdir()))
        self.run_ok([*other, "--fresh"])
        self.assertFalse((self.place("mine") / "checkpoint").exists())

    def test_resume_says_what_it_needs(self):
        for where in ("nowhere", "."):
            done = support.motley(["resume", where], 2, self.folder)
            self.assertEqual(done.returncode, 2)
            self.assertIn("give the folder of a run", done.stderr)
        (self.folder / "broken").mkdir()
        self.write("broken/status.json", '{"state": "runn')
        done = support.motley(["resume", "broken"], 1, self.folder)
        self.assertEqual(done.returncode, 3)
        self.assertIn("status.json", done.stderr)

    def test_a_moved_folder_with_blanks_goes_on(self):
        expected = self.undisturbed("whole", steps=12000, every=0)
        self.job("moved", steps=12000, every=0)
        code, _, err = self.stop("moved", self.start("moved", 2), signal.SIGUSR1, 0.1)
        self.assertEqual(code, 75, err)
        there = self.folder / "elsewhere/é and blanks"
        there.parent.mkdir()
        shutil.move(self.place("moved"), there)
        self.run_ok(["resume", "-q", there], 2, cwd="/")
        shutil.move(there, self.place("moved"))
        self.assertEqual(self.content("moved"), expected)

    def test_a_comparison_is_set_aside_and_goes_on(self):
        more = ('[compare]\nreplicates = 4\n[base]\nmodel = { tasks = 4 }\n'
                f'solve = {{ mode = "dynamics", steps = {4000 // support.SLOW} }}\n[factors]\n'
                'topology = [{ generator = "ring", agents = 500, degree = 4 }]\n'
                '"model.openness" = [0.3, 0.5, 0.7, 0.9]\n')
        for name in ("whole", "cut"):
            self.write(f"{name}.toml", 'kind = "compare"\n' + more)
        self.run_ok(["run", "-q", "whole.toml"], 2)
        process = self.start("cut", 2)
        while process.poll() is None and not list(self.place("cut").rglob("result.json")):
            time.sleep(0.005)
        self.send("cut", process, signal.SIGUSR1)
        code, out, err = self.wait(process)
        self.assertEqual(code, 75, err)
        self.assertRegex(out, r"with \d+ of 16 runs to make")
        self.assertEqual(self.status("cut")["state"], "checkpointed")
        self.assertFalse((self.place("cut") / "runs.csv").exists())
        made = len(list(self.place("cut").rglob("result.json")))
        self.assertLess(made, 16)
        self.run_ok(["resume", self.place("cut")], 3, cwd="/")
        for table in ("runs.csv", "summary.csv"):
            self.assertEqual((self.place("cut") / table).read_bytes(),
                             (self.place("whole") / table).read_bytes())


class Kills(Case):
    def test_killed_at_any_moment_it_goes_on_with_the_same_bits(self):
        """Short form: 12 kills; long form: 200."""
        kills = 200 if support.LONG else 12
        draw = random.Random(11)
        shape = {"steps": 3000, "every": 150}
        expected = self.undisturbed("whole", **shape)
        done, name, number = 0, None, 0
        while done < kills:
            if name is None:
                number += 1
                name = f"killed{number}"
                self.job(name, **shape)
            ranks = draw.choice((2, 3, 4))
            process = self.start(name, ranks)
            time.sleep(draw.uniform(0.0, 2.7 if support.SANITIZE else 0.9))
            victims = self.ranks_of(name)
            if victims and process.poll() is None:
                os.kill(draw.choice(victims), signal.SIGKILL)
                done += 1
            try:
                process.communicate(timeout=30)
            except subprocess.TimeoutExpired:
                # Debian's mpirun may hang in its own end after a kill in MPI_Init (docs/operations.md).
                self.assertTrue(victims, "mpirun hangs")
                self.assertEqual(self.ranks_of(name), [], "ranks hang")
                process.kill()
                process.communicate()
            self.kill_ranks(name)
            steps = self.sealed(name)
            # The kill may also come after run.h5 is written and before status.json says so.
            if (self.place(name) / "run.h5").exists() and self.status(name)["state"] == "done":
                self.assertEqual(self.content(name), expected)
                shutil.rmtree(self.place(name))
                name = None
                continue
            # The next start uses the newest whole checkpoint and removes what the kill left behind.
            if done % 4 == 0:
                finished = self.run_ok(["run", f"{name}.toml"], draw.choice((1, 2, 3)))
                if steps:
                    self.assertIn("going on from the checkpoint at step", finished.stderr)
                self.assertEqual(self.content(name), expected)
                self.only_documented(name)
                shutil.rmtree(self.place(name))
                name = None

    def sealed(self, name):
        folder = self.place(name) / "checkpoint"
        if not folder.exists():
            return []
        return sorted(int(path.stem[5:]) for path in folder.glob("step_*.json"))

    def test_killed_mpirun(self):
        expected = self.undisturbed("whole")
        self.job("orphaned")
        process = self.start("orphaned", 3)
        while process.poll() is None and not self.sealed("orphaned"):
            time.sleep(0.002)
        process.kill()
        self.wait(process)
        self.kill_ranks("orphaned")
        self.run_ok(["resume", "-q", "results/orphaned"], 2)
        self.assertEqual(self.content("orphaned"), expected)
        self.only_documented("orphaned")


if __name__ == "__main__":
    support.main()
