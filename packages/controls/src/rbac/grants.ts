import {
  allowsResource,
  CLUSTER_ROLE,
  isKubernetesOwnRole,
  parseRules,
  ROLE,
  type Rule,
} from '@bulwark/analyses';
import { arrayAt, type Json, kinds, type ObjectView, type Path, type Violation } from '@bulwark/core';

/** Roles of either kind, and those that alone can give what belongs to no namespace. */
export const roles = kinds(ROLE, CLUSTER_ROLE);
export const clusterRoles = kinds(CLUSTER_ROLE);
export const namespacedRoles = kinds(ROLE);

/** What a role can give that is worth a finding: any of the verbs on any of the resources. */
export interface Power {
  readonly verbs: readonly string[];
  readonly groups: readonly string[];
  /** With the subresource after a slash. */
  readonly resources: readonly string[];
  /** Whether a rule gives the power although it is limited to these names; without it, no such rule does. */
  readonly evenFor?: (names: readonly string[]) => boolean;
}

/** One rule and where it stands: indexes are those of the manifest, whatever else the list holds. */
export interface WrittenRule {
  readonly rule: Rule;
  readonly path: Path;
  readonly verbs: readonly (readonly [number, string])[];
  readonly resources: readonly (readonly [number, string])[];
}

/** The part of a rule that gives a power. */
export interface Grant {
  readonly path: Path;
  /** As far as they are written; `*` where one stands for them. */
  readonly verbs: readonly string[];
  readonly resources: readonly string[];
}

function indexedTexts(list: readonly Json[] | undefined): readonly (readonly [number, string])[] {
  return [...(list ?? []).entries()].flatMap(([index, text]) =>
    typeof text === 'string' ? [[index, text] as const] : [],
  );
}

/** The rules below a path of an object. */
export function writtenRules(object: Json, at: Path = ['rules']): readonly WrittenRule[] {
  return [...(arrayAt(object, ...at) ?? []).entries()].flatMap(([index, value]) =>
    parseRules({ rules: [value] }).map((rule) => ({
      rule,
      path: [...at, index],
      verbs: indexedTexts(arrayAt(value, 'verbs')),
      resources: indexedTexts(arrayAt(value, 'resources')),
    })),
  );
}

/** Whether a rule as far as verb `verb` and resource entry `entry` are concerned gives a power. */
function gives(rule: Rule, verb: string, entry: string, power: Power): boolean {
  const named = rule.resourceNames.length > 0;
  if (named && power.evenFor?.(rule.resourceNames) !== true) return false;
  const part = { ...rule, verbs: [verb], resources: [entry], resourceNames: [] };
  return power.resources.some((target) => {
    const [resource = '', subresource = ''] = target.split('/');
    return power.groups.some((group) =>
      power.verbs.some((wanted) => allowsResource(part, { verb: wanted, group, resource, subresource })),
    );
  });
}

/**
 * A rule's grants of any of the powers, one for each entry of `resources`. The entry `*` is not among them: what it
 * gives is everything, and the controls of wildcards say so once.
 */
export function resourceGrants(written: WrittenRule, powers: readonly Power[]): readonly Grant[] {
  return written.resources.flatMap(([index, entry]) => {
    if (entry === '*') return [];
    const verbs = written.verbs
      .map(([, verb]) => verb)
      .filter((verb) => powers.some((power) => gives(written.rule, verb, entry, power)));
    if (verbs.length === 0) return [];
    return [{ path: [...written.path, 'resources', index], verbs: [...new Set(verbs)], resources: [entry] }];
  });
}

/** A rule's grants of any of the powers, one for each entry of `verbs`; again without the resource `*`. */
export function verbGrants(written: WrittenRule, powers: readonly Power[]): readonly Grant[] {
  return written.verbs.flatMap(([index, verb]) => {
    const resources = written.resources
      .map(([, entry]) => entry)
      .filter((entry) => entry !== '*' && powers.some((power) => gives(written.rule, verb, entry, power)));
    if (resources.length === 0) return [];
    return [{ path: [...written.path, 'verbs', index], verbs: [verb], resources: [...new Set(resources)] }];
  });
}

/** The facts of a grant: `verbs` and `target` complete "allows ... on ...". */
export function factsOf({ verbs, resources }: Grant): { verbs: string[]; target: string[] } {
  return { verbs: verbs.map((verb) => (verb === '*' ? 'every verb' : verb)), target: [...resources] };
}

/** A violation for each resource on which a role gives one of the powers. */
export function* resourceViolations(
  { resource, at }: ObjectView,
  powers: readonly Power[],
): Iterable<Violation> {
  for (const written of writtenRules(resource.object))
    for (const grant of resourceGrants(written, powers)) yield at(grant.path, factsOf(grant));
}

/** A violation for each verb with which a role gives one of the powers. */
export function* verbViolations({ resource, at }: ObjectView, powers: readonly Power[]): Iterable<Violation> {
  for (const written of writtenRules(resource.object))
    for (const grant of verbGrants(written, powers)) yield at(grant.path, factsOf(grant));
}

/** Why a role is not judged. */
export function whyNotJudged({ resource }: ObjectView): string | undefined {
  if (isKubernetesOwnRole(resource)) return 'Kubernetes itself makes this role.';
  return arrayAt(resource.object, 'aggregationRule', 'clusterRoleSelectors') === undefined
    ? undefined
    : 'A controller fills in the rules, from roles that are judged themselves.';
}
