# %% [markdown]
# # From a job to answers
#
# A worked notebook: it runs a network of named workshops and a comparison, and asks the results who makes what, who
# earns, and what a denser network is worth. Cells begin with `# %%`, as editors and Jupyter (jupytext) read them; as a
# script it runs from top to bottom and leaves its figures in `figures/`:
#
#     MOTLEY=build/release/motley PYTHONPATH=src/python python3 docs/notebook.py
#
# With the Debian package of motley `python3 docs/notebook.py` is enough.

# %%
import os
import subprocess
from pathlib import Path

import matplotlib

matplotlib.use(os.environ.get("MPLBACKEND", "Agg"))  # without a screen, too
import motley
from motley import figures

Path("figures").mkdir(exist_ok=True)


def run(job):
    """Runs a job, and leaves its results under results/."""
    subprocess.run([os.environ.get("MOTLEY", "motley"), "run", "-q", job], check=True)


# %% [markdown]
# ## A network of workshops
#
# Eight workshops along a river, and a canal that joins both ends. The graph file has their names.

# %%
TOWNS = ["Mannheim", "Worms", "Mainz", "Bingen", "Koblenz", "Bonn", "Cologne", "Duisburg"]
with open("river.csv", "w", encoding="utf-8") as file:
    file.write("source,target\n")
    for here, there in zip(TOWNS, TOWNS[1:] + TOWNS[:1]):
        file.write(f"{here},{there}\n")
with open("river.toml", "w", encoding="utf-8") as file:
    file.write("""kind = "run"
topology = { file = "river.csv" }
[model]
tasks = 3
openness = 0.6
[measure]
centres = 8
[output]
topology = true
""")
run("river.toml")
river = motley.open_run("results/river")

# %% [markdown]
# The final state is an xarray.Dataset by name, with units:

# %%
print(river.final["allocation"].sel(agent="Cologne"))

# %% [markdown]
# `agents` is the same as a table: a row per agent, its type (the task to which it gives most of its effort) and the
# share of its effort that this task gets.

# %%
agents = river.agents
print(agents[["type", "share", "income"]].round(3))
print("income in", agents.attrs["units"]["income"])

# %% [markdown]
# ## Who trades with whom
#
# With `output.topology = true` every arc knows the worth of what it carries. The graph is networkx's own, so all of its
# methods are there.

# %%
graph = river.graph()
source, target, trade = max(graph.edges(data=True), key=lambda edge: edge[2]["value"])
print(f"the busiest arc: {source} -> {target}, worth {trade['value']:.3f} utility")
figures.network(river).figure.savefig("figures/river.svg")

# %% [markdown]
# ## What the report draws
#
# Heterogeneity stays below the entropy of what is spent, the bound that the environment sets.

# %%
figures.heterogeneity(river).figure.savefig("figures/heterogeneity.svg")
figures.tasks(river).figure.savefig("figures/tasks.svg")
figures.spatial(river).figure.savefig("figures/spatial.svg")
assert river.series["heterogeneity_value"][-1] <= river.series["expenditure_entropy"][-1]

# %% [markdown]
# ## What a denser network is worth
#
# A comparison has a row per run and a row per cell, with intervals and tests against the baseline.

# %%
with open("density.toml", "w", encoding="utf-8") as file:
    file.write("""kind = "compare"
[compare]
replicates = 3
[base.model]
tasks = 3
[factors]
topology = [
  { name = "sparse", generator = "ring", agents = 64, degree = 2 },
  { name = "dense", generator = "ring", agents = 64, degree = 8 },
]
"model.openness" = [0.3, 0.6, 0.9]
""")
run("density.toml")
density = motley.open_comparison("results/density")
print(density.summary[density.factors + ["productivity_per_agent_mean", "difference", "p_holm"]].round(4))
figures.comparison(density).figure.savefig("figures/density.svg")

# %% [markdown]
# A run of the comparison opens by its name or number. All runs of one cell, over each other:

# %%
cell = density.runs.query("topology == 'dense' and `model.openness` == 0.9")
figures.productivity([density.open(name) for name in cell["run"]]).figure.savefig("figures/dense.svg")

# %% [markdown]
# Where did these numbers come from? Every object says so.

# %%
print("motley", density.provenance["version"], "seed", density.provenance["seed"])
