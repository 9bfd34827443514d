#!/usr/bin/env python3
"""How long graph files take, from the file to the rows of a run, beside public readers.

    tests/benchmarks/readers.py build/release/motley [--edges 5000000] [--ranks 1,2] [--repetitions 3] [--formats ...]

Each line has the least time of the repetitions, megabytes of text per second, and the largest memory of a rank. What
pandas, scipy and networkx need is measured in processes of their own: `read_csv` makes a table, `mmread` a matrix,
`read_edgelist` and `read_graphml` a graph, and with `tocsr` the matrix has rows as a run has. It needs numpy and pandas,
and GNU time. Python's readers are left out where they are not installed.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile

VERTICES_PER_EDGE = 0.2

PEERS = {
    "edge-list": [
        ("pandas read_csv", "import pandas; pandas.read_csv(path, sep=' ', header=None)"),
        ("pandas, scipy coo.tocsr",
         "import pandas, numpy, scipy.sparse as s; t = pandas.read_csv(path, sep=' ', header=None).to_numpy().T;"
         "n = t.max() + 1; m = s.coo_matrix((numpy.ones(len(t[0])), (t[0], t[1])), (n, n)).tocsr(); m = m + m.T"),
        ("networkx read_edgelist", "import networkx; networkx.read_edgelist(path, nodetype=int)"),
    ],
    "csv": [("pandas read_csv", "import pandas; pandas.read_csv(path)")],
    "names": [
        ("pandas read_csv", "import pandas; pandas.read_csv(path)"),
        ("pandas, factorize, scipy coo.tocsr",
         "import pandas, numpy, scipy.sparse as s; t = pandas.read_csv(path);"
         "i, names = pandas.factorize(t.to_numpy().ravel()); i = i.reshape(-1, 2).T; n = len(names);"
         "m = s.coo_matrix((numpy.ones(len(i[0])), (i[0], i[1])), (n, n)).tocsr(); m = m + m.T"),
    ],
    "csv-gzip": [("pandas read_csv", "import pandas; pandas.read_csv(path)")],
    "matrix-market": [
        ("scipy mmread", "import scipy.io; scipy.io.mmread(path)"),
        ("scipy mmread, tocsr", "import scipy.io; m = scipy.io.mmread(path).tocsr(); m = m + m.T"),
    ],
    "graphml": [("networkx read_graphml", "import networkx; networkx.read_graphml(path)")],
}
SLOW = {"networkx read_edgelist", "networkx read_graphml"}  # run once


def write_files(folder, edges, formats):
    import numpy
    import pandas

    random = numpy.random.default_rng(1)
    vertices = int(edges * VERTICES_PER_EDGE)
    source, target = random.integers(0, vertices, (2, edges))
    table = pandas.DataFrame({"source": source, "target": target})
    paths = {}

    def new(form, name):
        paths[form] = folder / name
        return paths[form]

    if "edge-list" in formats:
        table.to_csv(new("edge-list", "edges.txt"), sep=" ", header=False, index=False)
    if "csv" in formats:
        table.to_csv(new("csv", "edges.csv"), index=False)
    if "csv-gzip" in formats:
        table.to_csv(new("csv-gzip", "packed.csv.gz"), index=False, compression={"method": "gzip", "compresslevel": 1})
    if "names" in formats:
        named = pandas.DataFrame({"source": "node_" + table.source.astype(str), "target": "node_" + table.target.astype(str)})
        named.to_csv(new("names", "names.csv"), index=False)
    if "matrix-market" in formats:
        with open(new("matrix-market", "edges.mtx"), "w", encoding="utf-8") as out:
            out.write(f"%%MatrixMarket matrix coordinate pattern general\n{vertices} {vertices} {edges}\n")
        (table + 1).to_csv(paths["matrix-market"], mode="a", sep=" ", header=False, index=False)
    if "graphml" in formats:
        fewer = edges // 10
        with open(new("graphml", "edges.graphml"), "w", encoding="utf-8") as out:
            out.write('<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n<graph edgedefault="undirected">\n')
            out.writelines(f'<node id="n{v}"/>\n' for v in numpy.unique(table[:fewer]))
            out.writelines(f'<edge source="n{a}" target="n{b}"/>\n' for a, b in zip(source[:fewer], target[:fewer]))
            out.write("</graph>\n</graphml>\n")
    return paths


def run_motley(binary, path, ranks, folder):
    job = folder / "job.toml"
    job.write_text(f'kind = "run"\nname = "read"\n[topology]\nfile = "{path}"\n[model]\ntasks = 1\n'
                   '[solve]\nmode = "dynamics"\nsteps = 1\n[output]\ndirectory = "results"\n', encoding="utf-8")
    command = ["mpirun", "-n", str(ranks), "/usr/bin/time", "-f", "PEAK %M", str(binary), "run", "--fresh", str(job)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"motley failed on {path}:\n{done.stderr}")
    status = json.loads((folder / "results" / "read" / "status.json").read_text(encoding="utf-8"))
    peak = max(int(line.split()[1]) for line in done.stderr.splitlines() if line.startswith("PEAK"))
    return status["wall_seconds"]["setup"], peak / 1024, status["state_hash"]


def run_peer(code, path):
    """Seconds without the start of Python, and megabytes; nothing where a library is missing."""
    program = ("import time, sys; path = sys.argv[1]\n" +
               "\n".join(part for part in code.split("; ")[:1]) + "\nbegin = time.time()\n" + code +
               "\nend = time.time()"
               "\npeak = next(line for line in open('/proc/self/status') if line.startswith('VmHWM'))"
               "\nprint(end - begin, int(peak.split()[1]) / 1024)")
    done = subprocess.run([sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=False)
    return tuple(map(float, done.stdout.split())) if done.returncode == 0 else None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary", type=pathlib.Path)
    parser.add_argument("--edges", type=int, default=5_000_000)
    parser.add_argument("--ranks", default="1,2")
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--formats", default=",".join(PEERS))
    options = parser.parse_args()
    binary = options.binary.resolve()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        paths = write_files(folder, options.edges, options.formats.split(","))
        for form, path in paths.items():
            size = path.stat().st_size / 1e6
            print(f"{form}: {size:.0f} MB, load {os.getloadavg()[0]:.1f}", flush=True)
            hashes = set()
            for ranks in options.ranks.split(","):
                runs = [run_motley(binary, path, ranks, folder) for _ in range(options.repetitions)]
                seconds, peak = min(run[0] for run in runs), max(run[1] for run in runs)
                hashes |= {run[2] for run in runs}
                times = " ".join(f"{run[0]:.2f}" for run in runs)
                print(f"  motley, {ranks} ranks: {seconds:.2f} s ({times}), {size / seconds:.0f} MB/s, {peak:.0f} MB", flush=True)
            if len(hashes) != 1:
                sys.exit(f"{form}: ranks do not agree: {hashes}")
            for peer, code in PEERS[form]:
                runs = [run_peer(code, path) for _ in range(1 if peer in SLOW else options.repetitions)]
                if None in runs:
                    print(f"  {peer}: not installed, or it failed")
                    continue
                seconds, peak = min(run[0] for run in runs), max(run[1] for run in runs)
                print(f"  {peer}: {seconds:.2f} s, {size / seconds:.0f} MB/s, {peak:.0f} MB", flush=True)


if __name__ == "__main__":
    main()
