"""motley classics from the outside: tables, JSON, page, figures, any number of ranks, and jobs/classics by themselves."""
import json
import sys

import support


class Classics(support.Case):
    def test_numbers_are_the_same_on_any_ranks(self):
        texts = []
        for ranks in (1, 3):
            self.run_ok(["classics", "neuroscience", "--json", f"{ranks}.json"], ranks, timeout=300)
            texts.append((self.folder / f"{ranks}.json").read_bytes())
        self.assertEqual(texts[0], texts[1])
        results = json.loads(texts[0])["classics"]
        self.assertTrue(all(result["holds"] for result in results))
        self.assertEqual({result["field"] for result in results}, {"neuroscience"})
        for finding in results[0]["findings"]:
            self.assertEqual(sorted(finding), ["holds", "measured", "quantity", "reference", "relation", "tolerance"])

    def test_terminal_page_and_figures(self):
        (self.folder / "figures").mkdir()
        done = self.run_ok(["classics", "computing", "--report", "page.html", "--figures", "figures"], timeout=300)
        self.assertIn("C1 Speed-up laws are power means (Amdahl 1967", done.stdout)
        self.assertRegex(done.stdout, r"computing +measured +reference +tolerance +verdict")
        self.assertIn("not reproduced: ", done.stdout)
        self.assertRegex(done.stdout.splitlines()[-1], r"^(\d+) of \1 classical results are reproduced$")
        page = (self.folder / "page.html").read_text(encoding="utf-8")
        self.assertIn("Classical results in one model", page)
        self.assertIn("Not reproduced: ", page)
        svg = (self.folder / "figures" / "c1-speed-up-laws.svg").read_text(encoding="utf-8")
        self.assertTrue(svg.startswith("<svg"), svg[:80])
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), ["figures", "page.html"])

    def test_words_of_a_preset(self):
        job = self.write("islands.toml", """kind = "run"
preset = "ecology"
topology = { generator = "ring", agents = 12, degree = 2 }
model = { tasks = 3 }
solve = { steps = 50 }
""")
        done = self.run_ok(["run", job])
        self.assertIn("species, arcs, functions", done.stdout)
        self.assertRegex(done.stdout, r"heterogeneity +biomass \S+  yield ")
        folder = self.folder / "results" / "islands"
        page = (folder / "report.html").read_text(encoding="utf-8")
        self.assertIn("12 species on 24 arcs divide their biomass over 3 functions", page)
        self.assertIn("Shares of the functions", page)
        self.assertEqual(self.status("islands")["provenance"]["preset"], "ecology")
        self.run_ok(["report", folder, "-o", "again.html"])
        self.assertEqual((self.folder / "again.html").read_text(encoding="utf-8"), page)
        self.run_ok(["validate", job, "--set", "preset=economics"])
        done = support.motley(["validate", job, "--set", "preset=ecologist"])
        self.assertEqual(done.returncode, 2)
        self.assertIn("did you mean 'ecology'?", done.stderr)

    def test_unknown_field(self):
        done = support.motley(["classics", "alchemy"])
        self.assertEqual(done.returncode, 2)
        self.assertIn("alchemy", done.stderr)

    def test_every_job_runs_as_it_is(self):
        for path in sorted((support.SOURCE / "jobs" / "classics").glob("*.toml")):
            with self.subTest(path.name):
                self.run_ok(["run", path, "-q", "--set", "output.every=1000"], timeout=120)
                self.assertEqual(self.status(path.stem)["state"], "done")


if __name__ == "__main__":
    support.main()
