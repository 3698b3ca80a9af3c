import { SEVERITIES } from '../control.ts';
import { CRITICALITIES } from '../ownership/ownership.ts';
import type { QueryField } from './field.ts';

const NAMESPACE: QueryField = {
  name: 'namespace',
  type: 'text',
  description: 'Namespace of the object; none for cluster-scoped ones.',
  synonyms: ['ns'],
  canBeNone: true,
};
const KIND: QueryField = {
  name: 'kind',
  type: 'text',
  description: 'Kind of the object, such as Deployment; of one API group alone: Cluster.cluster.x-k8s.io.',
  isKind: true,
};
const NAME: QueryField = { name: 'name', type: 'text', description: 'Name of the object.' };
const CLUSTER: QueryField = { name: 'cluster', type: 'text', description: 'Cluster by its name.' };
const OWNER: QueryField = {
  name: 'owner',
  type: 'text',
  description: 'Team that owns the object; none where nobody does.',
  synonyms: ['team'],
  canBeNone: true,
};
const LABEL: QueryField = {
  name: 'label',
  type: 'text',
  description: 'Labels as key=value: label:app=shop, label:tier=*.',
  synonyms: ['labels'],
  canBeNone: true,
};
const ENVIRONMENT: QueryField = {
  name: 'environment',
  type: 'text',
  description: 'Environment, such as production; none where it is unknown.',
  synonyms: ['env'],
  canBeNone: true,
};
const CRITICALITY: QueryField = {
  name: 'criticality',
  type: 'enum',
  description: 'How much depends on the application; none where it is unknown.',
  values: CRITICALITIES,
  isOrdered: true,
  canBeNone: true,
};
const SEVERITY: QueryField = {
  name: 'severity',
  type: 'enum',
  description: 'How bad a finding is: severity:>=high.',
  synonyms: ['sev'],
  values: SEVERITIES.toReversed(),
  isOrdered: true,
};
const FIRST_SEEN: QueryField = {
  name: 'first-seen',
  type: 'time',
  description: 'When it was first seen: first-seen:>=2026-11-01.',
  synonyms: ['since', 'created'],
};
const AGE: QueryField = {
  name: 'age',
  type: 'duration',
  description: 'How long ago it was first seen: age:>7d.',
};
const IMAGE: QueryField = {
  name: 'image',
  type: 'text',
  description: 'Image reference as written; any of the containers.',
  synonyms: ['images'],
  canBeNone: true,
};
const FINDINGS: QueryField = {
  name: 'findings',
  type: 'number',
  description: 'Number of open findings without an exception.',
};
const WORST: QueryField = {
  name: 'severity',
  type: 'enum',
  description: 'Worst open finding; none where there is none.',
  synonyms: ['sev', 'worst'],
  values: SEVERITIES.toReversed(),
  isOrdered: true,
  canBeNone: true,
};

/** What can be asked about findings. */
export const FINDING_FIELDS: readonly QueryField[] = [
  SEVERITY,
  { name: 'control', type: 'text', description: 'Id of the control.', synonyms: ['rule', 'check'] },
  CLUSTER,
  {
    ...NAMESPACE,
    description: 'Namespace of the object, of a Namespace itself too; none for other cluster-scoped ones.',
  },
  KIND,
  NAME,
  {
    name: 'container',
    type: 'text',
    description: 'Container; none for findings about the whole object.',
    canBeNone: true,
  },
  OWNER,
  ENVIRONMENT,
  CRITICALITY,
  { name: 'fixable', type: 'boolean', description: 'Whether Bulwark offers a patch.' },
  {
    name: 'state',
    type: 'enum',
    description: 'Whether it is open, accepted by an exception, or resolved.',
    values: ['open', 'excepted', 'resolved'],
  },
  {
    name: 'assignee',
    type: 'text',
    description: 'Who works on it; none where nobody does.',
    synonyms: ['assigned'],
    canBeNone: true,
  },
  {
    name: 'acknowledged',
    type: 'boolean',
    description: 'Whether somebody has said that they have seen it.',
    synonyms: ['ack'],
  },
  {
    name: 'deferred-until',
    type: 'time',
    isAhead: true,
    description: 'Until when it is put off, or was: deferred-until:>now. None where it never was.',
    synonyms: ['deferred'],
    canBeNone: true,
  },
  { name: 'framework', type: 'text', description: 'Framework that asks for the control.', canBeNone: true },
  FIRST_SEEN,
  AGE,
  { name: 'path', type: 'text', description: 'Field of the object, such as spec.hostPID.' },
  {
    name: 'fingerprint',
    type: 'text',
    description: 'What tells it from all others, or the beginning of it with *: fingerprint:5f3a9c1b*.',
  },
  {
    name: 'exception',
    type: 'number',
    description: 'Number of the exception of the hub that accepts it, or that is asked for: exception:7.',
    canBeNone: true,
  },
  {
    name: 'notification',
    type: 'text',
    description: 'Id of a notification that told of it, as webhooks get it.',
  },
];

/** What can be asked about workloads. */
export const WORKLOAD_FIELDS: readonly QueryField[] = [
  CLUSTER,
  NAMESPACE,
  KIND,
  NAME,
  OWNER,
  ENVIRONMENT,
  CRITICALITY,
  IMAGE,
  LABEL,
  WORST,
  FINDINGS,
  { name: 'pods', type: 'number', description: 'Number of its pods that exist.' },
  {
    name: 'node',
    type: 'text',
    description: 'Node on which one of its pods runs.',
    synonyms: ['nodes'],
    canBeNone: true,
  },
  {
    name: 'service-account',
    type: 'text',
    description: 'Service account that its template names, or that its pods run as.',
    synonyms: ['serviceaccount', 'sa'],
  },
  FIRST_SEEN,
  AGE,
];

/** What can be asked about objects of any kind. */
export const RESOURCE_FIELDS: readonly QueryField[] = [
  CLUSTER,
  NAMESPACE,
  KIND,
  { name: 'group', type: 'text', description: 'API group; none for the core group.', canBeNone: true },
  NAME,
  OWNER,
  LABEL,
  FIRST_SEEN,
  AGE,
];

/** What can be asked about namespaces. */
export const NAMESPACE_FIELDS: readonly QueryField[] = [
  CLUSTER,
  NAME,
  OWNER,
  ENVIRONMENT,
  CRITICALITY,
  LABEL,
  WORST,
  FINDINGS,
  FIRST_SEEN,
  AGE,
];

/** What can be asked about changes. */
export const CHANGE_FIELDS: readonly QueryField[] = [
  CLUSTER,
  NAMESPACE,
  KIND,
  NAME,
  {
    name: 'verb',
    type: 'enum',
    description: 'What was done to the object.',
    values: ['created', 'changed', 'deleted'],
  },
  {
    name: 'actor',
    type: 'text',
    description: 'User who made it, who acted as them, or field manager; none where nobody is known.',
    synonyms: ['user', 'by'],
    canBeNone: true,
  },
  {
    name: 'group',
    type: 'text',
    description: 'Group of the user, such as system:masters.',
    canBeNone: true,
  },
  { name: 'address', type: 'text', description: 'Address that the request came from.', canBeNone: true },
  {
    name: 'program',
    type: 'text',
    description: 'Program of the request: program:kubectl/*.',
    synonyms: ['agent', 'user-agent'],
    canBeNone: true,
  },
  { name: 'at', type: 'time', description: 'When it was seen: at:>=now-1d.', synonyms: ['time', 'when'] },
  { name: 'age', type: 'duration', description: 'How long ago it was seen: age:<1d.' },
];

/** What can be asked about build records. */
export const BUILD_FIELDS: readonly QueryField[] = [
  {
    name: 'repository',
    type: 'text',
    description: 'Repository, as host and path: repository:github.com/acme/*.',
    synonyms: ['repo'],
  },
  { name: 'commit', type: 'text', description: 'Commit, or the beginning of it with *.' },
  { name: 'ref', type: 'text', description: 'Branch or tag.', synonyms: ['branch', 'tag'], canBeNone: true },
  { name: 'author', type: 'text', description: 'Who wrote the commit.', synonyms: ['by'], canBeNone: true },
  { name: 'system', type: 'text', description: 'What ran the build, such as github-actions.' },
  { name: 'verdict', type: 'enum', description: 'What came of it.', values: ['passed', 'failed'] },
  { name: 'kind', type: 'text', description: 'Kind of an object in it.', isKind: true },
  { name: 'name', type: 'text', description: 'Name of an object in it.' },
  {
    name: 'namespace',
    type: 'text',
    description: 'Namespace of an object in it, as written.',
    synonyms: ['ns'],
  },
  { name: 'image', type: 'text', description: 'Image in it, by name or digest.', synonyms: ['digest'] },
  { name: 'at', type: 'time', description: 'When it was recorded: at:>=now-1d.', synonyms: ['time', 'when'] },
  { name: 'age', type: 'duration', description: 'How long ago it was recorded: age:<1d.' },
];
