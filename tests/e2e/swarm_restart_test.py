"""Swarms that are stopped by signals, limits and kills: what is finished is kept, and the files at the end are those of
an undisturbed run, bit for bit, on any number of ranks. Reports and states from the files of a folder."""
import json
import os
import re
import shutil
import signal
import subprocess
import time

import support

# One long run per setting: sites publish what they believe, so that opinions matter from round to round, and live on
# hosts whose traffic is counted.
LONG = """\
kind = "swarm"
seed = 5
[swarm]
sites = [600]
policies = ["full", "cap"]
rounds = 300
replicates = 1
[synthesis]
deposit = "posterior"
[overlay]
session = 20
loss = 0.02
[place]
topology = { generator = "fat-tree", arity = 4 }
[checkpoint]
every_minutes = 0.002
"""
# Many short runs.
MANY = """\
kind = "swarm"
seed = 6
[swarm]
sites = [300, 10000]
policies = ["none", "full", "cap", "aggregate"]
replicates = 8
[operators]
use = ["mean", "median"]
[factors]
"adversaries.share" = [0, 0.2]
"""
FILES = ("runs.csv", "summary.csv", "claims.csv", "swarm.json")
DOCUMENTED = re.compile(
    r"(manifest|runs\.csv|summary\.csv|claims\.csv|growth\.csv|swarm\.(json|h5)|report\.html|status\.json|\.lock"
    r"|checkpoint(/step_\d+\.(h5|json))?)$")


class Case(support.Case):
    def place(self, name):
        return self.folder / "results" / name

    def content(self, name):
        return {file: (self.place(name) / file).read_bytes() for file in FILES}

    def start(self, name, ranks, *arguments, command="run"):
        target = f"{name}.toml" if command == "run" else f"results/{name}"
        return subprocess.Popen(support.launch(ranks, [support.BINARY, command, "-q", target, *arguments]),
                                cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def wait(self, process, timeout=120):
        try:
            out, err = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            process.kill()
            self.fail("it hangs")
        return process.returncode, out, err

    def until(self, process, condition):
        deadline = time.monotonic() + 60
        while process.poll() is None and not condition():
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.005)

    def lines(self, name):
        path = self.place(name) / "manifest"
        return len(path.read_text().splitlines()) - 1 if path.exists() else 0

    def sealed(self, name):
        return sorted((self.place(name) / "checkpoint").glob("step_*.json"))

    def only_documented(self, name):
        place = self.place(name)
        names = [str(path.relative_to(place)) for path in place.rglob("*")]
        self.assertEqual([n for n in names if not DOCUMENTED.match(n)], [])

    def undisturbed(self, text):
        self.write("whole.toml", text)
        self.run_ok(["run", "-q", "whole.toml"], 2, timeout=240)
        return self.content("whole")

    def job(self, name, text):
        self.write(f"{name}.toml", text)


class Stops(Case):
    def test_a_signal_sets_a_long_run_aside_between_rounds(self):
        expected = self.undisturbed(LONG)
        for number, ranks in ((signal.SIGTERM, 1), (signal.SIGUSR1, 2)):
            name = f"stopped{int(number)}"
            self.job(name, LONG.replace("every_minutes = 0.002", ""))
            process = self.start(name, ranks)
            status = self.place(name) / "status.json"
            self.until(process, status.exists)
            time.sleep(0.3)
            if support.MPI == "mpich" and ranks > 1:
                os.kill(self.ranks_of(name)[0], number)
            else:
                process.send_signal(number)
            code, out, err = self.wait(process)
            self.assertEqual(code, 75, err)
            self.assertIn(signal.Signals(number).name, out)
            self.assertIn(f"motley resume results/{name}", out)
            self.assertEqual(self.status(name)["state"], "checkpointed")
            self.assertEqual(len(self.sealed(name)), 1)
            self.assertFalse((self.place(name) / "swarm.json").exists())
            shown = self.run_ok(["status", f"results/{name}"]).stdout
            self.assertRegex(shown, r"runs\s+[01] of 2 done")
            self.assertIn("motley resume", shown)
            done = self.run_ok(["resume", f"results/{name}"], 3, timeout=240)
            self.assertRegex(done.stderr, r"going on from the checkpoint after round \d+ of 300")
            self.assertEqual(self.content(name), expected)
            self.assertFalse((self.place(name) / "checkpoint").exists())
            self.only_documented(name)
            self.assertIn("done already", self.run_ok(["resume", f"results/{name}"]).stdout)

    def test_killed_between_rounds_it_goes_on_from_the_last_checkpoint(self):
        expected = self.undisturbed(LONG)
        for kills, ranks in ((1, 2), (2, 3)):
            name = f"killed{kills}"
            self.job(name, LONG)
            for _ in range(kills):
                process = self.start(name, ranks)
                before = self.sealed(name)
                self.until(process, lambda: self.sealed(name) not in ([], before))
                process.kill()
                self.wait(process)
                self.kill_ranks(name)
            done = self.run_ok(["run", f"{name}.toml"], 1, timeout=240)
            self.assertRegex(done.stderr, r"going on from the checkpoint after round \d+ of 300")
            self.assertEqual(self.content(name), expected)
            self.only_documented(name)

    def test_killed_between_runs_what_is_finished_is_kept(self):
        expected = self.undisturbed(MANY)
        name = "killed"
        self.job(name, MANY)
        process = self.start(name, 2)
        self.until(process, lambda: self.lines(name) > 20)
        process.kill()
        self.wait(process)
        self.kill_ranks(name)
        kept = self.lines(name)
        self.assertLess(kept, 256)
        manifest = (self.place(name) / "manifest").read_text().splitlines()
        done = self.run_ok(["run", f"{name}.toml"], 3, timeout=240)
        self.assertIn(f"{kept} of 256 runs were finished before and are kept", done.stderr)
        self.assertEqual(self.content(name), expected)
        self.assertEqual((self.place(name) / "manifest").read_text().splitlines()[:kept], manifest[:kept])
        self.only_documented(name)

    def test_a_damaged_checkpoint_and_a_damaged_manifest_cost_only_themselves(self):
        expected = self.undisturbed(LONG)
        self.job("hurt", LONG)
        process = self.start("hurt", 1)
        self.until(process, lambda: self.sealed("hurt"))
        process.kill()
        self.wait(process)
        for path in (self.place("hurt") / "checkpoint").glob("step_*.h5"):
            with open(path, "r+b") as file:
                file.seek(3000)
                file.write(b"hurt")
        with open(self.place("hurt") / "manifest", "a", encoding="utf-8") as file:
            file.write('{"number":0,"state_hash":"12", "meas')
        done = self.run_ok(["run", "hurt.toml"], 2, timeout=240)
        self.assertIn("a checkpoint is not used", done.stderr)
        self.assertEqual(self.content("hurt"), expected)

    def test_the_time_limit(self):
        self.job("limited", MANY.replace("10000]", "100000]").replace("= 8", "= 1000"))
        begun = time.monotonic()
        code, out, err = self.wait(self.start("limited", 2, "--time-limit", "0:05"))
        self.assertEqual(code, 75, err)
        self.assertIn("the time limit is near", out)
        self.assertRegex(out, r"with \d+ of 32000 runs to make")
        self.assertLess(time.monotonic() - begun, 20)
        first = self.lines("limited")
        self.assertGreater(first, 0)
        code, _, err = self.wait(self.start("limited", 1, "--time-limit", "0:04", command="resume"))
        self.assertEqual(code, 75, err)
        self.assertGreater(self.lines("limited"), first)

    def test_another_job_is_refused_and_fresh_starts_over(self):
        small = MANY.replace("[300, 10000]", "[100]").replace("= 8", "= 2")
        self.job("mine", small)
        self.run_ok(["run", "-q", "mine.toml"])
        before = self.content("mine")
        for ranks in (1, 2):
            done = support.motley(["run", "-q", "mine.toml", "--set", "seed=9"], ranks, self.folder)
            self.assertEqual(done.returncode, 2, done.stderr)
            own = support.own_lines(done.stderr)
            self.assertEqual(len(own), 1, done.stderr)
            for part in ("results/mine/manifest", "another job", "--fresh", "another name"):
                self.assertIn(part, own[0])
        self.assertEqual(self.content("mine"), before)
        self.assertEqual(self.status("mine")["state"], "done")
        # What does not change results may change; nothing is made again.
        again = self.run_ok(["run", "mine.toml", "--set", "swarm.partition=hash"], 2)
        self.assertIn("32 of 32 runs were finished before and are kept", again.stderr)
        self.assertEqual(self.content("mine")["runs.csv"], before["runs.csv"])
        self.run_ok(["run", "-q", "--fresh", "mine.toml", "--set", "seed=9"])
        self.assertNotEqual(self.content("mine")["runs.csv"], before["runs.csv"])
        self.run_ok(["run", "-q", "--fresh", "mine.toml"], 2)
        self.assertEqual(self.content("mine"), before)
        self.only_documented("mine")

    def test_fresh_of_a_comparison_deletes_the_runs_of_the_other_job(self):
        text = ('kind = "compare"\n[compare]\nreplicates = 2\n[base]\nmodel = { tasks = 3 }\n'
                'solve = { mode = "dynamics", steps = 50 }\n[factors]\n'
                'topology = [{ generator = "ring", agents = 60, degree = 4 }]\n"model.openness" = [0.3, %s]\n')
        self.write("both.toml", text % "0.5")
        self.run_ok(["run", "-q", "both.toml"], 2)
        place = self.place("both")
        kept = place / "mine.txt"
        kept.write_text("not of motley")
        self.assertEqual(len(list(place.rglob("run.h5"))), 4)
        self.write("both.toml", text % "0.7")
        done = support.motley(["run", "-q", "both.toml"], 1, self.folder)
        self.assertEqual(done.returncode, 2)
        self.assertIn("--fresh", done.stderr)
        self.run_ok(["run", "-q", "--fresh", "both.toml"], 2)
        folders = {path.parent.parent.name for path in place.rglob("run.h5")}
        self.assertEqual(folders, {"openness-0.3", "openness-0.7"})
        self.assertFalse(list(place.rglob("openness-0.5")))
        self.assertEqual(kept.read_text(), "not of motley")
        share = support.motley(["run", "--fresh", "--share", "1/2", "both.toml"], 1, self.folder)
        self.assertEqual(share.returncode, 2)
        self.assertIn("--share", share.stderr)


class Folders(Case):
    def test_the_report_is_made_again_from_the_files_to_the_letter(self):
        self.job("page", MANY.replace("[300, 10000]", "[100, 200, 400]").replace("= 8", "= 3"))
        self.run_ok(["run", "-q", "page.toml"], 2)
        page = (self.place("page") / "report.html").read_bytes()
        self.run_ok(["report", "results/page", "-o", "again.html"])
        self.assertEqual((self.folder / "again.html").read_bytes(), page)
        os.remove(self.place("page") / "report.html")
        shutil.move(self.place("page"), self.folder / "elsewhere")
        self.run_ok(["report", "elsewhere"], 2)
        self.assertEqual((self.folder / "elsewhere/report.html").read_bytes(), page)
        shown = self.run_ok(["status", "elsewhere"]).stdout
        self.assertRegex(shown, r"runs\s+144 of 144 done")
        self.assertRegex(shown, r"state\s+done")
        two = support.motley(["report", "elsewhere", "elsewhere"], 1, self.folder)
        self.assertEqual(two.returncode, 2)
        self.assertIn("alone", two.stderr)

    def test_a_report_of_half_a_swarm_says_what_to_do(self):
        self.job("half", MANY)
        process = self.start("half", 1)
        self.until(process, lambda: self.lines("half") > 5)
        process.kill()
        self.wait(process)
        done = support.motley(["report", "results/half"], 1, self.folder)
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertIn("not finished", done.stderr)
        self.assertIn("motley resume results/half", done.stderr)

    def test_a_moved_folder_goes_on(self):
        expected = self.undisturbed(LONG)
        self.job("moved", LONG)
        process = self.start("moved", 1)
        self.until(process, lambda: self.sealed("moved"))
        process.send_signal(signal.SIGTERM)
        code, _, err = self.wait(process)
        self.assertEqual(code, 75, err)
        there = self.folder / "elsewhere/with blanks"
        there.parent.mkdir()
        shutil.move(self.place("moved"), there)
        self.run_ok(["resume", "-q", there], 2, cwd="/", timeout=240)
        for file in ("runs.csv", "claims.csv", "swarm.json"):
            self.assertEqual((there / file).read_bytes(), expected[file])
        self.assertEqual(json.loads((there / "status.json").read_text())["state"], "done")


if __name__ == "__main__":
    support.main()
