import { groupKindOf, groupOf, hash128 } from '@bulwark/core';
import type { FindingRow } from '@bulwark/store';
import { type DecidedFinding, storedDecision } from './decisions.ts';

/** A finding as it is stored. */
export function findingRowOf({ finding, ownership, asMade }: DecidedFinding): FindingRow {
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
    exception: finding.exception && storedDecision(finding.exception),
    requested: finding.requested && storedDecision(finding.requested),
    ...(asMade && { asMade }),
    team: ownership.owner?.value,
    environment: ownership.environment?.value,
    criticality: ownership.criticality?.value,
  };
  return { ...row, digest: hash128(JSON.stringify(row)) };
}
