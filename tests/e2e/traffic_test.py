"""`motley topology NAME --traffic PATTERN`: throughput of fabrics, failures, and what it refuses."""
import support

FOLDER = support.SOURCE / "topologies"


class Traffic(support.Case):
    def rows(self, *words):
        """Cells of the table by its first column, and all that was printed."""
        shown = self.run_ok(["topology", *words], cwd=FOLDER).stdout
        lines = [line.split("  ") for line in shown.splitlines()]
        cells = [[cell.strip() for cell in line if cell.strip()] for line in lines]
        return {row[0]: row[1:] for row in cells if len(row) >= 7}, shown

    def test_a_fat_tree_carries_permutations_and_all_to_all_in_full(self):
        rows, _ = self.rows("fat-tree", "--set", "arity=4", "--traffic", "permutation")
        for number in range(3):
            self.assertEqual(rows[f"permutation {number}"][:4], ["1.0000"] * 4)
        rows, shown = self.rows("fat-tree", "--set", "arity=4", "--traffic", "all-to-all")
        self.assertEqual(rows["all-to-all"][:4], ["1.0000"] * 4)
        self.assertIn("16 hosts, 20 switches, 48 links", shown)

    def test_all_reduces_over_rails(self):
        rows, _ = self.rows("rail-only", "--set", "nodes=16", "--traffic", "all-reduce")
        # 1 / (2 (m - 1)/m / g) with m = 16 nodes of g = 8
        self.assertEqual(rows["hierarchical, 16 x 8"][2], f"{8 * 16 / 30:.4f}")
        self.assertLess(float(rows["ring"][2]), 1.01)

    def test_failures_one_by_one(self):
        _, shown = self.rows("fat-tree", "--set", "arity=4", "--traffic", "permutation",
                             "--failures", "switch")
        self.assertIn("each of 20 failures of one switch", shown)
        self.assertIn("failures that cut hosts in service off from one another: 8", shown)

    def test_attack_curves(self):
        done = self.run_ok(["topology", str(FOLDER / "fat-tree.toml"), "--set", "arity=4", "--traffic", "all-to-all",
                            "--failures", "switch", "--attack", "all", "--points", "4"])
        lines = {line.split()[0]: line.split()[1:] for line in done.stdout.splitlines() if line.strip()}
        self.assertEqual(len(lines["0.250"]), 6)
        self.assertEqual(lines["1.000"][0::2], ["0.0000"] * 3)
        self.assertEqual(len(lines["R-index"]), 3)
        for left in (float(lines[share][0]) for share in ("0.250", "0.500", "0.750")):
            self.assertTrue(0.0 <= left < 1.0)
        refused = support.motley(["topology", "fat-tree", "--traffic", "all-to-all", "--attack", "all"], 1, FOLDER)
        self.assertEqual(refused.returncode, 2)
        self.assertIn("--failures", refused.stderr)

    def test_the_same_under_mpirun(self):
        words = ["topology", str(FOLDER / "jellyfish.toml"), "--set", "switches=20", "--set",
                 "ports=6", "--set", "hosts_per_switch=2", "--traffic", "permutation"]
        alone = self.run_ok(words).stdout
        done = support.motley(words, 2, self.folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout, alone)

    def test_refusals(self):
        for words, code, message in (
                (["topology", "ring", "--traffic", "gossip"], 2, "gossip"),
                (["topology", "isolated", "--set", "agents=4", "--traffic", "all-to-all"], 2,
                 "host 0 cannot reach host 1")):
            done = support.motley(words, 1, FOLDER)
            self.assertEqual(done.returncode, code, done.stdout + done.stderr)
            self.assertIn(message, done.stderr)


if __name__ == "__main__":
    support.main()
