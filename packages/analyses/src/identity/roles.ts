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
  /** The cluster roles that an aggregated one selects, directly or through others; none of another. */
  partsOf(role: Resource): readonly Resource[];
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
    const written = new Map<string, readonly Rule[]>();
    for (const role of [...world.list(ROLE), ...clusterRoles]) written.set(role.id, writtenRules(role));
    const rules = new Map(written);
    const parts = new Map<string, readonly Resource[]>();
    for (const role of clusterRoles.filter(isAggregated)) {
      const selected = partsOf(role, world);
      parts.set(role.id, selected);
      rules.set(
        role.id,
        selected.flatMap(({ id }) => written.get(id) ?? []),
      );
    }
    return { rulesOf: ({ id }) => rules.get(id) ?? [], partsOf: ({ id }) => parts.get(id) ?? [] };
  },
};

function writtenRules(role: Resource): readonly Rule[] {
  return isAggregated(role) ? [] : parseRules(role.object);
}

function isAggregated(role: Resource): boolean {
  return arrayAt(role.object, 'aggregationRule', 'clusterRoleSelectors') !== undefined;
}

/** All cluster roles that a role selects, directly or through other aggregated ones, and not itself. */
function partsOf(top: Resource, world: WorldView): readonly Resource[] {
  const seen = new Map([[top.id, top]]);
  const waiting = [top];
  for (let role = waiting.pop(); role !== undefined; role = waiting.pop())
    for (const part of selectedBy(role, world)) {
      if (seen.has(part.id)) continue;
      seen.set(part.id, part);
      if (isAggregated(part)) waiting.push(part);
    }
  return [...seen.values()].slice(1);
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
