"""`cmake --install` installs a program that works, its completion and manual page, and a library on which another
project builds a measure."""
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import support

BUILD = os.environ.get("MOTLEY_BUILD", "")
CMAKE = os.environ.get("MOTLEY_CMAKE", "cmake")
CONSUMER = support.SOURCE / "tests/consumer"


def run(command, **more):
    return subprocess.run(command, capture_output=True, text=True, timeout=900, check=False, **more)


class Installed(support.Case):
    prefix = None

    @classmethod
    def setUpClass(cls):
        # A path with a blank: nothing may depend on where it is.
        cls.root = Path(tempfile.mkdtemp(prefix="motley-install-"))
        cls.addClassCleanup(shutil.rmtree, cls.root, ignore_errors=True)
        cls.prefix = cls.root / "a prefix"
        done = run([CMAKE, "--install", BUILD, "--prefix", str(cls.prefix)])
        assert done.returncode == 0, done.stdout + done.stderr

    def ok(self, command, **more):
        done = run(command, **more)
        self.assertEqual(done.returncode, 0, f"{command}\n{done.stdout}\n{done.stderr}")
        return done

    def test_the_installed_program_finds_its_topologies(self):
        program = str(self.prefix / "bin/motley")
        self.ok([program, "selftest"], cwd=self.folder)
        shown = self.ok([program, "topology", "small-world"], cwd=self.folder).stdout
        self.assertIn("degree", shown)
        job = self.prefix / "share/motley/jobs/slurm/run.sbatch"
        self.assertEqual(job.read_text(), self.ok([program, "submit", "--print-template"]).stdout)

    def test_the_installed_python_module_opens_results(self):
        self.write("job.toml", 'kind = "run"\ntopology = { generator = "ring", agents = 8, degree = 2 }\n')
        self.ok([str(self.prefix / "bin/motley"), "run", "-q", "job.toml"], cwd=self.folder)
        modules = self.prefix / "lib/python3/dist-packages"
        shown = self.ok([sys.executable, "-c", "import motley; print(motley.__file__); "
                         "print(len(motley.open_run('results/job').agents))"], cwd=self.folder,
                        env={**os.environ, "PYTHONPATH": str(modules)}).stdout
        self.assertEqual(shown.split("\n")[:2], [str(modules / "motley/__init__.py"), "8"])

    def consume(self, *settings):
        """Builds the project in tests/consumer and runs it; the same bits on any number of ranks."""
        build = self.folder / "build"
        self.ok([CMAKE, "-S", str(CONSUMER), "-B", str(build), "-DCMAKE_BUILD_TYPE=Release",
                 *settings])
        self.ok([CMAKE, "--build", str(build), "--parallel", "2", "--target", "specialisation"])
        lines = {self.ok(support.launch(ranks, [str(build / "specialisation")])).stdout
                 .replace(f"{min(ranks, support.MOST_RANKS)} ranks: ", "") for ranks in (1, 2, 3)}
        self.assertEqual(len(lines), 1, lines)
        before, after = map(float, re.findall(r"(?:specialisation|then) ([0-9.]+)", lines.pop()))
        # At the start agents are special by chance only; at the optimum they are specialists.
        self.assertLess(before, 0.35)
        self.assertGreater(after, before + 0.05)
        self.assertLessEqual(after, 1.0)

    def settings(self):
        cache = (Path(BUILD) / "CMakeCache.txt").read_text()
        kept = re.findall(r"(?m)^((?:MPI_CXX?_COMPILER|MPI_C_COMPILER|MOTLEY_PTSCOTCH|MOTLEY_HDF5)"
                          r":\w+=.*)$", cache)
        return [f"-D{line}" for line in kept if "NOTFOUND" not in line]

    def test_a_project_finds_the_package(self):
        self.consume(f"-DCMAKE_PREFIX_PATH={self.prefix}", *self.settings())

    def test_a_project_takes_the_source_as_a_part(self):
        if not support.LONG:
            self.skipTest("builds all of libmotley: long form only")
        self.consume(f"-DMOTLEY_SOURCE={support.SOURCE}", *self.settings())

    def complete(self, *words):
        script = f"""
            source '{self.prefix}/share/bash-completion/completions/motley'
            COMP_WORDS=(motley {" ".join(f"'{w}'" for w in words)}) COMP_CWORD={len(words)}
            _motley 2>/dev/null
            printf '%s\\n' "${{COMPREPLY[@]}}"
        """
        return self.ok(["bash", "-c", script], cwd=self.folder).stdout.split()

    def test_completion_knows_every_command_and_option(self):
        program = str(self.prefix / "bin/motley")
        self.assertEqual(self.complete("res"), ["resume"])
        commands = self.complete("")
        helped = self.ok([program, "--help"]).stdout.partition("Subcommands:")[2]
        self.assertEqual(sorted(commands), sorted(re.findall(r"(?m)^  ([a-z-]+) ", helped)))
        for command in commands:
            helped = self.ok([program, command, "--help"]).stdout
            options = set(re.findall(r"(?m)^  (?:-\w,)?(--[a-z-]+)", helped)) | {"--help"}
            self.assertEqual(set(o for o in self.complete(command, "--") if o.startswith("--")),
                             options, command)

    def test_completion_of_values_and_files(self):
        self.assertEqual(self.complete("submit", "job.toml", "--launcher", ""), ["srun", "mpirun"])
        self.assertEqual(self.complete("completion", ""), ["bash"])
        self.write("job.toml", "")
        self.write("results/a/b", "")
        self.assertEqual(self.complete("run", "jo"), ["job.toml"])
        self.assertEqual(self.complete("resume", ""), ["results"])
        self.assertEqual(self.complete("compare-results", "results", ""), ["results"])

    def test_the_manual_page(self):
        page = self.prefix / "share/man/man1/motley.1"
        if not shutil.which("groff"):
            self.skipTest("no groff")
        done = self.ok(["groff", "-man", "-Tutf8", "-ww", "-z", str(page)])
        self.assertEqual(done.stderr, "")
        text = re.sub("\x1b\\[[0-9;]*m|.\b", "",
                      self.ok(["groff", "-man", "-Tutf8", "-P-c", str(page)]).stdout)
        for word in ("motley submit", "--time-limit", "--ntasks-per-node", "EXIT STATUS", "75"):
            self.assertIn(word, text.replace("\u2010", "-").replace("\u2212", "-"))


if __name__ == "__main__":
    support.main()
