import { isDeepStrictEqual } from 'node:util';
import {
  type AnnotationSettings,
  annotatedExceptions,
  type Exception,
  Exceptions,
  type Finding,
  groupKindOf,
  groupOf,
  isAtLeast,
  keptReason,
  type Ownership,
  type OwnershipSettings,
  originOfAnnotation,
  ownershipOf,
  REDACTED,
  type Resource,
  type Severity,
  storableText,
  type WorldView,
  withException,
} from '@bulwark/core';
import type { FindingRow, StoredDecision } from '@bulwark/store';
import type { Unread } from './unread-exceptions.ts';

/** The source of what has a number in the hub: `hub:7`. */
export const HUB_SOURCE = 'hub:';

/** What people have decided, and how what they write in objects is read. */
export interface DecisionSettings {
  /** Exceptions of the hub and of its configuration. */
  readonly exceptions: readonly Exception[];
  readonly annotations: AnnotationSettings;
  readonly ownership: OwnershipSettings;
  /** How bad a finding has to be for what stands in an object to be no more than a request; `high` where it is not said. */
  readonly requestFrom?: Severity;
  /** What people have answered to requests in objects, by `requestKey`. */
  readonly answers?: ReadonlyMap<string, RequestAnswer>;
}

/** An answer to a request, and who gave it: exactly one of the three is there. */
export interface RequestAnswer {
  /** Number of the request. */
  readonly id: number;
  readonly approvedBy?: string;
  readonly refusedBy?: string;
  /** Whose approval was taken back, so that it is asked for again. */
  readonly takenBackFrom?: string;
}

/** What is asked for: whoever answers, answers this, and nothing that is asked for later. */
export interface AskedFor {
  /** Kind with its API group. */
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly control: string;
  readonly reason: string;
  /** Null where it has no end. */
  readonly until: string | null;
}

/** Tells requests in the objects of a cluster apart. */
export function requestKey({ kind, namespace, name, control, reason, until }: AskedFor): string {
  // As it comes back from the database, where an earlier version may have written it, too.
  return JSON.stringify([kind, namespace, name, control, storableText(keptReason(reason)), until]);
}

/** A finding with what people have said about it and its object. */
export interface DecidedFinding {
  readonly finding: Finding;
  readonly ownership: Ownership;
  /** As it is stored with the finding. */
  readonly asMade?: FindingRow['asMade'];
}

/** Where and when a finding is decided. */
export interface DecisionContext {
  readonly world: WorldView;
  /** YYYY-MM-DD. */
  readonly today: string;
  /** What was decided of the finding before, and holds whatever its object says by now, for as long as it does not end. */
  readonly before?: readonly StoredDecision[];
}

/** What the annotations of an object except, and what of them cannot be read, but for those whose text is not there. */
interface Annotated {
  readonly own?: Exceptions;
  readonly unread: readonly Unread[];
}

/** Puts decisions to findings. What annotations say is read once for each version of an object. */
export class Decisions {
  private readonly settings: DecisionSettings;
  private readonly stored: Exceptions;
  private ofAnyLook: Exceptions | undefined;
  private readonly annotated = new WeakMap<Resource, Annotated>();

  constructor(settings: DecisionSettings) {
    this.settings = settings;
    this.stored = new Exceptions(settings.exceptions);
  }

  /** @param subject what the finding is about; undefined where only its dependents are seen. */
  decide(finding: Finding, subject: Resource | undefined, context: DecisionContext): DecidedFinding {
    const { world, today, before = [] } = context;
    const objects = subject && { found: subject, owner: subject };
    const { own } = subject === undefined ? NOTHING_SAID : this.annotationsOf(subject);
    const covering = [
      ...this.stored.covering(finding, objects).map((exception) => asAsked(exception, finding)),
      ...(own?.covering(finding, objects) ?? []).map((exception) => this.asWritten(exception, finding)),
      ...before.flatMap((each) => this.restored(each, finding)),
    ];
    return {
      finding: covering.length === 0 ? finding : withException(finding, covering, today),
      ownership: subject === undefined ? NOBODY : ownershipOf(subject, world, this.settings.ownership),
    };
  }

  /** What the annotations of an object should except and cannot be read, but for those whose text is not stored. */
  unreadIn(resource: Resource): readonly Unread[] {
    return this.annotationsOf(resource).unread;
  }

  /** A decision as it is by now: one that was made elsewhere than in the object is there still, or has ended, whatever it looks like. */
  private restored(decision: StoredDecision, finding: Finding): Exception[] {
    if (decision.annotation !== undefined)
      return this.asStored(decision, finding).map((exception) => this.asWritten(exception, finding));
    this.ofAnyLook ??= new Exceptions(this.settings.exceptions.map(withoutLook));
    return this.ofAnyLook
      .covering(finding, undefined)
      .filter((exception) => isDeepStrictEqual(storedDecision(exception), decision))
      .map((exception) => asAsked(exception, finding));
  }

  /** What stands in an object, as far as whoever may write it decides by it alone. */
  private asWritten(exception: Exception, finding: Finding): Exception {
    const { requestFrom = 'high' } = this.settings;
    return this.answered(asAsked(exception, finding, requestFrom), finding);
  }

  /** A request as somebody has answered it; a text that is not the one that was answered asks again. */
  private answered(exception: Exception, { control, resource }: Finding): Exception {
    const { answers } = this.settings;
    if (exception.isRequest !== true || answers === undefined) return exception;
    const { reason, until = null } = exception;
    const { apiVersion, kind, namespace, name } = resource;
    const groupKind = groupKindOf(groupOf(apiVersion), kind);
    const answer = answers.get(requestKey({ kind: groupKind, namespace, name, control, reason, until }));
    if (answer === undefined) return exception;
    const { id, approvedBy, refusedBy, takenBackFrom } = answer;
    const source = `${HUB_SOURCE}${id}`;
    if (approvedBy === undefined)
      return {
        ...exception,
        source,
        ...(refusedBy && { refusedBy }),
        ...(takenBackFrom && { takenBackFrom }),
      };
    return { ...exception, source, isRequest: false, approvedBy };
  }

  /**
   * What an annotation said when it was read: it may not stand there any more, and its text is not stored where the name of its
   * control sounds like that of a credential, or where it holds one.
   */
  private asStored(decision: StoredDecision, { control }: Finding): Exception[] {
    const { annotation = '', reason, owner, until } = decision;
    const { annotations, otherTools } = this.settings.annotations;
    const origin = originOfAnnotation(annotation);
    const wanted = origin === 'annotation' ? annotations : otherTools;
    // Of old, the text that stands for the one that is not stored was taken for the reason.
    if (origin === undefined || wanted === 'ignore' || reason === REDACTED) return [];
    return [
      {
        origin,
        source: '',
        scope: { controls: [control] },
        reason,
        ...(owner !== null && { owner }),
        ...(until !== null && { until }),
        annotation,
        ...(wanted === 'request' && { isRequest: true }),
      },
    ];
  }

  private annotationsOf(resource: Resource): Annotated {
    const known = this.annotated.get(resource);
    if (known !== undefined) return known;
    const { exceptions, problems, redacted } = annotatedExceptions(resource, this.settings.annotations);
    const unread = problems.filter(({ annotation }) => !redacted.includes(annotation));
    const found =
      exceptions.length + unread.length === 0
        ? NOTHING_SAID
        : { ...(exceptions.length > 0 && { own: new Exceptions(exceptions) }), unread };
    this.annotated.set(resource, found);
    return found;
  }
}

/**
 * What is bad is not accepted by one person alone, be it whoever may write the object or whoever made an exception before
 * the finding was there: for such a finding it is a request, which somebody else decides.
 */
function asAsked(exception: Exception, { severity }: Finding, from = exception.requestFrom): Exception {
  return from !== undefined && isAtLeast(severity, from) ? { ...exception, isRequest: true } : exception;
}

/** An exception that asks for no labels and no images. */
function withoutLook(exception: Exception): Exception {
  const { labels: _labels, images: _images, ...scope } = exception.scope;
  return { ...exception, scope };
}

/** An exception as it is stored with the finding that it covers. */
export function storedDecision(exception: Exception): StoredDecision {
  const { source, reason, owner, until, origin, annotation, approvedBy, refusedBy, takenBackFrom } =
    exception;
  const id = source.startsWith(HUB_SOURCE) ? Number(source.slice(HUB_SOURCE.length)) : null;
  const said = { id, reason, owner: owner ?? null, until: until ?? null };
  if (annotation === undefined) return { ...said, origin: id === null ? origin : 'hub' };
  return {
    ...said,
    origin,
    annotation,
    ...(approvedBy !== undefined && { approvedBy }),
    ...(refusedBy !== undefined && { refusedBy }),
    ...(takenBackFrom !== undefined && { takenBackFrom }),
  };
}

const NOBODY: Ownership = { contacts: [] };
const NOTHING_SAID: Annotated = { unread: [] };
