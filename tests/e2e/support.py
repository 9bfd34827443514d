"""Shared by the end-to-end tests: starting motley, and telling its own output from that of mpirun.

Every test file is run as `python3 FILE BINARY [unittest arguments]`; CTest sets the environment.
"""
import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("MOTLEY_SHARED_DIR") or SOURCE.parent / "shared")
MPIEXEC = os.environ.get("MOTLEY_MPIEXEC", "mpirun")
MPI = os.environ.get("MOTLEY_MPI", "openmpi")
# Where waiting ranks do not give way to others, more ranks than cores take minutes for a test.
MOST_RANKS = int(os.environ.get("MOTLEY_MOST_RANKS", "1000"))
LONG = os.environ.get("MOTLEY_LONG", "") not in ("", "0", "OFF")
SANITIZE = os.environ.get("MOTLEY_SANITIZE", "")
# Factor by which sanitizers slow a step down.
SLOW = 30 if SANITIZE else 1
# The graph partitioners of this build: PT-Scotch belongs to one MPI.
PARTITIONERS = ("metis",) if os.environ.get("MOTLEY_PTSCOTCH") == "OFF" else ("metis", "scotch")
# Seconds after which a command that should take a few is taken to hang: ranks that wait give way to whatever else the
# machine does, and are many times slower then.
HANG = 240
BINARY = None


def main():
    """Takes the binary from the command line and runs the tests of the calling file."""
    global BINARY
    if len(sys.argv) < 2:
        sys.exit(f"usage: {sys.argv[0]} BINARY [arguments of unittest]")
    BINARY = str(Path(sys.argv[1]).resolve())
    sys.modules["support"].BINARY = BINARY
    program = unittest.main(argv=[sys.argv[0]] + sys.argv[2:], exit=False)
    for test, reason in program.result.skipped:
        # tests/skips reads these lines; runners print the number of skips only.
        print(f"skipped test {test.id().replace(' ', '_')}: {reason}")
    sys.exit(0 if program.result.wasSuccessful() else 1)


def launch(ranks, command):
    """The command under mpirun. One rank alone starts without it, which is much faster."""
    return command if ranks == 1 else [MPIEXEC, "-n", str(min(ranks, MOST_RANKS))] + command


def motley(arguments, ranks=1, cwd=None, timeout=HANG, binary=None, environment=None):
    command = launch(ranks, [binary or BINARY] + [str(a) for a in arguments])
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=timeout,
                          env={**os.environ, **(environment or {})}, check=False)


def own_lines(stderr):
    """stderr without the blocks between dashed lines and the [host:pid] lines that mpirun adds."""
    lines, banner = [], False
    for line in stderr.splitlines():
        if line.startswith("-" * 20):
            banner = not banner
        elif not banner and line.strip() and not line.startswith("["):
            lines.append(line)
    return lines


class Case(unittest.TestCase):
    """A test with a folder of its own."""

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="motley-e2e-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def write(self, name, content):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(content, encoding="utf-8")
        return path

    def run_ok(self, arguments, ranks=1, cwd=None, timeout=HANG):
        done = motley(arguments, ranks, cwd or self.folder, timeout)
        self.assertEqual(done.returncode, 0, f"{arguments}\n{done.stdout}\n{done.stderr}")
        return done

    def status(self, name, cwd=None):
        path = Path(cwd or self.folder) / "results" / name / "status.json"
        return json.loads(path.read_text(encoding="utf-8"))

    def ranks_of(self, name):
        """Process ids of the ranks that run the job `name` in the folder of this test."""
        found = []
        for pid in os.listdir("/proc"):
            try:
                with open(f"/proc/{pid}/cmdline", "rb") as file:
                    command = file.read().split(b"\0")
                here = os.path.samefile(f"/proc/{pid}/cwd", self.folder)
            except OSError:
                continue
            if here and command[0] == BINARY.encode() and f"{name}.toml".encode() in command:
                found.append(int(pid))
        return found

    def kill_ranks(self, name):
        """Kills the ranks that still run the job `name`."""
        deadline = time.monotonic() + 20
        while self.ranks_of(name):
            self.assertLess(time.monotonic(), deadline, "ranks outlive their end")
            for pid in self.ranks_of(name):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(0.02)

    def need(self, path):
        if not Path(path).exists():
            self.skipTest(f"not there: {path}")
