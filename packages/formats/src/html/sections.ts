import type { CoverageEntry, FrameworkResult, RequirementResult, ScanReport } from '@bulwark/core';
import { COVERAGE, REQUIREMENT_STATES } from '@bulwark/core';
import { counted } from '../pretty/noun.ts';
import { placeOf } from '../pretty/place.ts';
import { html, type Markup } from './markup.ts';
import { badge } from './severity.ts';

/** What was not judged, and what is worth knowing of what was. */
export function* printCoverage({ coverage }: ScanReport): Generator<Markup> {
  const lost = coverage.filter(({ kind }) => kind === 'lost');
  const notes = coverage.filter(({ kind }) => kind === 'note');
  yield html`<section id="coverage"><h2>Coverage</h2>\n`;
  if (lost.length === 0) yield html`<p>Everything in the input was read and judged.</p>\n`;
  else {
    yield html`<h3 class="lost">Not judged: ${counted(lost.length, 'part')} of the input</h3>\n<ul class="entries">\n`;
    for (const entry of lost) yield entryItem(entry);
    yield html`</ul>\n`;
  }
  if (notes.length > 0) {
    yield html`<details class="fold"><summary>${counted(notes.length, 'note')}</summary>\n<ul class="entries">\n`;
    for (const entry of notes) yield entryItem(entry);
    yield html`</ul></details>\n`;
  }
  yield html`</section>\n`;
}

function entryItem(entry: CoverageEntry): Markup {
  const place = placeOf(entry);
  const code = place === undefined ? html`` : html`<code class="place">${place}</code> `;
  return html`<li>${code}${entry.reason} <span class="terms" title="${COVERAGE[entry.code].title}">${entry.code}</span></li>\n`;
}

/** A table for each framework that was asked for. */
export function* printFrameworks({ frameworks, knownFrameworks }: ScanReport): Generator<Markup> {
  yield html`<section id="frameworks"><h2>Frameworks</h2>\n`;
  if (frameworks.length === 0) {
    const ids = knownFrameworks.map(({ id }) => id).join(', ');
    yield html`<p>No framework was asked for, so there are no verdicts on requirements. Known: ${ids}.</p>\n`;
  }
  for (const framework of frameworks) yield* printFramework(framework);
  yield html`</section>\n`;
}

function* printFramework({ id, title, version, verdict, requirements }: FrameworkResult): Generator<Markup> {
  const counts = REQUIREMENT_STATES.map((each) => ({
    each,
    count: requirements.filter((requirement) => requirement.verdict === each).length,
  })).filter(({ count }) => count > 0);
  const summary = counts.map(({ each, count }) => `${count} ${each}`).join(', ');
  yield html`<details class="fold" open><summary><strong>${title}, ${version}</strong>: ${verdictMark(verdict)} <span class="terms">${summary} <code>${id}</code></span></summary>
<div class="scroll"><table><thead><tr><th scope="col">Requirement</th><th scope="col">Verdict</th><th scope="col">From</th></tr></thead><tbody>\n`;
  for (const requirement of requirements) yield requirementRow(requirement);
  yield html`</tbody></table></div></details>\n`;
}

function requirementRow({ id, title, verdict, counts, controls, reason }: RequirementResult): Markup {
  const verdicts = REQUIREMENT_STATES.filter((each) => counts[each] > 0).map(
    (each) => `${counts[each]} ${each}`,
  );
  const from = reason ?? `${verdicts.join(', ')} (${controls.join(', ')})`;
  return html`<tr><th scope="row"><code>${id}</code> ${title}</th><td>${verdictMark(verdict)}</td><td>${from}</td></tr>\n`;
}

function verdictMark(verdict: RequirementResult['verdict']): Markup {
  return html`<span class="verdict ${verdict}">${verdict}</span>`;
}

/** The controls that ran, so that a reader sees what an empty list is worth. */
export function* printControls({ controls, findings }: ScanReport): Generator<Markup> {
  const found = new Set(findings.map(({ control }) => control));
  const quiet = controls.filter(({ id }) => !found.has(id));
  yield html`<section id="controls"><h2>Controls</h2>
<p>${counted(controls.length, 'control')} ran; ${quiet.length} of them found nothing.</p>\n`;
  if (quiet.length > 0) {
    yield html`<details class="fold"><summary>Controls that found nothing</summary>\n<ul class="entries">\n`;
    for (const { id, title, severity } of quiet)
      yield html`<li>${badge(severity)} ${title} <code>${id}</code></li>\n`;
    yield html`</ul></details>\n`;
  }
  yield html`</section>\n`;
}
