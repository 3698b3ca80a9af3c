import {
  type Control,
  countBySeverity,
  type Finding,
  type FindingGroup,
  groupFindings,
  isAtLeast,
  openFindings,
  type ScanReport,
  SEVERITIES,
} from '@bulwark/core';
import { inChunks } from '../chunks.ts';
import { judgedObjects } from '../pretty/judged-objects.ts';
import { counted } from '../pretty/noun.ts';
import { defineFormat, type ReportOptions } from '../report-format.ts';
import { printGroups } from './groups.ts';
import { html, Markup } from './markup.ts';
import { SCRIPT, SCRIPT_HASH } from './script.ts';
import { printControls, printCoverage, printFrameworks } from './sections.ts';
import { badge, shapes } from './severity.ts';
import { STYLE, STYLE_HASH } from './style.ts';

/** Nothing is loaded from anywhere, and only our own style and script count, known by their hashes. */
const POLICY = [
  "default-src 'none'",
  `style-src '${STYLE_HASH}'`,
  `script-src '${SCRIPT_HASH}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
].join('; ');

/** A page of its own: all findings stand in it as HTML, and a script that it can do without filters them. */
export const htmlPage = defineFormat({
  id: 'html',
  title: 'One HTML file to read, search and filter in a browser',
  write: (report, options) => inChunks(lines(report, options)),
});

function* lines(report: ScanReport, options: ReportOptions): Generator<string> {
  for (const { text } of page(report, options)) yield text;
}

function* page(report: ScanReport, options: ReportOptions): Generator<Markup> {
  const { findings, controls, knownFrameworks, ranks } = report;
  const open = groupFindings(findings, controls, ranks);
  const repeated = groupsOf(repeatedFindings(findings, open), controls);
  const accepted = groupsOf(
    findings.filter(({ exception }) => exception !== undefined),
    controls,
  );
  const title = verdict(report, options);
  yield head(title);
  yield masthead(report, {
    title,
    open: sizeOf(open),
    repeated: sizeOf(repeated),
    accepted: sizeOf(accepted),
  });
  yield* filters(findings);
  yield html`<main id="main">\n<section id="findings"><h2>Findings</h2>\n`;
  if (open.length === 0) yield html`<p>${emptyList(report)}</p>\n`;
  yield* printGroups(open, knownFrameworks);
  yield html`<p id="none" hidden>No finding fits the filter.</p>\n`;
  yield html`</section>\n`;
  if (repeated.length > 0) {
    yield html`<section id="repeated"><h2>Said more precisely above</h2>\n<p>They are as open as the others; another finding of the same place, container or pod says more.</p>\n`;
    yield* printGroups(repeated, knownFrameworks);
    yield html`</section>\n`;
  }
  if (accepted.length > 0) {
    yield html`<section id="accepted"><h2>Accepted by exceptions</h2>\n<p>They fail nothing. Each shows its reason and its end.</p>\n`;
    yield* printGroups(accepted, knownFrameworks);
    yield html`</section>\n`;
  }
  yield* printCoverage(report);
  yield* printFrameworks(report);
  yield* printControls(report);
  yield foot(report, options);
}

function sizeOf(groups: readonly FindingGroup[]): number {
  return groups.reduce((total, { findings }) => total + findings.length, 0);
}

/** What is open and in none of the groups. */
function repeatedFindings(findings: readonly Finding[], groups: readonly FindingGroup[]): readonly Finding[] {
  const listed = new Set(groups.flatMap((group) => group.findings));
  return openFindings(findings).filter((finding) => !listed.has(finding));
}

/** `groupFindings` leaves out what is accepted or said better; this leaves out nothing. */
function groupsOf(findings: readonly Finding[], controls: readonly Control[]): FindingGroup[] {
  const byId = new Map(controls.map((control) => [control.id, control]));
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const group = groups.get(finding.control);
    if (group === undefined) groups.set(finding.control, [finding]);
    else group.push(finding);
  }
  return [...groups].flatMap(([id, found]) => {
    const control = byId.get(id);
    const subjects = new Set(
      found.map(({ resource: { kind, namespace, name } }) => `${kind}/${namespace}/${name}`),
    );
    return control === undefined ? [] : [{ control, findings: found, subjects: subjects.size }];
  });
}

function verdict({ findings, totals, coverage }: ScanReport, { failOn }: ReportOptions): string {
  const open = openFindings(findings);
  const failing = open.filter(({ severity }) => failOn !== 'never' && isAtLeast(severity, failOn)).length;
  if (failing > 0) {
    const reach = failOn === 'critical' ? 'critical' : `${failOn} or worse`;
    return `The scan fails: ${counted(failing, 'finding')} of severity ${reach}`;
  }
  if (open.length > 0) return `${counted(open.length, 'finding')}, none of which fails the scan`;
  if (totals.resources === 0) return 'No Kubernetes object that could be judged';
  if (coverage.some(({ kind }) => kind === 'lost')) return 'Nothing found in what could be judged';
  return findings.length > 0 ? 'Nothing found that is not accepted' : 'Nothing found that needs a change';
}

function emptyList({ withheld }: ScanReport): string {
  if (withheld > 0) return `Nothing as severe as asked for; ${counted(withheld, 'finding')} below it.`;
  return 'No finding is open.';
}

function head(title: string): Markup {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>Bulwark: ${title}</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
<a class="skip" href="#main">To the findings</a>
${shapes()}`;
}

interface Summary {
  readonly title: string;
  readonly open: number;
  readonly repeated: number;
  readonly accepted: number;
}

function masthead(report: ScanReport, { title, open, repeated, accepted }: Summary): Markup {
  const { totals, controls, kubernetes, coverage } = report;
  const lost = coverage.filter(({ kind }) => kind === 'lost').length;
  const judged = `${judgedObjects(totals)} judged by ${counted(controls.length, 'control')} for Kubernetes ${kubernetes}.`;
  const loss = html`<a class="lost" href="#coverage">${counted(lost, 'part')} of the input could not be judged.</a>`;
  return html`<header>
<p class="brand">bulwark</p>
<h1>${title}</h1>
<p>${judged} ${lost > 0 ? loss : html``}</p>
<nav aria-label="Sections"><a href="#findings">Findings ${open}</a>${repeated > 0 ? html`<a href="#repeated">Repeated ${repeated}</a>` : html``}${accepted > 0 ? html`<a href="#accepted">Accepted ${accepted}</a>` : html``}<a href="#coverage">Coverage</a><a href="#frameworks">Frameworks</a><a href="#controls">Controls</a></nav>
</header>\n`;
}

/** Without the script they would do nothing, so the script shows them and fills the lists from the findings. */
function* filters(findings: readonly Finding[]): Generator<Markup> {
  const listed = countBySeverity(findings);
  // What is open, as everywhere else.
  const counts = countBySeverity(openFindings(findings));
  const boxes = SEVERITIES.filter((severity) => listed[severity] > 0).map(
    (severity) =>
      html`<label class="box"><input type="checkbox" name="severity" value="${severity}" checked>${badge(severity)} <span class="number">${counts[severity]}</span></label>`,
  );
  const lists = ['namespace', 'kind', 'control', 'owner'].map(
    (name) =>
      html`<select name="${name}" aria-label="${name}"><option value="">any ${name}</option></select>`,
  );
  yield html`<form id="filters" role="search" hidden>
<input type="search" name="q" aria-label="Search the findings" placeholder="Search names and files">
<fieldset><legend>Severity</legend>${boxes}</fieldset>
${lists}<select name="state" aria-label="state"><option value="">any state</option><option value="open">open</option><option value="accepted">accepted</option><option value="requested">asked for</option></select>
<output aria-live="polite"></output><button type="reset">Reset</button><button type="button" id="fold">Unfold all</button><button type="button" id="keys">Keys</button>
</form>
<dialog id="help"><h2>Keys</h2><dl class="keys"><dt>/</dt><dd>search</dd><dt>j k</dt><dd>next, previous</dd><dt>enter</dt><dd>open or close</dd><dt>esc</dt><dd>leave the search, close</dd><dt>?</dt><dd>these keys</dd></dl><p><label class="box"><input type="checkbox" checked> Keys that are one character, outside of fields</label></p><button type="button">Close</button></dialog>\n`;
}

function foot({ version, inputs }: ScanReport, { command }: ReportOptions): Markup {
  return html`</main>
<footer><p>Bulwark ${version}, inputs: ${inputs.join(', ')}. Made by <code>${command}</code>.</p></footer>
<script>${new Markup(SCRIPT)}</script>
</body>
</html>\n`;
}
