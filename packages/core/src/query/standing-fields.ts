import { CONTROL_PROFILES, SEVERITIES } from '../control.ts';
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
    ...CLUSTER,
    description: 'A cluster that it is for, by its name; none where it is for all.',
    canBeNone: true,
  },
  { name: 'number', type: 'number', description: 'Its number: number:7.', synonyms: ['id'] },
  {
    name: 'state',
    type: 'enum',
    description: 'Whether it holds, was asked for, has run out, or was ended.',
    values: ['active', 'requested', 'expired', 'revoked'],
  },
  {
    name: 'waiting',
    type: 'boolean',
    description: 'Whether it, or a part of what it covers, waits for a second person.',
    synonyms: ['pending'],
  },
  {
    name: 'severity',
    type: 'enum',
    description: 'The worst that it covers; none where it covers nothing.',
    synonyms: ['sev', 'worst'],
    values: SEVERITIES.toReversed(),
    isOrdered: true,
    canBeNone: true,
  },
  {
    name: 'origin',
    type: 'text',
    description: 'Where it comes from: hub, annotation, or tool:* for the annotation of another tool.',
  },
  { name: 'owner', type: 'text', description: 'Who answers for it.', canBeNone: true },
  { name: 'by', type: 'text', description: 'Who made it, or asked for it.', canBeNone: true },
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
    name: 'kind',
    type: 'text',
    description: 'A kind that it names; none where it names none.',
    canBeNone: true,
  },
  {
    name: 'name',
    type: 'text',
    description: 'An object that it names, or that asks for it; none where it names none.',
    canBeNone: true,
  },
  {
    name: 'annotation',
    type: 'text',
    description: 'The annotation that asks for it; none where none does.',
    canBeNone: true,
  },
  {
    name: 'until',
    type: 'time',
    isAhead: true,
    description: 'Its last day; none where it has no end: until:<now+30d.',
    canBeNone: true,
  },
  { name: 'covers', type: 'number', description: 'How many findings it covers.' },
  { name: 'age', type: 'duration', description: 'How long ago it was made: age:>90d.' },
];

/** What can be asked about secrets. */
export const SECRET_FIELDS: readonly QueryField[] = [
  { name: 'cluster', type: 'text', description: 'Cluster by its name.' },
  { name: 'namespace', type: 'text', description: 'Namespace of the secret.', synonyms: ['ns'] },
  { name: 'name', type: 'text', description: 'Name of the secret.' },
  {
    name: 'type',
    type: 'text',
    description: 'Type, such as kubernetes.io/tls; none where it is unknown.',
    canBeNone: true,
  },
  { name: 'key', type: 'text', description: 'Name of one of its keys.', synonyms: ['keys'], canBeNone: true },
  { name: 'owner', type: 'text', description: 'Team that owns it.', synonyms: ['team'], canBeNone: true },
  { name: 'used', type: 'boolean', description: 'Whether anything that is known uses it.' },
  {
    name: 'exists',
    type: 'boolean',
    description: 'Whether it is there; none where secrets are not seen.',
    canBeNone: true,
  },
  {
    name: 'used-by',
    type: 'text',
    description: 'What uses it, by kind and name: used-by:"Deployment web".',
    canBeNone: true,
  },
  {
    name: 'readable-by',
    type: 'text',
    description: 'Who may read it: readable-by:"User jane".',
    canBeNone: true,
  },
  {
    name: 'expires',
    type: 'time',
    isAhead: true,
    description: 'Last moment of its certificate; none where it holds none.',
    canBeNone: true,
  },
  { name: 'first-seen', type: 'time', description: 'When it, or what names it, was first seen.' },
  { name: 'age', type: 'duration', description: 'How long ago it was first seen: age:>90d.' },
];

/** What can be asked about controls. */
export const CONTROL_FIELDS: readonly QueryField[] = [
  { name: 'id', type: 'text', description: 'Its id, or what another tool calls it.', synonyms: ['control'] },
  {
    name: 'severity',
    type: 'enum',
    description: 'How bad what it finds is: severity:>=high.',
    synonyms: ['sev'],
    values: SEVERITIES.toReversed(),
    isOrdered: true,
  },
  {
    name: 'profile',
    type: 'enum',
    description: 'The profile that it begins with.',
    values: CONTROL_PROFILES,
  },
  { name: 'runs', type: 'boolean', description: 'Whether it runs here.', synonyms: ['on'] },
  {
    name: 'framework',
    type: 'text',
    description: 'Framework, or requirement of one, that asks for it.',
    synonyms: ['frameworks'],
    canBeNone: true,
  },
  { name: 'fixable', type: 'boolean', description: 'Whether Bulwark offers patches for what it finds.' },
  { name: 'findings', type: 'number', description: 'Number of its open findings: findings:>0.' },
];

/** What can be asked about teams. */
export const TEAM_FIELDS: readonly QueryField[] = [
  {
    name: 'owner',
    type: 'text',
    description: 'Name of the team; none for what nobody owns.',
    synonyms: ['team', 'name'],
    canBeNone: true,
  },
  { name: 'mine', type: 'boolean', description: 'Whether you are it, or are named among its contacts.' },
  {
    name: 'contact',
    type: 'text',
    description: 'How the team is reached.',
    synonyms: ['contacts'],
    canBeNone: true,
  },
  {
    name: 'severity',
    type: 'enum',
    description: 'Its worst open finding; none where it has none.',
    synonyms: ['sev', 'worst'],
    values: SEVERITIES.toReversed(),
    isOrdered: true,
    canBeNone: true,
  },
  { name: 'findings', type: 'number', description: 'Number of its open findings.' },
  { name: 'workloads', type: 'number', description: 'Number of its workloads.' },
  {
    name: 'oldest',
    type: 'duration',
    description: 'For how long its oldest open finding is there: oldest:>30d.',
    canBeNone: true,
  },
];
