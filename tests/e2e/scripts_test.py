"""The set-up of quickstart.sh and run.sh where packages are missing or not. Stubs stand for apt, cmake and ctest, so that
nothing is installed or built."""
import os
import re
import subprocess
import sys

import support

SCRIPTS = ("jobs/quickstart.sh", "tests/run.sh")
LIST = (support.SOURCE / "docker/packages.txt").read_text(encoding="utf-8")
# Section -> its packages.
SECTIONS = {part.splitlines()[0]: part.split()[1:] for part in LIST.split("# --- ")[1:]}
# No script but the comparison with peers needs theirs.
PACKAGES = [name for title, section in SECTIONS.items() if title != "peers" for name in section]
AUDIT = "cmake --build build/audit --target test_core"


class Scripts(support.Case):
    def stub(self, name, body):
        path = self.write(f"bin/{name}", f"#!/bin/sh\n{body}\n")
        path.chmod(0o755)

    def machine(self, user, missing, sudo):
        """Stubs of a machine: id of the user, missing packages, whether sudo works without a password."""
        self.stub("id", f"echo {user}")
        cases = "".join(f"*' {name}') exit 1;;\n" for name in missing)
        self.stub("dpkg-query", f'case " $*" in\n{cases}esac\necho installed')
        log = 'echo "$(basename "$0") $*" >>"$LOG"'
        self.stub("sudo", log + ('\n[ "$1" = -n ] && shift\nexec "$@"' if sudo else "\nexit 1"))
        self.stub("apt-get", log + "\n[ $1 = update ] || exit 100")
        for tool in ("cmake", "ctest", "mpirun"):
            self.stub(tool, log)

    def start(self, script, *arguments):
        log = self.folder / "log"
        log.write_text("")
        # A copy under a path with a blank, so that nothing is written into the repository.
        copy = self.folder / "a copy"
        if not copy.exists():
            for folder in ("jobs", "tests", "docker"):
                (copy / folder).mkdir(parents=True)
            for name in (*SCRIPTS, "jobs/setup.sh", "tests/skips", "docker/packages.txt"):
                (copy / name).write_bytes((support.SOURCE / name).read_bytes())
                (copy / name).chmod(0o755)
        environment = {"PATH": f"{self.folder}/bin:{os.environ['PATH']}", "LOG": str(log)}
        done = subprocess.run([str(copy / script), *arguments], cwd=self.folder, timeout=60,
                              env=environment, capture_output=True, text=True, check=False)
        return done, log.read_text().splitlines()

    def test_without_rights_the_one_line_is_printed(self):
        for script in SCRIPTS:
            self.machine(1000, ["libmetis-dev", "ccache"], sudo=False)
            done, calls = self.start(script)
            self.assertEqual(done.returncode, 2, done.stderr)
            lines = [line for line in done.stderr.splitlines() if "apt-get" in line]
            self.assertEqual(lines, ["sudo apt-get update && sudo apt-get install -y "
                                     "--no-install-recommends ccache libmetis-dev"])
            self.assertFalse([c for c in calls if c.startswith(("apt-get", "cmake"))], calls)

    def test_apt_is_not_called_when_nothing_is_missing(self):
        for script in SCRIPTS:
            self.machine(1000, [], sudo=True)
            done, calls = self.start(script)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertFalse([c for c in calls if c.startswith(("apt-get", "sudo"))], calls)
            self.assertTrue(calls[0].startswith("cmake --preset "), calls)

    def test_root_and_sudo_install_what_is_missing(self):
        for user in (0, 1000):
            self.machine(user, ["libmetis-dev"], sudo=True)
            done, calls = self.start("jobs/quickstart.sh")
            self.assertEqual(done.returncode, 100, done.stderr)  # the stub refuses to install
            installs = [c for c in calls if c.startswith("apt-get") and " install " in c]
            self.assertEqual(len(installs), 1, calls)
            self.assertTrue(installs[0].endswith(" libmetis-dev"), installs)
            self.assertEqual(any(c.startswith("sudo") for c in calls), user != 0)

    def test_quickstart_asks_for_nothing_that_only_tests_need(self):
        self.assertEqual(list(SECTIONS), ["build", "libraries", "package", "tests", "peers"])
        self.machine(1000, PACKAGES, sudo=False)
        wanted = {"jobs/quickstart.sh": SECTIONS["build"] + SECTIONS["libraries"], "tests/run.sh": PACKAGES}
        for script, packages in wanted.items():
            done, _ = self.start(script)
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertEqual(done.stderr.splitlines()[-1].partition("--no-install-recommends ")[2].split(), packages)
        self.assertLessEqual({"chromium", "slurm-wlm", "munge", "libgtest-dev", "libbenchmark-dev"},
                             set(PACKAGES) - set(wanted["jobs/quickstart.sh"]))

    def test_a_section_that_is_not_there_is_an_error(self):
        done = subprocess.run(["bash", "-c", "set -e; source jobs/setup.sh; packages_of docker/packages.txt test; echo on"],
                              cwd=support.SOURCE, capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, done.stdout), (70, ""))
        self.assertIn("has no section 'test'", done.stderr)

    def test_quickstart_builds_only_motley_and_runs_on_two_ranks(self):
        self.machine(1000, [], sudo=True)
        done, calls = self.start("jobs/quickstart.sh")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(calls, ["cmake --preset release -DMOTLEY_BUILD_TESTS=OFF -DMOTLEY_BUILD_BENCHMARKS=OFF",
                                 "cmake --build build/release --target motley",
                                 "mpirun -n 2 build/release/motley run jobs/quickstart.toml"])

    def test_quickstart_keeps_the_tests_of_a_folder_that_has_them(self):
        self.machine(1000, [], sudo=True)
        self.start("jobs/quickstart.sh")
        self.write("a copy/build/release/CMakeCache.txt", "GTest_DIR:PATH=/usr/lib/cmake/GTest\n")
        done, calls = self.start("jobs/quickstart.sh")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(calls[0], "cmake --preset release")

    def test_run_audits_the_lower_layers_in_a_plain_call(self):
        self.machine(1000, [], sudo=True)
        for arguments, audits in (((), True), (("--no-audit",), False), (("-R", "core"), False),
                                  (("--preset", "asan"), False)):
            done, calls = self.start("tests/run.sh", *arguments)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(any(call.startswith(AUDIT) for call in calls), audits, calls)
            self.assertEqual(any(re.search(r"ctest --test-dir build/audit .*-R \^\(core\|.*simulation\)", call)
                                 for call in calls), audits, calls)

    def test_run_fails_on_a_skip_that_nothing_explains(self):
        self.machine(1000, [], sudo=True)
        for reason, code in (("one that no rule names", 1), ("the build is for tests: long form only", 0)):
            result = (f'<testsuite><testcase name="e2e" status="run"><system-out>\nskipped test a.b: {reason}\n'
                      "</system-out></testcase></testsuite>")
            self.stub("ctest", f"mkdir -p build/release\ncat >build/release/tests.xml <<'END'\n{result}\nEND")
            done, _ = self.start("tests/run.sh", "--no-audit")
            self.assertEqual(done.returncode, code, done.stdout + done.stderr)
            self.assertIn(f"skipped: {reason}", done.stdout)

    def test_run_passes_options_on(self):
        self.machine(1000, [], sudo=True)
        done, calls = self.start("tests/run.sh", "--preset", "asan", "--long", "-R", "e2e")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(calls[0], "^cmake --preset asan .*-DMOTLEY_LONG_TESTS=ON")
        self.assertEqual(calls[1], "cmake --build build/asan")
        self.assertRegex(calls[2], "^ctest --test-dir build/asan .*-R e2e$")

    def test_help(self):
        done, calls = self.start("tests/run.sh", "--help")
        self.assertEqual((done.returncode, calls), (0, []))
        self.assertIn("--long", done.stdout)

    def test_the_list_names_everything_that_the_build_asks_for(self):
        """Every header and module that the sources name is in a package of the list."""
        needed = {"openmpi-bin", "libopenmpi-dev", "python3", "git", "cmake", "ninja-build"}
        text = "".join(p.read_text(encoding="utf-8") for top in ("src", "include", "tests")
                       for p in (support.SOURCE / top).rglob("*.[chp][py]*") if p.is_file())
        for token, package in {
                "toml++/": "libtomlplusplus-dev", "<boost/": "libboost-dev",
                "<pugixml.hpp>": "libpugixml-dev", "<hdf5": "libhdf5-dev", "<metis.h>": "libmetis-dev",
                "<ptscotch.h>": "libptscotch-dev", "Random123/": "librandom123-dev",
                "<fmt/": "libfmt-dev", "<spdlog/": "libspdlog-dev", "<CLI/": "libcli11-dev",
                "<nlohmann/": "nlohmann-json3-dev", "<xxhash.h>": "libxxhash-dev",
                "<gtest/": "libgtest-dev", "<benchmark/": "libbenchmark-dev",
                "import h5py": "python3-h5py", "import xarray": "python3-xarray",
                "import jsonschema": "python3-jsonschema", "import networkx": "python3-networkx",
                "import scipy": "python3-scipy", "<zlib.h>": "zlib1g-dev", "<bzlib.h>": "libbz2-dev",
                "<zstd.h>": "libzstd-dev"}.items():
            if token in text:
                needed.add(package)
        self.assertGreater(len(needed), 12)
        self.assertEqual(needed - set(PACKAGES), set())
        for name in PACKAGES:
            self.assertTrue(re.fullmatch(r"[a-z0-9][a-z0-9.+-]+", name), name)


if __name__ == "__main__":
    sys.modules["support"] = support
    support.main()
