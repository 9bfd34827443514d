"""motley status --watch: follows a folder until its job has ended, by redrawing a terminal or by lines elsewhere."""
import json
import os
import pty
import subprocess
import sys
import time

import support

JOB = 'kind = "run"\ntopology = { generator = "ring", agents = 8, degree = 2 }\nmodel = { tasks = 2 }\n'


class Watch(support.Case):
    def setUp(self):
        super().setUp()
        self.write("job.toml", JOB)
        self.run_ok(["run", "-q", "job.toml"])
        self.path = self.folder / "results/job/status.json"
        self.done = json.loads(self.path.read_text(encoding="utf-8"))

    def put(self, **changes):
        new = self.write("new.json", json.dumps({**self.done, **changes}))
        os.replace(new, self.path)

    def start(self, **options):
        process = subprocess.Popen([support.BINARY, "status", "results/job", "--watch", "--interval", "0.1"],
                                   cwd=self.folder, **options)
        self.addCleanup(process.kill)
        return process

    def test_a_line_for_each_change_until_the_end(self):
        self.put(state="running", step=10)
        watch = self.start(stdout=subprocess.PIPE, text=True)
        self.assertTrue(watch.stdout.readline().startswith("running; step 10; productivity per agent "))
        self.put(state="running", step=20)
        self.assertTrue(watch.stdout.readline().startswith("running; step 20; "))
        time.sleep(0.5)  # nothing changes: no line
        self.put(state="checkpointed", step=30)
        self.assertTrue(watch.stdout.readline().startswith("checkpointed; step 30; "))
        rest = watch.stdout.read()
        watch.stdout.close()
        self.assertEqual(watch.wait(20), 0)
        self.assertEqual(rest, "\nset aside; go on with: motley resume results/job\n")

    def test_a_job_that_has_ended_is_shown_once(self):
        done = self.run_ok(["status", "results/job", "--watch"])
        self.assertEqual(len(done.stdout.splitlines()), 1, done.stdout)
        self.assertTrue(done.stdout.startswith(f"done; step {self.done['step']}; "))

    def test_a_terminal_is_redrawn(self):
        self.put(state="running")
        main, side = pty.openpty()
        watch = self.start(stdout=side)
        os.close(side)
        shown = b""
        while shown.count(b"\x1b[H\x1b[2J") < 2:
            shown += os.read(main, 4096)
        self.assertIn(b"state                   running, written", shown)
        self.put()
        try:
            while block := os.read(main, 4096):
                shown += block
        except OSError:  # the other side is closed
            pass
        os.close(main)
        self.assertEqual(watch.wait(20), 0)
        self.assertIn(b"state                   done, written", shown)

    def test_options_and_folders_that_do_not_fit(self):
        for arguments, words in ((["results/job", "--interval", "1"], "--interval requires --watch"),
                                 ([".", "--watch"], "neither status.json nor submit.json")):
            done = support.motley(["status", *arguments], cwd=self.folder)
            self.assertEqual(done.returncode, 2, done.stdout)
            self.assertIn(words, done.stderr)


if __name__ == "__main__":
    sys.modules["support"] = support
    support.main()
