import { COLUMNS, type ListItem } from '@bulwark/api';
import { REQUIREMENT_STATES } from '@bulwark/core';
import { counted, type Style } from '@bulwark/formats';
import { type AskedList, defineList, listed } from './asked-list.ts';
import { details, firstOf } from './words.ts';

type Requirement = ListItem<'getFramework'>;

/** Verdicts as labels, which have eight letters at most. */
const LABELS: Readonly<Record<Requirement['verdict'], { readonly label: string; readonly style: Style }>> = {
  fail: { label: 'FAIL', style: 'high' },
  error: { label: 'ERROR', style: 'lost' },
  'not-checked': { label: 'UNSEEN', style: 'lost' },
  manual: { label: 'MANUAL', style: 'medium' },
  excepted: { label: 'ACCEPTED', style: 'medium' },
  pass: { label: 'PASS', style: 'strong' },
  'not-applicable': { label: 'NONE', style: 'faint' },
};

function countsOf(counts: Readonly<Record<string, number>>): string {
  return REQUIREMENT_STATES.filter((verdict) => (counts[verdict] ?? 0) > 0)
    .map((verdict) => `${counts[verdict]} ${verdict}`)
    .join(', ');
}

/** `bulwark compliance`: how far each framework is met. */
export const compliance = defineList({
  name: 'frameworks',
  plural: 'frameworks',
  none: 'No framework.',
  hasPages: false,
  route: 'listFrameworks',
  entries: ({ id, title, version, counts, checked }) => [
    {
      ...((counts['fail'] ?? 0) > 0 ? LABELS.fail : { label: 'NO FAIL', style: 'faint' as const }),
      text: `${title}, ${version}`,
      tail: id,
    },
    { text: details(countsOf(counts), `${checked} % have a verdict`) },
  ],
});

const REQUIREMENT = {
  entries: ({ id, title, verdict, reason, controls, findings, owners }: Requirement) => [
    { ...LABELS[verdict], whole: `${id}:`, text: title },
    {
      text: details(
        reason,
        findings > 0 && counted(findings, 'finding'),
        owners.length > 0 &&
          `of ${firstOf(owners.map(({ spellings, findings: own }) => `${spellings.join(', ') || 'nobody'} (${own})`))}`,
        controls.length > 0 && `by ${firstOf(controls)}`,
      ),
    },
  ],
  cells: COLUMNS.getFramework,
};

/** `bulwark compliance FRAMEWORK`: its requirements, what fails first, each with its verdict and what that rests on. */
export function requirementsOf(id: string): AskedList {
  return {
    name: 'requirements',
    plural: 'requirements',
    none: 'No requirement.',
    hasPages: false,
    columns: Object.keys(REQUIREMENT.cells),
    page: async (hub, { cluster, asOf }) => {
      const query = { ...(cluster !== undefined && { cluster }), ...(asOf !== undefined && { asOf }) };
      const { title, version, counts, requirements } = await hub.call('getFramework', {
        params: { id },
        query,
      });
      const worstFirst = requirements.toSorted(
        (a, b) => REQUIREMENT_STATES.indexOf(a.verdict) - REQUIREMENT_STATES.indexOf(b.verdict),
      );
      return {
        items: listed(worstFirst, REQUIREMENT),
        next: null,
        total: requirements.length,
        lead: [{ label: 'MET', style: 'strong', text: `${title}, ${version}: ${countsOf(counts)}` }],
      };
    },
  };
}
