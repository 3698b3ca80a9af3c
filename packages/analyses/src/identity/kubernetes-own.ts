import { arrayAt, labelsOf, objectAt, oncePerObject, type Resource, stringAt } from '@bulwark/core';
import {
  OWN_AGGREGATION,
  OWN_CLUSTER_BINDINGS,
  OWN_CLUSTER_ROLES,
  OWN_ROLE_BINDINGS,
  OWN_ROLES,
  type OwnRight,
} from './bootstrap-policy.ts';
import { allowsPath, parseRules, type Rule } from './rules.ts';

const AGGREGATES_TO = 'rbac.authorization.k8s.io/aggregate-to-';
/** Those that every cluster fills with the rules of the roles that are labelled for them. */
const AGGREGATED = new Set(['admin', 'edit', 'view']);
const READING = new Set(['get', 'list', 'watch']);
/** Verbs that give more than they name. */
const SPECIAL = new Set(['approve', 'attest', 'bind', 'escalate', 'impersonate', 'proxy', 'sign', 'use']);
const CLEARING = new Set(['delete', 'deletecollection']);

/** What holds credentials, or is a way into pods and nodes: reading it is already much. */
const TELLING = new Set(
  `secrets serviceaccounts/token pods/attach pods/exec pods/ephemeralcontainers pods/portforward pods/proxy
   services/proxy nodes/proxy`.split(/\s+/),
);
/** What decides about workloads, rights, admission, nodes and the network: writing it is much. */
const DECIDING = new Set(
  `adminnetworkpolicies apiservices baselineadminnetworkpolicies certificatesigningrequests
   certificatesigningrequests/approval certificatesigningrequests/status ciliumclusterwidenetworkpolicies
   ciliumnetworkpolicies clusternetworkpolicies clusterrolebindings clusterroles configmaps cronjobs
   customresourcedefinitions daemonsets deployments endpoints endpointslices globalnetworkpolicies ingresses jobs
   mutatingadmissionpolicies mutatingadmissionpolicybindings mutatingwebhookconfigurations namespaces networkpolicies
   nodes nodes/status persistentvolumes pods podtemplates replicasets replicationcontrollers rolebindings roles
   serviceaccounts services services/status statefulsets validatingadmissionpolicies
   validatingadmissionpolicybindings validatingwebhookconfigurations`.split(/\s+/),
);

/** One thing that a rule gives. */
interface Part {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  /** Empty: every name. */
  readonly names: readonly string[];
}

function isStrong({ verb, group, resource }: Part): boolean {
  if (verb === '*' || group === '*' || resource.includes('*') || SPECIAL.has(verb)) return true;
  if (TELLING.has(resource)) return true;
  return DECIDING.has(resource) ? !READING.has(verb) : resource === 'events' && CLEARING.has(verb);
}

function partsOf(rule: Rule): readonly Part[] {
  return rule.verbs.flatMap((verb) =>
    rule.apiGroups.flatMap((group) =>
      rule.resources.map((resource) => ({ verb, group, resource, names: rule.resourceNames })),
    ),
  );
}

function covers(right: OwnRight, { verb, group, resource, names }: Part): boolean {
  if (!right.verbs.includes(verb) || !right.groups.includes(group) || !right.resources.includes(resource))
    return false;
  const allowed = right.names;
  return allowed === undefined || (names.length > 0 && names.every((name) => allowed.includes(name)));
}

/** Whether a rule gives nothing that matters beyond what the role has by itself. */
function isKnown(rule: Rule, rights: readonly OwnRight[]): boolean {
  if (rule.verbs.some((verb) => allowsPath(rule, { verb, path: '/logs/' }))) return false;
  return partsOf(rule).every((part) => !isStrong(part) || rights.some((right) => covers(right, part)));
}

/** Anybody may write the label; Kubernetes always does, and writes it back. */
function isLabelled(resource: Resource): boolean {
  return labelsOf(objectAt(resource.object, 'metadata'))['kubernetes.io/bootstrapping'] === 'rbac-defaults';
}

function isAddedAsByItself({ name, object }: Resource): boolean {
  return Object.keys(labelsOf(objectAt(object, 'metadata')))
    .filter((label) => label.startsWith(AGGREGATES_TO))
    .every((label) => label === `${AGGREGATES_TO}${OWN_AGGREGATION.get(name)}`);
}

function isOwnRole(role: Resource): boolean {
  const { kind, name, object } = role;
  if (!isLabelled(role) || !isAddedAsByItself(role)) return false;
  // It has every right by itself.
  if (kind === 'ClusterRole' && name === 'cluster-admin') return true;
  const rights = rightsOf(role);
  if (rights === undefined) return false;
  // The rules of others, which are judged themselves: a controller fills them in.
  if (arrayAt(object, 'aggregationRule', 'clusterRoleSelectors') !== undefined) return AGGREGATED.has(name);
  return parseRules(object).every((rule) => isKnown(rule, rights));
}

function rightsOf({ kind, namespace, name }: Resource): readonly OwnRight[] | undefined {
  return kind === 'ClusterRole' ? OWN_CLUSTER_ROLES.get(name) : OWN_ROLES.get(`${namespace}/${name}`);
}

function isOwnBinding(binding: Resource): boolean {
  const { kind, namespace, name, object } = binding;
  const isClusterWide = kind === 'ClusterRoleBinding';
  const own = isClusterWide ? OWN_CLUSTER_BINDINGS.get(name) : OWN_ROLE_BINDINGS.get(`${namespace}/${name}`);
  return (
    own !== undefined &&
    isLabelled(binding) &&
    stringAt(object, 'roleRef', 'kind') === (isClusterWide ? 'ClusterRole' : 'Role') &&
    stringAt(object, 'roleRef', 'name') === own.role &&
    (arrayAt(object, 'subjects') ?? []).every((subject) => {
      const of = stringAt(subject, 'namespace') ?? '';
      const place = of === '' ? '' : `${of}/`;
      return own.subjects.includes(`${stringAt(subject, 'kind')} ${place}${stringAt(subject, 'name')}`);
    })
  );
}

/**
 * Whether the API server itself makes a Role or ClusterRole, and it gives nothing that matters beyond what it gives by
 * itself. Names that begin with `system:` and the label of such roles are anybody's to write, so neither says so alone.
 */
export const isKubernetesOwnRole: (role: Resource) => boolean = oncePerObject(isOwnRole);

/** Whether the API server itself makes a binding: of this name, to this role, and to no further subject. */
export const isKubernetesOwnBinding: (binding: Resource) => boolean = oncePerObject(isOwnBinding);

/** Whether the API server makes a Role of this name in this namespace, so that files need not have it. */
export function hasKubernetesOwnRole(namespace: string, name: string): boolean {
  return OWN_ROLES.has(`${namespace}/${name}`);
}
