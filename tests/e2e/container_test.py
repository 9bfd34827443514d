"""The image of docker/Dockerfile, really built: it runs as a user without rights, on several ranks, and
computes what the program outside computes. Long form only."""
import os
import re
import shutil
import subprocess

import support

ENGINE = shutil.which("podman") or shutil.which("docker")
# Where no registry can be reached: a local image of Debian 12.
BASE = os.environ.get("MOTLEY_BASE_IMAGE", "debian:bookworm-slim")


class Container(support.Case):
    def setUp(self):
        super().setUp()
        if not support.LONG:
            self.skipTest("builds an image: long form only")
        if not ENGINE:
            self.skipTest("neither podman nor docker is here")

    def engine(self, *arguments, timeout=120):
        done = subprocess.run([ENGINE, *arguments], cwd=support.SOURCE, capture_output=True,
                              text=True, timeout=timeout, check=False)
        self.assertEqual(done.returncode, 0, f"{arguments}\n{done.stdout}\n{done.stderr}"[-3000:])
        return done.stdout

    def test_the_image_computes_as_the_program_outside(self):
        self.engine("build", "--target", "run", "--build-arg", f"BASE={BASE}", "-t", "motley-test",
                    "-f", "docker/Dockerfile", ".", timeout=3000)
        self.addCleanup(subprocess.run, [ENGINE, "rmi", "-f", "motley-test"], capture_output=True)
        self.assertIn("uid=1000(motley)", self.engine("run", "--rm", "--entrypoint", "id",
                                                      "motley-test"))
        self.assertIn("on 2 ranks", self.engine("run", "--rm", "-e", "RANKS=2", "motley-test",
                                                "selftest"))
        self.write("job.toml", 'topology = { generator = "ring", agents = 100 }\n'
                               'solve = { mode = "dynamics", steps = 200 }\n')
        os.chmod(self.folder, 0o777)
        shown = self.engine("run", "--rm", "-e", "RANKS=3", "-v", f"{self.folder}:/work",
                            "motley-test", "run", "-q", "job.toml")
        inside = re.search(r"state hash +(\w+)", shown)[1]
        shutil.copy(self.folder / "job.toml", self.folder / "outside.toml")
        self.run_ok(["run", "-q", "outside.toml"])
        self.assertEqual(self.status("outside")["state_hash"], inside)


if __name__ == "__main__":
    support.main()
