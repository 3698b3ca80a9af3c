import type { Actor, ChangeRecord, OtherActor, WorkloadRecord } from '@bulwark/store';
import { clusterOf, countsOf, iso, refOf, severityOf } from './convert.ts';

/** A workload as the API gives it. */
export function workloadItem(record: WorkloadRecord) {
  const worst = record.counts.findLastIndex((count) => count > 0);
  return {
    cluster: clusterOf(record),
    resource: refOf(record),
    owner: record.team,
    environment: record.environment,
    criticality: record.criticality,
    images: [...record.images],
    serviceAccount: record.serviceAccount,
    podImages: [...record.podImages],
    podAccounts: [...record.podAccounts],
    pods: record.pods,
    nodes: [...record.nodes],
    worst: worst < 0 ? null : severityOf(worst),
    findings: countsOf(record.counts),
    firstSeen: iso(record.firstSeen),
    changed: iso(record.changed),
  };
}

/** A change as the API gives it. */
export function changeItem(record: ChangeRecord) {
  const { id, at, verb, opened, resolved, actor } = record;
  return {
    id,
    cluster: clusterOf(record),
    at: iso(at),
    resource: refOf(record),
    verb,
    actor: actorItem(actor),
    opened,
    resolved,
  };
}

/** Who made a change, as the API gives it. */
export function actorItem(actor: Actor) {
  const { user, groups, impersonatedBy, address, userAgent, managers, auditId, isUncertain, others } = actor;
  return {
    user,
    groups: [...groups],
    impersonatedBy,
    address,
    userAgent,
    managers: [...managers],
    auditId: auditId ?? null,
    isUncertain: isUncertain ?? false,
    others: (others ?? []).map(otherItem),
  };
}

function otherItem({ user, groups, impersonatedBy, address, userAgent }: OtherActor) {
  return {
    user,
    groups: [...(groups ?? [])],
    impersonatedBy: impersonatedBy ?? null,
    address: address ?? null,
    userAgent: userAgent ?? null,
  };
}
