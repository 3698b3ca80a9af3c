import { type Exception, groupKindOf, groupOf, hash128 } from '@bulwark/core';
import type { FindingRow, StoredDecision } from '@bulwark/store';
import { type DecidedFinding, HUB_SOURCE } from './decisions.ts';

/** A finding as it is stored. */
export function findingRowOf({ finding, ownership }: DecidedFinding): FindingRow {
  const { apiVersion, kind, namespace, name } = finding.resource;
  const row: Omit<FindingRow, 'digest'> = {
    fingerprint: finding.fingerprint,
    control: finding.control,
    severity: finding.severity,
    kind: groupKindOf(groupOf(apiVersion), kind),
    apiVersion,
    namespace,
    name,
    container: finding.container,
    path: finding.path,
    message: finding.message,
    ...(finding.causes && { causes: finding.causes }),
    fixable: finding.isFixable,
    exception: finding.exception && decisionOf(finding.exception),
    requested: finding.requested && decisionOf(finding.requested),
    team: ownership.owner?.value,
    environment: ownership.environment?.value,
    criticality: ownership.criticality?.value,
  };
  return { ...row, digest: hash128(JSON.stringify(row)) };
}

function decisionOf(exception: Exception): StoredDecision {
  const { source, reason, owner, until, origin, annotation, approvedBy, refusedBy } = exception;
  const id = source.startsWith(HUB_SOURCE) ? Number(source.slice(HUB_SOURCE.length)) : null;
  const said = { id, reason, owner: owner ?? null, until: until ?? null };
  if (annotation === undefined) return { ...said, origin: id === null ? origin : 'hub' };
  return {
    ...said,
    origin,
    annotation,
    ...(approvedBy !== undefined && { approvedBy }),
    ...(refusedBy !== undefined && { refusedBy }),
  };
}
