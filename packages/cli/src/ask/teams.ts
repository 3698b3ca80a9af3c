import { SEVERITIES } from '@bulwark/core';
import { counted } from '@bulwark/formats';
import { defineList } from './asked-list.ts';
import { ageOf, countsText, details, tailOf, worstLabel } from './words.ts';

/** `bulwark teams`: what each owner has, and what nobody owns. */
export const teams = defineList({
  name: 'teams',
  plural: 'teams',
  none: 'No team: nothing is owned, and nothing is unowned.',
  hasPages: false,
  route: 'listTeams',
  entries: ({ spellings, workloads, namespaces, findings, oldest, top, contacts }, { now }) => [
    {
      ...worstLabel(SEVERITIES.find((severity) => findings[severity] > 0) ?? null),
      whole: spellings.join(', ') || 'nobody',
      text: '',
      ...tailOf(countsText(findings)),
    },
    {
      text: details(
        counted(workloads, 'workload'),
        counted(namespaces, 'namespace'),
        oldest !== null && `the oldest finding ${ageOf(oldest, now)}`,
        ...contacts,
      ),
    },
    ...(top.length === 0
      ? []
      : [
          {
            text: `First: ${top.map(({ control, findings: found }) => `${control} (${found})`).join(', ')}`,
          },
        ]),
  ],
});
