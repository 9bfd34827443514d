"""The topology of a run with its agents, for networkx and igraph."""


def graph(run, library):
    """A directed graph: vertices are agents by name with the columns of `run.agents`, arcs have weight, survival, value.

    Relays, which only pass on, have `relay = True` and nothing else.
    """
    makers = {"networkx": to_networkx, "igraph": to_igraph}
    if library not in makers:
        raise ValueError(f"graphs are for {' or '.join(makers)}, not for {library!r}")
    return makers[library](run)


def vertices(run):
    """(name, attributes) of every vertex."""
    rows = run.agents
    for name, row in zip(rows.index.tolist(), rows.to_dict("records")):
        yield name, row
    for name in run.final["agent"].values[len(rows):].tolist():
        yield name, {"relay": True}


def to_networkx(run):
    import networkx

    made = networkx.DiGraph(**run.provenance)
    made.add_nodes_from(vertices(run))
    columns = [name for name in run.arcs.columns if name not in ("source", "target")]
    ends = zip(run.arcs["source"].tolist(), run.arcs["target"].tolist())
    made.add_edges_from((a, b, row) for (a, b), row in zip(ends, run.arcs[columns].to_dict("records")))
    return made


def to_igraph(run):
    import igraph

    all_vertices = list(vertices(run))
    number = {name: i for i, (name, _) in enumerate(all_vertices)}
    arcs = run.arcs
    made = igraph.Graph(n=len(number), directed=True,
                        edges=[(number[a], number[b]) for a, b in zip(arcs["source"], arcs["target"])])
    made.vs["name"] = [str(name) for name in number]
    for column in sorted({key for _, row in all_vertices for key in row}):
        made.vs[column] = [row.get(column) for _, row in all_vertices]
    for column in arcs.columns.drop(["source", "target"]):
        made.es[column] = arcs[column].tolist()
    for name, value in run.provenance.items():
        made[name] = value
    return made
