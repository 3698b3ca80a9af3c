import {
  ANY_WORKLOAD,
  type Control,
  DEFAULT_OWNERSHIP,
  type Finding,
  type FindingGroup,
  groupFindings,
  groupKindOf,
  groupOf,
  isStandIn,
  ownershipOf,
  type Rank,
  type Resource,
  type ResourceRef,
  topOwner,
  type WorldView,
} from '@bulwark/core';
import { type CauseMember, rootCauseOf } from './cause-members.ts';
import { rankRootCause } from './root-cause.ts';
import { isWorseRisk, type KnownRisk, type WorkloadRisk, workloadRisk } from './workload-risk.ts';

/**
 * The rank of each root cause among findings, by control, as a hub ranks its queue. Environment and importance are read as
 * where nothing is configured. Cost: each object with a finding once; see the analyses that risks are made from.
 */
export function rankFindings(
  findings: readonly Finding[],
  controls: readonly Control[],
  world: WorldView,
): ReadonlyMap<string, Rank> {
  const members = new Members(world);
  return new Map(
    groupFindings(findings, controls).map((group) => [group.control.id, rankOf(group, members)]),
  );
}

function rankOf({ control: { severity }, findings }: FindingGroup, members: Members): Rank {
  const own = new Set(findings.map(({ resource }) => members.of(resource)));
  const fixable = findings.filter(({ isFixable }) => isFixable).length;
  return rankRootCause(rootCauseOf([...own], { severity, fixable }));
}

/** What is known of the objects that findings are about, each looked at once. */
class Members {
  private readonly world: WorldView;
  private readonly known = new Map<string, CauseMember>();
  private readonly byRef = new WeakMap<ResourceRef, CauseMember>();
  /** Live pods and the like, by the key of their top owner, whose risk theirs can be worse than. */
  private owned: ReadonlyMap<string, readonly Resource[]> | undefined;

  constructor(world: WorldView) {
    this.world = world;
  }

  of(ref: ResourceRef): CauseMember {
    // Findings of one object share what names it.
    let found = this.byRef.get(ref);
    if (found === undefined) {
      found = this.byName(ref);
      this.byRef.set(ref, found);
    }
    return found;
  }

  private byName({ apiVersion, kind, namespace, name }: ResourceRef): CauseMember {
    const groupKind = groupKindOf(groupOf(apiVersion), kind);
    const key = `${groupKind}|${namespace}|${name}`;
    let member = this.known.get(key);
    if (member === undefined) {
      const resource = this.world.find(groupKind, namespace, name) ?? this.ownedBy(key)[0];
      const { environment, criticality } =
        resource === undefined ? NOTHING : ownershipOf(resource, this.world, DEFAULT_OWNERSHIP);
      member = {
        groupKind,
        namespace,
        name,
        risk: this.worstOf(key, resource),
        environment: environment?.value,
        criticality: criticality?.value,
      };
      this.known.set(key, member);
    }
    return member;
  }

  /** Of the object itself and of what it owns, as live pods can differ from their templates. */
  private worstOf(key: string, resource: Resource | undefined): WorkloadRisk | undefined {
    const own = resource === undefined || resource.workloads.length === 0 ? [] : [resource];
    const owned = this.ownedBy(key);
    let worst: KnownRisk | undefined;
    for (const each of [...own, ...owned]) {
      const risk = this.world.get(workloadRisk).weighing(each);
      // Its text is needed only where there are others.
      const known = { risk, text: owned.length === 0 ? '' : JSON.stringify(risk) };
      if (worst === undefined || isWorseRisk(known, worst)) worst = known;
    }
    return worst?.risk;
  }

  private ownedBy(key: string): readonly Resource[] {
    this.owned ??= ownedWorkloads(this.world);
    return this.owned.get(key) ?? [];
  }
}

const NOTHING: Partial<ReturnType<typeof ownershipOf>> = {};

function ownedWorkloads(world: WorldView): ReadonlyMap<string, readonly Resource[]> {
  const owned = new Map<string, Resource[]>();
  for (const resource of world.list(ANY_WORKLOAD)) {
    const owner = topOwner(world, resource);
    // What stands for pods of a controller that is not there is found by nothing but its key.
    if (owner === resource && !isStandIn({ kind: owner.groupKind, name: owner.name })) continue;
    const others = owned.get(owner.key);
    if (others === undefined) owned.set(owner.key, [resource]);
    else others.push(resource);
  }
  return owned;
}
