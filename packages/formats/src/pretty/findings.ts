import type { FindingGroup } from '@bulwark/core';
import { adviceOf } from './advice.ts';
import { type FoldedFindings, findingsIn } from './fold.ts';
import { counted, nounOf } from './noun.ts';
import type { Page } from './page.ts';
import { othersOf, placeOfFinding, subjectOf } from './place.ts';
import { linesOf, pointsOf, whyOf } from './rank.ts';

/** The groups of findings, worst first, and what is folded. */
export function* printFindings(page: Page, folded: FoldedFindings, showAll: boolean): Generator<string> {
  const said = new Set<string>();
  for (const group of folded.shown) {
    const { control } = group;
    yield page.lines({
      label: control.severity.toUpperCase(),
      style: control.severity,
      text: headline(group),
      tail: [control.id, pointsOf(group)].filter((part) => part !== '').join(', '),
    });
    if (!showAll) yield firstPlace(page, group);
    yield* printRank(page, group, { showAll, said });
    yield page.lines({ text: adviceOf(control.remediation, page.width) });
    if (showAll) yield* everyPlace(page, group);
    yield '\n';
  }
  const summaries = [...summariesOf(folded)];
  for (const { label, style, text } of summaries) yield page.lines({ label, style, text });
  if (summaries.length > 0) yield '\n';
}

/** Why it comes where it does: in a sentence, or by everything that its points are made of. */
function* printRank(
  page: Page,
  group: FindingGroup,
  { showAll, said }: { readonly showAll: boolean; readonly said: Set<string> },
): Generator<string> {
  const { rank } = group;
  if (rank === undefined) return;
  if (!showAll) {
    const why = whyOf(group);
    // Many root causes are worst in the same workload, of which it is enough to read once.
    if (why !== '' && !said.has(why)) yield page.lines({ text: why });
    said.add(why);
    return;
  }
  for (const line of linesOf(rank)) yield page.lines({ text: line });
}

/** What is wrong, as a count of what has it; of a single object the finding itself says it best. */
function headline(group: FindingGroup): string {
  const [first] = group.findings;
  if (group.subjects === 1 && first !== undefined) return first.message.replace(/\.$/, '');
  return `${group.subjects} ${nounOf(group)} ${group.control.problem}`;
}

function firstPlace(page: Page, { findings }: FindingGroup): string {
  const [first] = findings;
  if (first === undefined) return '';
  const place = placeOfFinding(first);
  const subject = subjectOf(first);
  const others = othersOf(findings);
  if (place === undefined) return page.lines({ text: `${subject}${others}` });
  return page.lines({ whole: place, text: `(${subject})${others}` });
}

function* everyPlace(page: Page, { findings }: FindingGroup): Generator<string> {
  for (const finding of findings) {
    const place = placeOfFinding(finding);
    const text = place === undefined ? `${subjectOf(finding)}: ${finding.message}` : finding.message;
    yield page.lines({ ...(place !== undefined && { whole: place }), text });
  }
}

function* summariesOf({ beyond, minor }: FoldedFindings) {
  if (beyond.length > 0) {
    const found = counted(findingsIn(beyond), 'finding');
    const groups = `${beyond.length} more ${beyond.length === 1 ? 'group' : 'groups'}`;
    yield { label: 'MORE', style: 'faint' as const, text: `${found} in ${groups}, shown with --all` };
  }
  for (const { severity, groups } of minor) {
    const found = counted(findingsIn(groups), `${severity} finding`);
    yield {
      label: severity.toUpperCase(),
      style: severity,
      text: `${found} in ${counted(groups.length, 'group')}, shown with --all`,
    };
  }
}
