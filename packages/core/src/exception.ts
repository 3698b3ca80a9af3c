import type { Finding } from './finding.ts';
import { isObject } from './json.ts';
import { labelsOf, type Labels } from './world.ts';
import type { Resource } from './resource.ts';

/** What an exception covers; every part that is given has to fit. Texts may hold `*` for any characters. */
export interface ExceptionScope {
  /** Ids of controls; absent for all. */
  readonly controls?: readonly string[];
  readonly namespaces?: readonly string[];
  readonly kinds?: readonly string[];
  readonly names?: readonly string[];
  /** Labels of the object or of its pods, all of them. */
  readonly labels?: Labels;
  readonly containers?: readonly string[];
  /** Image references as written. */
  readonly images?: readonly string[];
  /** Files, from where the scan was started. */
  readonly paths?: readonly string[];
  /** Lines of the one file in `paths`, for what a comment covers. */
  readonly lines?: { readonly from: number; readonly to: number };
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

const PATTERNS = new Map<string, RegExp>();

/** Whether a text fits a pattern in which `*` stands for any characters, none included. */
export function matchesPattern(pattern: string, text: string): boolean {
  if (!pattern.includes('*')) return pattern === text;
  let expression = PATTERNS.get(pattern);
  if (expression === undefined) {
    // Runs of stars are one, so that no pattern makes the search explode.
    const parts = pattern.split(/\*+/).map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
    expression = new RegExp(`^${parts.join('[^]*')}$`, 'u');
    PATTERNS.set(pattern, expression);
  }
  return expression.test(text);
}

function fits(patterns: readonly string[] | undefined, text: string | undefined): boolean {
  return (
    patterns === undefined ||
    (text !== undefined && patterns.some((pattern) => matchesPattern(pattern, text)))
  );
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
  const { namespace, kind, name } = finding.resource;
  return (
    fits(scope.namespaces, kind === 'Namespace' ? name : namespace) &&
    fits(scope.kinds, kind) &&
    fits(scope.names, name) &&
    fits(scope.containers, finding.container) &&
    fits(scope.paths, finding.file) &&
    coversLines(scope.lines, finding) &&
    (scope.labels === undefined || hasLabels(scope.labels, resource)) &&
    (scope.images === undefined || fits(scope.images, imageOf(finding, resource)))
  );
}

function coversLines(lines: ExceptionScope['lines'], { region }: Finding): boolean {
  if (lines === undefined) return true;
  return region !== undefined && region.line >= lines.from && region.line <= lines.to;
}

function hasLabels(wanted: Labels, resource: Resource | undefined): boolean {
  if (resource === undefined) return false;
  const { metadata } = resource.object;
  const own = labelsOf(isObject(metadata) ? metadata : undefined);
  const pods = resource.workloads.map((workload) => labelsOf(workload.metadata));
  return [own, ...pods].some((labels) =>
    Object.entries(wanted).every(
      ([key, pattern]) => labels[key] !== undefined && matchesPattern(pattern, labels[key]),
    ),
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
