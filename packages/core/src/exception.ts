import type { Finding } from './finding.ts';
import type { Resource } from './resource.ts';
import { fitsPatterns, inScope, type ResourceScope, type ScopeSubject } from './scope.ts';

/** What an exception covers; every part that is given has to fit. Texts may hold `*` for any characters. */
export interface ExceptionScope extends ResourceScope {
  /** Exactly this object, as what is written in it covers no other. */
  readonly object?: ScopeSubject;
  /** Ids of controls; absent for all. */
  readonly controls?: readonly string[];
  readonly containers?: readonly string[];
  /** Image references as written. */
  readonly images?: readonly string[];
  /** Single findings, as a baseline lists them. */
  readonly fingerprints?: ReadonlySet<string>;
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
  /** Asked for by a team and not granted: it is shown with the finding and hides nothing. */
  readonly isRequest?: boolean;
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

/** Exceptions, ready to be asked about many findings. Cost of a question: the exceptions for its control. */
export class Exceptions {
  private readonly byControl = new Map<string, Exception[]>();
  private readonly forAll: Exception[] = [];
  private readonly byFingerprint = new Map<string, Exception>();

  constructor(exceptions: Iterable<Exception>) {
    for (const exception of exceptions) {
      const { controls, fingerprints } = exception.scope;
      if (fingerprints !== undefined)
        for (const fingerprint of fingerprints) this.byFingerprint.set(fingerprint, exception);
      else if (controls === undefined) this.forAll.push(exception);
      else
        for (const control of controls) {
          const known = this.byControl.get(control);
          if (known === undefined) this.byControl.set(control, [exception]);
          else known.push(exception);
        }
    }
  }

  /**
   * Every exception whose scope covers a finding, expired ones and requests included, in the order they were given.
   *
   * @param resource what the finding is about; without it nothing that asks for labels or images covers the finding.
   */
  covering(finding: Finding, resource: Resource | undefined): Exception[] {
    const found = [...(this.byControl.get(finding.control) ?? []), ...this.forAll].filter(({ scope }) =>
      covers(scope, finding, resource),
    );
    const known = this.byFingerprint.get(finding.fingerprint);
    return known === undefined ? found : [...found, known];
  }
}

function covers(scope: ExceptionScope, finding: Finding, resource: Resource | undefined): boolean {
  return (
    (scope.object === undefined || isSameObject(scope.object, finding)) &&
    inScope(scope, { ...finding.resource, file: finding.file }, resource) &&
    fitsPatterns(scope.containers, finding.container) &&
    (scope.images === undefined || fitsPatterns(scope.images, imageOf(finding, resource)))
  );
}

function isSameObject(object: ScopeSubject, { resource, file }: Finding): boolean {
  return (
    object.kind === resource.kind &&
    object.namespace === resource.namespace &&
    object.name === resource.name &&
    object.file === file
  );
}

function imageOf({ container }: Finding, resource: Resource | undefined): string | undefined {
  if (container === undefined) return undefined;
  const found = resource?.workloads
    .flatMap(({ containers }) => containers)
    .find(({ name }) => name === container);
  const image = found?.spec['image'];
  return typeof image === 'string' ? image : undefined;
}

/** A finding with the exception that accepts it on a day: one that holds wins over one that does not. */
export function withException(finding: Finding, covering: readonly Exception[], today: string): Finding {
  const holding = covering.find((exception) => exception.isRequest !== true && !isExpired(exception, today));
  if (holding !== undefined) return { ...finding, exception: holding };
  const request = covering.find((exception) => exception.isRequest === true && !isExpired(exception, today));
  return request === undefined ? finding : { ...finding, requested: request };
}
