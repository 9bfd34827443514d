#include "html.hpp"

namespace motley::report {

const char* const script = R"js(
"use strict";
(function () {
  // Tables: a button in every head cell sorts by its column.
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

  // Legends: a click, Enter or the space bar hides and shows a series and its marks.
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

  // Tooltips: of markers and bars their title, of lines the point nearest to the pointer.
  function points(path) {
    if (path.points) return path.points;
    const places = path.getAttribute("d").match(/[ML]-?[\d.]+ -?[\d.]+/g) || [];
    const values = path.dataset.values.split(";");
    path.points = places.map(function (place, i) {
      const xy = place.slice(1).split(" ").map(Number);
      return { x: xy[0], y: xy[1], values: values[i].split(" ") };
    });
    return path.points;
  }
  function nearest(figure, x, y) {
    let best = null, distance = 24;
    for (const path of figure.querySelectorAll(".series:not(.off) .line")) {
      for (const p of points(path)) {
        const d = Math.hypot(p.x - x, p.y - y);
        if (d < distance) { distance = d; best = { point: p, path: path }; }
      }
    }
    return best;
  }
  function words(figure, found) {
    const v = found.point.values;
    return found.path.closest(".series").dataset.name + "\n" + figure.dataset.x + ": " + v[0] +
      "\n" + figure.dataset.y + ": " + v[1] + (v.length > 2 ? " (" + v[2] + " to " + v[3] + ")" : "");
  }
  const tip = document.createElement("div");
  tip.className = "tip";
  tip.setAttribute("role", "status");
  function show(figure, event, text) {
    tip.textContent = text;
    figure.append(tip);
    const box = figure.getBoundingClientRect();
    const x = event.clientX - box.left + 14, y = event.clientY - box.top + 14;
    tip.style.left = Math.max(0, Math.min(x, box.width - tip.offsetWidth)) + "px";
    tip.style.top = y + "px";
  }
  for (const svg of document.querySelectorAll("figure svg")) {
    const figure = svg.closest("figure");
    for (const title of svg.querySelectorAll("title")) {
      title.parentNode.dataset.tip = title.textContent;
      title.remove();
    }
    svg.addEventListener("pointermove", function (event) {
      const own = event.target.closest("[data-tip]");
      if (own) return show(figure, event, own.dataset.tip);
      const place = new DOMPoint(event.clientX, event.clientY);
      const at = place.matrixTransform(svg.getScreenCTM().inverse());
      const found = nearest(figure, at.x, at.y);
      if (found) show(figure, event, words(figure, found)); else tip.remove();
    });
    svg.addEventListener("pointerleave", function () { tip.remove(); });
  }
})();
)js";

}  // namespace motley::report
