"""A rank that throws in the middle of a run ends the job everywhere, with its message and exit code."""
import sys
import time
from pathlib import Path

import support


class ThrowingRank(support.Case):
    def run_it(self, kind, step, ranks):
        start = time.monotonic()
        done = support.motley([kind, str(step)], ranks, self.folder, timeout=60)
        self.assertLess(time.monotonic() - start, 30)
        return done

    def check(self, kind, code, message):
        for ranks in (2, 4):
            for step in (0, 7):
                with self.subTest(kind=kind, ranks=ranks, step=step):
                    done = self.run_it(kind, step, ranks)
                    self.assertEqual(done.returncode, code, done.stderr)
                    spoken = [line for line in done.stderr.splitlines()
                              if line.startswith("motley: ")]
                    self.assertEqual(spoken, [f"motley: rank 1: {message}"])
                    self.assertNotIn("all steps made", done.stdout)
                    self.assert_nobody_left()

    def assert_nobody_left(self):
        """No process of the job outlives mpirun."""
        for _ in range(50):
            left = [pid for pid in Path("/proc").glob("[0-9]*") if self.is_rank(pid)]
            if not left:
                return
            time.sleep(0.1)
        self.fail(f"ranks go on: {left}")

    @staticmethod
    def is_rank(process):
        try:
            command = (process / "cmdline").read_bytes().split(b"\0")
            return command[0] == support.BINARY.encode()
        except OSError:  # it ended
            return False

    def test_internal_error(self):
        self.check("internal", 70, "a broken promise")

    def test_storage_error(self):
        self.check("storage", 74, "the disk went away")

    def test_out_of_memory(self):
        self.check("memory", 74, "out of memory; use more ranks or a smaller job")

    def test_error_of_the_standard_library(self):
        self.check("standard", 70, "something of the standard library")

    def test_where_several_fail_at_once_one_speaks(self):
        self.check("everyone", 70, "a broken promise")

    def test_without_a_failure_all_steps_are_made(self):
        done = self.run_it("internal", -1, 3)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("first step made", done.stdout)
        self.assertIn("all steps made", done.stdout)


if __name__ == "__main__":
    sys.modules["support"] = support
    support.main()
