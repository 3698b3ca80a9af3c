import { html, Markup } from '@bulwark/formats';
import type { ReportedFinding } from './finding.ts';
import type { ReportHead } from './head.ts';
import { POLICY, STYLE } from './style.ts';

const NOTHING = html``;

/** A report as one HTML file that loads nothing, written while its findings are read. Those come by control. */
export class ReportPage {
  private control: string | undefined;
  private titles: ReadonlyMap<string, string> = new Map();

  begin(head: ReportHead): string {
    this.titles = new Map(
      head.requirements.flatMap(({ controls }) => controls.map(({ id, title }) => [id, title] as const)),
    );
    return html`${opening(head)}${clusters(head)}${coverage(head)}${requirements(head)}<h2 id="findings">What does not meet them</h2>\n<p>Every object, by control, with what accepts it.</p>\n`
      .text;
  }

  findings(page: readonly ReportedFinding[]): string {
    return page.map((finding) => `${this.before(finding)}${row(finding).text}`).join('');
  }

  end(total: number): string {
    const none = total === 0 ? html`<p>None was found in what was seen.</p>\n` : NOTHING;
    const close = this.control === undefined ? none : new Markup('</tbody></table>\n');
    return html`${close}</main>
<footer><p class="faint">${many(total, 'finding')}. This is the end of the report: a file without this line is not whole.</p></footer>\n</body>\n</html>\n`
      .text;
  }

  /** Where another control begins, its heading. */
  private before({ control, requirements: ids }: ReportedFinding): string {
    if (control === this.control) return '';
    const close = this.control === undefined ? '' : '</tbody></table>\n';
    this.control = control;
    const title = this.titles.get(control) ?? control;
    const heading = html`<h3 id="${`control-${control}`}">${title} <code>${control}</code></h3>\n<p class="faint">Decides ${ids.join(', ')}.</p>\n<table><thead><tr><th scope="col">Severity</th><th scope="col">Object</th><th scope="col">What is wrong</th><th scope="col">Owner</th><th scope="col">Since</th><th scope="col">State</th></tr></thead><tbody>\n`;
    return close + heading.text;
  }
}

function opening({ framework, madeAt, madeBy, asOf, limits }: ReportHead): Markup {
  const { title, version, source, counts, checked } = framework;
  const name = `${title} ${version}`;
  const verdicts = Object.entries(counts)
    .map(([verdict, amount]) => `${amount} ${verdict}`)
    .join(', ');
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${name}, as of ${time(asOf)}</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
<main>
<h1>${name}</h1>
<p>As of ${time(asOf)}. Made at ${time(madeAt)} for ${madeBy}. Source of the requirements: ${source}.</p>
<p>Requirements: ${verdicts}. ${checked.toFixed(1)} % of them have a verdict.</p>
<p>${limitText(limits)}</p>
`;
}

function limitText({ clusters: seen, namespaces }: ReportHead['limits']): string {
  if (namespaces === 'all')
    return seen === 'all'
      ? 'It is about everything in all clusters.'
      : 'It is about everything in the clusters below, and no others.';
  return `It is about the namespaces ${namespaces.join(', ') || '(none)'} of the clusters below alone: nothing is said of what lies elsewhere.`;
}

function clusters({ clusters: all }: ReportHead): Markup {
  const rows = all.map(
    ({ name, uid, version, server, isDemo, state, reason, lastSeen, seen }) =>
      html`<tr><th scope="row">${name}${isDemo ? ' (demonstration: nothing of it is real)' : ''}</th><td><code>${uid}</code></td><td>${version}</td><td>${server}</td><td>${state}${reason === null ? '' : `: ${reason}`}</td><td>${lastSeen === null ? 'never' : time(lastSeen)}</td><td class="n">${seen === null ? 'nothing' : `${seen.percent.toFixed(1)} %`}</td></tr>\n`,
  );
  return html`<h2 id="clusters">Clusters</h2>
<table><thead><tr><th scope="col">Name</th><th scope="col">UID</th><th scope="col">Version</th><th scope="col">API server</th><th scope="col">State</th><th scope="col">Last seen</th><th scope="col" class="n">Seen</th></tr></thead><tbody>
${rows}</tbody></table>
`;
}

function coverage({ madeAt, coverage: { asOf, percent, entries } }: ReportHead): Markup {
  const lost = entries.filter(({ kind }) => kind === 'lost');
  const rows = [...lost, ...entries.filter(({ kind }) => kind !== 'lost')].map(
    ({ cluster, kind, subject, reason, remedy, since }) =>
      html`<tr><td class="${kind}">${kind === 'lost' ? 'not seen' : 'to know'}</td><td>${cluster.name}</td><th scope="row">${subject}</th><td>${reason}${remedy === null ? NOTHING : html`<pre>${lines(remedy)}</pre>`}</td><td>${time(since)}</td></tr>\n`,
  );
  const much =
    percent === null
      ? 'Of at least one cluster nothing was seen.'
      : `${percent.toFixed(1)} % of what was asked for was seen.`;
  const table = html`<table><thead><tr><th scope="col">Kind</th><th scope="col">Cluster</th><th scope="col">What</th><th scope="col">Why</th><th scope="col">Since</th></tr></thead><tbody>
${rows}</tbody></table>
`;
  return html`<h2 id="coverage">What was not seen</h2>
<p>${much} ${many(lost.length, 'part')} could not be seen or judged. This is as of ${time(asOf)}.${asOf === madeAt ? '' : ` What controls could not judge then and can now is not kept.`}</p>
${rows.length === 0 ? NOTHING : table}`;
}

function requirements({ requirements: all }: ReportHead): Markup {
  const rows = all.map(
    ({ id, title, level, verdict, reason, controls, open, excepted, teams }) =>
      html`<tr id="${`requirement-${id}`}"><td class="${verdict}">${verdict}</td><th scope="row">${id}${level === null ? '' : ` (${level})`}<br>${title}</th><td>${reason}<br><span class="faint">${controls.map((control, index) => html`${index === 0 ? '' : ', '}${controlOf(control)}`)}</span></td><td class="n">${open}</td><td class="n">${excepted}</td><td>${teams.map(({ spellings, open: some, excepted: accepted }) => html`${spellings.join(', ') || 'nobody'}: ${some} open, ${accepted} accepted<br>`)}</td></tr>\n`,
  );
  return html`<h2 id="requirements">Requirements</h2>
<table><thead><tr><th scope="col">Verdict</th><th scope="col">Requirement</th><th scope="col">Why, and by which controls</th><th scope="col" class="n">Open</th><th scope="col" class="n">Accepted</th><th scope="col">By team</th></tr></thead><tbody>
${rows}</tbody></table>
`;
}

function controlOf({ id, open, excepted, runs }: ReportHead['requirements'][number]['controls'][number]) {
  if (open + excepted > 0) return html`<a href="${`#control-${id}`}">${id}</a>`;
  return html`${id}${runs ? '' : ' (does not run)'}`;
}

function row(finding: ReportedFinding): Markup {
  const { cluster, severity, resource, container, path, message, owner, firstSeen } = finding;
  const place = resource.namespace === '' ? resource.name : `${resource.namespace}/${resource.name}`;
  return html`<tr><td>${severity}</td><th scope="row">${resource.kind} ${place}${container === null ? '' : `, container ${container}`}<br><span class="faint">${cluster.name}</span></th><td>${message}<br><code>${path}</code></td><td>${owner ?? 'nobody'}</td><td>${time(firstSeen)}</td><td>${stateOf(finding)}</td></tr>\n`;
}

function stateOf({ state, since, exception, requested }: ReportedFinding): Markup {
  if (exception !== null)
    return html`<span class="excepted">accepted</span> since ${time(since)}: ${exceptionText(exception)}`;
  if (requested !== null)
    return html`<span class="fail">${state}</span>; asked for, and not in force: ${exceptionText(requested)}`;
  return html`<span class="fail">${state}</span>`;
}

function exceptionText(exception: NonNullable<ReportedFinding['exception']>): string {
  const { id, reason, owner, until, origin, annotation, approvedBy, createdBy, refusedBy } = exception;
  const parts = [
    `"${reason}"`,
    owner === null ? 'without an owner' : `owner ${owner}`,
    createdBy === null ? undefined : `made by ${createdBy}`,
    approvedBy === null ? 'approved by nobody' : `approved by ${approvedBy}`,
    refusedBy === null ? undefined : `refused by ${refusedBy}`,
    until === null ? 'without an end' : `until ${until}`,
    `from ${annotation ?? (id === null ? origin : `exception ${id} of the hub`)}`,
  ];
  return parts.filter((part) => part !== undefined).join(', ');
}

/** What an escape of line ends would make unreadable. */
function lines(text: string): Markup[] {
  return text.split('\n').map((line) => html`${line}\n`);
}

function many(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? '' : 's'}`;
}

/** A moment to the minute; a report is read in many time zones. */
function time(moment: string): string {
  return `${moment.slice(0, 16).replace('T', ' ')} UTC`;
}
