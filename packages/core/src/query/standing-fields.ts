import type { QueryField } from './field.ts';

const CLUSTER: QueryField = { name: 'cluster', type: 'text', description: 'Cluster by its name.' };
const AGE: QueryField = { name: 'age', type: 'duration', description: 'Since how long it is so: age:>7d.' };

/** What can be asked about coverage. */
export const COVERAGE_FIELDS: readonly QueryField[] = [
  CLUSTER,
  {
    name: 'kind',
    type: 'enum',
    description: 'Whether something was lost, or is worth knowing.',
    values: ['lost', 'note'],
  },
  { name: 'code', type: 'text', description: 'What kind of gap it is, such as missing-permission.' },
  { name: 'subject', type: 'text', description: 'What it is about: a kind, an object, a control.' },
  AGE,
];

/** What can be asked about exceptions of a hub. */
export const EXCEPTION_FIELDS: readonly QueryField[] = [
  {
    name: 'state',
    type: 'enum',
    description: 'Whether it holds, was asked for, has run out, or was ended.',
    values: ['active', 'requested', 'expired', 'revoked'],
  },
  { name: 'owner', type: 'text', description: 'Who answers for it.', canBeNone: true },
  { name: 'by', type: 'text', description: 'Who made it.', canBeNone: true },
  { name: 'approved-by', type: 'text', description: 'Who approved it.', canBeNone: true },
  {
    name: 'control',
    type: 'text',
    description: 'A control that it names; none where it names none.',
    canBeNone: true,
  },
  {
    name: 'namespace',
    type: 'text',
    description: 'A namespace that it names; none where it names none.',
    synonyms: ['ns'],
    canBeNone: true,
  },
  {
    name: 'until',
    type: 'time',
    description: 'Its last day; none where it has no end: until:<now+30d.',
    canBeNone: true,
  },
  { name: 'covers', type: 'number', description: 'How many findings it covers.' },
  { name: 'age', type: 'duration', description: 'How long ago it was made: age:>90d.' },
];
