import {
  type AnnotationSettings,
  type Control,
  controlsNamed,
  type Exception,
  type ExceptionScope,
  keptOwner,
  keptReason,
  type ObjectExceptions,
  type OwnershipSettings,
  type Severity,
} from '@bulwark/core';
import { type ExceptionRecord, listExceptions, type Store } from '@bulwark/store';
import { type DecisionSettings, HUB_SOURCE, type RequestAnswer, requestKey } from './decisions.ts';

/** What the configuration decides, as data that can go to another thread. */
export interface ConfiguredDecisions {
  readonly exceptions: readonly Exception[];
  readonly annotations: ObjectExceptions;
  readonly otherTools: ObjectExceptions;
  readonly ownership: OwnershipSettings;
  /** From which severity on a second person has to approve an exception of the hub; absent for never. */
  readonly approvalFrom?: Severity;
}

interface StoredScope {
  readonly fingerprints?: readonly string[];
  readonly clusters?: readonly number[];
}

/** The scope of an exception of the hub as findings of its clusters are judged by it. */
export function judgedScope(scope: ExceptionRecord['scope']): ExceptionScope {
  const { fingerprints, clusters: _clusters, ...rest } = scope as StoredScope;
  return { ...rest, ...(fingerprints && { fingerprints: new Set(fingerprints) }) };
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
    if (record.state === 'revoked' || record.request !== null) return [];
    const { clusters } = record.scope as StoredScope;
    if (clusters !== undefined && !clusters.includes(cluster)) return [];
    return [
      {
        origin: 'configuration',
        source: `${HUB_SOURCE}${record.id}`,
        scope: judgedScope(record.scope),
        reason: keptReason(record.reason),
        ...(record.owner !== null && { owner: keptOwner(record.owner) }),
        ...(record.until !== null && { until: record.until }),
        ...(record.approvedBy !== null && { approvedBy: record.approvedBy }),
        ...(record.approvedBy === null && approvalFrom !== undefined && { requestFrom: approvalFrom }),
        isRequest: record.state === 'requested',
      },
    ];
  });
  const answers = new Map(records.flatMap((record) => [...answerTo(record, cluster)]));
  const named: AnnotationSettings['controlsNamed'] = (name) =>
    controlsNamed(name, controls).map(({ id }) => id);
  return {
    exceptions: [...exceptions, ...own],
    annotations: { annotations, otherTools, controlsNamed: named },
    ownership,
    answers,
    // A rule that asks for a second person earlier holds for what is written in objects too.
    ...(approvalFrom === 'medium' && { requestFrom: approvalFrom }),
  };
}

function* answerTo(
  { id, request, state, reason, until, approvedBy, revokedBy, takenBackFrom }: ExceptionRecord,
  cluster: number,
): Generator<readonly [string, RequestAnswer]> {
  if (request === null || request.cluster !== cluster) return;
  const key = requestKey({ ...request, reason, until });
  if (state === 'requested') {
    if (takenBackFrom !== null) yield [key, { id, takenBackFrom }];
    return;
  }
  // Of old, nobody is written down who ended something.
  if (state === 'revoked') yield [key, { id, refusedBy: revokedBy ?? 'somebody' }];
  else yield [key, { id, approvedBy: approvedBy ?? 'somebody' }];
}
