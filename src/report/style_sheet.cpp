#include "html.hpp"

namespace motley::report {

const char* const style_sheet = R"css(
:root { color-scheme: light; --ink: #222222; --faint: #555555; --line: #d0d0d0; }
* { box-sizing: border-box; }
body { margin: 0; background: #ffffff; color: var(--ink);
  font: 16px/1.5 Helvetica, Arial, "Liberation Sans", sans-serif; }
main { max-width: 1120px; margin: 0 auto; padding: 28px 24px 60px; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .5rem; }
h2 { font-size: 1.25rem; margin: 2.2rem 0 .6rem; padding-bottom: .25rem;
  border-bottom: 1px solid var(--line); }
p { max-width: 46rem; margin: .5rem 0; overflow-wrap: break-word; }
nav ol { columns: 16rem; padding-left: 1.4rem; margin: 1rem 0; }
a { color: #00568a; }
.figures { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 1.6rem 2rem;
  margin: 1rem 0 1.6rem; align-items: start; }
figure { margin: 0; position: relative; min-width: 0; }
figure.wide { grid-column: 1 / -1; }
figure svg { display: block; width: 100%; height: auto; }
figcaption { font-size: .875rem; line-height: 1.4; color: var(--ink); margin-top: .3rem; }
details { font-size: .8125rem; margin-top: .35rem; color: var(--faint); }
summary { cursor: pointer; width: max-content; }
details .scroll { max-height: 22rem; margin: .3rem 0; }
.table { margin: 1rem 0 1.6rem; }
details .table { margin: .3rem 0; }
p.caption { max-width: none; font-size: .875rem; line-height: 1.4; margin: 0 0 .45rem; }
p.hint { max-width: none; font-size: .75rem; color: var(--faint); margin: 0 0 .3rem; }
.scroll { overflow: auto; background:
  linear-gradient(to left, #ffffff 30%, rgba(255, 255, 255, 0)) 100% 0 / 48px 100% no-repeat local,
  linear-gradient(to left, rgba(0, 0, 0, .25), rgba(0, 0, 0, 0)) 100% 0 / 16px 100% no-repeat scroll; }
.scroll:focus-visible { outline: 2px solid #0072B2; outline-offset: 2px; }
table { border-collapse: separate; border-spacing: 0; font-size: .875rem;
  border-bottom: 1.5px solid var(--ink); font-variant-numeric: tabular-nums; }
details table { font-size: .75rem; }
thead th { border-top: 1.5px solid var(--ink); border-bottom: 1px solid var(--ink);
  font-weight: bold; text-align: left; vertical-align: bottom; }
details thead th { position: sticky; top: 0; background: #ffffff; z-index: 1; }
th, td { padding: .26rem .7rem; text-align: left; vertical-align: top; }
th:first-child, td:first-child { padding-left: .2rem; position: sticky; left: 0; background: #ffffff; }
details th:first-child { z-index: 2; }
.moved th:first-child, .moved td:first-child { box-shadow: 6px 0 6px -4px rgba(0, 0, 0, .25); }
.names td:first-child { white-space: nowrap; }
th.number, td.number { text-align: right; }
td.number { white-space: nowrap; }
tbody tr + tr td { border-top: 1px solid #ececec; }
tbody tr + tr td.same { border-top-color: transparent; color: transparent; }
.unit { font-weight: normal; color: var(--faint); }
th button { font: inherit; color: inherit; background: none; border: 0; padding: 0; margin: 0;
  text-align: inherit; cursor: pointer; }
th button::after { content: "\a0\2195"; color: #999999; }
th[aria-sort="ascending"] button::after { content: "\a0\2191"; color: var(--ink); }
th[aria-sort="descending"] button::after { content: "\a0\2193"; color: var(--ink); }
button:focus-visible, .toggle:focus-visible { outline: 2px solid #0072B2; outline-offset: 2px; }
.toggle[role] { cursor: pointer; }
.toggle[aria-pressed="false"] { opacity: .35; }
.off { display: none; }
.ring { fill: none; stroke: #222222; stroke-width: 1.6; pointer-events: none; }
figure svg:focus-visible { outline: 2px solid #0072B2; outline-offset: 2px; }
.tip { position: absolute; pointer-events: none; background: #ffffff; color: var(--ink);
  border: 1px solid #999999; border-radius: 3px; padding: .25rem .5rem; font-size: .75rem;
  line-height: 1.35; white-space: pre; z-index: 2; box-shadow: 0 1px 4px rgba(0, 0, 0, .2); }
footer { font-size: .8125rem; }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .15rem 1.2rem;
  margin: 0; }
dt { color: var(--faint); }
dd { margin: 0; overflow-wrap: anywhere; }
pre { margin: 0; white-space: pre-wrap; font: .75rem/1.4 "Liberation Mono", monospace; }
@media (max-width: 760px) {
  .figures { grid-template-columns: minmax(0, 1fr); }
  main { padding: 16px 12px 40px; }
}
@media print {
  @page { margin: 16mm 14mm; }
  @page wide { size: landscape; margin: 12mm; }
  body { font-size: 10pt; }
  main { max-width: none; padding: 0; }
  .figures { gap: 5mm 6mm; grid-template-columns: repeat(2, minmax(0, 1fr)); }
  .scroll { overflow: visible; background: none; }
  th:first-child, td:first-child { position: static; box-shadow: none !important; }
  .table:has(> .hint:not([hidden])) { page: wide; }
  h1, h2, .caption { break-after: avoid; }
  figure, tr { break-inside: avoid; }
  thead { display: table-header-group; }
  table, .caption, figcaption, footer { font-size: 8.5pt; }
  .table:has(> .hint:not([hidden])) table { font-size: 6.5pt; }
  .table:has(> .hint:not([hidden])) :is(th, td) { padding-left: 1mm; padding-right: 1mm; }
  th, td { padding-top: .5mm; padding-bottom: .5mm; }
  details, nav, .tip, .ring, .hint { display: none; }
  th button::after { content: "" !important; }
  a { color: inherit; text-decoration: none; }
  svg, th { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
)css";

}  // namespace motley::report
