import {
  type Analysis,
  arrayAt,
  compileSelector,
  labelsOf,
  objectAt,
  type Resource,
  type WorldView,
} from '@bulwark/core';
import { parseRules, type Rule } from './rules.ts';

const GROUP = 'rbac.authorization.k8s.io';
/** The kinds of RBAC, as `group/Kind`. */
export const ROLE = `${GROUP}/Role`;
export const CLUSTER_ROLE = `${GROUP}/ClusterRole`;

/** The rules of every role. Aggregated cluster roles have the rules of those that they select, not those written. */
export interface RoleRules {
  rulesOf(role: Resource): readonly Rule[];
}

/**
 * Computes the rules of roles, cluster roles aggregated over their `aggregationRule`. A selector that is invalid selects
 * nothing; roles that aggregate each other in a circle have the rules of the circle.
 *
 * Cost: once for each pair of an aggregated role and a cluster role.
 */
export const roleRules: Analysis<RoleRules> = {
  id: 'role-rules',
  reads: [ROLE, CLUSTER_ROLE],
  compute(world) {
    const clusterRoles = world.list(CLUSTER_ROLE);
    const rules = new Map<string, readonly Rule[]>();
    for (const role of [...world.list(ROLE), ...clusterRoles]) rules.set(role.id, writtenRules(role));
    for (const role of clusterRoles) if (isAggregated(role)) rules.set(role.id, aggregate(role, world));
    return { rulesOf: (role) => rules.get(role.id) ?? [] };
  },
};

function writtenRules(role: Resource): readonly Rule[] {
  return isAggregated(role) ? [] : parseRules(role.object);
}

function isAggregated(role: Resource): boolean {
  return arrayAt(role.object, 'aggregationRule', 'clusterRoleSelectors') !== undefined;
}

/** The rules of all cluster roles that a role selects, directly or through other aggregated ones. */
function aggregate(top: Resource, world: WorldView): readonly Rule[] {
  const seen = new Set<string>([top.id]);
  const waiting = [top];
  const found: Rule[] = [];
  for (let role = waiting.pop(); role !== undefined; role = waiting.pop())
    for (const part of selectedBy(role, world)) {
      if (seen.has(part.id)) continue;
      seen.add(part.id);
      if (isAggregated(part)) waiting.push(part);
      else found.push(...parseRules(part.object));
    }
  return found;
}

function selectedBy(role: Resource, world: WorldView): readonly Resource[] {
  const selectors = (arrayAt(role.object, 'aggregationRule', 'clusterRoleSelectors') ?? [])
    .map((selector) => compileSelector(selector, { absent: 'nothing' }))
    .flatMap((compiled) => (compiled.ok ? [compiled.value] : []));
  return world
    .list(CLUSTER_ROLE)
    .filter((candidate) =>
      selectors.some((selector) => selector.matches(labelsOf(objectAt(candidate.object, 'metadata')))),
    );
}
