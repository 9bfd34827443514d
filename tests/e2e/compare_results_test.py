"""motley compare-results from outside: what it says of comparisons that are the same, that differ, and that cannot be
compared, and its exit code."""
import csv
import shutil
import sys

import support

SAME, DIFFERENT, USAGE = 0, 1, 2
JOB = """
kind = "compare"
seed = {seed}
[compare]
replicates = 2
[base]
topology = {{ generator = "ring", agents = 8, degree = 2 }}
model = {{ tasks = 2 }}
[factors]
"model.openness" = {levels}
"""

SWARM = """
kind = "swarm"
seed = {seed}
[swarm]
sites = {sizes}
policies = ["none", "full"]
replicates = 2
[problems]
count = 4
"""


class CompareResults(support.Case):
    def made(self, name, seed=1, levels="[0.3, 0.6]", ranks=1):
        self.write(f"{name}.toml", JOB.format(seed=seed, levels=levels))
        self.run_ok(["run", "-q", f"{name}.toml"], ranks)
        return self.folder / "results" / name

    def compared(self, first, second, code):
        done = support.motley(["compare-results", first, second], cwd=self.folder)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stderr if code == USAGE else done.stdout

    def test_the_same_job_on_other_ranks_is_the_same(self):
        shown = self.compared(self.made("a"), self.made("b", ranks=2), SAME)
        self.assertIn("cells that differ       0 of 2\n", shown)
        self.assertIn("runs that differ        0 of 4, by the hash", shown)
        self.assertRegex(shown, r"(?m)^ranks +1\n +2$")
        self.assertTrue(shown.endswith("\nthe results are the same\n"), shown)

    def test_another_seed_differs_and_is_the_reason(self):
        first, second = self.made("a"), self.made("b", seed=2)
        shown = self.compared(first, second, DIFFERENT)
        self.assertIn("cells that differ       2 of 2\n", shown)
        self.assertRegex(shown, r"(?m)^job hash +[0-9a-f]{16}\n +[0-9a-f]{16}$")
        self.assertRegex(shown, r"(?m)^job +seed = 1\n +seed = 2$")
        self.assertTrue(shown.endswith("their origin may explain it: job\n"), shown)

    def test_a_number_that_nothing_explains(self):
        first, second = self.made("a"), self.made("b")
        with open(second / "summary.csv", newline="", encoding="utf-8") as file:
            rows = list(csv.reader(file))
        column = rows[0].index("productivity_mean")
        rows[1][column] = str(float(rows[1][column]) * 1.25)
        with open(second / "summary.csv", "w", newline="", encoding="utf-8") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)
        shown = self.compared(first, second, DIFFERENT)
        self.assertIn("cells that differ       1 of 2\n", shown)
        self.assertRegex(shown, r"(?m)^0\.3 +productivity_mean +\S+ +\S+ +2\.0e-01$")
        self.assertIn("nothing in their origin explains it", shown)

    def test_another_compiler_is_named(self):
        first, second = self.made("a"), self.made("b", seed=1)
        for name in ("summary.csv", "status.json"):
            path = second / name
            path.write_text(path.read_text().replace("GNU", "GNUX").replace("0.3,2,0,8", "0.3,2,0,9"))
        shown = self.compared(first, second, DIFFERENT)
        self.assertRegex(shown, r"(?m)^0\.3 +agents_mean +8 +9 +1\.1e-01$")
        self.assertTrue(shown.endswith("their origin may explain it: compiler\n"), shown)

    def test_cells_that_only_one_has(self):
        shown = self.compared(self.made("a"), self.made("b", levels="[0.3, 0.9]"), DIFFERENT)
        self.assertIn("cells that differ       0 of 1\n", shown)
        self.assertIn("only in the first       0.6\n", shown)
        self.assertIn("only in the second      0.9\n", shown)

    def swarm(self, name, seed=1, sizes="[32, 64]", ranks=1):
        self.write(f"{name}.toml", SWARM.format(seed=seed, sizes=sizes))
        self.run_ok(["run", "-q", f"{name}.toml"], ranks)
        return self.folder / "results" / name

    def test_swarms(self):
        first = self.swarm("a")
        shown = self.compared(first, self.swarm("b", ranks=2), SAME)
        self.assertIn("cells that differ       0 of 4\n", shown)
        self.assertIn("runs that differ        0 of 8, by the hash", shown)
        self.assertTrue(shown.endswith("\nthe results are the same\n"), shown)
        shown = self.compared(first, self.swarm("c", seed=2), DIFFERENT)
        self.assertIn("cells that differ       4 of 4\n", shown)
        self.assertRegex(shown, r"(?m)^full, \S+, 32 +\S+ +\S+ +\S+ +\S+$")
        self.assertTrue(shown.endswith("their origin may explain it: job\n"), shown)
        shown = self.compared(first, self.swarm("d", sizes="[32, 128]"), DIFFERENT)
        self.assertRegex(shown, r"(?m)^only in the first +full, \S+, 64$")
        self.assertRegex(shown, r"(?m)^only in the second +full, \S+, 128$")
        self.assertIn("other factors", self.compared(first, self.made("e"), USAGE))

    def test_bad_input(self):
        first = self.made("a")
        self.assertIn("is not the folder of a finished comparison", self.compared(first, self.folder, USAGE))
        other = self.folder / "results/other"
        shutil.copytree(first, other)
        text = (first / "summary.csv").read_text()
        (other / "summary.csv").write_text(text.replace("model.openness", "model.elasticity", 1))
        self.assertIn("other factors", self.compared(first, other, USAGE))
        (other / "summary.csv").write_text(text + "0.9,1\n")
        self.assertIn("summary.csv:4:", self.compared(first, other, USAGE))


if __name__ == "__main__":
    sys.modules["support"] = support
    support.main()
