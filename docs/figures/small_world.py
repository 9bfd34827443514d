#!/usr/bin/env python3
"""Draws productivity and heterogeneity over steps from a series.csv; standard library only.

    mpirun -n 2 build/release/motley run jobs/small-world.toml --set output.every=1
    python3 docs/figures/small_world.py results/small-world/series.csv docs/figures/small-world.svg
"""
import csv
import math
import sys

WIDTH, HEIGHT = 820, 330
TOP, BOTTOM = 50, 50
PANELS = [(60, 330), (470, 330)]  # left edge, width
INK, GRID = "#333333", "#dddddd"
BLUE, ORANGE = "#1f6fb4", "#d1622b"


class Panel:
    """One plot with a logarithmic axis of steps."""

    def __init__(self, left, width, steps, top_value, ticks):
        self.left, self.width = left, width
        self.last = math.log10(steps[-1] + 1)
        self.top_value, self.ticks = top_value, ticks
        self.out = []

    def x(self, step):
        return self.left + self.width * math.log10(step + 1) / self.last

    def y(self, value):
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / self.top_value

    def text(self, x, y, text, anchor="middle", colour=INK, size=13):
        self.out.append(f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}" '
                        f'font-size="{size}">{text}</text>')

    def line(self, points, colour, width=2.0, dash=""):
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        self.out.append(f'<polyline points="{path}" fill="none" stroke="{colour}" '
                        f'stroke-width="{width}" stroke-dasharray="{dash}"/>')

    def axes(self, title):
        self.text(self.left + self.width / 2, TOP - 22, title, size=15)
        for value in self.ticks:
            y = self.y(value)
            self.line([(self.left, y), (self.left + self.width, y)], GRID, 1)
            self.text(self.left - 8, y + 4, f"{value:g}", "end")
        power = 0
        while power <= self.last:
            x = self.left + self.width * power / self.last
            self.line([(x, self.y(0)), (x, self.y(0) + 5)], INK, 1)
            self.text(x, self.y(0) + 20, f"{10 ** power}")
            power += 1
        self.text(self.left + self.width / 2, HEIGHT - 8, "step (counted from 1)")

    def curve(self, steps, values, colour):
        self.line([(self.x(s), self.y(v)) for s, v in zip(steps, values)], colour)


def draw(rows):
    column = {name: [float(row[name]) for row in rows] for name in rows[0]}
    steps = column["step"]
    left = Panel(*PANELS[0], steps, 1.6, [0, 0.4, 0.8, 1.2, 1.6])
    left.axes("productivity per agent P/N")
    left.curve(steps, column["productivity_per_agent"], BLUE)
    right = Panel(*PANELS[1], steps, 2.4, [0, 0.6, 1.2, 1.8, 2.4])
    right.axes("heterogeneity I, nats")
    right.line([(right.x(s), right.y(v)) for s, v in zip(steps, column["expenditure_entropy"])],
               INK, 1.5, "5 4")
    right.text(right.left + 8, right.y(column["expenditure_entropy"][0]) - 7,
               "entropy of the expenditure", "start")
    right.curve(steps, column["heterogeneity_value"], ORANGE)
    right.curve(steps, column["heterogeneity_effort"], BLUE)
    right.text(right.left + 62, right.y(1.62), "weighted by value", "start", ORANGE)
    right.text(right.left + right.width - 2, right.y(0.42), "weighted by effort", "end", BLUE)
    body = "\n".join(left.out + right.out)
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
            f'font-family="sans-serif">\n<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>\n'
            f"{body}\n</svg>\n")


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    with open(sys.argv[1], newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        file.write(draw(rows))


if __name__ == "__main__":
    main()
