#!/usr/bin/env python3
"""Weak and strong scaling on simulated machines, beside what the cost model projects from few ranks.

measure.py SIMULATED [--ranks 16,64,256,1024] [--machines fat-tree,dragonfly,torus,unlimited] [--graphs torus,...] [--cores 32]
           [--exchanges persistent,node] [--weak AGENTS_PER_RANK] [--strong AGENTS] [--from RANKS] [--link BANDWIDTH]
           [--steps STEPS]

Prints a line for each run and writes all of it to measure.csv. The cost model of kind = "scaling" is fitted on --from
ranks of the same machine, and applied to the messages and bytes of the slowest rank; `model` is its error.
"""
import argparse
import csv
from pathlib import Path

import machines

COLUMNS = ("machine", "cores", "scaling", "graph", "exchange", "ranks", "agents", "step_us", "compute_us", "messages_max",
           "bytes_max", "ghosts", "projected_us", "model", "real_s", "hash")
AGENT_NS, ARC_NS, DEGREE = 37.93, 4.587, 8


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


def step_us(found, fit, overlap):
    """Microseconds of a step: what `experiment/scaling` adds up, for the rank with most messages, bytes and border."""
    agents = int(found["agents"]) / int(found["ranks"])
    agent = (AGENT_NS + DEGREE * ARC_NS) * 1e-3
    on_the_way = float(fit["exchange_us"]) + int(found["bytes_max"]) * float(fit["byte_ns"]) * 1e-3
    return agents * agent + int(found["messages_max"]) * float(fit["message_us"]) + \
        max(on_the_way - overlap * int(found["interior_min"]) * agent, 0)


def fitted_overlap(found, fit):
    """The share of the work on interior agents behind which bytes travel, from one run."""
    return min((step / 100 for step in range(101)),
               key=lambda share: abs(step_us(found, fit, share) / float(found["step_us"]) - 1))


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
                    fit = machines.simulate(program, kind, options.base, options.cores, link=options.link, graph=graph, steps=1, fit=1,
                                            agents=agents_of(options.base))
                    overlap = fitted_overlap(fit, fit)
                    for ranks in options.ranks:
                        for exchange in options.exchanges:
                            found = machines.simulate(program, kind, ranks, options.cores, link=options.link, graph=graph, steps=options.steps,
                                                      agents=agents_of(ranks), exchange=exchange)
                            found["scaling"] = scaling
                            if exchange == "persistent":
                                projected = step_us(found, fit, overlap)
                                found["projected_us"] = f"{projected:.1f}"
                                found["model"] = f"{100 * (projected / float(found['step_us']) - 1):+.0f} %"
                            table.writerow(found)
                            file.flush()
                            print("  ".join(f"{found.get(name, ''):>10}" for name in COLUMNS), flush=True)


if __name__ == "__main__":
    main()
