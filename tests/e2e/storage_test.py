"""Disks that are full or read-only: exit 74 with one message, every file whole or absent, and the last good checkpoint
leads to the undisturbed result once there is room again."""
import json
import os
import re
import subprocess

import checkpoint_test
import support

JOB = """\
kind = "run"
seed = 3
[topology]
generator = "watts-strogatz"
agents = 1000
degree = 4
rewire = 0.1
[model]
tasks = 4
elasticity = 0.7
capability = { distribution = "lognormal", sigma = 0.3 }
[solve]
mode = "dynamics"
steps = 1000
[measure]
centres = 8
[output]
every = 1
snapshots = 250
topology = true
[checkpoint]
every_steps = 300
"""


class Storage(checkpoint_test.Case):
    def disk(self, kilobytes):
        """A file system of this size in self.folder/results."""
        place = self.folder / "results"
        place.mkdir(exist_ok=True)
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", place],
                              capture_output=True, text=True, check=False)
        if done.returncode != 0:
            self.skipTest(f"cannot mount a tmpfs: {done.stderr.strip()}")
        self.addCleanup(self.unmount)

    def unmount(self):
        subprocess.run(["umount", "-l", self.folder / "results"], capture_output=True, check=False)

    def resize(self, kilobytes):
        subprocess.run(["mount", "-o", f"remount,size={kilobytes}k", self.folder / "results"],
                       check=True)

    def whole(self, name, expected):
        """Checks that every file with a final name is right."""
        place = self.place(name)
        if (place / "status.json").exists():
            json.loads((place / "status.json").read_text())
        if (place / "run.h5").exists():
            with checkpoint_test.h5py.File(place / "run.h5") as file:
                self.assertEqual(file["final/allocation"].shape, (1000, 4))
        if (place / "series.csv").exists():
            self.assertEqual(checkpoint_test.hashlib.sha256(
                (place / "series.csv").read_bytes()).hexdigest(), expected["series.csv"])
        if (place / "report.html").exists():
            self.assertTrue((place / "report.html").read_text().rstrip().endswith("</html>"))
        for snapshot in place.glob("snapshots/*.h5"):
            with checkpoint_test.h5py.File(snapshot) as file:
                self.assertAlmostEqual(float(file[f"snapshots/{snapshot.stem}/allocation"][...].sum()), 1000.0, 6)
        for seal in place.glob("checkpoint/*.json"):
            said = json.loads(seal.read_text())
            self.assertEqual(seal.with_suffix(".h5").stat().st_size, said["bytes"])

    def fill(self, sizes, ranks):
        """Runs on disks of these sizes, then on one with enough room. Returns the exit codes."""
        self.write("job.toml", JOB)
        os.makedirs(self.folder / "reference", exist_ok=True)
        support.motley(["run", "-q", "../job.toml"], 1, self.folder / "reference")
        home, self.folder = self.folder, self.folder / "reference"
        expected = self.content("job")
        self.folder = home
        codes, named = [], set()
        for size in sizes:
            self.disk(size)
            done = support.motley(["run", "-q", "job.toml"], ranks, self.folder, 90)
            codes.append(done.returncode)
            self.whole("job", expected)
            if done.returncode != 0:
                self.assertEqual(done.returncode, 74, f"{size} kB: {done.stderr}")
                lines = [x for x in support.own_lines(done.stderr) if "motley" in x or "rror" in x]
                self.assertEqual(len(lines), 1, f"{size} kB: {done.stderr}")
                self.assertRegex(lines[0], "No space left|free|full", f"{size} kB")
                at = re.search(r"([a-z]+)[_\d]*\.(h5|csv|html|json|txt)", lines[0])
                self.assertTrue(at, lines[0])
                named.add(at[0])
                self.resize(20000)
                self.run_ok(["run", "-q", "job.toml"], ranks)
            self.assertEqual(self.content("job"), expected, f"{size} kB")
            self.only_documented("job")
            self.unmount()
        return codes, named

    def test_a_disk_that_fills_at_each_kind_of_file(self):
        sizes = [4, 64, 120, 200, 300, 500, 700, 900, 1100, 1300, 1500, 1700, 1900, 2100, 3000]
        if support.LONG:
            sizes = list(range(4, 2000, 12)) + [5000]
        for ranks in (1, 3):
            codes, named = self.fill(sizes, ranks)
            print(dict(zip(sizes, codes)), sorted(named))
            self.assertEqual(codes[0], 74)
            self.assertEqual(codes[-1], 0)
            self.assertGreaterEqual(len(named), 4, named)

    def test_folders_that_cannot_be_written(self):
        self.write("job.toml", JOB)
        self.disk(4000)
        self.run_ok(["run", "-q", "job.toml"], 2)
        subprocess.run(["mount", "-o", "remount,ro", self.folder / "results"], check=True)
        before = self.content("job")
        for command in (["run", "-q", "job.toml"], ["run", "-q", "job.toml", "--set", "name=new"]):
            done = support.motley(command, 2, self.folder)
            self.assertEqual(done.returncode, 74, done.stderr)
            self.assertEqual(len(support.own_lines(done.stderr)), 1, done.stderr)
            self.assertIn("Read-only file system", done.stderr)
        self.assertEqual(self.content("job"), before)
        self.unmount()
        self.write("results/job", "a file in the place of the folder")
        done = support.motley(["run", "-q", "job.toml"], 2, self.folder)
        self.assertEqual(done.returncode, 74, done.stderr)
        self.assertIn("results/job", done.stderr)

    def test_links_are_not_followed_out_of_the_folder(self):
        self.write("job.toml", JOB)
        outside = self.write("outside/kept.txt", "mine")
        place = self.place("job")
        place.mkdir(parents=True)
        for name in ("series.csv", "status.json", "report.html", "run.h5", "run.h5.tmp"):
            (place / name).symlink_to(outside)
        self.run_ok(["run", "-q", "job.toml"], 2)
        self.assertEqual(outside.read_text(), "mine")
        self.assertFalse((place / "run.h5").is_symlink())
        self.write("outside/step_250.h5", "mine, too")
        (place / "snapshots").symlink_to(outside.parent)  # of an earlier run: goes
        (place / "checkpoint").symlink_to(outside.parent)
        done = support.motley(["run", "-q", "job.toml"], 2, self.folder)
        self.assertEqual(done.returncode, 74, done.stderr)
        self.assertIn("link out of the folder", done.stderr)
        self.assertEqual({p.name for p in outside.parent.iterdir()}, {"kept.txt", "step_250.h5"})


if __name__ == "__main__":
    support.main()
