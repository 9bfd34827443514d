#!/usr/bin/env python3
"""Weak and strong scaling on simulated machines, beside what the cost model projects from few ranks.

measure.py SIMULATED [--ranks 16,64,256,1024] [--machines fat-tree,dragonfly,torus,unlimited] [--graphs torus,...] [--cores 32]
           [--exchanges persistent,node] [--weak AGENTS_PER_RANK] [--strong AGENTS] [--from RANKS] [--link BANDWIDTH]
           [--steps STEPS]

Prints a line for each run and writes all of it to measure.csv. The cost model of kind = "scaling" is fitted on --from
ranks of the same machine, and applied to what each rank holds and sends; `model` is its error.
"""
import argparse
import csv
from pathlib import Path

import machines

COLUMNS = ("machine", "cores", "scaling", "graph", "exchange", "ranks", "agents", "step_us", "compute_us", "messages_max",
           "bytes_max", "ghosts", "projected_us", "model", "real_s", "hash")


def words(text):
    return text.split(",")


def numbers(text):
    return [int(word) for word in text.split(",")]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", type=Path)
    parser.add_argument("--ranks", type=numbers, default=[16, 64, 256, 1024])
    parser.add_argument("--machines", type=words, default=list(machines.KINDS))
    parser.add_argument("--graphs", type=words, default=["torus", "nested", "small-world", "random-regular"])
    parser.add_argument("--cores", type=int, default=32)
    parser.add_argument("--exchanges", type=words, default=["persistent", "node"])
    parser.add_argument("--weak", type=int, default=1024)
    parser.add_argument("--strong", type=int, default=1 << 18)
    parser.add_argument("--from", type=int, default=64, dest="base")
    parser.add_argument("--link", default=machines.LINK)
    parser.add_argument("--steps", type=int, default=2)
    parser.add_argument("--output", type=Path, default=Path("measure.csv"))
    return parser.parse_args()


def main():
    options = arguments()
    program = options.program.resolve()
    with open(options.output, "w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, COLUMNS, extrasaction="ignore")
        table.writeheader()
        for kind in options.machines:
            for graph in options.graphs:
                for scaling, agents_of in (("weak", lambda ranks: options.weak * ranks),
                                           ("strong", lambda ranks: options.strong)):
                    if agents_of(1) == 0:
                        continue
                    fit = machines.simulate(program, kind, options.base, options.cores, link=options.link, graph=graph, steps=options.steps, fit=1,
                                            agents=agents_of(options.base))
                    for ranks in options.ranks:
                        for exchange in options.exchanges:
                            found = machines.simulate(program, kind, ranks, options.cores, link=options.link, graph=graph, steps=options.steps,
                                                      agents=agents_of(ranks), exchange=exchange, costs=fit["costs"])
                            found["scaling"] = scaling
                            if exchange == "persistent":
                                found["model"] = f"{100 * (float(found['projected_us']) / float(found['step_us']) - 1):+.0f} %"
                            table.writerow(found)
                            file.flush()
                            print("  ".join(f"{found.get(name, ''):>10}" for name in COLUMNS), flush=True)


if __name__ == "__main__":
    main()
