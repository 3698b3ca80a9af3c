import {
  defineControl,
  labelsOf,
  type ObjectView,
  objectAt,
  type Resource,
  type Violation,
} from '@bulwark/core';
import {
  clusterRoles,
  factsOf,
  type Grant,
  type Power,
  resourceGrants,
  type WrittenRule,
  whyNotJudged,
  writtenRules,
} from './grants.ts';
import { SECRETS_READ } from './secret-powers.ts';

const LABEL = 'rbac.authorization.k8s.io/aggregate-to-';

/** What neither edit nor admin gives by itself, and what leads on to all rights. */
const MORE_THAN_ADMIN: readonly Power[] = [
  {
    verbs: ['bind', 'escalate'],
    groups: ['rbac.authorization.k8s.io'],
    resources: ['roles', 'clusterroles'],
  },
  { verbs: ['impersonate'], groups: [''], resources: ['users', 'groups'] },
  { verbs: ['get', 'create'], groups: [''], resources: ['nodes/proxy'] },
  {
    verbs: ['create', 'update', 'patch'],
    groups: ['admissionregistration.k8s.io'],
    resources: ['mutatingwebhookconfigurations', 'validatingwebhookconfigurations'],
  },
  { verbs: ['approve', 'sign'], groups: ['certificates.k8s.io'], resources: ['signers'] },
];

const MORE_THAN_EDIT: readonly Power[] = [
  ...MORE_THAN_ADMIN,
  {
    verbs: ['create', 'update', 'patch'],
    groups: ['rbac.authorization.k8s.io'],
    resources: ['roles', 'clusterroles', 'rolebindings', 'clusterrolebindings'],
  },
];

/** What gives more by mere reading. */
const MORE_THAN_READING: readonly Power[] = [
  ...SECRETS_READ,
  { verbs: ['get'], groups: [''], resources: ['nodes/proxy'] },
];

const READING = new Set(['get', 'list', 'watch']);

/** The roles that a label can add to, the least first: what is too much for one is said of that one. */
const TARGETS: readonly {
  readonly role: string;
  readonly excess: (written: WrittenRule) => readonly Grant[];
}[] = [
  { role: 'view', excess: moreThanView },
  // OpenShift's view of the whole cluster.
  { role: 'cluster-reader', excess: moreThanView },
  { role: 'edit', excess: (written) => resourceGrants(written, MORE_THAN_EDIT) },
  { role: 'admin', excess: (written) => resourceGrants(written, MORE_THAN_ADMIN) },
];

/** A `*` for the resources of the core group, or of every group. */
function allOfCore({ rule, resources, path }: WrittenRule): readonly Grant[] {
  if (!rule.apiGroups.includes('*') && !rule.apiGroups.includes('')) return [];
  return resources
    .filter(([, entry]) => entry === '*')
    .map(([index, entry]) => ({
      path: [...path, 'resources', index],
      verbs: rule.verbs,
      resources: [entry],
    }));
}

function moreThanView(written: WrittenRule): readonly Grant[] {
  const { rule, verbs, path } = written;
  if (rule.resources.length === 0) return [];
  const writing = verbs.filter(([, verb]) => !READING.has(verb));
  return [
    ...writing.map(([index, verb]) => ({
      path: [...path, 'verbs', index],
      verbs: [verb],
      resources: rule.resources,
    })),
    ...resourceGrants(written, MORE_THAN_READING),
  ];
}

function targetOf(resource: Resource) {
  const labels = labelsOf(objectAt(resource.object, 'metadata'));
  return TARGETS.find(({ role }) => labels[LABEL + role] === 'true');
}

function* evaluate({ resource, at }: ObjectView): Iterable<Violation> {
  const target = targetOf(resource);
  if (target === undefined) return;
  for (const written of writtenRules(resource.object)) {
    const named = target.excess(written);
    for (const grant of named.length > 0 ? named : allOfCore(written))
      yield at(grant.path, { ...factsOf(grant), role: target.role });
  }
}

export const rbacAggregationToBuiltin = defineControl({
  id: 'rbac-aggregation-to-builtin',
  aliases: [],
  title: 'Cluster roles must not add dangerous rights to view, edit or admin',
  problem: "add dangerous rights to one of Kubernetes' own roles",
  message: '{resource} adds {verbs} on {target} to the cluster role {role}.',
  severity: 'high',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'A label adds the rules of a cluster role to view, edit or admin, and so to everybody who is bound to these anywhere in the cluster. Nobody who reads a binding to view expects that it allows a change, or reading Secrets.',
  remediation:
    'Remove the label, or the rule. What only reads custom resources may be added to view, what writes them to edit; for anything else make a role of its own and bind it.',
  references: [
    'https://kubernetes.io/docs/reference/access-authn-authz/rbac/#aggregated-clusterroles',
    'https://kubernetes.io/docs/reference/access-authn-authz/rbac/#user-facing-roles',
  ],
  attack: ['T1098.006'],
  appliesTo: clusterRoles,
  looks: 'object',
  reads: [],
  notApplicable: whyNotJudged,
  evaluate,
});
