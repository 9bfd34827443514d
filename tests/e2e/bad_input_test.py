"""Bad input of every kind: one message that says where, the documented exit code, nothing left behind.

Each case runs alone and on three ranks. Messages are searched for the expected words as they stand, with
`...` for anything between.
"""
import re
import sys

import support

USAGE, INPUT, INTERNAL, STORAGE = 2, 3, 70, 74
GOOD = """kind = "run"
[topology]
generator = "ring"
agents = 12
degree = 2
[model]
tasks = 3
[solve]
gap = 1e-3
"""


def job(old="", new=""):
    assert old in GOOD, old
    return GOOD.replace(old, new, 1) if old else GOOD + new


def graph(name, content, extra="", expected="", code=INPUT):
    """A job on a graph file."""
    topology = f'[topology]\nfile = "{name}"\n{extra}'
    text = GOOD.replace('[topology]\ngenerator = "ring"\nagents = 12\ndegree = 2\n', topology)
    return ({"job.toml": text, name: content}, ["run", "job.toml"], expected, code)


def table(key, content, expected, name="table.csv", code=INPUT):
    """A job with one table per agent."""
    files = {"job.toml": GOOD}
    if content is not None:
        files[name] = content
    return (files, ["run", "job.toml", "--set", f'model.{key}={{file="{name}"}}'], expected, code)


def text(content, expected, *arguments):
    return ({"job.toml": content}, ["run", "job.toml", *arguments], expected, USAGE)


def set_(*overrides, expected, code=USAGE):
    arguments = [part for override in overrides for part in ("--set", override)]
    return ({"job.toml": GOOD}, ["run", "job.toml", *arguments], expected, code)


def command(arguments, expected, code=USAGE, files=None):
    return (files or {"job.toml": GOOD}, arguments, expected, code)


HEAD = "agent,a,b,c\n"
ROWS = HEAD + "".join(f"{i},1,1,1\n" for i in range(12))
XML = '<graphml>\n<graph edgedefault="undirected">\n<node id="a"/>\n'

CASES = {
    # the job file
    "unknown key": text(job("tasks", "taks"), "job.toml:7:1: ...taks...did you mean 'tasks'?"),
    "unknown section": text(job("[solve]", "[solv]"), "job.toml:8...solv...did you mean 'solve'?"),
    "wrong type": text(job("tasks = 3", 'tasks = "three"'), "job.toml:7:9: 'model.tasks'...integer"),
    "number for a switch": text(GOOD + "[exchange]\noverlap = 1\n", "job.toml:11:11: ...overlap"),
    "not TOML": text("kind = \n", "job.toml:1:"),
    "key twice": text(job("tasks = 3", "tasks = 3\ntasks = 4"), "job.toml:8:9: ...cannot redefine"),
    "empty file": text("", "job.toml:1:1: missing 'kind'"),
    "no kind": text(job('kind = "run"\n', ""), "'kind'"),
    "other kind": text(job('"run"', '"walk"'), "job.toml:1:8: 'kind' must be one of"),
    "no topology": text('kind = "run"\n', "job.toml...topology"),
    "other generator": text(job('"ring"', '"rng"'), "job.toml:3:13: ...did you mean 'ring'?"),
    "key of another generator": text(job("degree = 2", "arity = 2"), "job.toml:5:...arity"),
    "missing agents": text(job("agents = 12\n", ""), "agents"),
    "bytes that are not text": ({"job.toml": b"kind = \"run\"\n\xff\xfe = 1\n"},
                                ["run", "job.toml"], "job.toml:1:13: not TOML: ...utf-8", USAGE),
    "two errors, both told": text(job("tasks = 3", "taks = 3").replace("gap", "gapp"),
                                  "job.toml:7:1: ...'taks'...\njob.toml:9:1: ...'gapp'"),
    # values out of range
    "no agents": text(job("agents = 12", "agents = 0"), "job.toml:4:10: 'topology.agents' must lie"),
    "negative agents": text(job("agents = 12", "agents = -5"), "job.toml:4:10: ...-5"),
    "too many agents": text(job("agents = 12", "agents = 99999999999"), "job.toml:4:10: "),
    "integer too large": text(job("agents = 12", "agents = 99999999999999999999"), "job.toml:4:"),
    "no tasks": text(job("tasks = 3", "tasks = 0"), "job.toml:7:9: 'model.tasks' must lie"),
    "openness 1": set_("model.openness=1.0", expected="--set model.openness=1.0: ...[0, 1)"),
    "elasticity 0": set_("model.elasticity=0", expected="'model.elasticity' must lie in [0.05, inf]"),
    "elasticity nan": set_("model.elasticity=nan", expected="model.elasticity"),
    "returns infinite": set_("model.returns=inf", expected="model.returns"),
    "gap 0": set_("solve.gap=0", expected="solve.gap"),
    "negative gap": set_("solve.gap=-1e-6", expected="solve.gap"),
    "survival 0": set_("topology.survival=0.0", expected="topology.survival"),
    "series every 0 steps": set_("output.every=0", expected="output.every"),
    "compression 10": set_("output.compression=10", expected="output.compression"),
    "demand sums to zero": set_("model.demand={weights=[0, 0, 0]}", expected="demand sums to zero"),
    "demand of two": set_("model.demand={weights=[1, 2]}", expected="has 2 numbers, but model.tasks = 3"),
    "negative demand": set_("model.demand={weights=[1, -2, 1]}", expected="demand"),
    "unknown distribution": set_('model.demand={distribution="zip"}', expected="did you mean 'zipf'?"),
    "nobody has a resource": set_("model.resource={value=0}", expected="model.resource"),
    # conditions between keys
    "one agent in a ring": set_("topology.agents=1", expected="topology.degree: must be less"),
    "degree beyond agents": set_("topology.degree=40", expected="topology.degree: must be less"),
    "odd degree": set_("topology.degree=3", expected="topology.degree"),
    "torus that is no square": set_('topology={generator="torus", agents=12}', expected="square"),
    "hypercube of twelve": set_('topology={generator="hypercube", agents=12}', expected="power of"),
    "certificate with learning": set_("model.learning.rate=0.1", expected="no certificate"),
    "certificate with returns": set_("model.returns=1.5", expected="no certificate"),
    "levels of a ring": set_("partition.method=levels", expected="needs topology.generator"),
    "partition without its file": set_("partition.method=file", expected="needs 'partition.file'"),
    "shares that miss 1": set_(
        'topology={generator="nested", level=[{generator="ring", agents=4, degree=2, share=0.5}]}',
        expected="the shares of the levels must sum to 1, not 0.5"),
    # --set and the command line
    "set without value": set_("seed", expected="--set seed: write --set a.b=value"),
    "set an unknown key": set_("model.task=3", expected="did you mean 'tasks'?"),
    "set what is not TOML": set_("model.demand={", expected="--set model.demand={: not TOML"),
    "name with a slash": set_('name="a/b"', expected="must be the name of a folder"),
    "unknown command": command(["fly"], "fly; `motley --help`"),
    "no job": command(["run"], "JOB is required"),
    "unknown flag": command(["run", "--fast", "job.toml"], "--fast"),
    "two jobs": command(["run", "job.toml", "more.toml"], "more.toml"),
    "missing job": command(["run", "jobb.toml"], "jobb.toml: no such file"),
    "folder for a job": command(["run", "."], ".: cannot be read"),
    "plan for no ranks": command(["plan", "job.toml", "-n", "0"], "--ranks"),
    "plan of a bad job": command(["plan", "job.toml", "--set", "model.tasks=0"], "model.tasks"),
    "validate a bad job": command(["validate", "job.toml", "--set", "model.tasks=0"], "model.tasks"),
    "validate a bad graph": command(
        ["validate", "job.toml", "--set", 'topology={file="a.txt"}'], "a.txt:2:2: too few", INPUT,
        {"job.toml": GOOD, "a.txt": "0 1\n2\n"}),
    "unknown topology": command(["topology", "smal-world"], "no topology is called"),
    "parts of a topology": command(["topology", "a.txt", "--parts=-1"], "--parts", USAGE,
                                   {"a.txt": "0 1\n"}),
    "unknown topology key": command(["topology", "a.txt", "--set", "wieghts=edge"],
                                    "did you mean 'weights'?", USAGE, {"a.txt": "0 1\n"}),
    # graph files
    "missing graph": ({"job.toml": GOOD}, ["run", "job.toml", "--set", 'topology={file="no.csv"}'],
                      "'topology.file': no such file: 'no.csv'", USAGE),
    "folder for a graph": ({"job.toml": GOOD, "a.csv/b": ""},
                           ["run", "job.toml", "--set", 'topology={file="a.csv"}'],
                           "'topology.file': no such file: 'a.csv'", USAGE),
    "graph of unknown format": graph("a.dot", "graph { a -- b }", "", "a.dot: ...Graphviz (dot) files are not read"),
    "edge list: one field": graph("a.txt", "0 1\n2\n", "", "a.txt:2:2: too few fields"),
    "edge list: weight nan": graph("a.txt", "0 1 nan\n", 'weights = "edge"\n', "a.txt:1:5: ...not finite"),
    "edge list: binary": graph("a.txt", b"0 1\n\x7fELF\x02\x01 3\n", "", "a.txt:2:...not a text"),
    "edge list: empty": graph("a.txt", "", "", "a.txt: ...empty"),
    "edge list: compressed": graph("a.txt", b"\x1f\x8b\x08\x08", "", "a.txt: ...data are damaged"),
    "csv: no target": graph("a.csv", "source,weight\na,1\n", "", "a.csv:1:1: ...no column 'target'"),
    "csv: open quote": graph("a.csv", 'source,target\na,"b\n', "", "a.csv:2:3: ...does not close"),
    "csv: weight 0": graph("a.csv", "source,target,weight\na,b,0\n", 'weights = "edge"\n', "a.csv:2:5: ...greater"),
    "csv: survival 2": graph("a.csv", "source,target,survival\na,b,2\n", "", "a.csv:2:5: ...(0, 1]"),
    "graphml: cut off": graph("a.graphml", XML, "", "a.graphml:2:1: ...<graph> is not closed"),
    "graphml: unknown node": graph("a.graphml", XML + '<edge source="a" target="z"/>\n</graph>\n'
                                   "</graphml>\n", "", "a.graphml:4:1: ...does not have"),
    "graphml: not XML": graph("a.graphml", "graph\n", "", "a.graphml:1:...not well-formed"),
    "metis: one direction": graph("a.graph", "3 2\n2\n1 3\n\n", "", "a.graph:3:3: ...missing"),
    "metis: cut off": graph("a.graph", "3 2\n2\n1\n", "", "a.graph:1:1: ...has lines for 2"),
    "matrix: not square": graph("a.mtx", "%%MatrixMarket matrix coordinate real general\n3 4 1\n"
                                "1 1 1\n", "", "a.mtx:2:3: ...square"),
    "matrix: out of range": graph("a.mtx", "%%MatrixMarket matrix coordinate real general\n3 3 1\n"
                                  "0 2 1\n", "", "a.mtx:3:1: ...out of range"),
    "partition file too short": (
        {"job.toml": GOOD, "a.part": "0\n0\n"},
        ["run", "job.toml", "--set", "partition.method=file", "--set", "partition.file=a.part"],
        "a.part:2...ends after 2 of 12 agents", INPUT),
    "partition file of words": (
        {"job.toml": GOOD, "a.part": "zero\n"},
        ["run", "job.toml", "--set", "partition.method=file", "--set", "partition.file=a.part"],
        "a.part:1...'zero' is not an integer", INPUT),
    # tables per agent
    "table: missing": table("capability", None, "'model.capability.file': no such file: 'table.csv'",
                            code=USAGE),
    "table: empty": table("capability", "", "table.csv: ...empty"),
    "table: nan": table("capability", ROWS.replace("7,1,1,1", "7,1,nan,1"), "table.csv:9:5: b...not finite"),
    "table: infinite": table("resource", "agent,resource\n0,inf\n", "table.csv:2:3: resource...not finite"),
    "table: negative": table("capability", ROWS.replace("0,1,1,1", "0,1,-2,1", 1), "table.csv:2:5: ...negative"),
    "table: a word": table("capability", ROWS.replace("3,1", "3,x"), "table.csv:5:3: ...not a number"),
    "table: no such agent": table("capability", ROWS + "12,1,1,1\n", "table.csv:14:1: there is no agent 12"),
    "table: agent twice": table("capability", ROWS + "3,1,1,1\n", "table.csv:14:1: agent 3 has a second row"),
    "table: agent missing": table("capability", ROWS.replace("5,1,1,1\n", ""), "table.csv: agent 5 has no row"),
    "table: columns": table("capability", "agent,a,b\n0,1,1\n", "table.csv:1:1: wrong number of columns: 2"),
    "table: no agent column": table("capability", "a,b,c\n1,1,1\n", "table.csv:1:1: ...no column 'agent'"),
    "table: cut off": table("capability", HEAD + "0,1,1\n", "table.csv:2:...too few fields"),
    "table: demand of zero": table("demand", ROWS.replace("4,1,1,1", "4,0,0,0"), "table.csv: the demand of agent 4 sums to zero"),
    "table: no resource": table("resource", "agent,resource\n" + "".join(
        f"{i},{int(i != 6)}\n" for i in range(12)), "table.csv: the resource of agent 6"),
    # storage
    "results are a file": ({"job.toml": GOOD, "results": "in the way"}, ["run", "job.toml"],
                           "results is not a folder", STORAGE),
    "run.h5 is a folder": ({"job.toml": GOOD, "results/job/run.h5/x": ""}, ["run", "job.toml"],
                           "run.h5", STORAGE),
    "series.csv is a folder": ({"job.toml": GOOD, "results/job/series.csv/x": ""},
                               ["run", "job.toml"], "series.csv", STORAGE),
    "log.txt is a folder": ({"job.toml": GOOD, "results/job/log.txt/x": ""}, ["run", "job.toml"],
                            "log.txt", STORAGE),
    "status.json is a folder": ({"job.toml": GOOD, "results/job/status.json/x": ""},
                                ["run", "job.toml"], "status.json", STORAGE),
}

# Cases that look odd and are legal.
LEGAL = {
    "one task": set_("model.tasks=1", expected=""),
    "one agent": set_('topology={generator="complete", agents=1}', expected=""),
    "one isolated agent": set_('topology={generator="isolated", agents=1}', expected=""),
    "no edges": set_('topology={generator="erdos-renyi", agents=9, edges=0}', expected=""),
    "no steps": set_('solve={mode="dynamics", steps=0}', expected=""),
    "nothing is passed on": set_("model.openness=0", expected=""),
    "nobody wants a task": set_("model.demand={weights=[1, 0, 2]}", expected=""),
    "one agent has one skill": ({"job.toml": GOOD, "t.csv": ROWS.replace("9,1,1,1", "9,0,0,1")},
                                ["run", "job.toml", "--set", 'model.capability={file="t.csv"}'],
                                "", 0),
    "one agent has no skill": ({"job.toml": GOOD, "t.csv": ROWS.replace("9,1,1,1", "9,0,0,0")},
                               ["run", "job.toml", "--set", 'model.capability={file="t.csv"}'],
                               "", 0),
}


def pattern(words):
    return re.compile(".*?".join(re.escape(part) for part in words.split("...")), re.S)


class BadInput(support.Case):
    def check(self, files, arguments, expected, code, ranks):
        for name, content in files.items():
            self.write(name, content)
        done = support.motley(arguments, ranks, self.folder, timeout=60)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        lines = support.own_lines(done.stderr)
        self.assertEqual(sum(line.startswith("motley: ") for line in lines), 1, done.stderr)
        self.assertTrue(lines[0].startswith("motley: "), done.stderr)
        self.assertRegex("\n".join(lines), pattern(expected))
        self.assertEqual(done.stdout, "")
        for line in lines:  # further findings of a job stand in lines of their own
            self.assertLess(len(line), 1000)
        left = [path for path in self.folder.rglob("*") if path.is_file() and
                (path.name in ("run.h5", "series.csv") or ".tmp" in path.name)]
        self.assertEqual(left, [], "a partial result was left")

    def check_legal(self, files, arguments, ranks):
        for name, content in files.items():
            self.write(name, content)
        self.run_ok(arguments, ranks)
        status = self.status("job")
        self.assertEqual(status["state"], "done")
        self.assertGreaterEqual(status["productivity"], 0)  # nan would be null
        self.assertTrue((self.folder / "results/job/run.h5").exists())

    def test_the_table_is_long(self):
        self.assertGreaterEqual(len(CASES), 60)


def bad(case, ranks):
    return lambda self: self.check(*case, ranks)


def legal(case, ranks):
    return lambda self: self.check_legal(case[0], case[1], ranks)


for number_of_ranks in (1, 3):
    for title, entry in CASES.items():
        method = f"test_{re.sub('[^a-z0-9]+', '_', title.lower())}_on_{number_of_ranks}"
        setattr(BadInput, method, bad(entry, number_of_ranks))
    for title, entry in LEGAL.items():
        method = f"test_legal_{re.sub('[^a-z0-9]+', '_', title.lower())}_on_{number_of_ranks}"
        setattr(BadInput, method, legal(entry, number_of_ranks))

if __name__ == "__main__":
    sys.modules["support"] = support
    support.main()
