"""The set-up of quickstart.sh and run.sh: what happens where packages are missing. Nothing is installed."""
import os
import re
import subprocess
import sys

import support

SCRIPTS = ("jobs/quickstart.sh", "tests/run.sh")
PACKAGES = [line.split("#")[0].strip() for line in
            (support.SOURCE / "docker/packages.txt").read_text().splitlines()]
PACKAGES = [name for name in PACKAGES if name]


class Scripts(support.Case):
    def stub(self, name, body):
        path = self.write(f"bin/{name}", f"#!/bin/sh\n{body}\n")
        path.chmod(0o755)

    def machine(self, user, missing, sudo):
        """A machine by stubs: who asks, which packages are missing, whether sudo needs a password."""
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
            for name in (*SCRIPTS, "jobs/setup.sh", "docker/packages.txt"):
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
            self.assertTrue(calls[0].startswith("cmake --preset release"), calls)

    def test_root_and_sudo_install_what_is_missing(self):
        for user in (0, 1000):
            self.machine(user, ["libgtest-dev"], sudo=True)
            done, calls = self.start("jobs/quickstart.sh")
            self.assertEqual(done.returncode, 100, done.stderr)  # the stub refuses to install
            installs = [c for c in calls if c.startswith("apt-get") and " install " in c]
            self.assertEqual(len(installs), 1, calls)
            self.assertTrue(installs[0].endswith(" libgtest-dev"), installs)
            self.assertEqual(any(c.startswith("sudo") for c in calls), user != 0)

    def test_quickstart_builds_only_motley_and_runs_on_two_ranks(self):
        self.machine(1000, [], sudo=True)
        done, calls = self.start("jobs/quickstart.sh")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(calls, ["cmake --preset release",
                                 "cmake --build build/release --target motley",
                                 "mpirun -n 2 build/release/motley run jobs/quickstart.toml"])

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
        """Headers and modules that the sources name, by the package that has them."""
        needed = {"openmpi-bin", "libopenmpi-dev", "python3", "git", "cmake", "ninja-build"}
        text = "".join(p.read_text(encoding="utf-8") for top in ("src", "include", "tests")
                       for p in (support.SOURCE / top).rglob("*.[chp][py]*") if p.is_file())
        for token, package in {
                "toml++/": "libtomlplusplus-dev", "<boost/graph": "libboost-graph-dev",
                "<hdf5": "libhdf5-dev", "<metis.h>": "libmetis-dev",
                "<ptscotch.h>": "libptscotch-dev", "Random123/": "librandom123-dev",
                "<fmt/": "libfmt-dev", "<spdlog/": "libspdlog-dev", "<CLI/": "libcli11-dev",
                "<nlohmann/": "nlohmann-json3-dev", "<xxhash.h>": "libxxhash-dev",
                "<gtest/": "libgtest-dev", "<benchmark/": "libbenchmark-dev",
                "import h5py": "python3-h5py", "import xarray": "python3-xarray",
                "import jsonschema": "python3-jsonschema"}.items():
            if token in text:
                needed.add(package)
        self.assertGreater(len(needed), 12)
        self.assertEqual(needed - set(PACKAGES), set())
        for name in PACKAGES:
            self.assertTrue(re.fullmatch(r"[a-z0-9][a-z0-9.+-]+", name), name)


if __name__ == "__main__":
    sys.modules["support"] = support
    support.main()
