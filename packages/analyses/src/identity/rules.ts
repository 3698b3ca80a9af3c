import { arrayAt, isObject, type Json } from '@bulwark/core';

/** One RBAC rule (rbac.authorization.k8s.io/v1 PolicyRule); what is not text is left out. */
export interface Rule {
  readonly verbs: readonly string[];
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  /** Empty: every name. */
  readonly resourceNames: readonly string[];
  readonly nonResourceURLs: readonly string[];
}

/** What somebody asks to do to a resource. `subresource` and `name` are empty where there is none. */
export interface ResourceRequest {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly name?: string;
}

/** What somebody asks to do to a path of the API server, such as `/metrics`. */
export interface PathRequest {
  readonly verb: string;
  readonly path: string;
}

function texts(value: Json | undefined, field: string): readonly string[] {
  return (arrayAt(value, field) ?? []).filter((item) => typeof item === 'string');
}

/** The rules of a Role or ClusterRole as written. */
export function parseRules(object: Json): readonly Rule[] {
  return (arrayAt(object, 'rules') ?? []).filter(isObject).map((rule) => ({
    verbs: texts(rule, 'verbs'),
    apiGroups: texts(rule, 'apiGroups'),
    resources: texts(rule, 'resources'),
    resourceNames: texts(rule, 'resourceNames'),
    nonResourceURLs: texts(rule, 'nonResourceURLs'),
  }));
}

function has(list: readonly string[], wanted: string): boolean {
  return list.includes('*') || list.includes(wanted);
}

/**
 * `*` covers subresources; `*\/scale` covers that subresource of every resource. `pods/*` and `*\/*` are names like any
 * other and match nothing that exists (k8s.io/kubernetes, ResourceMatches).
 */
function matchesResource(rule: Rule, resource: string, subresource: string): boolean {
  const combined = subresource === '' ? resource : `${resource}/${subresource}`;
  return rule.resources.some(
    (candidate) =>
      candidate === '*' || candidate === combined || (subresource !== '' && candidate === `*/${subresource}`),
  );
}

/**
 * Whether a rule allows a request: verb, group and resource all match, and the name where the rule has names. A rule
 * with names allows nothing that has no name, such as create or an unrestricted list.
 */
export function allowsResource(
  rule: Rule,
  { verb, group, resource, subresource = '', name = '' }: ResourceRequest,
): boolean {
  return (
    has(rule.verbs, verb) &&
    has(rule.apiGroups, group) &&
    matchesResource(rule, resource, subresource) &&
    (rule.resourceNames.length === 0 || rule.resourceNames.includes(name))
  );
}

/** Whether a rule allows a request for a path: a `*` at the end of a rule's path covers what begins with the rest. */
export function allowsPath(rule: Rule, { verb, path }: PathRequest): boolean {
  const matches = (candidate: string): boolean =>
    candidate === '*' ||
    candidate === path ||
    (candidate.endsWith('*') && path.startsWith(candidate.slice(0, -1)));
  return has(rule.verbs, verb) && rule.nonResourceURLs.some(matches);
}
