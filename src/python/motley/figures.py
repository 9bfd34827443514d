"""The figures of the report, with matplotlib. Each function draws into `axes`, or new ones, and returns them."""
import matplotlib.pyplot as pyplot
import numpy


def _axes(axes):
    return pyplot.subplots()[1] if axes is None else axes


def _label(name, unit):
    words = name.replace("_", " ")
    return words if unit in (None, "", "1") else f"{words} [{unit}]"


def series(runs, measure, axes=None):
    """A measure over steps, of one run or several; steps are on a logarithmic axis from 1."""
    axes = _axes(axes)
    for run in runs if isinstance(runs, (list, tuple)) else [runs]:
        values = run.series[measure]
        axes.plot(values["step"] + 1, values, label=run.name)
        axes.set_ylabel(_label(measure, values.attrs["units"]))
    axes.set_xscale("log")
    axes.set_xlabel("step + 1")
    axes.legend()
    return axes


def productivity(runs, axes=None):
    """Productivity per agent over steps."""
    return series(runs, "productivity_per_agent", axes)


def gap(runs, axes=None):
    """The certified gap over steps; steps without a certificate are left out."""
    axes = series(runs, "gap", axes)
    axes.set_yscale("log")
    return axes


def heterogeneity(run, axes=None):
    """Heterogeneity by effort and by value, and the bound that the entropy of the expenditure sets."""
    axes = _axes(axes)
    for name, style in (("heterogeneity_effort", "-"), ("heterogeneity_value", "-"), ("expenditure_entropy", "--")):
        values = run.series[name]
        axes.plot(values["step"] + 1, values, style, label=name.replace("_", " "))
    axes.set_xscale("log")
    axes.set_xlabel("step + 1")
    axes.set_ylabel(f"[{run.series['heterogeneity_effort'].attrs['units']}]")
    axes.legend()
    return axes


def tasks(run, axes=None):
    """The shares of the tasks: of all effort, of all value, of all expenditure."""
    axes = _axes(axes)
    by_task = run.status["by_task"]
    width = 0.8 / len(by_task)
    for place, (name, amounts) in enumerate(by_task.items()):
        amounts = numpy.array(amounts)
        axes.bar(numpy.arange(len(amounts)) + (place - 1) * width, amounts / amounts.sum(), width, label=name)
    axes.set_xlabel("task")
    axes.set_ylabel("share")
    axes.legend()
    return axes


def spatial(runs, axes=None):
    """Heterogeneity of neighbourhoods over their radius, with one standard deviation over centres."""
    axes = _axes(axes)
    for run in runs if isinstance(runs, (list, tuple)) else [runs]:
        data = run.spatial
        axes.errorbar(data["radius"], data["heterogeneity"], data["spread"], label=run.name, capsize=2)
        axes.set_ylabel(_label("heterogeneity I(r)", data["heterogeneity"].attrs["units"]))
    axes.set_xlabel("radius r [hops]")
    axes.legend()
    return axes


def network(run, axes=None, seed=1):
    """The topology: vertices have the colour of their type, and are as large as their income."""
    import networkx

    axes = _axes(axes)
    graph = run.graph()
    agents = run.agents
    income = agents["income"].clip(lower=0)
    networkx.draw_networkx(
        graph, networkx.spring_layout(graph, seed=seed), ax=axes, nodelist=list(agents.index), with_labels=len(agents) <= 40,
        node_color=agents["type"], cmap="tab20", node_size=300 * income / max(income.max(), 1e-300), arrows=False,
        width=0.5, font_size=8)
    axes.set_axis_off()
    return axes


def comparison(result, measure="productivity_per_agent", axes=None):
    """A measure of each cell with its 95 % interval: lines over the first numeric factor, else bars."""
    axes = _axes(axes)
    table = result.summary
    numeric = [name for name in result.factors if table[name].dtype.kind in "if"]
    others = [name for name in result.factors if name not in numeric[:1]]
    mean, low, high = (table[f"{measure}_{part}"] for part in ("mean", "low", "high"))
    errors = numpy.nan_to_num(numpy.array([mean - low, high - mean]))
    if numeric:
        lines = table[others].astype(str).agg(", ".join, axis=1) if others else table.index.map(lambda _: result.name)
        for label, rows in table.groupby(lines, sort=False):
            place = rows.index
            axes.errorbar(rows[numeric[0]], mean[place], errors[:, place], capsize=2, label=label)
        axes.set_xlabel(numeric[0])
        axes.legend()
    else:
        labels = [", ".join(map(str, row)) for row in table[result.factors].values]
        axes.bar(labels, mean, yerr=errors, capsize=2)
    axes.set_ylabel(_label(measure, table.attrs["units"].get(f"{measure}_mean")))
    return axes
