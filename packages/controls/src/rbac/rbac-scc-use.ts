import {
  arrayAt,
  defineControl,
  type ObjectView,
  type Path,
  type Resource,
  type Violation,
} from '@bulwark/core';
import { type Power, resourceGrants, roles, type WrittenRule, whyNotJudged, writtenRules } from './grants.ts';
import { PRIVILEGED_SCCS } from './scc-names.ts';

const USE: Power = {
  verbs: ['use'],
  groups: ['security.openshift.io'],
  resources: ['securitycontextconstraints'],
  evenFor: () => true,
};

/** OpenShift makes a cluster role for each of its constraints; whom it is bound to is in the bindings. */
function isNamedFor({ kind, name }: Resource, constraints: string): boolean {
  return kind === 'ClusterRole' && name === `system:openshift:scc:${constraints}`;
}

/** Where a rule names loose constraints, or all by naming none. */
function* looseIn(written: WrittenRule, view: ObjectView): Iterable<readonly [Path, string]> {
  const grants = resourceGrants(written, [USE]);
  if (written.rule.resourceNames.length === 0) for (const { path } of grants) yield [path, 'of every name'];
  else if (grants.length > 0)
    for (const [index, name] of (
      arrayAt(view.resource.object, ...written.path, 'resourceNames') ?? []
    ).entries())
      if (typeof name === 'string' && PRIVILEGED_SCCS.has(name) && !isNamedFor(view.resource, name))
        yield [[...written.path, 'resourceNames', index], name];
}

function* evaluate(view: ObjectView): Iterable<Violation> {
  for (const written of writtenRules(view.resource.object))
    for (const [path, constraints] of looseIn(written, view)) yield view.at(path, { constraints });
}

export const rbacSccUse = defineControl({
  id: 'rbac-scc-use',
  aliases: ['kyverno:disallow-security-context-constraint-anyuid'],
  title: 'Roles must not allow pods with loose security context constraints',
  problem: 'allow pods with loose security context constraints',
  message: '{resource} allows pods with the security context constraints {constraints}.',
  severity: 'high',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'On OpenShift a role with the verb use decides which pods a service account may run. With privileged or one of the host constraints its pods take over the node; with anyuid they run as root. Without resourceNames the rule covers all constraints, privileged among them.',
  remediation:
    'Name in resourceNames the narrowest constraints that the workload needs: restricted-v2 or nonroot-v2, or one made for it. Bind the role in the namespace of the workload only.',
  references: [
    'https://docs.redhat.com/en/documentation/openshift_container_platform/latest/html/authentication_and_authorization/managing-pod-security-policies',
  ],
  attack: ['T1611', 'T1610'],
  appliesTo: roles,
  looks: 'object',
  reads: [],
  notApplicable: whyNotJudged,
  evaluate,
});
