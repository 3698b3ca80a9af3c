/**
 * The style of the page: neutral greys and one accent, a grid of 4 px, hairlines instead of shadows; colour only for
 * severity and state. Light and dark follow the reader's system.
 */
export const STYLE = `
:root {
  color-scheme: light dark;
  --ground: #fff; --raised: #f6f7f8; --line: #dfe2e6; --text: #1b1e22; --faint: #59616b;
  --accent: #1a5fb4; --critical: #b3200e; --high: #b34d00; --medium: #7d6200; --low: #2468a8; --info: #616a74;
  --lost: #8f2b6e; --good: #226b3c;
  --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", "DejaVu Sans Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #15171a; --raised: #1c1f23; --line: #31363d; --text: #e3e6ea; --faint: #9ca5b0;
    --accent: #82b4ff; --critical: #ff8a75; --high: #ffab66; --medium: #e6c65c; --low: #86bdf2; --info: #a0a8b2;
    --lost: #f096cd; --good: #7fd09b;
  }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 96px; }
body { margin: 0; background: var(--ground); color: var(--text); font: 14px/20px system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
h1, h2, h3, p, ul, ol, dl, dd, fieldset { margin: 0; padding: 0; }
h1 { font-size: 20px; line-height: 28px; font-weight: 600; }
h2 { font-size: 16px; line-height: 24px; font-weight: 600; margin-bottom: 8px; }
h3 { font-size: 14px; line-height: 20px; font-weight: 600; }
ul, ol { list-style: none; }
code, kbd { font: 12px/20px var(--mono); }
a { color: var(--accent); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: -2px; border-radius: 4px; }
[hidden] { display: none !important; }
header, main, footer { max-width: 1680px; margin: 0 auto; padding: 0 24px; }
header { padding-top: 16px; padding-bottom: 12px; }
header > p { color: var(--faint); }
header > .brand { color: var(--accent); font-weight: 600; letter-spacing: .02em; }
nav { display: flex; flex-wrap: wrap; gap: 4px 20px; margin-top: 8px; }
/* A target is 24 px high at least, also among others. */
nav a, .about a { display: inline-block; padding: 2px 0; min-width: 24px; }
footer { color: var(--faint); border-top: 1px solid var(--line); margin-top: 40px; padding-top: 12px; padding-bottom: 24px; }
section { margin-top: 32px; }
#findings { margin-top: 16px; }
.skip { position: absolute; left: -9999px; }
.skip:focus { left: 8px; top: 8px; padding: 4px 8px; background: var(--ground); z-index: 2; }
.shapes { position: absolute; width: 0; height: 0; }
.terms, .where, .number { color: var(--faint); }
.lost, a.lost { color: var(--lost); font-weight: 600; }

#filters { position: sticky; top: 0; z-index: 1; display: flex; flex-wrap: wrap; align-items: center; gap: 8px 12px; padding: 8px max(24px, calc((100% - 1632px) / 2)); background: var(--raised); border-block: 1px solid var(--line); font-size: 13px; }
#filters fieldset { border: 0; display: flex; flex-wrap: wrap; gap: 4px 12px; min-width: 0; }
#filters legend { position: absolute; left: -9999px; }
input[type=search], select, button { font: inherit; height: 28px; padding: 0 8px; color: var(--text); background: var(--ground); border: 1px solid var(--line); border-radius: 4px; }
input[type=search] { width: 240px; }
select { max-width: 144px; }
button { cursor: pointer; }
.box { display: inline-flex; align-items: center; gap: 4px; min-height: 24px; }
.box input { margin: 0; accent-color: var(--accent); }
output { margin-left: auto; color: var(--faint); }

.badge { display: inline-flex; align-items: center; gap: 6px; font-weight: 600; white-space: nowrap; }
.badge svg { width: 12px; height: 12px; fill: currentColor; flex: none; }
.critical { color: var(--critical); } .high { color: var(--high); } .medium { color: var(--medium); }
.low { color: var(--low); } .info { color: var(--info); }

/* Neighbours share a line, whichever of them the filter hides. */
.group { border: 1px solid var(--line); margin-top: -1px; content-visibility: auto; contain-intrinsic-size: auto 33px; }
p + .group { margin-top: 8px; }
.group > summary { display: grid; grid-template-columns: 16px 84px minmax(0, 1fr) minmax(0, 280px) 96px; gap: 0 12px; align-items: start; padding: 6px 12px; cursor: pointer; list-style: none; font-size: 13px; }
.group > summary::-webkit-details-marker { display: none; }
.group > summary::before { content: "+"; font: 13px/20px var(--mono); color: var(--faint); text-align: center; }
.group[open] > summary::before { content: "\\2212"; }
.group > summary:hover, .findings > li:hover { background: var(--raised); }
.group[open] > summary { border-bottom: 1px solid var(--line); }
.headline { font-weight: 500; }
.group > summary .id, .group > summary .first { color: var(--faint); }
.group > summary .first { display: none; }
.count { text-align: right; color: var(--faint); white-space: nowrap; }
.about { display: grid; grid-template-columns: 140px minmax(0, 100ch); gap: 4px 12px; padding: 12px 12px 12px 40px; background: var(--raised); font-size: 13px; }
.about dt { color: var(--faint); }
.findings > li { border-top: 1px solid var(--line); padding: 6px 12px 6px 40px; font-size: 13px; content-visibility: auto; contain-intrinsic-size: auto 53px; }
.where { display: flex; flex-wrap: wrap; gap: 0 16px; }
.where .place, .entries .place { color: var(--accent); }
.decision { margin-top: 2px; padding-left: 8px; border-left: 2px solid var(--line); }
.tag { color: var(--good); }

.entries > li { padding: 4px 0; border-top: 1px solid var(--line); font-size: 13px; }
.fold { margin-top: 8px; }
.fold > summary { cursor: pointer; padding: 4px 0; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 13px; }
th, td { text-align: left; vertical-align: baseline; padding: 5px 12px 6px 0; border-top: 1px solid var(--line); font-weight: 400; }
thead th { color: var(--faint); border-top: 0; }
td:nth-child(2) { white-space: nowrap; }
.verdict { font-weight: 600; }
.verdict.fail, .verdict.error { color: var(--critical); }
.verdict.pass { color: var(--good); }

dialog { background: var(--ground); color: var(--text); border: 1px solid var(--line); border-radius: 4px; padding: 16px 24px; }
dialog p { margin-bottom: 12px; }
dialog::backdrop { background: rgb(0 0 0 / .4); }
.keys { display: grid; grid-template-columns: 64px auto; gap: 4px 12px; margin-bottom: 12px; }
.keys dt { font: 12px/20px var(--mono); color: var(--faint); }
@media (min-width: 1400px) {
  .group > summary { grid-template-columns: 16px 84px minmax(0, 1fr) minmax(0, 440px) minmax(0, 280px) 96px; }
  .group > summary .first { display: block; }
  .group[open] > summary .first { visibility: hidden; }
}
@media (max-width: 900px) {
  header, main, footer { padding-left: 12px; padding-right: 12px; }
  #filters { position: static; padding-left: 12px; padding-right: 12px; }
  .group > summary { grid-template-columns: 16px 84px minmax(0, 1fr); }
  .group > summary .id, .group > summary .count { grid-column: 3; text-align: left; }
  .about { grid-template-columns: minmax(0, 1fr); padding-left: 12px; }
  .findings > li { padding-left: 12px; }
}
@media (prefers-contrast: more) { :root { --line: currentColor; --faint: var(--text); } }
@media print {
  #filters, nav, .skip { display: none; }
  .group, .findings > li { content-visibility: visible; }
}
`;

/** What the policy of the page knows the style by; a test says what it has to be. */
export const STYLE_HASH = 'sha256-bq2/85K35Kae/o/ZiuphXAqZunOeURcCpes20wIk6tc=';
