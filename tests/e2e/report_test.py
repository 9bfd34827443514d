"""report.html from outside: well-formed, self-contained, the same bytes again, and shown by a browser."""
import json
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
        self.assertEqual(len(figures), 7)
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
        self.assertEqual(len(points), 1 + 3 + 1 + 1 + 3 + 1)
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
document.body.dataset.probe = JSON.stringify({ up: up, down: down, off: off, sorted: table.querySelectorAll(
  "[aria-sort=descending]").length, back: figure.querySelectorAll(".series.off").length, tip: tip,
  near: document.querySelector(".tip").textContent });
</script></body>"""
        page = self.folder / "probed.html"
        page.write_text(self.report.read_text(encoding="utf-8").replace("</body>", probe), encoding="utf-8")
        dom = self.chromium("--dump-dom", "--window-size=1280,4000", page=page)
        found = json.loads(re.search(r'data-probe="([^"]*)"', dom)[1].replace("&quot;", '"').replace("&amp;", "&"))
        self.assertGreater(len(found["up"]), 10)
        self.assertEqual(found["up"], sorted(found["up"]))
        self.assertEqual(found["down"], sorted(found["down"], reverse=True))
        self.assertEqual((found["off"], found["back"], found["sorted"]), (1, 0, 1))
        for tip in (found["tip"], found["near"]):
            self.assertRegex(tip, r"^by \w+\nstep \(counted from 1\): \d+\nheterogeneity I \(nats\): [\d.e-]+$")

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
