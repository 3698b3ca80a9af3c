import { ROLE, type Rule } from '@bulwark/analyses';
import { arrayAt, defineControl, type ObjectView, type Violation } from '@bulwark/core';
import { roles, type WrittenRule, whyNotJudged, writtenRules } from './grants.ts';

/** The lists of a rule about resources that are looked at. */
type Field = 'apiGroups' | 'resources' | 'resourceNames' | 'verbs';
const FIELDS: readonly Field[] = ['apiGroups', 'resources', 'resourceNames', 'verbs'];

/** Resources of Kubernetes that belong to no namespace, by group. A Role reaches its own Namespace, so that is none. */
const CLUSTER_SCOPED: ReadonlyMap<string, readonly string[]> = new Map([
  ['', ['nodes', 'persistentvolumes', 'componentstatuses']],
  [
    'admissionregistration.k8s.io',
    [
      'mutatingwebhookconfigurations',
      'validatingwebhookconfigurations',
      'validatingadmissionpolicies',
      'validatingadmissionpolicybindings',
    ],
  ],
  ['apiextensions.k8s.io', ['customresourcedefinitions']],
  ['apiregistration.k8s.io', ['apiservices']],
  ['authentication.k8s.io', ['tokenreviews']],
  ['authorization.k8s.io', ['subjectaccessreviews', 'selfsubjectaccessreviews', 'selfsubjectrulesreviews']],
  ['certificates.k8s.io', ['certificatesigningrequests', 'signers']],
  ['networking.k8s.io', ['ingressclasses']],
  ['node.k8s.io', ['runtimeclasses']],
  ['rbac.authorization.k8s.io', ['clusterroles', 'clusterrolebindings']],
  ['scheduling.k8s.io', ['priorityclasses']],
  ['storage.k8s.io', ['storageclasses', 'csidrivers', 'csinodes', 'volumeattachments']],
]);

function isClusterScoped(rule: Rule, entry: string): boolean {
  const [resource = ''] = entry.split('/');
  // With another group beside it the name may be that of a namespaced resource.
  return (
    rule.apiGroups.length > 0 &&
    rule.apiGroups.every((group) => CLUSTER_SCOPED.get(group)?.includes(resource) === true)
  );
}

function whyNoGroup(entry: string): string | undefined {
  if (entry.includes('/')) return 'a group is written without its version';
  return entry === 'v1' || entry === 'core' ? 'the core group is an empty text' : undefined;
}

function whyNoResource(entry: string): string | undefined {
  if (entry.endsWith('/*')) return 'a wildcard cannot stand for subresources';
  return /[A-Z]/.test(entry) ? 'resources are in lower case' : undefined;
}

function whyNoName(entry: string, rule: Rule): string | undefined {
  // The admission of certificates reads domain/* for signers.
  if (!entry.includes('*') || rule.resources.includes('signers')) return undefined;
  return 'names have no wildcards';
}

function whyNoVerb(entry: string, rule: Rule): string | undefined {
  if (/[A-Z]/.test(entry)) return 'verbs are in lower case';
  return entry === 'deletecollection' && rule.resourceNames.length > 0
    ? 'the request has no name, and the rule is limited to names'
    : undefined;
}

const WHY: Readonly<Record<Field, (entry: string, rule: Rule) => string | undefined>> = {
  apiGroups: whyNoGroup,
  resources: whyNoResource,
  resourceNames: whyNoName,
  verbs: whyNoVerb,
};

function whyNot(field: Field, entry: string, { rule, isRole }: { rule: Rule; isRole: boolean }) {
  const why = WHY[field](entry, rule);
  if (why !== undefined || field !== 'resources' || !isRole) return why;
  return isClusterScoped(rule, entry)
    ? 'it belongs to no namespace, so only a cluster role can give it'
    : undefined;
}

function* judge({ rule, path }: WrittenRule, { resource, at }: ObjectView): Iterable<Violation> {
  const isRole = resource.groupKind === ROLE;
  for (const field of FIELDS)
    for (const [index, entry] of (arrayAt(resource.object, ...path, field) ?? []).entries()) {
      const reason = typeof entry === 'string' ? whyNot(field, entry, { rule, isRole }) : undefined;
      if (typeof entry === 'string' && reason !== undefined)
        yield at([...path, field, index], { entry, reason });
    }
}

export const rbacRuleWithoutEffect = defineControl({
  id: 'rbac-rule-without-effect',
  aliases: [],
  title: 'Rules of roles must be able to match something',
  problem: 'have rules that match nothing',
  message: '{resource} lists {entry}, which matches nothing: {reason}.',
  severity: 'low',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'Kubernetes takes rules as they are written and says nothing when they cannot match. The role then gives less than its author meant, until somebody adds a wildcard to make it work, or less than a reviewer believes to be restricted.',
  remediation:
    'Write groups without a version and the core group as an empty text, resources and verbs in lower case and in full, and what belongs to no namespace into a cluster role.',
  references: [
    'https://kubernetes.io/docs/reference/access-authn-authz/rbac/#referring-to-resources',
    'https://kubernetes.io/docs/reference/access-authn-authz/authorization/#determine-the-request-verb',
  ],
  attack: [],
  appliesTo: roles,
  looks: 'object',
  reads: [],
  notApplicable: whyNotJudged,
  *evaluate(view) {
    for (const written of writtenRules(view.resource.object))
      if (written.rule.resources.length > 0) yield* judge(written, view);
  },
});
