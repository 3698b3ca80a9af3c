import type { Severity } from './control.ts';
import type { Finding } from './finding.ts';
import { formatPath } from './path.ts';
import { namespaceOf, type Resource } from './resource.ts';
import { fitsPatterns, inScope, type ResourceScope } from './scope.ts';

/**
 * What an exception covers; every part that is given has to fit. Texts may hold `*` for any characters. Patterns of namespaces stand
 * for namespaces alone: what lies in none is covered where none are given, or by the empty name.
 */
export interface ExceptionScope extends ResourceScope {
  /** This very object, as what is written in it covers no other, not even one of the same name. */
  readonly object?: Resource;
  /** Ids of controls; absent for all. */
  readonly controls?: readonly string[];
  readonly containers?: readonly string[];
  /** Image references as written. */
  readonly images?: readonly string[];
  /** Findings by their fingerprints. */
  readonly fingerprints?: ReadonlySet<string>;
  /**
   * Of each fingerprint the files in which a baseline lists it, one for each finding; see `beyondListed`. Without them every
   * finding that has one of the fingerprints is meant.
   */
  readonly listed?: ReadonlyMap<string, readonly string[]>;
  /** Which of the fingerprints are of version 1, with what else is known of each finding: they alone cover nothing. */
  readonly former?: ReadonlyMap<string, FormerlyNamed>;
}

/** What is known of a finding that is named by its fingerprint of version 1, which another finding can be made to have. */
export interface FormerlyNamed {
  readonly control?: string | undefined;
  readonly kind?: string | undefined;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
}

/** Who said it: the configuration, an annotation of ours, a baseline, or another tool's annotation or comment. */
export type ExceptionOrigin = 'configuration' | 'annotation' | 'baseline' | `tool:${string}`;

/** A decision to accept findings: with a reason, and mostly with an owner and an end. */
export interface Exception {
  readonly origin: ExceptionOrigin;
  /** Where it is written, as file and line. */
  readonly source: string;
  readonly scope: ExceptionScope;
  readonly reason: string;
  readonly owner?: string;
  /** The last day on which it holds, as YYYY-MM-DD. */
  readonly until?: string;
  readonly approvedBy?: string;
  /** The key of the annotation that says it, where one does. */
  readonly annotation?: string;
  /** Who has refused what was asked for; it stays a request that hides nothing. */
  readonly refusedBy?: string;
  /** Who had approved what is asked for, until it was known that they had asked for it. */
  readonly takenBackFrom?: string;
  /** Asked for by a team and not granted: it is shown with the finding and hides nothing. */
  readonly isRequest?: boolean;
  /** How bad a finding has to be for the exception to be no more than a request for it; absent for never. */
  readonly requestFrom?: Severity;
}

/** Whether an exception has run out on a day, both as YYYY-MM-DD. */
export function isExpired({ until }: Exception, today: string): boolean {
  return until !== undefined && until < today;
}

/** An exception and every finding that it covers, whether it holds or has run out. */
export interface ExceptionUse {
  readonly exception: Exception;
  readonly findings: readonly Finding[];
}

/** What of a finding says whether an exception covers it. */
export type Coverable = Pick<Finding, 'control' | 'fingerprint' | 'resource' | 'container' | 'path' | 'file'>;

/** The objects that a finding is about: the one it was found in, and the top owner that has to change; mostly one. */
export interface FindingObjects {
  readonly found: Resource;
  readonly owner: Resource;
}

/**
 * Exceptions, ready to be asked about many findings. Cost of a question: the exceptions for its control that are in no
 * object, and those in its own object.
 */
export class Exceptions {
  private readonly byControl = new Map<string, Exception[]>();
  private readonly forAll: Exception[] = [];
  private readonly byObject = new Map<Resource, Exception[]>();
  private readonly byFingerprint = new Map<string, Exception[]>();

  constructor(exceptions: Iterable<Exception>) {
    for (const exception of exceptions) {
      const { object, controls, fingerprints } = exception.scope;
      if (object !== undefined) addTo(this.byObject, object, exception);
      else if (fingerprints !== undefined)
        for (const fingerprint of fingerprints) addTo(this.byFingerprint, fingerprint, exception);
      else if (controls === undefined) this.forAll.push(exception);
      // Two names of one control make it no second exception.
      else for (const control of new Set(controls)) addTo(this.byControl, control, exception);
    }
  }

  /**
   * Every exception whose scope covers a finding, expired ones and requests included: first those for its control, then
   * those for all, those in its object, and those that name the finding itself.
   *
   * @param objects what the finding is about; without them nothing that asks for an object, labels or images covers it.
   */
  covering(finding: Coverable, objects: FindingObjects | undefined): Exception[] {
    const found: Exception[] = [];
    for (const candidates of [
      this.byControl.get(finding.control),
      this.forAll,
      ...saying(objects).map((object) => this.byObject.get(object)),
      this.byFingerprint.get(finding.fingerprint),
    ])
      for (const exception of candidates ?? [])
        if (covers(exception.scope, finding, objects)) found.push(exception);
    return found;
  }
}

/**
 * Of findings those that are more than a baseline lists: a copy of an object in another file has the same fingerprints. Known
 * are first those in the files that are listed, and then as many others as places are left, since files move.
 */
export function beyondListed(
  findings: readonly Finding[],
  listed: ReadonlyMap<string, readonly string[]>,
): ReadonlySet<Finding> {
  const found = new Map<string, Finding[]>();
  for (const finding of findings)
    if (listed.has(finding.fingerprint)) {
      const same = found.get(finding.fingerprint);
      if (same === undefined) found.set(finding.fingerprint, [finding]);
      else same.push(finding);
    }
  const beyond = new Set<Finding>();
  for (const [fingerprint, same] of found) {
    const files = listed.get(fingerprint) ?? [];
    if (same.length <= files.length) continue;
    const places = [...files];
    const elsewhere = same.filter(({ file = '' }) => {
      const place = places.indexOf(file);
      if (place >= 0) places.splice(place, 1);
      return place < 0;
    });
    for (const finding of elsewhere.slice(places.length)) beyond.add(finding);
  }
  return beyond;
}

function addTo<Key>(map: Map<Key, Exception[]>, key: Key, exception: Exception): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [exception]);
  else known.push(exception);
}

function covers(scope: ExceptionScope, finding: Coverable, objects: FindingObjects | undefined): boolean {
  return (
    (scope.object === undefined || saying(objects).includes(scope.object)) &&
    (scope.controls === undefined || scope.controls.includes(finding.control)) &&
    (scope.fingerprints === undefined || scope.fingerprints.has(finding.fingerprint)) &&
    isInScope(scope, finding, objects) &&
    fitsPatterns(scope.containers, finding.container) &&
    (scope.images === undefined || hasImage(scope.images, finding, objects?.found))
  );
}

/** An object without what only its pods say of themselves: one of them has no labels for the others. */
function asItself(owner: Resource): Resource {
  return owner.seenInPods === undefined ? owner : { ...owner, workloads: [] };
}

/** The objects in which an exception of a finding can stand: its owner, and the pods where these alone tell what that runs. */
function saying(objects: FindingObjects | undefined): readonly Resource[] {
  if (objects === undefined) return [];
  const { owner, found } = objects;
  return owner.seenInPods !== undefined && found !== owner ? [owner, found] : [owner];
}

/** Labels may be those of the owner or of what the finding was found in. */
function isInScope(scope: ExceptionScope, finding: Coverable, objects: FindingObjects | undefined): boolean {
  const subject = { ...finding.resource, file: finding.file };
  if (namespaceOf(subject) === '' && scope.namespaces?.includes('') === false) return false;
  if (inScope(scope, subject, objects && asItself(objects.owner))) return true;
  return objects !== undefined && objects.found !== objects.owner && inScope(scope, subject, objects.found);
}

/** Whether the container that a finding lies in has one of several images. Of doubles all have to. */
function hasImage(images: readonly string[], finding: Coverable, found: Resource | undefined): boolean {
  if (found === undefined || finding.container === undefined) return false;
  const candidates = found.workloads
    .flatMap(({ containers }) => containers)
    // Several templates of one object may each have a container of the same name.
    .filter(
      ({ name, path }) =>
        name === finding.container && finding.path.startsWith(formatPath(found.object, path)),
    );
  return (
    candidates.length > 0 &&
    candidates.every(({ spec: { image } }) => typeof image === 'string' && fitsPatterns(images, image))
  );
}

/**
 * A finding with the exception that accepts it on a day: one that holds wins over one that does not, and a request that waits
 * over one that was refused.
 */
export function withException(finding: Finding, covering: readonly Exception[], today: string): Finding {
  const current = covering.filter((exception) => !isExpired(exception, today));
  const holding = current.find(({ isRequest }) => isRequest !== true);
  if (holding !== undefined) return { ...finding, exception: holding };
  const request = current.find(({ refusedBy }) => refusedBy === undefined) ?? current[0];
  return request === undefined ? finding : { ...finding, requested: request };
}
