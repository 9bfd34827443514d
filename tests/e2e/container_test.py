"""docker/Dockerfile, really built: the image, the Debian packages in a clean root, and the SLURM cluster of
docker/compose.yaml. Long form only, and where podman or docker can run."""
import os
import re
import shutil
import subprocess

import support

# Where no registry can be reached: a local image of Debian 12.
BASE = os.environ.get("MOTLEY_BASE_IMAGE", "debian:bookworm-slim")
JOB = """\
kind = "run"
topology = { generator = "ring", agents = 100 }
solve = { mode = "dynamics", steps = 200 }
"""


def runs(*command):
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def engine():
    """The first of podman and docker that can start containers; a docker without its daemon cannot."""
    return next((name for name in ("podman", "docker") if shutil.which(name) and runs(name, "info")),
                None)


class Container(support.Case):
    engine = None

    @classmethod
    def setUpClass(cls):
        cls.engine = engine() if support.LONG else None

    def setUp(self):
        super().setUp()
        if not support.LONG:
            self.skipTest("builds images: long form only")
        if not self.engine:
            self.skipTest("neither podman nor docker can run here")
        if not runs(self.engine, "image", "inspect", BASE) and not runs(self.engine, "pull", BASE):
            self.skipTest(f"no image {BASE} here, and none to be had; name one in MOTLEY_BASE_IMAGE")
        # Containers write here as users of their own.
        self.folder.chmod(0o777)

    def ok(self, *command, timeout=300, **more):
        done = subprocess.run(command, cwd=support.SOURCE, capture_output=True, text=True,
                              timeout=timeout, check=False, **more)
        self.assertEqual(done.returncode, 0, f"{command}\n{done.stdout}\n{done.stderr}"[-4000:])
        return done.stdout

    def build(self, target):
        image = f"motley-test-{target}"
        self.ok(self.engine, "build", "--target", target, "--build-arg", f"BASE={BASE}", "-t", image,
                "-f", "docker/Dockerfile", ".", timeout=3000)
        self.addCleanup(runs, self.engine, "rmi", "-f", image)
        return image

    def run_in(self, image, *command, options=(), timeout=300):
        return self.ok(self.engine, "run", "--rm", "-v", f"{self.folder}:/work", *options, image,
                       *command, timeout=timeout)

    def state_hash_outside(self):
        self.write("outside.toml", JOB)
        self.run_ok(["run", "-q", "outside.toml"])
        return self.status("outside")["state_hash"]

    def test_the_image_computes_as_the_program_outside(self):
        image = self.build("run")
        self.assertIn("uid=1000(motley)", self.run_in(image, options=["--entrypoint", "id"]))
        self.assertIn("on 2 ranks", self.run_in(image, "selftest", options=["-e", "RANKS=2"]))
        self.write("job.toml", JOB)
        shown = self.run_in(image, "run", "-q", "job.toml", options=["-e", "RANKS=3"])
        self.assertEqual(re.search(r"state hash +(\w+)", shown)[1], self.state_hash_outside())
        size = int(self.ok(self.engine, "image", "inspect", "--format", "{{.Size}}", image))
        self.assertLess(size, 700e6)

    def test_the_packages_install_and_run_in_a_clean_root(self):
        """What cpack makes, with nothing there but what the packages themselves ask for."""
        self.run_in(self.build("build"), "sh", "-c", "cp /packages/*.deb /work")
        self.write("job.toml", JOB)
        shutil.copytree(support.SOURCE / "tests/consumer", self.folder / "consumer")
        self.write("steps", """\
            set -eux
            export DEBIAN_FRONTEND=noninteractive OMPI_ALLOW_RUN_AS_ROOT=1 \\
                OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1 \\
                OMPI_MCA_btl_vader_single_copy_mechanism=none
            cd /work
            apt-get update -qq
            apt-get install -y -qq --no-install-recommends ./motley_*.deb >/dev/null
            motley selftest
            mpirun -n 2 motley run -q job.toml
            motley topology small-world
            test -s /usr/share/man/man1/motley.1.gz -o -s /usr/share/man/man1/motley.1
            test -s /usr/share/bash-completion/completions/motley
            test ! -e /usr/include/motley
            apt-get install -y -qq --no-install-recommends ./libmotley-dev_*.deb make >/dev/null
            cmake -S consumer -B consumer/build -DCMAKE_BUILD_TYPE=Release
            cmake --build consumer/build
            mpirun -n 2 consumer/build/specialisation
            apt-get purge -y -qq libmotley-dev motley >/dev/null
            test ! -e /usr/bin/motley
            """)
        shown = self.run_in(BASE, "bash", "/work/steps", timeout=1200)
        self.assertEqual(re.search(r"state hash +(\w+)", shown)[1], self.state_hash_outside())
        self.assertIn("2 ranks: ", shown)

    def test_the_cluster_of_compose_runs_a_job_on_two_nodes(self):
        compose = ["podman-compose"] if self.engine == "podman" else ["docker", "compose"]
        if not shutil.which(compose[0]) or not runs(*compose, "version"):
            self.skipTest(f"no {' '.join(compose)}")
        compose += ["-p", "motley-test", "-f", "docker/compose.yaml"]
        self.addCleanup(runs, *compose, "down", "--volumes")
        self.ok(*compose, "build", timeout=3000)
        self.ok(*compose, "up", "--detach")
        shown = self.ok(*compose, "exec", "-T", "controller", "slurm-example")
        self.assertRegex(shown, r"state +done")
        self.assertRegex(shown, r"COMPLETED.*worker\[1-2\]")


if __name__ == "__main__":
    support.main()
