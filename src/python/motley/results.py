"""Folders of results as objects: runs, comparisons, and any other folder with tables."""
import json
import tomllib
from functools import cached_property
from pathlib import Path

from . import hdf5
from .hdf5 import ResultError

#: The HDF5 files of tables, and what a folder that has one holds.
TABLE_FILES = {"compare.h5": "a comparison", "swarm.h5": "a swarm", "redesign.h5": "a redesign"}


def open_run(directory):
    """Opens the folder of a finished run."""
    return Run(directory)


def open_comparison(directory):
    """Opens the folder of a finished comparison."""
    return Comparison(directory)


def open_tables(directory):
    """Opens the tables of any finished job: a comparison, a swarm, a redesign."""
    return Tables(directory)


class Result:
    """What every folder of results has: its status and its provenance."""

    def __init__(self, directory, file, what):
        self.directory = Path(directory)
        self._path = self.directory / file
        with hdf5.open_file(self._path, what) as opened:
            self.provenance = hdf5.attributes(opened)
            self._groups = hdf5.groups(opened)
            self._snapshots = hdf5.groups(opened, "snapshots") if "snapshots" in opened else []

    @property
    def name(self):
        return self.directory.resolve().name

    @cached_property
    def status(self):
        """The content of status.json."""
        path = self.directory / "status.json"
        try:
            return json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise ResultError(f"{path} cannot be read: {error}; run the job again") from error

    @cached_property
    def job(self):
        """The job with all its defaults, as tables of Python; provenance["job"] is its text."""
        return tomllib.loads(self.provenance["job"])

    def _dataset(self, group):
        data = hdf5.dataset(self._path, group)
        data.attrs = dict(self.provenance)
        return data

    def __repr__(self):
        return f"<motley.{type(self).__name__} {str(self.directory)!r}>"


class Run(Result):
    """A finished run: run.h5 and status.json."""

    def __init__(self, directory):
        super().__init__(directory, "run.h5", "a finished run")

    @cached_property
    def series(self):
        """The measures over steps."""
        return self._dataset("series")

    @cached_property
    def final(self):
        """The final state: allocation, value, income and more, by agent and task.

        Where the graph has names, `agent` is the name and `agent_id` the number.
        """
        return self._by_name(self._dataset("final"))

    @cached_property
    def spatial(self):
        """Heterogeneity and balance by radius."""
        return self._optional("spatial", "set measure.centres in the job")

    @cached_property
    def arcs(self):
        """A row per arc: source and target by name, weight, survival, and the worth of what it carries."""
        data = self._optional("topology", "set output.topology = true in the job; `motley export DIR --graph "
                                          "FILE` makes the graph again instead")
        table = hdf5.frame(data, self.provenance)
        for end in ("source", "target"):
            table[end] = self._names[table[end]]
        return table

    @cached_property
    def snapshots(self):
        """The states under way: number of adaptations -> Dataset."""
        steps = sorted((int(name.removeprefix("step_")), name) for name in self._snapshots)
        return {step: self._by_name(self._dataset(f"snapshots/{name}")) for step, name in steps}

    @cached_property
    def agents(self):
        """A row per agent, by name: resource, utility, income, expenditure, and its type.

        `type` is the task to which the agent gives the largest share of its effort, `share` that share. Relays, which
        only pass on, are left out.
        """
        final = self.final.isel(agent=slice(0, self.status["agents"]))
        allocation = final["allocation"]
        if "task" not in allocation.dims:
            allocation = allocation.expand_dims(task=1, axis=1)
        rows = final[[name for name, each in final.items() if each.dims == ("agent",)]]
        rows = rows.drop_vars([name for name in ("allocation", "task") if name in rows.variables])
        rows["type"] = allocation.argmax("task")
        rows["type"].attrs = {"units": "1", "long_name": "task to which the agent gives most of its effort"}
        rows["share"] = allocation.max("task")
        rows["share"].attrs = {"units": "1", "long_name": "share of the effort that this task gets"}
        if "partition" in self._groups:
            rows["rank"] = ("agent", self._dataset("partition")["rank"].values[:rows.sizes["agent"]])
            rows["rank"].attrs = {"units": "1", "long_name": "MPI rank that owned the agent"}
        return hdf5.frame(rows, self.provenance)

    def graph(self, library="networkx"):
        """The topology with the rows of `agents` at its vertices, for "networkx" or "igraph"."""
        from . import graphs  # networkx and igraph are needed by those who draw graphs only

        return graphs.graph(self, library)

    @cached_property
    def _names(self):
        """The names of all vertices; their numbers where the graph has no names."""
        final = self._dataset("final")
        return (final["agent_name"] if "agent_name" in final else final["agent"]).values

    def _by_name(self, data):
        """The data with names in place of the numbers of the agents, which become `agent_id`."""
        ids = data["agent"]
        if self._names.dtype == ids.dtype:
            return data
        named = data.drop_vars("agent_name", errors="ignore").assign_coords(
            agent=("agent", self._names, {"long_name": "name of the agent"}))
        return named.assign_coords(agent_id=("agent", ids.values, ids.attrs))

    def _optional(self, group, how):
        if group not in self._groups:
            raise ResultError(f"{self._path} has no {group}: {how}")
        return self._dataset(group)


class Tables(Result):
    """The tables of a job that is no single run."""

    def __init__(self, directory, files=TABLE_FILES):
        there = [name for name in files if (Path(directory) / name).is_file()]
        file = there[0] if there else next(iter(files))
        super().__init__(directory, file, " or ".join(files.values()))
        self._tables = {}

    @property
    def names(self):
        """The names of the tables."""
        return list(self._groups)

    def table(self, name):
        """A table as pandas.DataFrame."""
        if name not in self._groups:
            raise ResultError(f"{self._path} has no table {name!r}; it has {', '.join(self._groups)}")
        if name not in self._tables:
            self._tables[name] = hdf5.table(self._path, name, self.provenance)
        return self._tables[name]


class Comparison(Tables):
    """A finished comparison: compare.h5, and the folders of its runs."""

    def __init__(self, directory):
        super().__init__(directory, {"compare.h5": TABLE_FILES["compare.h5"]})

    @property
    def runs(self):
        """A row per run, with the levels of its factors and its measures."""
        return self.table("runs")

    @property
    def summary(self):
        """A row per cell: means over replicates with intervals, and tests against the baseline."""
        return self.table("summary")

    @property
    def factors(self):
        """The names of the factors: columns of `runs` and `summary`."""
        return list(self.job["factors"])

    def open(self, run):
        """Opens a run by its number or its name, as in column `run`."""
        name = run if isinstance(run, str) else self.runs["run"].loc[run]
        return Run(self.directory / name)
