"""Events, failures and arcs that change, from the outside: the same bits on any ranks and after a stop, the shipped jobs,
and what is refused."""
import json
import signal
import subprocess
import time

import support

BASE = """kind = "run"
seed = 5
[topology]
generator = "watts-strogatz"
agents = 400
degree = 6
rewire = 0.1
%(topology)s
[model]
tasks = 4
openness = 0.8
%(model)s
[solve]
mode = "dynamics"
steps = %(steps)d
[output]
every = 50
%(more)s
"""

FAILURES = """[[event]]
step = 30
kind = "remove"
select = { order = "value", fraction = 0.1 }
duration = 100
[[event]]
step = 60
kind = "links"
select = { fraction = 0.2 }
share = "lose"
[[event]]
step = 70
kind = "demand"
to = { distribution = "zipf" }
over = 90
[[event]]
step = 80
kind = "scale"
factor = 0.5
select = { order = "degree", count = 20 }
[[failure]]
unit = "agent"
rate = 0.001
heal = 0.02
[[failure]]
unit = "link"
rate = 0.002
heal = 0.05
"""

SYSTEMS = {
    "failing": {"more": FAILURES},
    "growing": {"more": FAILURES, "model": "growth = { rate = 0.01, conserve = true }"},
    "searching": {"more": FAILURES, "topology": '[topology.dynamic]\nrule = "search"\nevery = 20'},
    "random": {"topology": '[topology.dynamic]\nrule = "random"\nevery = 20',
               "model": 'learning = { rate = 0.02, rule = "marginal" }'},
}


def text(steps=200, **given):
    return BASE % {"topology": "", "model": "", "more": "", "steps": steps, **given}


class SameBits(support.Case):
    def test_on_any_ranks(self):
        for name, given in SYSTEMS.items():
            hashes = set()
            for ranks in (1, 2, 3, 7):
                self.write("job.toml", text(**given))
                self.run_ok(["run", "-q", "--fresh", "job.toml"], ranks)
                hashes.add(self.status("job")["state_hash"])
            self.assertEqual(len(hashes), 1, name)

    def test_after_a_stop_on_other_ranks(self):
        for name, given in SYSTEMS.items():
            long = text(steps=12000, **given)
            self.write("whole.toml", long)
            self.run_ok(["run", "-q", "--fresh", "whole.toml"])
            expected = self.status("whole")
            self.write("stopped.toml", long)
            process = subprocess.Popen(
                support.launch(2, [support.BINARY, "run", "-q", "--fresh", "stopped.toml"]), cwd=self.folder,
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            status = self.folder / "results/stopped/status.json"
            deadline = time.monotonic() + 60
            while time.monotonic() < deadline and process.poll() is None:
                if status.exists() and json.loads(status.read_text())["state"] == "running":
                    break
                time.sleep(0.01)
            time.sleep(0.2)
            process.send_signal(signal.SIGUSR1)
            _, err = process.communicate(timeout=90)
            self.assertEqual(process.returncode, 75, err)
            self.assertEqual(self.status("stopped")["state"], "checkpointed")
            self.run_ok(["resume", "-q", "results/stopped"], 3)
            self.assertEqual(self.status("stopped")["state_hash"], expected["state_hash"], name)
            series = [(self.folder / "results" / run / "series.csv").read_text() for run in ("whole", "stopped")]
            self.assertEqual(series[0], series[1], name)

    def test_a_resolved_job_is_the_same_job(self):
        for name, given in SYSTEMS.items():
            self.write("job.toml", text(**given))
            self.write("again.toml", self.run_ok(["validate", "--resolved", "job.toml"]).stdout)
            again = self.run_ok(["validate", "--resolved", "again.toml"]).stdout
            self.assertEqual(again, (self.folder / "again.toml").read_text(), name)


class Shipped(support.Case):
    def test_the_failures_of_a_fleet(self):
        job = support.SOURCE / "jobs/robustness/failures.toml"
        self.run_ok(["run", "-q", str(job)])
        rows = [line.split(",") for line in (self.folder / "results/failures/series.csv").read_text().split()]
        at = rows[0].index("productivity")
        course = {int(row[0]): float(row[at]) for row in rows[1:]}
        # A rack of eight is gone from step 1,500 to 1,800.
        self.assertLess(course[1600], 0.95 * course[1490])
        self.assertGreater(course[2100], course[1600])
        # The events are marked, and there is no chart of a gap that nothing proves.
        page = (self.folder / "results/failures/report.html").read_text()
        for event in ("remove", "scale", "demand"):
            self.assertRegex(page, f">{event}<")
        self.assertNotIn("Gap to the optimum", page)

    def test_a_one_peer_graph_is_compared_by_name(self):
        self.write("job.toml", 'kind = "compare"\n[base.solve]\nmode = "dynamics"\nsteps = 100\n[factors]\n'
                               'topology = ["exponential", "one-peer"]\n')
        self.run_ok(["run", "-q", "job.toml"])
        out = (self.folder / "results/job/summary.csv").read_text()
        self.assertIn("one-peer", out)


class Refused(support.Case):
    def refuse(self, what, **given):
        self.write("bad.toml", text(**given))
        result = support.motley(["run", "-q", "bad.toml"], cwd=self.folder)
        self.assertEqual(result.returncode, 2, result.stdout + result.stderr)
        self.assertIn(what, result.stderr)
        self.assertIn("bad.toml:", result.stderr)
        self.assertFalse((self.folder / "results/bad/run.h5").exists())

    def event(self, rest):
        return {"more": f"[[event]]\n{rest}\n"}

    def test_events(self):
        few = "select = { count = 3 }"
        self.refuse("'event[1].step' is 200, but the run has the steps 0 to 199",
                    **self.event(f'step = 200\nkind = "remove"\n{few}'))
        self.refuse("must lie in [0, 1]", **self.event('step = 2\nkind = "remove"\nselect = { fraction = 1.5 }'))
        self.refuse("removes all agents", **self.event('step = 2\nkind = "remove"\nselect = { fraction = 1.0 }'))
        self.refuse("must say how many are taken", **self.event('step = 2\nkind = "remove"'))
        self.refuse("is given beside 'fraction'",
                    **self.event('step = 2\nkind = "remove"\nselect = { fraction = 0.1, count = 2 }'))
        self.refuse("'watts-strogatz' has no levels",
                    **self.event('step = 2\nkind = "remove"\nselect = { order = "group", count = 1 }'))
        self.refuse("'factor' does not belong to kind 'remove'",
                    **self.event(f'step = 2\nkind = "remove"\nfactor = 0.5\n{few}'))
        self.refuse("'to'", **self.event('step = 2\nkind = "demand"'))
        self.refuse("must be \"random\" for links",
                    **self.event('step = 2\nkind = "links"\nselect = { order = "value", count = 2 }'))
        self.refuse("needs 'select.file'", **self.event('step = 2\nkind = "remove"\nselect = { order = "list" }'))
        self.refuse("cannot be used with model.routing_rate", model="routing_rate = 0.1",
                    **self.event(f'step = 2\nkind = "remove"\n{few}'))
        self.refuse("cannot be used with model.welfare", model='welfare = "log"',
                    **self.event(f'step = 2\nkind = "remove"\n{few}'))

    def test_failures_and_arcs(self):
        self.refuse("must lie in [0, 1]", more='[[failure]]\nunit = "agent"\nrate = 1.5\n')
        self.refuse("has no levels", more='[[failure]]\nunit = "group"\nrate = 0.1\n')
        self.refuse("must lie in [1, inf)", topology='[topology.dynamic]\nrule = "random"\nevery = 0')
        self.refuse("needs topology.generator = \"exponential\"", topology='[topology.dynamic]\nrule = "one-peer"')
        self.write("list.txt", "3\n400\n")
        self.write("bad.toml", text(**self.event(
            'step = 2\nkind = "remove"\nselect = { order = "list", file = "list.txt" }')))
        result = support.motley(["run", "-q", "bad.toml"], 2, self.folder)
        self.assertIn('list.txt:2:1: "400" is no agent: the ids are 0 to 399', result.stderr)

    def test_an_optimum_has_none(self):
        for more, what in ((FAILURES, "no certificate with events"),
                           ('[[failure]]\nunit = "agent"\nrate = 0.1\n', "no certificate with failures")):
            self.write("bad.toml", text(more=more).replace('mode = "dynamics"\nsteps = 200', 'mode = "optimum"'))
            result = support.motley(["run", "-q", "bad.toml"], cwd=self.folder)
            self.assertEqual(result.returncode, 2)
            self.assertIn(what, result.stderr)

    def test_graphs_that_stand_still(self):
        for kind in ("complete", "pool"):
            self.write("bad.toml", f'kind = "run"\n[topology]\ngenerator = "{kind}"\nagents = 8\n'
                                   'dynamic = { rule = "random" }\n[solve]\nmode = "dynamics"\n')
            result = support.motley(["run", "-q", "bad.toml"], cwd=self.folder)
            self.assertEqual(result.returncode, 2)
            self.assertIn(f"has no meaning on '{kind}'", result.stderr)


if __name__ == "__main__":
    support.main()
