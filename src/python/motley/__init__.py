"""Results of motley for Python: tables with units, names and provenance.

    import motley
    run = motley.open_run("results/small-world")
    run.series            # xarray: the measures over steps
    run.final             # xarray: the final state, by agent and task
    run.agents            # pandas: a row per agent, by name
    run.graph()           # networkx: the topology with these rows at its vertices

    comparison = motley.open_comparison("results/compare")
    comparison.runs, comparison.summary                # pandas

Everything is read into memory; no file stays open. Column `income` of a table has its unit under
`table.attrs["units"]["income"]`, its meaning under `attrs["meaning"]`, and where the table comes from under
`attrs["provenance"]`; xarray keeps unit and meaning at each variable. `motley.figures` draws, with matplotlib.
"""
from .results import Comparison, ResultError, Run, Tables, open_comparison, open_run, open_tables

__all__ = ["Comparison", "ResultError", "Run", "Tables", "open_comparison", "open_run", "open_tables"]
