import {
  type AnnotationSettings,
  type Control,
  controlsNamed,
  type Exception,
  type ObjectExceptions,
  type OwnershipSettings,
  type Severity,
} from '@bulwark/core';
import { listExceptions, type Store } from '@bulwark/store';
import type { DecisionSettings } from './decisions.ts';
import { HUB_SOURCE } from './finding-row.ts';

/** What the configuration decides, as data that can go to another thread. */
export interface ConfiguredDecisions {
  readonly exceptions: readonly Exception[];
  readonly annotations: ObjectExceptions;
  readonly otherTools: ObjectExceptions;
  readonly ownership: OwnershipSettings;
  /** From which severity on a second person has to approve an exception of the hub; absent for never. */
  readonly approvalFrom?: Severity;
}

/** The decisions of the configuration and of the hub for a cluster; requests are shown with what they would cover. */
export async function decisionSettings(
  store: Store,
  cluster: number,
  { exceptions, annotations, otherTools, ownership, approvalFrom }: ConfiguredDecisions,
  controls: readonly Control[],
): Promise<DecisionSettings> {
  const records = await listExceptions(store);
  const own = records.flatMap((record): Exception[] => {
    if (record.state === 'revoked') return [];
    const { fingerprints, clusters, ...scope } = record.scope as {
      readonly fingerprints?: readonly string[];
      readonly clusters?: readonly number[];
    };
    if (clusters !== undefined && !clusters.includes(cluster)) return [];
    return [
      {
        origin: 'configuration',
        source: `${HUB_SOURCE}${record.id}`,
        scope: { ...scope, ...(fingerprints && { fingerprints: new Set(fingerprints) }) },
        reason: record.reason,
        ...(record.owner !== null && { owner: record.owner }),
        ...(record.until !== null && { until: record.until }),
        ...(record.approvedBy !== null && { approvedBy: record.approvedBy }),
        ...(record.approvedBy === null && approvalFrom !== undefined && { requestFrom: approvalFrom }),
        isRequest: record.state === 'requested',
      },
    ];
  });
  const named: AnnotationSettings['controlsNamed'] = (name) =>
    controlsNamed(name, controls).map(({ id }) => id);
  return {
    exceptions: [...exceptions, ...own],
    annotations: { annotations, otherTools, controlsNamed: named },
    ownership,
  };
}
