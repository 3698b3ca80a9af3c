import { allowsPath, allowsResource, type Rule } from '@bulwark/analyses';

/** Cluster roles with what anybody may know: versions, health, kinds, and public keys. */
export const PUBLIC_CLUSTER_ROLES: ReadonlySet<string> = new Set([
  'system:public-info-viewer',
  'system:discovery',
  'system:basic-user',
  'system:service-account-issuer-discovery',
]);

const READING = new Set(['get', 'list', 'watch']);
/** What Kubernetes lets everybody ask about themselves. */
const SELF_REVIEW = /^self[a-z]+reviews$/;
/** Reading these shows credentials, or is more than reading. */
const SENSITIVE = [
  { resource: 'secrets' },
  { resource: 'pods', subresource: 'exec' },
  { resource: 'pods', subresource: 'attach' },
  { resource: 'pods', subresource: 'portforward' },
  { resource: 'pods', subresource: 'proxy' },
  { resource: 'pods', subresource: 'log' },
  { resource: 'services', subresource: 'proxy' },
  { resource: 'nodes', subresource: 'proxy' },
] as const;

/** Whether a rule only lets its subjects read, and nothing that holds credentials. */
function isModest(rule: Rule): boolean {
  if (rule.resources.length > 0 && rule.resources.every((resource) => SELF_REVIEW.test(resource)))
    return true;
  if (allowsPath(rule, { verb: 'get', path: '/logs/' })) return false;
  if (!rule.verbs.every((verb) => READING.has(verb))) return false;
  const [name = ''] = rule.resourceNames;
  return !SENSITIVE.some((target) =>
    rule.verbs.some((verb) => allowsResource(rule, { verb, group: '', name, ...target })),
  );
}

/** Whether rules go beyond what everybody in a cluster may see. */
export function areElevated(rules: readonly Rule[]): boolean {
  return !rules.every(isModest);
}
