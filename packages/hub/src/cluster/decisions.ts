import {
  type AnnotationSettings,
  annotatedExceptions,
  type Exception,
  Exceptions,
  type Finding,
  isAtLeast,
  type Ownership,
  type OwnershipSettings,
  ownershipOf,
  type Resource,
  type Severity,
  type WorldView,
  withException,
} from '@bulwark/core';

/** What people have decided, and how what they write in objects is read. */
export interface DecisionSettings {
  /** Exceptions of the hub and of its configuration. */
  readonly exceptions: readonly Exception[];
  readonly annotations: AnnotationSettings;
  readonly ownership: OwnershipSettings;
}

/** A finding with what people have said about it and its object. */
export interface DecidedFinding {
  readonly finding: Finding;
  readonly ownership: Ownership;
}

/** Puts decisions to findings. What annotations say is read once for each version of an object. */
export class Decisions {
  private readonly settings: DecisionSettings;
  private readonly stored: Exceptions;
  private readonly annotated = new WeakMap<Resource, Exceptions | undefined>();

  constructor(settings: DecisionSettings) {
    this.settings = settings;
    this.stored = new Exceptions(settings.exceptions);
  }

  /**
   * @param subject what the finding is about; undefined where only its dependents are seen.
   * @param today YYYY-MM-DD.
   */
  decide(finding: Finding, subject: Resource | undefined, world: WorldView, today: string): DecidedFinding {
    const objects = subject && { found: subject, owner: subject };
    const covering = this.stored
      .covering(finding, objects)
      .map((exception) => asAsked(exception, finding.severity, exception.requestFrom));
    if (subject !== undefined) {
      const own = this.exceptionsIn(subject);
      if (own !== undefined)
        covering.push(
          ...own.covering(finding, objects).map((exception) => asAsked(exception, finding.severity, 'high')),
        );
    }
    return {
      finding: covering.length === 0 ? finding : withException(finding, covering, today),
      ownership: subject === undefined ? NOBODY : ownershipOf(subject, world, this.settings.ownership),
    };
  }

  private exceptionsIn(resource: Resource): Exceptions | undefined {
    if (this.annotated.has(resource)) return this.annotated.get(resource);
    const { exceptions } = annotatedExceptions(resource, this.settings.annotations);
    const found = exceptions.length === 0 ? undefined : new Exceptions(exceptions);
    this.annotated.set(resource, found);
    return found;
  }
}

/**
 * What is bad is not accepted by one person alone, be it whoever may write the object or whoever made an exception before
 * the finding was there: for such a finding it is a request, which somebody else decides.
 */
function asAsked(exception: Exception, severity: Severity, from: Severity | undefined): Exception {
  return from !== undefined && isAtLeast(severity, from) ? { ...exception, isRequest: true } : exception;
}

const NOBODY: Ownership = { contacts: [] };
