import type { Exception, ExceptionScope } from './exception.ts';
import { type JsonObject, objectAt } from './json.ts';
import { regionOf } from './origin.ts';
import type { Path } from './path.ts';
import type { Resource } from './resource.ts';

/** What to do with exceptions that stand in objects: take them, show them as asked for, or leave them unread. */
export type ObjectExceptions = 'accept' | 'request' | 'ignore';

/** How exceptions in objects are read. */
export interface AnnotationSettings {
  /** Our own annotations. */
  readonly annotations: ObjectExceptions;
  /** What was written for other tools. */
  readonly otherTools: ObjectExceptions;
  /** Ids of the controls that a name means: an id, an alias `tool:ID`, or `tool:*` for all of a tool's. */
  readonly controlsNamed: (name: string) => readonly string[];
}

/** What the annotations of an object except, and what of them cannot be read. */
export interface AnnotatedExceptions {
  readonly exceptions: readonly Exception[];
  readonly problems: readonly { readonly reason: string; readonly line: number; readonly column: number }[];
}

/** What a text says about an exception, before it is known whose object it is in. */
export interface Said {
  readonly controls: readonly string[];
  readonly reason: string;
  readonly owner?: string;
  readonly until?: string;
}

const PREFIX = 'bulwark.dev/except.';
const NONE: AnnotatedExceptions = { exceptions: [], problems: [] };

/**
 * The exceptions in the annotations of an object and of its pod templates. Each covers this object alone, however it
 * is worded.
 */
export function annotatedExceptions(resource: Resource, settings: AnnotationSettings): AnnotatedExceptions {
  const places: Path[] = [['metadata'], ...resource.workloads.map(({ path }) => [...path, 'metadata'])];
  const exceptions: Exception[] = [];
  const problems: AnnotatedExceptions['problems'][number][] = [];
  const seen = new Set<JsonObject>();
  for (const place of places) {
    const annotations = objectAt(resource.object, ...place, 'annotations');
    if (annotations === undefined || seen.has(annotations)) continue;
    seen.add(annotations);
    for (const [key, value] of Object.entries(annotations)) {
      const tool = toolOf(key);
      if (tool === undefined || typeof value !== 'string') continue;
      const wanted = tool === OWN ? settings.annotations : settings.otherTools;
      if (wanted === 'ignore') continue;
      const path = [...place, 'annotations', key];
      const said = tool.read(key, value, settings.controlsNamed);
      if (typeof said === 'string') problems.push({ reason: `${key}: ${said}`, ...placeOf(resource, path) });
      else
        for (const each of said)
          exceptions.push(exceptionIn(resource, each, { path, origin: tool.origin, wanted }));
    }
  }
  return exceptions.length + problems.length === 0 ? NONE : { exceptions, problems };
}

interface Written {
  readonly path: Path;
  readonly origin: Exception['origin'];
  readonly wanted: ObjectExceptions;
}

function exceptionIn(resource: Resource, said: Said, { path, origin, wanted }: Written): Exception {
  const { file, line } = placeOf(resource, path);
  return inObject(resource, said, {
    origin,
    source: file === undefined ? resource.key : `${file}:${line}`,
    wanted,
  });
}

/** An exception that covers one object alone. */
export function inObject(
  { kind, namespace, name, origin: from }: Resource,
  { controls, ...said }: Said,
  { origin, source, wanted }: Pick<Exception, 'origin' | 'source'> & { readonly wanted: ObjectExceptions },
): Exception {
  const file = from.kind === 'file' ? from.lines.file : undefined;
  const scope: ExceptionScope = { controls, object: { kind, namespace, name, file } };
  return { origin, source, scope, ...said, ...(wanted === 'request' && { isRequest: true }) };
}

function placeOf({ object, origin }: Resource, path: Path): { file?: string; line: number; column: number } {
  const region = regionOf(object, origin, path);
  const place = { line: region?.line ?? 1, column: region?.column ?? 1 };
  return origin.kind === 'file' ? { file: origin.lines.file, ...place } : place;
}

type ControlsNamed = AnnotationSettings['controlsNamed'];

interface Tool {
  readonly origin: Exception['origin'];
  /** What an annotation says, or why it cannot be read. */
  readonly read: (key: string, value: string, named: ControlsNamed) => readonly Said[] | string;
}

const OWN: Tool = {
  origin: 'annotation',
  read(key, value, named) {
    const id = key.slice(PREFIX.length);
    const controls = named(id);
    return controls.length === 0 ? `there is no control ${id}` : readText(value, controls);
  },
};

/** `kube-linter.io/ignore-all`, and `ignore-check.kube-linter.io/CHECK`, each with a reason. */
const KUBE_LINTER: Tool = {
  origin: 'tool:kube-linter',
  read: (key, value, named) => {
    const check = key.startsWith('ignore-check.') ? key.slice(key.indexOf('/') + 1) : '*';
    return saying(named(`kube-linter:${check}`), value, 'kube-linter');
  },
};

/** `checkov.io/skipN: CKV_K8S_20=reason`. */
const CHECKOV: Tool = {
  origin: 'tool:checkov',
  read: (_key, value, named) => {
    const at = value.indexOf('=');
    const check = (at < 0 ? value : value.slice(0, at)).trim();
    return saying(named(`checkov:${check}`), at < 0 ? '' : value.slice(at + 1), 'checkov');
  },
};

/** `polaris.fairwinds.com/exempt` and `polaris.fairwinds.com/CHECK-exempt`, set to true. */
const POLARIS: Tool = {
  origin: 'tool:polaris',
  read: (key, value, named) => {
    if (value !== 'true') return [];
    const check = /\/(?:(.+)-)?exempt$/.exec(key)?.[1] ?? '*';
    return saying(named(`polaris:${check}`), '', 'polaris');
  },
};

/** `kube-score/ignore: check,check`. */
const KUBE_SCORE: Tool = {
  origin: 'tool:kube-score',
  read: (_key, value, named) =>
    saying(
      value.split(',').flatMap((check) => named(`kube-score:${check.trim()}`)),
      '',
      'kube-score',
    ),
};

function toolOf(key: string): Tool | undefined {
  if (key.startsWith(PREFIX)) return OWN;
  if (key.startsWith('ignore-check.kube-linter.io/') || key === 'kube-linter.io/ignore-all')
    return KUBE_LINTER;
  if (/^checkov\.io\/skip\d*$/.test(key)) return CHECKOV;
  if (key.startsWith('polaris.fairwinds.com/') && key.endsWith('exempt')) return POLARIS;
  return key === 'kube-score/ignore' ? KUBE_SCORE : undefined;
}

/** What another tool's words mean here; nothing where no control stands for them. */
function saying(controls: readonly string[], reason: string, tool: string): readonly Said[] {
  if (controls.length === 0) return [];
  return [{ controls, reason: reason.trim() || `Ignored for ${tool}, without a reason.` }];
}

/**
 * Reads `reason; until=YYYY-MM-DD; owner=NAME`: the reason first and required, the rest in any order.
 *
 * @returns what is said, or why it cannot be read.
 */
function readText(text: string, controls: readonly string[]): readonly Said[] | string {
  const [reason = '', ...parts] = text.split(';').map((part) => part.trim());
  if (reason === '' || /^(until|owner)=/.test(reason)) return 'the reason is missing; it comes first';
  let said: Said = { controls, reason };
  for (const part of parts.filter((each) => each !== '')) {
    const [, key, value = ''] = /^(\w+) *= *(.*)$/.exec(part) ?? [];
    if (key === 'owner' && value !== '') said = { ...said, owner: value };
    else if (key === 'until' && isDay(value)) said = { ...said, until: value };
    else if (key === 'until') return `until=${value} is not a day such as 2027-01-31`;
    else return `"${part}" is neither until=YYYY-MM-DD nor owner=NAME`;
  }
  return [said];
}

/** Whether a text is a day of the calendar, as YYYY-MM-DD. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const [year = 0, month = 0, day = 0] = text.split('-').map(Number);
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
  return day >= 1 && day <= days;
}
