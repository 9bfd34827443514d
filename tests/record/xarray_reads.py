"""Reads a made-up run.h5 as a user would: xarray with its defaults, by the h5netcdf engine.

usage: xarray_reads.py (FILE AGENTS TASKS STEPS float64|float32)...
Every expectation is the formula of tests/record/support.cpp; exit status 1 names the first miss.
"""

import math
import sys

import h5py
import numpy
import xarray


def made_up(variable, agent, task):
    return math.sin(1 + variable * 31 + agent * 7 + task) + agent


def expect(what, found, wanted):
    if found != wanted:
        sys.exit(f"{what}: found {found!r}, expected {wanted!r}")


def check_no_phony_dimension(dataset, group):
    for name in dataset.sizes:
        if "phony" in name:
            sys.exit(f"{group}: dimension {name}")


def check_series(path, steps):
    with xarray.open_dataset(path, group="series", engine="h5netcdf") as series:
        check_no_phony_dimension(series, "series")
        expect("series sizes", dict(series.sizes), {"step": steps})
        expect("series coordinates", list(series.coords), ["step"])
        expect("step dtype", series.step.dtype, numpy.dtype("int64"))
        expect("step values", series.step.values.tolist(), [10 * row for row in range(steps)])
        expect("series variables", sorted(series.data_vars), ["gap", "productivity"])
        expect("productivity units", series.productivity.attrs["units"], "work/step")
        expect("productivity name", series.productivity.attrs["long_name"], "consumption of all")
        expect("gap values", series.gap.values.tolist(), [1.0 / (row + 3) for row in range(steps)])
        expect("gap units", series.gap.attrs["units"], "1")


def check_agents(path, group, agents, tasks, dtype, variables, coordinates):
    with xarray.open_dataset(path, group=group, engine="h5netcdf") as data:
        check_no_phony_dimension(data, group)
        sizes = {"agent": agents}
        if any(width > 1 for _, width in variables.values()):
            sizes["task"] = tasks
        expect(f"{group} sizes", dict(data.sizes), sizes)
        for name in coordinates:
            expect(f"{group} {name}", data[name].values.tolist(), list(range(sizes[name])))
            expect(f"{group} {name} dtype", data[name].dtype, numpy.dtype("int64"))
        for name, (number, width) in variables.items():
            variable = data[name]
            expect(f"{name} dims", variable.dims, ("agent", "task") if width > 1 else ("agent",))
            expect(f"{name} dtype", variable.dtype, numpy.dtype(dtype))
            expect(f"{name} units", variable.attrs["units"], "work")
            expect(f"{name} long name", variable.attrs["long_name"], "made-up " + name)
            shape = (agents, tasks) if width > 1 else (agents,)
            wanted = numpy.array(
                [made_up(number, a, k) for a in range(agents) for k in range(width)]
            ).reshape(shape)
            tolerance = 0.0 if dtype == "float64" else 1e-6
            if not numpy.allclose(variable.values, wanted, rtol=max(tolerance, 1e-14), atol=0):
                sys.exit(f"{group}/{name}: wrong values")


def check_topology(path, agents):
    with xarray.open_dataset(path, group="topology", engine="h5netcdf") as topology:
        check_no_phony_dimension(topology, "topology")
        arcs = 2 * agents + (agents + 9) // 10
        expect("topology sizes", dict(topology.sizes), {"arc": arcs})
        expect("topology variables", sorted(topology.data_vars),
               ["source", "survival", "target", "value", "weight"])
        pairs = list(zip(topology.source.values.tolist(), topology.target.values.tolist()))
        expect("order of the arcs", pairs, sorted(pairs))
        expect("source dtype", topology.source.dtype, numpy.dtype("int64"))
        expect("weight units", topology.weight.attrs["units"], "1")


def check_names(path, agents):
    with xarray.open_dataset(path, group="final", engine="h5netcdf") as final:
        names = final["agent_name"]
        expect("names dims", names.dims, ("agent",))
        expect("names", [str(name) for name in names.values],
               [f"agent-{i * i}" for i in range(agents)])


def check_provenance(path):
    with xarray.open_dataset(path, engine="h5netcdf") as root:
        expect("attribute version", root.attrs["version"], "0.0.0")
        expect("long attribute", root.attrs["job"], "j" * 100000)
        expect("attribute in UTF-8", root.attrs["note"], "\u00e5")
    with h5py.File(path) as file:
        expect("groups", sorted(file), ["final", "series", "snapshots", "topology"])


def check(path, agents, tasks, steps, dtype):
    agents, tasks, steps = int(agents), int(tasks), int(steps)
    check_provenance(path)
    check_series(path, steps)
    final = {"allocation": (1, tasks), "utility": (2, 1), "value": (3, tasks)}
    check_agents(path, "final", agents, tasks, dtype, final, ["agent", "task"])
    check_names(path, agents)
    check_agents(path, "snapshots/step_0", agents, tasks, dtype, {"allocation": (1, tasks)}, [])
    check_agents(path, "snapshots/step_20", agents, tasks, dtype,
                 {"allocation": (1, tasks), "utility": (2, 1)}, [])
    check_topology(path, agents)


if __name__ == "__main__":
    if len(sys.argv) < 6 or len(sys.argv) % 5 != 1:
        sys.exit(__doc__)
    for first in range(1, len(sys.argv), 5):
        check(*sys.argv[first:first + 5])
