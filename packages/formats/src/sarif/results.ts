import { type Exception, type Finding, formerFingerprint, type Rank } from '@bulwark/core';
import { LEVELS, type Level } from './level.ts';
import { type ArtifactLocation, artifactLocation } from './uri.ts';

/** Where something is (SARIF 2.1.0, 3.28). */
export interface Location {
  readonly physicalLocation?: {
    readonly artifactLocation: ArtifactLocation;
    readonly region?: Region;
  };
  readonly logicalLocations?: readonly LogicalLocation[];
}

/** Lines and columns count from 1, columns in UTF-16 units, the end column is that of the character behind. */
interface Region {
  readonly startLine: number;
  readonly startColumn?: number;
  readonly endLine?: number;
  readonly endColumn?: number;
}

interface LogicalLocation {
  readonly name: string;
  readonly fullyQualifiedName: string;
  readonly kind: 'resource' | 'container' | 'property';
}

interface Suppression {
  readonly kind: 'external';
  readonly status: 'accepted' | 'underReview';
  readonly justification: string;
  readonly properties: Readonly<Record<string, string | undefined>>;
}

/** A result (SARIF 2.1.0, 3.27). Its categories follow from its rule, which names them once. */
interface Result {
  readonly ruleId: string;
  readonly ruleIndex?: number;
  readonly level: Level;
  /** From 0 to 100 (3.27.25). */
  readonly rank?: number;
  readonly message: { readonly text: string };
  readonly locations: readonly Location[];
  /** Whoever compares two runs takes the last version that both have (3.27.17); `v1` is for runs of before. */
  readonly partialFingerprints: {
    readonly 'bulwarkFingerprint/v1': string;
    readonly 'bulwarkFingerprint/v2': string;
  };
  readonly suppressions?: readonly Suppression[];
  readonly properties: Readonly<Record<string, unknown>>;
}

/** How results are made in a run. */
export interface ResultOptions {
  /** Of root causes, by control. */
  readonly ranks?: ReadonlyMap<string, Rank> | undefined;
  readonly ruleIndexes: ReadonlyMap<string, number>;
  /** Where one result of a run has suppressions, all must say whether they have (3.27.23). */
  readonly hasSuppressions: boolean;
}

/** A finding as a result. */
export function resultOf(finding: Finding, { ruleIndexes, hasSuppressions, ranks }: ResultOptions): Result {
  const { control, severity, message, fingerprint, isFixable } = finding;
  const ruleIndex = ruleIndexes.get(control);
  const points = ranks?.get(control)?.points;
  return {
    ruleId: control,
    ...(ruleIndex !== undefined && { ruleIndex }),
    level: LEVELS[severity],
    ...(points !== undefined && { rank: Math.min(100, Math.max(0, points)) }),
    message: { text: withoutLinks(message) },
    locations: [{ ...physicalLocation(finding), logicalLocations: logicalLocations(finding) }],
    partialFingerprints: {
      'bulwarkFingerprint/v1': formerFingerprint(finding),
      'bulwarkFingerprint/v2': fingerprint,
    },
    ...(hasSuppressions && { suppressions: suppressionsOf(finding) }),
    properties: { severity, isFixable },
  };
}

/** `[text](address)` in a message is a link to viewers (3.11.6); a name must not become one. */
export function withoutLinks(text: string): string {
  return text.replaceAll('](', '] (');
}

function physicalLocation({ file, region }: Finding): Pick<Location, 'physicalLocation'> {
  if (file === undefined) return {};
  return {
    physicalLocation: {
      artifactLocation: artifactLocation(file),
      ...(region !== undefined && { region: regionOf(region) }),
    },
  };
}

/** In rendered text an end may stand before its start, because it comes from another line of the template. */
function regionOf({ line, column, endLine, endColumn }: NonNullable<Finding['region']>): Region {
  const start = { startLine: line, startColumn: column };
  const isForward = endLine > line || (endLine === line && endColumn >= column);
  return isForward ? { ...start, endLine, endColumn } : start;
}

function logicalLocations({ resource, container, path }: Finding): LogicalLocation[] {
  const { apiVersion, kind, namespace, name } = resource;
  const object = [apiVersion, kind, namespace, name].filter((part) => part !== '').join('/');
  const locations: LogicalLocation[] = [
    { name: `${kind}/${name}`, fullyQualifiedName: object, kind: 'resource' },
  ];
  if (container !== undefined)
    locations.push({ name: container, fullyQualifiedName: `${object}/${container}`, kind: 'container' });
  locations.push({ name: path, fullyQualifiedName: `${object}#${path}`, kind: 'property' });
  return locations;
}

function suppressionsOf({ exception, requested }: Finding): Suppression[] {
  return [
    ...(exception === undefined ? [] : [suppression(exception, 'accepted')]),
    ...(requested === undefined ? [] : [suppression(requested, 'underReview')]),
  ];
}

function suppression(exception: Exception, status: Suppression['status']): Suppression {
  const { reason, origin, source, owner, until, approvedBy } = exception;
  return {
    kind: 'external',
    status,
    justification: withoutLinks(reason),
    properties: { origin, source, owner, until, approvedBy },
  };
}
