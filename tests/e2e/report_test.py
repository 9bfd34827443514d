"""report.html from outside: well-formed, self-contained, the same bytes again, and shown by a browser."""
import csv
import json
import math
import os
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml
from pathlib import Path

import support

JOB = """
kind = "run"
seed = 5
[topology]
generator = "watts-strogatz"
agents = 120
degree = 4
[model]
tasks = 3
[solve]
gap = 1e-5
[measure]
centres = 16
[output]
every = 1
"""

FACTORS = """
kind = "compare"
[compare]
replicates = 2
baseline = "ring"
[base.model]
tasks = 2
[base.solve]
gap = 1e-2
[factors]
topology = [{ generator = "ring", agents = 16 }, { generator = "star", agents = 16 }]
"model.openness" = [0.3, 0.6, 0.9]
"model.elasticity" = [0.7, 1.0]
"""

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
SWITCHES = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--hide-scrollbars", "--enable-logging=stderr", "--v=0"]
H = "{http://www.w3.org/1999/xhtml}"
NUMBER = r"-?\d+(?:\.\d+)?"


def parse(path):
    """A report is well-formed XML; its elements are in the name space of XHTML."""
    return xml.parse(path).getroot()


def by_class(element, name):
    return [e for e in element.iter() if name in e.get("class", "").split()]


class Report(support.Case):
    def results(self, name="job", **keys):
        self.write(f"{name}.toml", JOB)
        sets = [w for key, value in keys.items() for w in ("--set", f"{key.replace('__', '.')}={value}")]
        self.run_ok(["run", "-q", f"{name}.toml"] + sets)
        return self.folder / "results" / name

    def series_rows(self, directory):
        return len((directory / "series.csv").read_text().splitlines()) - 1

    def test_a_run_leaves_a_report_that_is_well_formed_and_self_contained(self):
        directory = self.results()
        root = parse(directory / "report.html")
        figures = list(root.iter(H + "figure"))
        self.assertEqual(len(figures), 8)
        for number, figure in enumerate(figures, 1):
            svg = next(figure.iter(H + "svg"))
            self.assertEqual(svg.get("role"), "img")
            self.assertTrue(svg.get("aria-label"))
            self.assertIn(f"Figure {number}.", "".join(next(figure.iter(H + "figcaption")).itertext()))
            self.assertTrue(list(next(figure.iter(H + "details")).iter(H + "td")))
        text = (directory / "report.html").read_text(encoding="utf-8")
        self.assertNotRegex(text, r'(src|href)="(?!#)')
        self.assertNotRegex(text, r"url\((?!#)")
        ids = re.findall(r' id="([^"]*)"', text)
        self.assertEqual(len(ids), len(set(ids)))

    def test_figures_have_the_data_of_the_run(self):
        directory = self.results()
        rows = self.series_rows(directory)
        root = parse(directory / "report.html")
        status = json.loads((directory / "status.json").read_text())
        counts = {}
        for figure in root.iter(H + "figure"):
            title = next(figure.iter(H + "b")).text
            counts[re.fullmatch(r"Figure \d+\. (.*)\.", title)[1]] = [int(g.get("data-points")) for g in by_class(figure, "series")]
        self.assertEqual(counts["Productivity over steps"], [rows])
        self.assertEqual(counts["Heterogeneity over steps"], [rows] * 3)
        self.assertEqual(counts["Shares of the tasks"], [3] * 3)
        words = "".join(root.itertext())
        self.assertIn(status["state_hash"], words)
        self.assertIn(f"{status['productivity_per_agent']:.9g}", words)
        edges = by_class(root, "edges")[0]
        self.assertEqual(int(edges.get("data-count")), status["arcs"] // 2)

    def test_the_report_comes_again_from_the_files(self):
        directory = self.results()
        first = (directory / "report.html").read_bytes()
        (directory / "report.html").unlink()
        done = self.run_ok(["report", directory], ranks=2)
        self.assertIn("report.html", done.stdout)
        self.assertEqual((directory / "report.html").read_bytes(), first)

    def test_skills_show_production_against_demand(self):
        # Alone at elasticity 1 an agent divides its effort like its demand: it makes a D.
        job = self.write("skills.toml", """
kind = "run"
topology = { generator = "isolated", agents = 8 }
[model]
tasks = 8
elasticity = 1.0
capability = { distribution = "skill", space = "circle", centres = "even", breadth = 0.15 }
demand = { distribution = "skill", space = "circle", bumps = [{ centre = [0.25], breadth = 0.2 }] }
[solve]
gap = 1e-10
""")
        self.run_ok(["run", "-q", job], ranks=2)
        folder = self.folder / "results" / "skills"
        with open(folder / "skills.csv", newline="", encoding="utf-8") as file:
            rows = [{name: float(value) for name, value in row.items()} for row in csv.DictReader(file)]

        def bump(centre, breadth):
            places = [k / 8 for k in range(8)]
            apart = [min(abs(x - centre), 1 - abs(x - centre)) for x in places]
            heights = [math.exp(-0.5 * (d / breadth) ** 2) for d in apart]
            return [h / sum(heights) for h in heights]

        demand = bump(0.25, 0.2)
        own = [a * d for a, d in zip(bump((4 + 0.5) / 8, 0.15), demand)]
        for k, row in enumerate(rows):
            self.assertEqual(row["x"], k / 8)
            self.assertAlmostEqual(row["demand"], demand[k], places=9)
            self.assertAlmostEqual(row["ability"], 1 / 8, places=9)
            self.assertAlmostEqual(row["output"], demand[k], places=6)
            for radius in (1, 2, 4):
                self.assertAlmostEqual(row[f"within_{radius}"], own[k] / sum(own), places=6)
        page = (folder / "report.html").read_text(encoding="utf-8")
        self.assertIn("Production and demand over the skills", page)
        self.assertIn("Production around one agent", page)
        self.run_ok(["report", folder, "-o", "again.html"])
        self.assertEqual((self.folder / "again.html").read_text(encoding="utf-8"), page)
        # A run without skills in the same folder leaves none.
        self.run_ok(["run", "-q", job, "--set", "model.capability={value=1.0}", "--set",
                     "model.demand={distribution=\"uniform\"}"])
        self.assertFalse((folder / "skills.csv").exists())

    def test_several_runs_are_laid_over_each_other(self):
        directories = [self.results("small world"), self.results("b", topology__generator="ring"),
                       self.results("c<&>", model__learning__rate="0.01", solve__mode="dynamics",
                                    solve__steps="50")]
        self.run_ok(["report", "-o", "all.html"] + directories)
        root = parse(self.folder / "all.html")
        names = [g.get("data-name") for g in by_class(root, "series")]
        self.assertEqual(names[:3], ["small world", "b", "c<&>"])
        table = next(root.iter(H + "tbody"))
        self.assertEqual([next(row.iter(H + "td")).text for row in table], ["small world", "b", "c<&>"])
        # Learning voids the certificate: that line has no point, the others have theirs.
        gap = [g for g in root.iter(H + "figure") if "Gap" in "".join(g.itertext())][0]
        points = [int(g.get("data-points")) for g in by_class(gap, "series")]
        self.assertEqual(points[2], 0)
        self.assertTrue(all(points[:2]))

    def test_folders_that_hold_no_finished_run(self):
        directory = self.results()
        for prepare, word in ((lambda: None, ""),
                              (lambda: (directory / "series.csv").unlink(), "no series.csv"),
                              (lambda: (directory / "status.json").write_text("{}"), "no series.csv"),
                              (lambda: (directory / "series.csv").write_text("step\n1\n"), "not a status.json"),
                              (lambda: (directory / "status.json").unlink(), "no status.json")):
            prepare()
            done = support.motley(["report", directory], cwd=self.folder)
            self.assertEqual(done.returncode, 3 if word else 0, done.stderr)
            self.assertIn(word, done.stderr)
        done = support.motley(["report"], cwd=self.folder)
        self.assertEqual(done.returncode, 2)

    def test_a_graph_file_that_is_gone_costs_its_picture_only(self):
        self.write("graph.csv", "source,target\n0,1\n1,2\n2,0\n")
        self.write("file.toml", JOB.replace('generator = "watts-strogatz"\nagents = 120\ndegree = 4',
                                            'file = "graph.csv"'))
        self.run_ok(["run", "-q", "file.toml"])
        directory = self.folder / "results/file"
        self.assertEqual(len(by_class(parse(directory / "report.html"), "edges")), 1)
        (self.folder / "graph.csv").unlink()
        self.run_ok(["report", directory])
        root = parse(directory / "report.html")
        self.assertEqual(by_class(root, "edges"), [])
        self.assertIn("no picture of its topology", "".join(root.itertext()))


class Factors(support.Case):
    """A factorial comparison is drawn as lines with intervals over its numeric factor."""

    def test_lines_over_the_numeric_factor(self):
        self.write("factors.toml", FACTORS)
        self.run_ok(["run", "-q", "factors.toml"])
        root = parse(self.folder / "results/factors/report.html")
        results = next(root.iter(H + "section"))
        figures = list(results.iter(H + "figure"))
        titles = [next(figure.iter(H + "b")).text for figure in figures]
        self.assertEqual(titles, [f"Figure {2 * i + j + 1}. {what}, model.elasticity = {level}."
                                  for i, what in enumerate(("Productivity per agent", "Heterogeneity"))
                                  for j, level in enumerate(("0.7", "1.0"))])
        for figure in figures:
            self.assertEqual(figure.get("data-x"), "model.openness")
            self.assertEqual([g.get("data-name") for g in by_class(figure, "series")], ["ring", "star"])
            lines = by_class(figure, "line")
            self.assertEqual(len({line.get("stroke") for line in lines}), 2)
            for line in lines:
                values = [point.split(" ") for point in line.get("data-values").split(";")]
                self.assertEqual([value[0] for value in values], ["0.3", "0.6", "0.9"])
                for x, y, low, high in values:
                    self.assertTrue(float(low) <= float(y) <= float(high), (x, y, low, high))
            self.assertEqual(len(by_class(figure, "error")), 2)
        # Levels that repeat those of the row above are blank: of 12 rows 10 topologies and 6 values of openness.
        table = next(results.find(H + "div[@class='table']").iter(H + "tbody"))
        same = [[i for i, cell in enumerate(row) if "same" in cell.get("class", "").split()] for row in table]
        self.assertEqual(same, [[], [0, 1], [0], [0, 1], [0], [0, 1]] * 2)


class Browser(support.Case):
    """The report as headless Chromium shows it."""

    def setUp(self):
        super().setUp()
        if CHROMIUM is None:
            self.skipTest("no chromium")
        self.write("job.toml", JOB)
        self.run_ok(["run", "-q", "job.toml"])
        self.report = self.folder / "results/job/report.html"

    def chromium(self, *arguments, page=None):
        with tempfile.TemporaryDirectory(prefix="motley-chromium-") as profile:
            done = subprocess.run([CHROMIUM, *SWITCHES, f"--user-data-dir={profile}", *arguments,
                                   (page or self.report).as_uri()], capture_output=True, timeout=120, check=False)
        errors = done.stderr.decode(errors="replace")
        self.assertEqual(done.returncode, 0, errors)
        self.assertEqual([line for line in errors.splitlines() if "CONSOLE" in line], [])
        return done.stdout.decode()

    def series_points(self, dom):
        """For every series: points that it says it has, and points that its path or marks draw."""
        found = []
        for group in re.findall(r'<g class="series" (.*?)(?=<g class="series"|</svg>)', dom, re.S):
            said = int(re.search(r'data-points="(\d+)"', group)[1])
            line = re.search(r'class="line"[^>]* d="([^"]*)"', group)
            drawn = len(re.findall(rf"[ML]{NUMBER} {NUMBER}", line[1])) if line else \
                len(re.findall(r'<(?:rect|path) class="dot"', group))
            found.append((said, drawn))
        return found

    def test_every_figure_shows_its_data_and_the_console_is_quiet(self):
        dom = self.chromium("--dump-dom")
        points = self.series_points(dom)
        self.assertEqual(len(points), 1 + 3 + 1 + 1 + 3 + 2)
        for said, drawn in points:
            self.assertGreater(drawn, 0)
            self.assertLessEqual(drawn, said)
            if said < 20:
                self.assertEqual(drawn, said)
        # The script ran: legends can be pressed, tooltips have left their titles.
        self.assertEqual(len(re.findall(r'aria-pressed="true"', dom)), 6)
        self.assertNotIn("<title>", dom[dom.index("<body"):])

    def test_the_script_sorts_switches_and_shows_values(self):
        probe = """
<script>
function text() { return Array.from(table.tBodies[0].rows).map(function (r) { return Number(r.cells[1].dataset.sort); }); }
const figure = document.querySelector("#figure-2");
const table = figure.querySelector("table"), button = table.querySelectorAll("th button")[1];
button.click();
const up = text();
button.click();
const down = text();
const blank = Array.from(table.tBodies[0].rows).slice(1).every(function (row, r) {
  return row.cells[0].classList.contains("same") === (row.cells[0].textContent === table.tBodies[0].rows[r].cells[0].textContent); });
const key = figure.querySelector(".toggle");
key.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
const off = figure.querySelectorAll(".series.off").length;
key.dispatchEvent(new MouseEvent("click", { bubbles: true }));
const dot = figure.querySelector("[data-tip]");
dot.dispatchEvent(new PointerEvent("pointermove", { bubbles: true, clientX: 100, clientY: 100 }));
const tip = document.querySelector(".tip").textContent;
const svg = figure.querySelector("svg"), box = svg.getBoundingClientRect();
const path = figure.querySelector(".line").getAttribute("d").match(/L([\\d.]+) ([\\d.]+)/).slice(1).map(Number);
const scale = box.width / svg.viewBox.baseVal.width;
svg.dispatchEvent(new PointerEvent("pointermove", { bubbles: true,
  clientX: box.left + path[0] * scale, clientY: box.top + path[1] * scale }));
const near = document.querySelector(".tip").textContent, ring = svg.querySelector(".ring");
const at = [Number(ring.getAttribute("cx")) - path[0], Number(ring.getAttribute("cy")) - path[1]];
svg.dispatchEvent(new PointerEvent("pointerleave"));
const left = document.querySelectorAll(".tip, .ring").length;
function press(name) { svg.dispatchEvent(new KeyboardEvent("keydown", { key: name }));
  return (document.querySelector(".tip") || { textContent: "" }).textContent; }
const keys = ["ArrowRight", "ArrowRight", "ArrowLeft", "ArrowLeft", "Escape"].map(press);
document.body.dataset.probe = JSON.stringify({ up: up, down: down, off: off, sorted: table.querySelectorAll(
  "[aria-sort=descending]").length, back: figure.querySelectorAll(".series.off").length, tip: tip,
  near: near, at: at, left: left, keys: keys, blank: blank });
</script></body>"""
        found = self.probed(self.report, probe)
        self.assertGreater(len(found["up"]), 10)
        self.assertEqual(found["up"], sorted(found["up"]))
        self.assertEqual(found["down"], sorted(found["down"], reverse=True))
        self.assertEqual((found["off"], found["back"], found["sorted"]), (1, 0, 1))
        for tip in (found["tip"], found["near"]):
            self.assertRegex(tip, r"^by \w+\nstep \(counted from 1\): \d+\nheterogeneity I \(nats\): [\d.e-]+$")
        # The ring stands on the point that is shown; it goes with the pointer.
        self.assertTrue(all(abs(d) < 2.0 for d in found["at"]), found["at"])
        self.assertEqual(found["left"], 0)
        # The arrow keys go from point to point, backwards from the first to the last one.
        first, second, again, last, gone = found["keys"]
        self.assertRegex(first, r"^by effort\nstep \(counted from 1\): 1\n")
        self.assertNotEqual(second, first)
        self.assertEqual(again, first)
        self.assertRegex(last, r"^entropy of expenditure\n")
        self.assertEqual(gone, "")
        self.assertTrue(found["blank"])

    def test_wide_tables_say_that_they_scroll_and_keep_their_first_column(self):
        """A comparison's table of cells is wider than the page; the table of one run is not."""
        self.write("factors.toml", FACTORS)
        self.run_ok(["run", "-q", "factors.toml"])
        probe = """
<script>
const box = document.querySelector("section > .table .scroll"), cell = box.querySelector("tbody td");
const before = cell.getBoundingClientRect().left;
box.scrollLeft = 200;
document.body.dataset.probe = JSON.stringify({ wide: box.scrollWidth > box.clientWidth, moved: box.scrollLeft,
  hint: !box.parentNode.querySelector(".hint").hidden, focus: box.tabIndex, stays: before - cell.getBoundingClientRect().left,
  blank: getComputedStyle(box.querySelector("td.same")).color });
</script></body>"""
        found = self.probed(self.folder / "results/factors/report.html", probe)
        self.assertEqual((found["wide"], found["moved"], found["hint"], found["focus"], found["stays"]), (True, 200, True, 0, 0))
        self.assertEqual(found["blank"], "rgba(0, 0, 0, 0)")
        narrow = probe.replace("td.same", "td")
        found = self.probed(self.report, narrow)
        self.assertEqual((found["wide"], found["moved"], found["hint"]), (False, 0, False))

    def probed(self, report, probe):
        """What the script `probe` leaves in the page's data-probe."""
        page = self.folder / "probed.html"
        page.write_text(report.read_text(encoding="utf-8").replace("</body>", probe), encoding="utf-8")
        dom = self.chromium("--dump-dom", "--window-size=1280,4000", page=page)
        return json.loads(re.search(r'data-probe="([^"]*)"', dom)[1].replace("&quot;", '"').replace("&amp;", "&"))

    def test_screenshots_are_kept_for_people(self):
        kept = Path(os.environ.get("MOTLEY_SCREENSHOTS") or self.folder)
        kept.mkdir(parents=True, exist_ok=True)
        for name, size in (("report.png", "1280,3200"), ("report-narrow.png", "480,5200")):
            self.chromium(f"--screenshot={kept / name}", f"--window-size={size}")
            self.assertGreater((kept / name).stat().st_size, 20000)
        self.chromium("--no-pdf-header-footer", f"--print-to-pdf={kept / 'report.pdf'}")
        self.assertEqual((kept / "report.pdf").read_bytes()[:5], b"%PDF-")


if __name__ == "__main__":
    sys.modules["support"] = support
    support.main()
