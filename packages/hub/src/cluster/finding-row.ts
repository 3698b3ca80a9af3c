import { formerFingerprint, groupKindOf, groupOf, hash128, truncatedSha256 } from '@bulwark/core';
import type { FindingRow, FormerFinding } from '@bulwark/store';
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
  const { restsOn } = finding;
  // Of what is stored already nothing is known of that: it makes no new version.
  return { ...row, digest: truncatedSha256(JSON.stringify(row)), ...(restsOn && { restsOn }) };
}

/** The same as it may be stored by an earlier version of Bulwark. */
export function formerFindingOf(decided: DecidedFinding): FormerFinding {
  const row = findingRowOf(decided);
  const { digest: _digest, restsOn: _restsOn, ...rest } = row;
  const former = formerFingerprint(decided.finding);
  return { ...row, former, formerDigest: hash128(JSON.stringify({ ...rest, fingerprint: former })) };
}
