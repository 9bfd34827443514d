"""Under a real SLURM of two nodes (tests/e2e/slurm/up): submit, arrays, time limits, a node that crashes."""
import csv
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

import support

HERE = support.SOURCE / "tests/e2e/slurm"
JOB = """\
kind = "run"
seed = 7
[topology]
generator = "watts-strogatz"
agents = 2000
degree = 6
rewire = 0.1
[model]
tasks = 4
capability = { distribution = "lognormal", sigma = 0.3 }
[solve]
mode = "dynamics"
steps = %d
[output]
every = 100
[checkpoint]
every_steps = 500
"""
COMPARE = """\
kind = "compare"
[compare]
replicates = 2
[base]
model = { tasks = 3 }
solve = { gap = 1e-2 }
[factors]
topology = [
  { generator = "ring", agents = 60, degree = 4 },
  { generator = "isolated", agents = 60 },
  { generator = "random-regular", agents = 64, degree = 4, name = "random" }]
"model.openness" = [0.5, 0.9]
"""
SCALING = """\
kind = "scaling"
[scaling]
steps = 5
repetitions = 2
project = [16]
[topology]
generator = "torus"
shape = [60, 40]
"""
SMALL = ["--ntasks-per-node", "2", "--time", "5"]


def without_slurm(folder):
    """A PATH without the programs of SLURM, but with those that Open MPI starts for a single rank."""
    (folder / "bin").mkdir(exist_ok=True)
    for name in ("orted", "ssh", "rsh"):
        if shutil.which(name):
            (folder / "bin" / name).symlink_to(shutil.which(name))
    return {"PATH": str(folder / "bin")}


class Scripts(support.Case):
    """Tests that need no SLURM."""

    def submit(self, *arguments, job=JOB % 100, environment=None):
        self.write("job.toml", job)
        return support.motley(["submit", "job.toml", *arguments], cwd=self.folder,
                              environment=environment)

    def test_the_script_asks_for_what_was_planned_and_is_clean(self):
        done = self.submit("--dry-run", "--nodes", "2", "--ntasks-per-node", "3", "--account",
                           "physics", "--set", "model.openness=0.5", "--set", 'name="a b"')
        self.assertEqual(done.returncode, 0, done.stderr)
        for line in ("--job-name='a b'", "--nodes=2 ", "--ntasks-per-node=3 ", "--account=physics ",
                     r"--mem-per-cpu=\d+M ", r"--time=00:02:00 ",
                     r"--output='results/a b/slurm-%j.log' "):
            self.assertRegex(done.stdout, f"(?m)^#SBATCH {line}", line)
        self.assertRegex(done.stdout, "(?m)^##SBATCH --partition=")
        self.assertIn("""arguments=(job.toml --quiet --set model.openness=0.5 --set 'name="a b"')""",
                      done.stdout)
        self.assertFalse((self.folder / "results").exists())
        for line in done.stdout.splitlines():
            if line.startswith("#SBATCH"):
                self.assertIn(" # ", line)
        if shutil.which("shellcheck"):
            script = self.write("run.sbatch", done.stdout)
            checked = subprocess.run(["shellcheck", script], capture_output=True, text=True)
            self.assertEqual(checked.returncode, 0, checked.stdout)

    def test_without_slurm(self):
        nowhere = without_slurm(self.folder)
        done = self.submit("--ntasks-per-node", "2", environment=nowhere)
        self.assertEqual(done.returncode, 2)
        self.assertIn("no SLURM here", done.stderr)
        self.assertIn("mpirun -n 2 motley run job.toml", done.stderr)
        self.assertFalse((self.folder / "results").exists())
        self.assertEqual(self.submit("--dry-run", environment=nowhere).returncode, 0)

    def test_status_without_slurm(self):
        self.write("job.toml", JOB % 100)
        self.run_ok(["run", "-q", "job.toml"])
        shown = self.run_ok(["status", "results/job"]).stdout
        self.assertRegex(shown, r"state +done, written \d+ s ago")
        self.assertIn(self.status("job")["state_hash"], shown)
        done = support.motley(["status", "results"], cwd=self.folder)
        self.assertEqual(done.returncode, 2)
        self.assertIn("give the folder of a run", done.stderr)

    def test_an_own_template(self):
        given = self.run_ok(["submit", "--print-template"]).stdout
        self.assertEqual(given, (support.SOURCE / "jobs/slurm/run.sbatch").read_text())
        self.write("mine.sbatch", given.replace("set -euo pipefail", "module load site"))
        done = self.submit("--dry-run", "--template", "mine.sbatch")
        self.assertIn("\nmodule load site\n", done.stdout)
        self.assertRegex(done.stdout, "(?m)^arguments=.job.toml")
        self.write("mine.sbatch", given.replace("launch=", "start="))
        done = self.submit("--dry-run", "--template", "mine.sbatch")
        self.assertEqual(done.returncode, 2)
        self.assertIn("mine.sbatch: has no line that begins with 'launch='", done.stderr)

    def finish(self, code, state, age=0):
        """Runs the script with stubs of SLURM and of a launcher that leaves a state and ends with a code; returns the
        exit code, and whether the job was queued again."""
        self.write("results/job/status.json", json.dumps({"state": state}, indent=2))
        os.utime(self.folder / "results/job/status.json", (time.time() - age,) * 2)
        touch = "" if age else "touch results/job/status.json\n"
        for name, body in (("srun", f"{touch}exit {code}"), ("scontrol", 'echo "$@" >>requeued'),
                           ("squeue", "exit 1")):
            self.write(f"stubs/{name}", f"#!/bin/sh\n{body}\n").chmod(0o755)
        (self.folder / "requeued").unlink(missing_ok=True)
        script = self.write("run.sbatch", self.submit("--dry-run").stdout)
        done = subprocess.run(["bash", script], cwd=self.folder, capture_output=True, text=True, timeout=60, check=False,
                              env={**os.environ, "PATH": f"{self.folder}/stubs:{os.environ['PATH']}",
                                   "SLURM_JOB_ID": "7"})
        return done.returncode, (self.folder / "requeued").exists()

    def test_the_script_queues_a_checkpointed_job_again(self):
        self.assertEqual(self.finish(0, "done"), (0, False))
        self.assertEqual(self.finish(75, "checkpointed"), (75, True))
        # What mpirun makes of SIGTERM; a state of an earlier start, or another end, is no checkpoint of this one.
        self.assertEqual(self.finish(1, "checkpointed"), (75, True))
        self.assertEqual(self.finish(1, "checkpointed", age=60), (1, False))
        self.assertEqual(self.finish(1, "failed"), (1, False))
        self.assertEqual(self.finish(3, "checkpointed"), (3, False))

    def test_values_with_blanks_stay_one_word(self):
        done = self.submit("--dry-run", "--account", "my physics", "--partition", "a b", "--time", "1 0")
        for line in ("--account='my physics' ", "--partition='a b' ", "--time='1 0' "):
            self.assertRegex(done.stdout, f"(?m)^#SBATCH {line}")

    def test_options_that_do_not_fit(self):
        for arguments, message in ((["--array", "2"], "kind = \"compare\""),
                                   (["--throttle", "2"], "give both"),
                                   (["--nodes", "0"], "--nodes"),
                                   (["--launcher", "ssh"], "--launcher")):
            done = self.submit("--dry-run", *arguments)
            self.assertEqual(done.returncode, 2, arguments)
            self.assertIn(message, done.stderr)
        done = self.submit("--dry-run", "--array", "13", job=COMPARE)
        self.assertIn("more than the 12 runs", done.stderr)


class Shares(support.Case):
    def test_shares_and_a_whole_start_give_the_tables_of_one_start(self):
        self.write("job.toml", COMPARE)
        self.run_ok(["run", "-q", "job.toml"])
        whole = (self.folder / "results/job/runs.csv").read_bytes()
        self.write("b.toml", COMPARE)
        for share in ("1/3", "3/3"):
            shown = self.run_ok(["run", "-q", "b.toml", "--share", share], 2).stdout
            self.assertIn(f"share {share} is made", shown)
        self.assertFalse((self.folder / "results/b/runs.csv").exists())
        self.assertEqual(len(list((self.folder / "results/b").rglob("result.json"))), 8)
        done = self.run_ok(["run", "b.toml"])
        self.assertIn("8 of 12 runs were finished before", done.stderr)
        self.assertEqual((self.folder / "results/b/runs.csv").read_bytes(), whole)

    def test_bad_shares(self):
        self.write("job.toml", COMPARE)
        for share in ("0/3", "4/3", "1", "x/2"):
            done = support.motley(["run", "job.toml", "--share", share], cwd=self.folder)
            self.assertEqual(done.returncode, 2)
            self.assertIn("--share 2/8", done.stderr)
        self.write("run.toml", JOB % 10)
        done = support.motley(["run", "run.toml", "--share", "1/2"], cwd=self.folder)
        self.assertIn("kind = \"compare\"", done.stderr)


class Cluster(support.Case):
    place = None

    @classmethod
    def setUpClass(cls):
        if support.SANITIZE:
            raise unittest.SkipTest("sanitizers need more memory than a job asks for")
        cls.place = tempfile.mkdtemp(prefix="mslurm-")
        cls.addClassCleanup(subprocess.run, [HERE / "down", cls.place], check=False)
        cls.up()

    @classmethod
    def up(cls):
        done = subprocess.run([HERE / "up", cls.place, "2", "2"], stdout=subprocess.PIPE, text=True,
                              timeout=60, check=False)
        if done.returncode == 77:
            raise unittest.SkipTest(done.stdout.strip())
        assert done.returncode == 0, "the cluster does not start"
        os.environ["SLURM_CONF"] = done.stdout.strip().partition("=")[2]
        # Programs of SLURM wait a minute for a file that is no longer there.
        cls.addClassCleanup(os.environ.pop, "SLURM_CONF", None)

    def undisturbed(self, steps):
        self.write("whole.toml", JOB % steps)
        self.run_ok(["run", "-q", "whole.toml"])
        return self.status("whole")["state_hash"]

    def submit(self, name, *arguments):
        shown = self.run_ok(["submit", f"{name}.toml", *arguments]).stdout
        return re.findall(r"job (\d+)", shown)

    def queue(self, job, form="%T"):
        done = subprocess.run(["squeue", "-h", "-t", "all", "-j", job, "-o", form],
                              capture_output=True, text=True, check=False)
        return done.stdout.split()

    def log(self, name):
        return "".join(p.read_text() for p in sorted((self.folder / "results" / name).glob("*.log")))

    def wait(self, job, states, timeout=90):
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            found = self.queue(job)
            if found and all(state in states for state in found):
                return found
            time.sleep(0.1)
        self.fail(f"job {job} is {self.queue(job)}, not {states}; {self.folder}")

    def wait_until_it_steps(self, name, checkpoint=False):
        deadline = time.monotonic() + 60
        folder = self.folder / "results" / name
        while time.monotonic() < deadline:
            if checkpoint and list((folder / "checkpoint").glob("*.h5")):
                return
            if not checkpoint and (folder / "status.json").exists():
                if json.loads((folder / "status.json").read_text())["state"] == "running":
                    return
            time.sleep(0.05)
        self.fail("it does not start\n" + self.log(name))

    def restarts(self, job):
        shown = subprocess.run(["scontrol", "show", "job", job], capture_output=True, text=True,
                               check=False).stdout
        return int(re.search(r"Restarts=(\d+)", shown)[1])

    def wait_through_a_requeue(self, job, timeout=240):
        """Waits until the job is completed. SLURM holds a requeued job for two minutes; the test has it started at once."""
        deadline = time.monotonic() + timeout
        last, since = None, 0.0
        while time.monotonic() < deadline:
            state = self.queue(job)[0]
            if state == "COMPLETED":
                return
            if state != last:
                last, since = state, time.monotonic()
            # SLURM must know the end of the first start before the second, or it takes one for the other.
            settled = time.monotonic() > since + 5
            if settled and state == "PENDING" and self.restarts(job) > 0:
                subprocess.run(["scontrol", "update", f"JobId={job}", "StartTime=now"], check=False,
                               capture_output=True)
            elif settled and state not in ("PENDING", "CONFIGURING", "RUNNING", "COMPLETING"):
                break
            time.sleep(0.5)
        self.fail(f"job {job} is {self.queue(job, '%T %r')} after {self.restarts(job)} restarts;"
                  f" {self.folder}\n{self.log('job')}")

    def wait_for_node(self, name, state):
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline:
            done = subprocess.run(["sinfo", "-h", "-N", "-n", name, "-o", "%T"], check=True,
                                  capture_output=True, text=True)
            if done.stdout.startswith(state):
                return
            time.sleep(0.2)
        self.fail(f"node {name} is {done.stdout}")

    def test_two_nodes_give_the_bits_of_one_rank(self):
        expected = self.undisturbed(400)
        for name, launcher, more in (("srun", "srun", ""), ("mpirun", "mpirun", ""),
                                     ("memory", "srun", '[exchange]\nmethod = "node"\n')):
            self.write(f"{name}.toml", JOB % 400 + more)
            job, = self.submit(name, "--nodes", "2", *SMALL, "--launcher", launcher)
            self.wait(job, ["COMPLETED"])
            status = self.status(name)
            self.assertEqual(status["state_hash"], expected, name)
            self.assertEqual(status["provenance"]["hosts"], "n1*2 n2*2")
            self.assertEqual(status["provenance"]["SLURM_JOB_ID"], job)
            shown = self.run_ok(["status", f"results/{name}"]).stdout
            self.assertRegex(shown, rf"(?m)^{job} +COMPLETED")
        # Two carriers on each of two nodes send one message each.
        self.assertRegex(self.log("memory"), r"; 4 \(\d+ bytes\) between ranks")

    def test_a_scaling_job_on_two_nodes_measures_between_them(self):
        for name, nodes in (("one", "1"), ("two", "2")):
            self.write(f"{name}.toml", SCALING)
            job, = self.submit(name, "--nodes", nodes, *SMALL)
            self.wait(job, ["COMPLETED"])
            said = "all ranks were on one node" in self.log(name)
            self.assertEqual(said, nodes == "1", self.log(name))
        with open(self.folder / "results/two/scaling.csv", encoding="utf-8", newline="") as file:
            cases = [(case["scaling"], case["ranks"]) for case in csv.DictReader(file)]
        self.assertEqual(cases, [(kind, ranks) for kind in ("strong", "weak")
                                 for ranks in ("1", "2", "4")])

    def test_what_slurm_refuses(self):
        self.write("job.toml", JOB % 100)
        done = support.motley(["submit", "job.toml", "--nodes", "5", *SMALL], cwd=self.folder)
        self.assertEqual(done.returncode, 2)
        self.assertIn("SLURM refuses the job", done.stderr)
        self.assertEqual(read_jobs(self.folder / "results/job"), [])

    def test_one_job_for_a_folder(self):
        self.write("job.toml", JOB % 1000000)
        job, = self.submit("job", *SMALL)
        done = support.motley(["submit", "job.toml", *SMALL], cwd=self.folder)
        self.assertEqual(done.returncode, 2)
        self.assertIn(f"SLURM job {job} works in this folder already", done.stderr)
        subprocess.run(["scancel", job], check=True)
        self.wait(job, ["CANCELLED"])

    def test_an_array_with_an_element_that_fails(self):
        # The second replicate of the first cell finds no disk to write to: a file is in its way.
        self.write("job.toml", COMPARE)
        self.write("results/job/ring/openness-0.5/r1", "in the way")
        array, tables = self.submit("job", "--array", "4", "--throttle", "2", *SMALL)
        ended = self.wait(array, ["COMPLETED", "FAILED"])
        self.assertEqual(sorted(ended), ["COMPLETED"] * 3 + ["FAILED"])
        self.wait(tables, ["FAILED"])
        with open(self.folder / "results/job/runs.csv", newline="", encoding="utf-8") as file:
            states = [row["state"] for row in csv.DictReader(file)]
        self.assertEqual(sorted(states), ["done"] * 11 + ["failed"])
        (self.folder / "results/job/ring/openness-0.5/r1").unlink()
        again, = self.submit("job", *SMALL)
        self.wait(again, ["COMPLETED"])
        self.assertIn("11 done", self.run_ok(["status", "results/job"]).stdout.replace("12", "11"))

    def test_a_time_limit_leads_to_a_requeue_and_the_same_bits(self):
        expected = self.undisturbed(40000)
        template = self.run_ok(["submit", "--print-template"]).stdout
        if not support.LONG:
            template = template.replace("code=0\n", "((${SLURM_RESTART_COUNT:-0})) || "
                                        "export SLURM_JOB_END_TIME=$(($(date +%s) + 4))\ncode=0\n", 1)
        self.write("mine.sbatch", template)
        self.write("job.toml", JOB % 40000)
        job, = self.submit("job", "--nodes", "2", "--ntasks-per-node", "1", "--time", "1",
                           "--template", "mine.sbatch")
        self.wait_through_a_requeue(job)
        self.assertIn("set aside", self.log("job"))
        self.assertIn("1 of at most 10 times", self.log("job"))
        self.assertEqual(self.status("job")["state_hash"], expected)
        self.assertEqual(self.status("job")["provenance"]["SLURM_RESTART_COUNT"], "1")

    def test_requeues_come_to_an_end(self):
        self.write("job.toml", JOB % 1000000)
        job, = self.submit("job", *SMALL, "--requeue", "0")
        self.wait_until_it_steps("job")
        subprocess.run(["scancel", "--signal=USR1", job], check=True)
        self.wait(job, ["FAILED"])
        self.assertIn("the most allowed", self.log("job"))
        shown = self.run_ok(["status", "results/job"]).stdout
        self.assertIn("set aside; go on with: motley resume results/job", shown)

    def test_a_node_crashes(self):
        expected = self.undisturbed(40000)
        self.write("job.toml", JOB % 40000)
        job, = self.submit("job", "--nodes", "2", "--ntasks-per-node", "1", "--time", "5")
        self.wait_until_it_steps("job", checkpoint=True)
        with open(f"{self.place}/run/node.n2.pid", encoding="utf-8") as file:
            os.kill(int(file.read()), signal.SIGKILL)
        self.wait_for_node("n2", "down")
        self.up()
        self.wait_through_a_requeue(job)
        self.assertEqual(self.status("job")["state_hash"], expected)


def read_jobs(folder):
    path = folder / "submit.json"
    return json.loads(path.read_text())["jobs"] if path.exists() else []


if __name__ == "__main__":
    support.main()
