"""motley classics from the outside: tables, JSON, page, figures, any number of ranks, and jobs/classics by themselves."""
import csv
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

    def oracle(self, name):
        path = support.SHARED / "oracle" / "fields" / f"{name}.json"
        self.need(path)
        return json.loads(path.read_text(encoding="utf-8"))

    def table(self, name):
        path = support.SOURCE / "jobs" / "classics" / f"{name}.csv"
        with open(path, newline="", encoding="utf-8") as file:
            return [[float(number) for number in row[1:]] for row in list(csv.reader(file))[1:]]

    def test_tables_are_those_of_the_independent_computations(self):
        trade = self.oracle("economics-dfs")
        self.assertEqual(self.table("e1-productivity"), trade["capability"])
        self.assertEqual(self.table("e1-labour"), [[labour] for labour in trade["resource"]])
        exclusion = self.oracle("ecology-exclusion")
        self.assertEqual(self.table("b1-uptake"), exclusion["capability"])
        self.assertEqual(self.table("b1-diets"), exclusion["allocation"])
        inside = self.oracle("ecology-tradeoff-inside")
        self.assertEqual(self.table("b1-trade-off-diets"), inside["allocation"])
        self.assertEqual(self.table("b1-trade-off-biomass"), [[b] for b in inside["resource_initial"]])
        self.assertEqual(self.table("b2-uptake"), self.oracle("ecology-loreau-hector")["capability"])
        fleet = self.oracle("computing-placement-lp")
        self.assertEqual(self.table("c2-rates"), fleet["capability"])
        self.assertEqual(self.table("c2-time"), [[time] for time in fleet["resource"]])

    def test_measured_numbers_are_those_of_the_independent_computations(self):
        self.run_ok(["classics", "computing", "--json", "computing.json"], timeout=300)
        self.run_ok(["classics", "economics", "--json", "economics.json"], timeout=300)
        measured = {}
        for name in ("computing", "economics"):
            for result in json.loads((self.folder / f"{name}.json").read_text())["classics"]:
                for finding in result["findings"]:
                    measured[result["id"], finding["quantity"]] = finding["measured"]
        for row in self.oracle("computing-placement-lp")["expected"]["rows"]:
            self.assertAlmostEqual(measured["C2", f"elasticity {row['sigma']:g}: P / largest stream"], row["ratio"],
                                   delta=2 * max(row["gap"], 1e-8))
        trade = self.oracle("economics-dfs")["expected"]
        self.assertAlmostEqual(measured["E1", "labour (1, 2): wage at home / abroad"], trade["relative_wage"], delta=1e-6)
        self.assertAlmostEqual(measured["E1", "labour (1, 2): gain from trade at home"], trade["gain"][0], delta=1e-6)
        circle = self.oracle("economics-gravity")["expected"]
        self.assertAlmostEqual(measured["E2", "circle of 16: openness"], circle["openness"], delta=1e-6)
        self.assertAlmostEqual(measured["E2", "circle of 16: gain from trade"], circle["gain"], delta=1e-6)
        for row in self.oracle("economics-acr")["rows"][:4]:
            which = f"{row['N']} countries, elasticity {row['sigma']}, {row['kappa']} arrives: "
            self.assertAlmostEqual(measured["E2", which + "domestic share"], row["domestic_share"], delta=1e-6)
            self.assertAlmostEqual(measured["E2", which + "gain from trade"], row["gain"], delta=1e-6)

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
        pairs = self.write("pairs.toml", """kind = "compare"
preset = "economics"
[base]
topology = { generator = "ring", agents = 12, degree = 2 }
[base.solve]
gap = 1e-2
[factors]
"model.openness" = [0.3, 0.6]
""")
        self.assertRegex(self.run_ok(["run", "-q", pairs]).stdout, "I labour +I income")
        page = (self.folder / "results" / "pairs" / "report.html").read_text(encoding="utf-8")
        self.assertIn("I labour", page)
        self.assertIn("traffic per country", page)
        done = support.motley(["validate", job, "--set", "preset=ecologist"])
        self.assertEqual(done.returncode, 2)
        self.assertIn("did you mean 'ecology'?", done.stderr)

    def test_laws_of_fields(self):
        # Only the theorem is asserted: at a certified optimum the expenditure bounds heterogeneity.
        path = support.SOURCE / "jobs" / "laws" / "fields.toml"
        done = self.run_ok(["run", "-q", path, "--set", "compare.replicates=1", "--set",
                            "factors.model.openness=[0.9]", "--set", "base.solve.steps=300"], timeout=200)
        with open(self.folder / "results" / "laws-of-fields" / "runs.csv", newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual(len(rows), 24)
        certified = [row for row in rows if row["certified"] == "1"]
        self.assertEqual({row["preset"] for row in certified}, {"economics", "computing"})
        self.assertEqual(len(certified), 12)
        for row in certified:
            self.assertLessEqual(float(row["heterogeneity_value"]), float(row["expenditure_entropy"]) + 1e-9)
        for field in ("economics", "ecology", "neuroscience", "computing"):
            self.assertRegex(done.stdout, f"law 1 (holds|does NOT hold) here: {field}: ")
        self.run_ok(["validate", support.SOURCE / "jobs" / "laws" / "fields-demand.toml"])

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
