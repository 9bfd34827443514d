#include "html.hpp"

namespace motley::report {

const char* const script = R"js(
"use strict";
(function () {
  // Tables: a button in every head cell sorts the rows by its column.
  function key(row, column) {
    const cell = row.cells[column];
    return cell.hasAttribute("data-sort") ? Number(cell.dataset.sort) : cell.textContent;
  }
  function compare(a, b) {
    const numbers = (typeof a === "number") + (typeof b === "number");
    if (numbers === 2) return a - b;
    if (numbers === 1) return typeof a === "number" ? -1 : 1;
    return a.localeCompare(b, "en");
  }
  function sort(table, column) {
    const heads = table.tHead.rows[0].cells;
    const down = heads[column].getAttribute("aria-sort") === "ascending";
    const rows = Array.from(table.tBodies[0].rows);
    rows.sort(function (a, b) {
      const order = compare(key(a, column), key(b, column));
      return down ? -order : order;
    });
    for (const head of heads) head.setAttribute("aria-sort", "none");
    heads[column].setAttribute("aria-sort", down ? "descending" : "ascending");
    table.tBodies[0].append(...rows);
    markRepeated(rows);
  }
  // Leading cells that say the same as the row above are blank on the page; the last cell never is.
  function markRepeated(rows) {
    rows.forEach(function (row, r) {
      let same = r > 0;
      Array.from(row.cells).forEach(function (cell, c) {
        same = same && c + 1 < row.cells.length && cell.textContent === rows[r - 1].cells[c].textContent;
        cell.classList.toggle("same", same);
      });
    });
  }
  for (const table of document.querySelectorAll("table.sortable")) {
    Array.from(table.tHead.rows[0].cells).forEach(function (head, column) {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      button.addEventListener("click", function () { sort(table, column); });
      head.append(button);
      head.setAttribute("aria-sort", "none");
    });
  }

  // Tables that are wider than their box: a hint in words, a shadow beside the first column once it is
  // scrolled, and the arrow keys.
  for (const box of document.querySelectorAll(".scroll")) {
    const hint = box.parentNode.querySelector(".hint");
    const check = function () {
      const wide = box.scrollWidth > box.clientWidth + 1;
      if (box.clientWidth === 0) return;
      hint.hidden = !wide;
      if (wide) box.setAttribute("tabindex", "0"); else box.removeAttribute("tabindex");
    };
    check();
    new ResizeObserver(check).observe(box);
    box.addEventListener("scroll", function () { box.classList.toggle("moved", box.scrollLeft > 0); });
  }

  // Legends: a click, Enter or the space bar hides or shows a series and its marks.
  function toggle(figure, entry) {
    const shown = entry.getAttribute("aria-pressed") === "false";
    entry.setAttribute("aria-pressed", String(shown));
    const own = '[data-series="' + entry.dataset.series + '"]';
    for (const part of figure.querySelectorAll(".series" + own + ", .mark" + own)) {
      part.classList.toggle("off", !shown);
    }
  }
  for (const entry of document.querySelectorAll("figure .toggle")) {
    const figure = entry.closest("figure");
    figure.querySelector("svg").setAttribute("role", "group");
    entry.setAttribute("role", "button");
    entry.setAttribute("tabindex", "0");
    entry.setAttribute("aria-pressed", "true");
    entry.addEventListener("click", function () { toggle(figure, entry); });
    entry.addEventListener("keydown", function (event) {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      toggle(figure, entry);
    });
  }

  // Values of points: of the one nearest to the pointer; the arrow keys go from point to point.
  function ofLine(figure, path) {
    const name = path.closest(".series").dataset.name + "\n";
    const places = path.getAttribute("d").match(/[ML]-?[\d.]+ -?[\d.]+/g) || [];
    const values = path.dataset.values.split(";");
    return places.map(function (place, i) {
      const xy = place.slice(1).split(" ").map(Number), v = values[i].split(" ");
      return { x: xy[0], y: xy[1], part: path, text: name + figure.dataset.x + ": " + v[0] + "\n" +
        figure.dataset.y + ": " + v[1] + (v.length > 2 ? " (" + v[2] + " to " + v[3] + ")" : "") };
    });
  }
  function ofDot(dot) {
    const moved = dot.getAttribute("transform"), number = function (name) { return Number(dot.getAttribute(name)); };
    const xy = moved ? moved.match(/-?[\d.]+/g).map(Number) : [number("x") + number("width") / 2, number("y")];
    return { x: xy[0], y: xy[1], part: dot, text: dot.dataset.tip };
  }
  function pointsOf(figure) {
    if (figure.points) return figure.points;
    figure.points = [];
    for (const group of figure.querySelectorAll(".series")) {
      const line = group.querySelector(".line");
      figure.points.push(...(line ? ofLine(figure, line) : Array.from(group.querySelectorAll(".dot"), ofDot)));
    }
    return figure.points;
  }
  function shown(point) { return !point.part.closest(".off"); }
  function nearest(figure, x, y) {
    let best = null, distance = 24;
    for (const p of pointsOf(figure)) {
      const d = Math.hypot(p.x - x, p.y - y);
      if (d < distance && shown(p)) { distance = d; best = p; }
    }
    return best;
  }
  const tip = document.createElement("div");
  tip.className = "tip";
  tip.setAttribute("role", "status");
  const ring = document.createElementNS("http://www.w3.org/2000/svg", "circle");
  ring.setAttribute("class", "ring");
  ring.setAttribute("r", "7");
  function hide() { tip.remove(); ring.remove(); }
  function showAt(figure, x, y, text) {
    tip.textContent = text;
    figure.append(tip);
    const box = figure.getBoundingClientRect();
    tip.style.left = Math.max(0, Math.min(x - box.left + 14, box.width - tip.offsetWidth)) + "px";
    tip.style.top = y - box.top + 14 + "px";
  }
  function mark(svg, point) {
    ring.setAttribute("cx", point.x);
    ring.setAttribute("cy", point.y);
    svg.append(ring);
  }
  function step(figure, svg, by) {
    const points = pointsOf(figure).filter(shown);
    if (points.length === 0) return;
    const at = points.indexOf(figure.current), next = at < 0 ? (by > 0 ? 0 : points.length - 1) : at + by;
    figure.current = points[(next + points.length) % points.length];
    const place = new DOMPoint(figure.current.x, figure.current.y).matrixTransform(svg.getScreenCTM());
    mark(svg, figure.current);
    showAt(figure, place.x, place.y, figure.current.text);
  }
  for (const svg of document.querySelectorAll("figure svg")) {
    const figure = svg.closest("figure");
    for (const title of svg.querySelectorAll("title")) {
      title.parentNode.dataset.tip = title.textContent;
      title.remove();
    }
    svg.addEventListener("pointermove", function (event) {
      const place = new DOMPoint(event.clientX, event.clientY);
      const at = place.matrixTransform(svg.getScreenCTM().inverse());
      const own = event.target.closest("[data-tip]"), found = nearest(figure, at.x, at.y);
      hide();
      if (own && own.dataset.tip) showAt(figure, event.clientX, event.clientY, own.dataset.tip);
      else if (found) showAt(figure, event.clientX, event.clientY, found.text);
      if (found && (!own || own.dataset.tip === found.text)) mark(svg, found);
    });
    svg.addEventListener("pointerleave", hide);
    if (!svg.querySelector(".series")) continue;
    svg.setAttribute("tabindex", "0");
    svg.addEventListener("blur", hide);
    svg.addEventListener("keydown", function (event) {
      if (event.key === "Escape") return hide();
      if (event.target !== svg || (event.key !== "ArrowRight" && event.key !== "ArrowLeft")) return;
      event.preventDefault();
      step(figure, svg, event.key === "ArrowRight" ? 1 : -1);
    });
  }
})();
)js";

}  // namespace motley::report
