import { arrayAt, defineControl, kinds, type ObjectView, type Violation } from '@bulwark/core';
import { factsOf, type Power, resourceGrants, type WrittenRule, writtenRules } from './grants.ts';
import { SECRETS_READ } from './secret-powers.ts';
import { wildcardFacts } from './wildcards.ts';

const PERMISSIONS = ['spec', 'install', 'spec', 'clusterPermissions'] as const;

const POWERS: readonly Power[] = [
  ...SECRETS_READ,
  { verbs: ['create'], groups: [''], resources: ['pods/exec', 'pods/attach', 'serviceaccounts/token'] },
  { verbs: ['get', 'create'], groups: [''], resources: ['nodes/proxy'] },
  { verbs: ['update', 'patch'], groups: [''], resources: ['pods/ephemeralcontainers'] },
  { verbs: ['impersonate'], groups: [''], resources: ['users', 'groups', 'serviceaccounts'] },
  {
    verbs: ['bind', 'escalate'],
    groups: ['rbac.authorization.k8s.io'],
    resources: ['roles', 'clusterroles'],
  },
];

function* excessOf(written: WrittenRule, { at }: ObjectView): Iterable<Violation> {
  for (const grant of resourceGrants(written, POWERS)) yield at(grant.path, factsOf(grant));
  for (const sort of ['everything', 'resources'] as const) {
    const wildcard = wildcardFacts(written, sort);
    if (wildcard !== undefined) yield at(wildcard.path, wildcard.facts);
  }
}

function* evaluate(view: ObjectView): Iterable<Violation> {
  const { object } = view.resource;
  for (const index of (arrayAt(object, ...PERMISSIONS) ?? []).keys())
    for (const written of writtenRules(object, [...PERMISSIONS, index, 'rules']))
      yield* excessOf(written, view);
}

export const operatorExcessPermissions = defineControl({
  id: 'operator-excess-permissions',
  aliases: [],
  title: 'Operators must not ask for rights over the whole cluster that give all others',
  problem: 'ask for rights over the whole cluster that give all others',
  message: '{resource} asks for {verbs} on {target} in every namespace.',
  severity: 'high',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'The Operator Lifecycle Manager grants what the clusterPermissions of a ClusterServiceVersion ask for, without a role in the manifests that anybody reviews. A flaw in the operator, or a bad release, then has the Secrets and the pods of every team.',
  remediation:
    'Move the rule to permissions, which hold in the namespaces that the operator is installed for, name the objects in resourceNames, or drop it.',
  references: [
    'https://olm.operatorframework.io/docs/concepts/crds/clusterserviceversion/',
    'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#least-privilege',
  ],
  attack: ['T1078', 'T1552.007'],
  appliesTo: kinds('operators.coreos.com/ClusterServiceVersion'),
  looks: 'object',
  reads: [],
  evaluate,
});
