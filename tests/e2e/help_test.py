"""motley new and motley explain: jobs to start from, and what keys mean."""
import sys

import support


class Help(support.Case):
    def test_new_jobs_are_valid_and_overwrite_nothing(self):
        kinds = ("run", "compare", "robustness", "scaling", "redesign", "swarm")
        for kind in kinds:
            self.run_ok(["new", kind, "--output", f"{kind}.toml"])
            self.assertIn(f"{kind}.toml: valid", self.run_ok(["validate", f"{kind}.toml"]).stdout)
            self.assertEqual(self.run_ok(["new", kind]).stdout, (self.folder / f"{kind}.toml").read_text())
        done = support.motley(["new", "run", "-o", "compare.toml"], cwd=self.folder)
        self.assertEqual(done.returncode, 2)
        self.assertIn("compare.toml: this file is there already", done.stderr)
        self.assertIn('kind = "compare"', (self.folder / "compare.toml").read_text())
        done = support.motley(["new", "rum"], cwd=self.folder)
        self.assertEqual(done.returncode, 2)
        for kind in kinds:
            self.assertIn(kind, done.stderr)

    def test_new_jobs_run(self):
        for kind, options in (("run", ["topology.agents=64", "topology.degree=4"]), ("redesign", []),
                              ("swarm", ["swarm.sites=[64]"]), ("robustness", ["base.solve.steps=20"])):
            self.run_ok(["new", kind, "--output", f"{kind}.toml"])
            sets = [word for option in options for word in ("--set", option)]
            self.run_ok(["run", "-q", f"{kind}.toml", *sets], timeout=120)
            self.assertEqual(self.status(kind)["state"], "done")

    def test_keys_are_explained(self):
        shown = self.run_ok(["explain", "model.openness"]).stdout
        self.assertIn("model.openness (run, scaling)", shown)
        done = support.motley(["explain", "model.opennes"], cwd=self.folder)
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("did you mean 'model.openness'", done.stderr)


if __name__ == "__main__":
    sys.modules["support"] = support
    support.main()
