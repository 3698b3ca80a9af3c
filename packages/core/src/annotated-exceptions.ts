import { type ControlsNamed, readerOf, type Said } from './annotated-exceptions-read.ts';
import type { Exception } from './exception.ts';
import { type Json, type JsonObject, objectAt } from './json.ts';
import { regionOf } from './origin.ts';
import type { Path } from './path.ts';
import { REDACTED, redactText } from './redaction.ts';
import type { Resource } from './resource.ts';

/** What to do with exceptions that stand in objects: take them, show them as asked for, or leave them unread. */
export type ObjectExceptions = 'accept' | 'request' | 'ignore';

/** How exceptions in objects are read. */
export interface AnnotationSettings {
  /** Our own annotations. */
  readonly annotations: ObjectExceptions;
  /** What was written for other tools. */
  readonly otherTools: ObjectExceptions;
  readonly controlsNamed: ControlsNamed;
}

/** What the annotations of an object except, and what of them cannot be read. */
export interface AnnotatedExceptions {
  readonly exceptions: readonly Exception[];
  readonly problems: readonly {
    /** The key of the annotation, with which the reason begins. */
    readonly annotation: string;
    readonly reason: string;
    readonly line: number;
    readonly column: number;
  }[];
  /** The keys of those whose text was left out when the object was stored: what they say is not known from it. */
  readonly redacted: readonly string[];
}

const NONE: AnnotatedExceptions = { exceptions: [], problems: [], redacted: [] };

/**
 * The exceptions in the annotations of an object, of its pod templates and of what is around these, such as the job of
 * a CronJob. Each covers this object alone, however it is worded.
 */
export function annotatedExceptions(resource: Resource, settings: AnnotationSettings): AnnotatedExceptions {
  const exceptions: Exception[] = [];
  const problems: AnnotatedExceptions['problems'][number][] = [];
  const redacted: string[] = [];
  const seen = new Set<JsonObject>();
  for (const place of placesOf(resource)) {
    const annotations = objectAt(resource.object, ...place);
    if (annotations === undefined || seen.has(annotations)) continue;
    seen.add(annotations);
    for (const [key, value] of Object.entries(annotations)) {
      const reader = readerOf(key);
      const wanted = reader?.origin === 'annotation' ? settings.annotations : settings.otherTools;
      if (reader === undefined || wanted === 'ignore') continue;
      if (value === REDACTED) redacted.push(key);
      const said = textOf(value, (text) => reader.read(key, text, settings.controlsNamed));
      const { file, ...position } = placeOf(resource, [...place, key]);
      if (typeof said === 'string')
        problems.push({ annotation: key, reason: `${key}: ${said}`, ...position });
      else {
        const source = file === undefined ? resource.key : `${file}:${position.line}`;
        exceptions.push(
          ...said.map((each) => ({
            ...inObject(resource, each, { origin: reader.origin, source, wanted }),
            annotation: key,
          })),
        );
      }
    }
  }
  return exceptions.length + problems.length === 0 ? NONE : { exceptions, problems, redacted };
}

/** What is read in the text of an annotation, or why it cannot be. */
function textOf<T>(value: Json | undefined, read: (text: string) => T): T | string {
  if (typeof value !== 'string') return 'its value is not a text; it has to be quoted';
  return value === REDACTED ? `its text is not there: ${REDACTED} stands for it` : read(value);
}

/** Where annotations can stand: in the object, and in whatever has metadata on the way to a pod template. */
function placesOf({ workloads }: Resource): Path[] {
  const above = workloads.flatMap(({ path }) => path.map((_part, depth) => path.slice(0, depth + 1)));
  return [[], ...above].map((path) => [...path, 'metadata', 'annotations']);
}

/** The longest reason and owner, in characters, in the hub and in objects: lists of exceptions hold each of them. */
export const LONGEST_REASON = 2000;
export const LONGEST_OWNER = 200;
/** What a text ends with that was longer. */
export const IS_CUT = '… [cut]';

/** A reason as it is kept and shown, also one that an earlier version stored: without secrets, and no longer than it may be. */
export function keptReason(reason: string): string {
  return kept(reason, LONGEST_REASON);
}

/** The same of an owner. */
export function keptOwner(owner: string): string {
  return kept(owner, LONGEST_OWNER);
}

/** Secrets first: half of one is known by no form. */
function kept(text: string, longest: number): string {
  const shown = redactText(text);
  if (shown.length <= longest) return shown;
  const characters = Array.from(shown);
  if (characters.length <= longest) return shown;
  return `${characters
    .slice(0, longest - IS_CUT.length)
    .join('')
    .trimEnd()}${IS_CUT}`;
}

/** An exception that covers one object alone; without secrets, as it goes where the object does not: into reports and lists. */
export function inObject(
  object: Resource,
  { controls, reason, owner, until }: Said,
  { origin, source, wanted }: Pick<Exception, 'origin' | 'source'> & { readonly wanted: ObjectExceptions },
): Exception {
  return {
    origin,
    source,
    scope: { controls, object },
    reason: keptReason(reason),
    ...(owner !== undefined && { owner: keptOwner(owner) }),
    ...(until !== undefined && { until }),
    ...(wanted === 'request' && { isRequest: true }),
  };
}

function placeOf({ object, origin }: Resource, path: Path): { file?: string; line: number; column: number } {
  const region = regionOf(object, origin, path);
  const place = { line: region?.line ?? 1, column: region?.column ?? 1 };
  return origin.kind === 'file' ? { file: origin.lines.file, ...place } : place;
}
