#!/usr/bin/env python3
"""Draws laws 2 to 4 in four fields from the runs.csv of two comparisons; standard library only.

    mpirun -n 2 build/release/motley run jobs/laws/fields.toml
    mpirun -n 2 build/release/motley run jobs/laws/fields-demand.toml
    python3 docs/figures/laws_of_fields.py results/laws-of-fields/runs.csv \\
        results/laws-of-fields-demand/runs.csv docs/figures/laws-of-fields.svg
"""
import csv
import math
import sys

WIDTH, HEIGHT, TOP, BOTTOM = 1060, 350, 66, 52
INK, GRID = "#333333", "#dddddd"
FIELDS = {"economics": "#1f6fb4", "ecology": "#2a8f5a", "neuroscience": "#d1622b", "computing": "#8a4fa3"}
OPENNESS = ["0.5", "0.7", "0.9", "0.97"]
OUTSIDE = ["0.02", "0.1", "0.3", "0.6"]


class Panel:
    """One plot; `x_ticks` and `y_ticks` give its ends, too."""

    def __init__(self, left, width, title, x_title, x_ticks, y_ticks, log_y=False):
        self.left, self.width, self.log_y = left, width, log_y
        self.x_ends, self.y_ends = (x_ticks[0], x_ticks[-1]), (y_ticks[0], y_ticks[-1])
        self.out = []
        self.text(left + width / 2, TOP - 16, title, size=15)
        for value in y_ticks:
            self.line([(left, self.y(value)), (left + width, self.y(value))], GRID, 1)
            self.text(left - 8, self.y(value) + 4, f"{value:g}", "end")
        for value in x_ticks:
            self.line([(self.x(value), HEIGHT - BOTTOM), (self.x(value), HEIGHT - BOTTOM + 5)], INK, 1)
            self.text(self.x(value), HEIGHT - BOTTOM + 20, f"{value:g}")
        self.text(left + width / 2, HEIGHT - 10, x_title)

    def x(self, value):
        low, high = self.x_ends
        return self.left + self.width * (value - low) / (high - low)

    def y(self, value):
        low, high = self.y_ends
        share = (value - low) / (high - low)
        if self.log_y:
            share = math.log(value / low) / math.log(high / low)
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share

    def text(self, x, y, text, anchor="middle", colour=INK, size=13):
        self.out.append(f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}" '
                        f'font-size="{size}">{text}</text>')

    def line(self, points, colour, width=2.0, dash=""):
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        self.out.append(f'<polyline points="{path}" fill="none" stroke="{colour}" '
                        f'stroke-width="{width}" stroke-dasharray="{dash}"/>')

    def curve(self, points, colour):
        places = [(self.x(x), self.y(y)) for x, y in points]
        self.line(places, colour)
        for x, y in places:
            self.out.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>')


def read(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def mean(rows, name, **levels):
    values = [float(row[name]) for row in rows
              if all(row[key.replace("__", ".")] == level for key, level in levels.items())]
    return sum(values) / len(values)


def draw(runs, demands):
    law2 = Panel(60, 270, "law 2: I by value, nats", "entropy of the demand, nats",
                 [0.6, 1.0, 1.4, 1.8], [0, 0.6, 1.2, 1.8])
    law2.line([(law2.x(v), law2.y(v)) for v in (0.6, 1.8)], INK, 1.5, "5 4")
    law2.text(law2.x(1.78), law2.y(0.1), "dashed: the entropy of the demand itself", "end", size=12)
    law3 = Panel(410, 270, "law 3: scale xi, hops", "analytic length, hops", [0, 1, 2, 3, 4, 4.5],
                 [0.4, 1, 2, 4, 8, 16], log_y=True)
    law4 = Panel(760, 270, "law 4: I between groups, nats", "share of the routing between groups",
                 [0, 0.2, 0.4, 0.6], [0, 0.25, 0.5, 0.75, 1.0])
    zipf = sorted({row["model.demand.exponent"] for row in demands}, key=float)
    for number, (field, colour) in enumerate(FIELDS.items()):
        law2.curve([(mean(demands, "demand_entropy", preset=field, model__demand__exponent=z),
                     mean(demands, "heterogeneity_value", preset=field, model__demand__exponent=z))
                    for z in zipf], colour)
        law3.curve([(1 / math.acosh(1 / float(o)),
                     mean(runs, "spatial_scale", preset=field, topology="ring of degree 2",
                          model__openness=o)) for o in OPENNESS], colour)
        law4.curve([(float(w), mean(runs, "heterogeneity_between", preset=field,
                                    topology=f"groups, {w} outside", model__openness="0.9"))
                    for w in OUTSIDE], colour)
        x = 300 + 130 * number
        law2.out.append(f'<circle cx="{x}" cy="18" r="5" fill="{colour}"/>')
        law2.text(x + 12, 23, field, "start")
    body = "\n".join(law2.out + law3.out + law4.out)
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
            f'font-family="sans-serif">\n<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>\n'
            f"{body}\n</svg>\n")


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    with open(sys.argv[3], "w", encoding="utf-8") as file:
        file.write(draw(read(sys.argv[1]), read(sys.argv[2])))


if __name__ == "__main__":
    main()
