export { scopeOfLimits } from './access/scope-of-limits.ts';
export { setSetting, settingOf } from './access/settings.ts';
export * from './access/sign-in.ts';
export * from './access/tokens.ts';
export * from './access/users.ts';
export * from './access/views.ts';
export { isAway } from './away.ts';
export { backup, isEmptyDatabase, restore, UNFINISHED } from './backup/backup.ts';
export * from './builds/read.ts';
export * from './builds/record.ts';
export { forgetExceptions } from './forget-exceptions.ts';
export {
  HOUSE,
  holdLease,
  type Lease,
  type LeaseHolder,
  LeaseLost,
  type LeaseOptions,
  type LeaseState,
  leaseHolders,
} from './lease.ts';
export { listen } from './listen.ts';
export { isOfLaterVersion } from './migrations/migrate.ts';
export * from './notifications/channels.ts';
export * from './notifications/deliveries.ts';
export * from './notifications/failing.ts';
export {
  type Gathered,
  type GatheredCause,
  type GatheredChange,
  type GatheredEnd,
  type GatheredItem,
  MOST_LINKED,
  type Redundancy,
} from './notifications/gathered.ts';
export { type CoverageFault, type OperationsEvent, planOperations } from './notifications/operations.ts';
export { planDeliveries } from './notifications/plan.ts';
export type { Knows } from './notifications/reader.ts';
export * from './notifications/routes.ts';
export { dropUnusedBodies, ensurePartitions, retain } from './partitions.ts';
export { type EmbeddedOptions, type EmbeddedServer, startEmbedded } from './postgres/embedded.ts';
export { hasEmbedded, otherVersionsIn, runningEmbedded } from './postgres/running.ts';
export * from './read/audit-sources.ts';
export * from './read/bodies.ts';
export * from './read/changes.ts';
export * from './read/clocks.ts';
export * from './read/cluster-facts.ts';
export * from './read/compared-findings.ts';
export * from './read/compared-objects.ts';
export * from './read/covered-findings.ts';
export * from './read/decided-findings.ts';
export { type DeferredRecord, deferredFindings } from './read/deferred-findings.ts';
export {
  type ExceptionRecord,
  findException,
  type Looker,
  listExceptions,
  type RequestRecord,
  requestIdOf,
} from './read/exceptions.ts';
export { type CausedRecord, causingFindings, findingsAt } from './read/finding-causes.ts';
export type { Times } from './read/finding-columns.ts';
export { examplesOf } from './read/finding-examples.ts';
export {
  type FindingGroupRecord,
  groupFindings,
  type ListedGroupRecord,
  pageOfGroups,
} from './read/finding-groups.ts';
export * from './read/finding-keys.ts';
export { isOfDeferral } from './read/finding-triage.ts';
export * from './read/finding-versions.ts';
export {
  type FindingInterval,
  type FindingRecord,
  findFinding,
  findingHistory,
  listFindings,
} from './read/findings.ts';
export {
  findResource,
  listResources,
  objectsOf,
  type PodOfWorkload,
  podsByNode,
  podsOf,
  type ResourceRecord,
  type StoredObject,
} from './read/inventory.ts';
export { sharedKindNames } from './read/kinds.ts';
export {
  type LiveFinding,
  type LiveResource,
  liveFindings,
  liveResources,
  liveRisks,
  seenBefore,
} from './read/live.ts';
export { ofControls } from './read/matching-findings.ts';
export type { NamedFindings } from './read/named-findings.ts';
export * from './read/namespaces.ts';
export { ownerKey } from './read/owner.ts';
export type { ListRequest, Page } from './read/page.ts';
export * from './read/posture.ts';
export * from './read/references.ts';
export * from './read/requirements.ts';
export * from './read/risks.ts';
export { storedFindings, storedFindingsAfter } from './read/stored-findings.ts';
export { type StoredOwners, storedOwners } from './read/stored-owners.ts';
export { type TeamRecord, workloadsByOwner } from './read/teams.ts';
export { type ToldRecord, toldFindings } from './read/told-findings.ts';
export { stateOfTopics } from './read/topic-states.ts';
export { type AskedValues, valuesOf } from './read/values.ts';
export { listWorkloads, type WorkloadRecord } from './read/workloads.ts';
export { type Scope, scopeOf, within, withinNamespace } from './scope.ts';
export { databaseFault, openStore, type Store, type StoreOptions } from './store.ts';
export { triedWrite } from './tried-write.ts';
export { whyNotOpened } from './why-not-opened.ts';
export {
  isOfDatabase,
  isPassing,
  isRefused,
  type WriteFault,
  whyNothingIsTaken,
  whyNotWritten,
} from './why-not-written.ts';
export { announce, type Notice, type Topic } from './write/announce.ts';
export { applyBatch } from './write/apply.ts';
export { attributeChanges } from './write/attribute-changes.ts';
export * from './write/audit-events.ts';
export * from './write/clusters.ts';
export * from './write/decisions.ts';
export * from './write/exceptions.ts';
export * from './write/former-findings.ts';
export { type Link, lastWriteOf, WriteMissing, type Writer } from './write/last-write.ts';
export { maskStored } from './write/mask-stored.ts';
export { keepPastCounters } from './write/past-counters.ts';
export { digestOf } from './write/row-digest.ts';
export * from './write/rows.ts';
export * from './write/sight.ts';
