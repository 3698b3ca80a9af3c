import {
  type Control,
  type Exception,
  type Finding,
  type FindingGroup,
  type Framework,
  namespaceOf,
} from '@bulwark/core';
import { counted, nounOf } from '../pretty/noun.ts';
import { othersOf, placeOfFinding, subjectOf } from '../pretty/place.ts';
import { linesOf, pointsOf } from '../pretty/rank.ts';
import { html, type Markup, when } from './markup.ts';
import { badge } from './severity.ts';

/** Root causes one under the other, each folded over what is to know about it and its findings. */
export function* printGroups(
  groups: readonly FindingGroup[],
  known: readonly Framework[],
): Generator<Markup> {
  for (const group of groups) {
    yield groupHead(group, known);
    for (const finding of group.findings) yield row(finding);
    yield html`</ol></details>\n`;
  }
}

function groupHead(group: FindingGroup, known: readonly Framework[]): Markup {
  const { control, findings } = group;
  return html`<details class="group" data-control="${control.id}" data-severity="${control.severity}">
<summary>${badge(control.severity)}<span class="headline">${headline(group)}</span>${firstPlace(findings)}<code class="id">${control.id}</code><span class="count">${[pointsOf(group), counted(findings.length, 'finding')].filter((part) => part !== '').join(', ')}</span></summary>
${about(group, known)}<ol class="findings">\n`;
}

/** What is wrong, as a count of what has it; of a single object the finding itself says it best. */
function headline({ control, findings, subjects }: FindingGroup): string {
  const [first] = findings;
  if (subjects === 1 && first !== undefined) return first.message.replace(/\.$/, '');
  return `${subjects} ${nounOf({ control, findings, subjects })} ${control.problem}`;
}

/** Where the first finding is, for a glance at the folded group. */
function firstPlace(findings: readonly Finding[]): Markup {
  const [first] = findings;
  if (first === undefined) return html``;
  return html`<span class="first"><code>${placeOfFinding(first) ?? subjectOf(first)}</code>${othersOf(findings)}</span>`;
}

function about({ control, rank }: FindingGroup, known: readonly Framework[]): Markup {
  const { remediation, rationale, references, attack } = control;
  const requirements = requirementsOf(control, known);
  return html`<dl class="about">
<dt>What to change</dt><dd>${remediation}</dd>
<dt>Why</dt><dd>${rationale}</dd>
${part('Points', rank === undefined ? [] : linesOf(rank).map((line) => html`${line}`))}${part('Requirements', requirements)}${part('ATT&CK', attack.map(technique))}${part('References', references.map(link))}</dl>\n`;
}

function part(title: string, items: readonly Markup[]): Markup {
  if (items.length === 0) return html``;
  return html`<dt>${title}</dt><dd><ul>${items.map((item) => html`<li>${item}</li>`)}</ul></dd>\n`;
}

function requirementsOf({ id }: Control, known: readonly Framework[]): Markup[] {
  return known.flatMap((framework) =>
    framework.requirements
      .filter(({ coverage }) => coverage.kind === 'automated' && coverage.controls.includes(id))
      .map(
        (requirement) =>
          html`${framework.title}, ${framework.version}: ${requirement.title} <code>${framework.id}/${requirement.id}</code>`,
      ),
  );
}

function technique(id: string): Markup {
  if (!/^T\d{4}(\.\d{3})?$/.test(id)) return html`${id}`;
  const address = `https://attack.mitre.org/techniques/${id.replace('.', '/')}/`;
  return html`<a href="${address}" rel="noopener noreferrer">${id}</a>`;
}

/** Only an address on the web is a link; anything else, `javascript:` above all, is text. */
export function link(address: string): Markup {
  return /^https?:\/\/\S+$/.test(address)
    ? html`<a href="${address}" rel="noopener noreferrer">${address}</a>`
    : html`${address}`;
}

function row(finding: Finding): Markup {
  const { message, resource, exception, requested } = finding;
  const state = exception !== undefined ? 'accepted' : requested !== undefined ? 'requested' : 'open';
  const owner = (exception ?? requested)?.owner ?? '';
  return html`<li tabindex="-1" data-namespace="${namespaceOf(resource)}" data-kind="${resource.kind}" data-state="${state}" data-owner="${owner}"><p>${message}</p>${where(finding)}${when(exception, (each) => decision('Accepted', each))}${when(requested, (each) => decision('Exception asked for', each))}</li>\n`;
}

function where({ file, region, resource, container, path, isFixable }: Finding): Markup {
  const place = region === undefined ? file : `${file}:${region.line}:${region.column}`;
  const namespace = resource.namespace === '' ? undefined : resource.namespace;
  return html`<p class="where">${when(place, (text) => html`<code class="place">${text}</code>`)}<span>${resource.kind}/${resource.name}</span>${when(namespace, (text) => html`<span>namespace ${text}</span>`)}${when(container, (text) => html`<span>container ${text}</span>`)}<code>${path}</code>${isFixable ? html`<span class="tag">fixable</span>` : html``}</p>`;
}

function decision(title: string, { reason, owner, until, approvedBy, source }: Exception): Markup {
  return html`<p class="decision"><strong>${title}</strong>: ${reason} <span class="terms">${when(owner, (text) => html`owner ${text}, `)}${until === undefined ? 'without an end' : `until ${until}`}${when(approvedBy, (text) => html`, approved by ${text}`)}, in <code>${source}</code></span></p>`;
}
