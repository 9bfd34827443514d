"""Limits of the machine and of files: one rank short of memory, and files with very many bad lines."""
import subprocess
import sys
import time

import support

JOB = """\
kind = "run"
[topology]
generator = "watts-strogatz"
agents = 1000000
degree = 8
rewire = 0.1
[model]
tasks = 8
capability = { distribution = "lognormal", sigma = 0.3 }
[solve]
mode = "dynamics"
steps = 2
"""
# Rank 1 may have so many KiB of address space.
SHORT = ('if [ "${OMPI_COMM_WORLD_RANK:-${PMI_RANK:-0}}" = 1 ]; then ulimit -v "$LIMIT"; fi; '
         'exec "$0" "$@"')
LINES = 100000


class Memory(support.Case):
    def run_short(self, kibibytes):
        command = support.launch(2, ["sh", "-c", SHORT, support.BINARY, "run", "-q", "job.toml"])
        return subprocess.run(["env", f"LIMIT={kibibytes}", *command], cwd=self.folder, text=True,
                              capture_output=True, timeout=120, check=False)

    def test_one_rank_out_of_memory_in_any_phase(self):
        if support.SANITIZE:
            self.skipTest("sanitizers take all of the address space")
        self.write("job.toml", JOB)
        self.run_ok(["run", "-q", "job.toml"], 2)
        state_hash = self.status("job")["state_hash"]
        refused = 0
        # Enough for the libraries: where they lack memory Open MPI 4.1 may hang, in code of its own.
        limits = [340_000, 380_000, 420_000, 460_000]
        if support.LONG:
            limits = range(300_000, 560_000, 8_000)
        for limit in limits:
            done = self.run_short(limit)
            spoken = [line for line in done.stderr.splitlines() if line.startswith("motley: ")]
            with self.subTest(limit=limit):
                self.assertEqual([p.name for p in self.folder.rglob("*.tmp")], [])
                if done.returncode == 0:
                    self.assertEqual(self.status("job")["state_hash"], state_hash)
                # A library did not start, or lacked the memory for its own end and exits with 2.
                elif spoken and "opal_show_help" not in done.stderr:
                    refused += 1
                    self.assertEqual(done.returncode, 74, done.stderr)
                    self.assertEqual(len(spoken), 1, done.stderr)
                    self.assertRegex(spoken[0], r"^motley: rank 1: out of memory")
        self.assertGreater(refused, 0)


class LongFiles(support.Case):
    """A long bad file is refused as fast as it is read: no part is read twice."""

    def refuse(self, files, arguments, expected):
        for name, content in files.items():
            self.write(name, content)
        start = time.monotonic()
        done = support.motley(arguments, 1, self.folder)
        seconds = time.monotonic() - start
        self.assertIn(done.returncode, (2, 3), done.stderr[:500])
        self.assertIn(expected, done.stderr)
        self.assertLess(len(done.stderr), 20000)
        # The limit is generous, because machines differ; a time that grows with the square would be minutes.
        self.assertLess(seconds, 50 if support.SANITIZE else 5)

    def test_job_files(self):
        for name, content in (
                ("unknown keys", "".join(f"key_{i} = {i}\n" for i in range(LINES))),
                ("unknown tables", "".join(f"[table_{i}]\n" for i in range(LINES))),
                ("no end of a list", 'kind = "run"\nx = [' + "1,\n" * LINES),
                ("not a file of this kind", "\x01 what\n" * LINES),
                ("nested", 'kind = "run"\nx = ' + "[" * LINES)):
            with self.subTest(name):
                self.refuse({"job.toml": content}, ["validate", "job.toml"], "job.toml:")

    def test_graphs_and_tables(self):
        job = JOB.replace('generator = "watts-strogatz"\nagents = 1000000\ndegree = 8\nrewire = 0.1',
                          'file = "NAME"')
        for name, content in (
                ("graph.txt", "1 2\n" * LINES + "1\n"),
                ("graph.csv", "source,target\n" + "a,b\n" * LINES + "a\n"),
                ("graph.mtx", "%%MatrixMarket matrix coordinate pattern general\n9 9 100001\n" +
                 "1 2\n" * LINES + "x\n"),
                ("graph.metis", f"{LINES} 5\n" + "2\n" * LINES),
                ("graph.graphml", "<graphml><graph>" + "<node id='a'>" * LINES)):
            with self.subTest(name):
                self.refuse({"job.toml": job.replace("NAME", name), name: content},
                            ["run", "job.toml"], f"{name}:")
        table = "agent,a,b\n" + "".join(f"{i},1,x\n" for i in range(LINES))
        self.refuse({"job.toml": JOB, "table.csv": table},
                    ["run", "job.toml", "--set", 'model.capability={file="table.csv"}',
                     "--set", "model.tasks=2"], "table.csv:")


if __name__ == "__main__":
    sys.modules["support"] = support
    support.main()
