import type { Exception } from './exception.ts';
import { EXCEPT, originOfAnnotation } from './exception-annotations.ts';
import { isDay } from './exception-day.ts';
import { redactText } from './redaction.ts';
import { seenText } from './seen-text.ts';

/** What a text says about an exception, before it is known whose object it is in. */
export interface Said {
  readonly controls: readonly string[];
  readonly reason: string;
  readonly owner?: string;
  readonly until?: string;
}

/** Ids of the controls that a name means: an id, an alias `tool:ID`, or `tool:*` for all of a tool's. */
export type ControlsNamed = (name: string) => readonly string[];

/** Reads the annotations of one tool. */
interface AnnotationReader {
  readonly origin: Exception['origin'];
  /** What an annotation says, or why it cannot be read. */
  readonly read: (key: string, value: string, named: ControlsNamed) => readonly Said[] | string;
}

/** `bulwark.dev/except.CONTROL: "reason; until=YYYY-MM-DD; owner=NAME"`. */
const OWN: AnnotationReader = {
  origin: 'annotation',
  read(key, value, named) {
    if (!key.startsWith(EXCEPT)) return `an exception is written ${EXCEPT}CONTROL`;
    const id = key.slice(EXCEPT.length);
    const controls = single(named, id);
    return controls.length === 0 ? `there is no control ${id}` : readText(value, controls);
  },
};

/** `kube-linter.io/ignore-all`, and `ignore-check.kube-linter.io/CHECK`, each with a reason. */
const KUBE_LINTER: AnnotationReader = {
  origin: 'tool:kube-linter',
  read(key, value, named) {
    const check = /^ignore-check\.kube-linter\.io\/(.*)$/.exec(key)?.[1];
    const controls = check === undefined ? named('kube-linter:*') : single(named, `kube-linter:${check}`);
    return saying(controls, value, 'kube-linter');
  },
};

/** `checkov.io/skipN: CKV_K8S_20=reason`, under both names of the tool. */
const CHECKOV: AnnotationReader = {
  origin: 'tool:checkov',
  read(_key, value, named) {
    const at = value.indexOf('=');
    const check = (at < 0 ? value : value.slice(0, at)).trim();
    return saying(single(named, `checkov:${check}`), at < 0 ? '' : value.slice(at + 1), 'checkov');
  },
};

/** `polaris.fairwinds.com/exempt` and `polaris.fairwinds.com/CHECK-exempt`, set to true. */
const POLARIS: AnnotationReader = {
  origin: 'tool:polaris',
  read(key, value, named) {
    if (value.toLowerCase() !== 'true') return [];
    const check = /\/(.+)-exempt$/.exec(key)?.[1];
    return saying(
      check === undefined ? named('polaris:*') : single(named, `polaris:${check}`),
      '',
      'polaris',
    );
  },
};

/** What kube-score leaves out along with a test. */
const KUBE_SCORE_IMPLIED = new Map([
  ['container-resources', 'container-ephemeral-storage-request-and-limit'],
]);

/** `kube-score/ignore: test,test`, `*` for all, and `kube-score/skip: true` for the whole object. */
const KUBE_SCORE: AnnotationReader = {
  origin: 'tool:kube-score',
  read(key, value, named) {
    if (key === 'kube-score/skip' && value.trim().toLowerCase() !== 'true') return [];
    const tests = key === 'kube-score/skip' ? ['*'] : value.split(',').map((test) => test.trim());
    const ignored = new Set(tests.flatMap((test) => [test, KUBE_SCORE_IMPLIED.get(test) ?? test]));
    const controls = [...ignored].flatMap((test) =>
      test === '*' ? named('kube-score:*') : single(named, `kube-score:${test}`),
    );
    return saying(controls, '', 'kube-score');
  },
};

const READERS = [OWN, KUBE_LINTER, CHECKOV, POLARIS, KUBE_SCORE];

/** Who reads the annotation with a key; undefined when it is about no exception. */
export function readerOf(key: string): AnnotationReader | undefined {
  const found = originOfAnnotation(key);
  return found === undefined ? undefined : READERS.find(({ origin }) => origin === found);
}

/** The controls that one name means. A star in it means all only to those who say so. */
function single(named: ControlsNamed, name: string): readonly string[] {
  return name.includes('*') ? [] : named(name);
}

/** What another tool's words mean here; nothing where no control stands for them. */
function saying(controls: readonly string[], reason: string, tool: string): readonly Said[] {
  if (controls.length === 0) return [];
  return [{ controls: [...new Set(controls)], reason: seenText(reason) || withoutReason(tool) }];
}

/** What stands for the reason where another tool asks for none. */
export function withoutReason(tool: string): string {
  return `Ignored for ${tool}, without a reason.`;
}

/** As much of a text as a message quotes. */
const QUOTED = 40;

/**
 * Reads `reason; until=YYYY-MM-DD; owner=NAME`: the reason first and required, the rest in any order.
 *
 * @returns what is said, or why it cannot be read.
 */
function readText(text: string, controls: readonly string[]): readonly Said[] | string {
  const [reason = '', ...parts] = text.split(';').map(seenText);
  if (reason === '' || /^(until|owner) *=/i.test(reason)) return 'the reason is missing; it comes first';
  let said: Said = { controls, reason };
  for (const part of parts.filter((each) => each !== '')) {
    const [, key, given = ''] = /^(until|owner) *= *(.*)$/.exec(part) ?? [];
    const value = seenText(given);
    // Whole: half a secret is known by no form.
    const quoted = redactText(part);
    const shown = quoted.length > QUOTED ? `${quoted.slice(0, QUOTED)}...` : quoted;
    if (key === undefined || value === '') return `"${shown}" is neither until=YYYY-MM-DD nor owner=NAME`;
    if (key === 'until' ? said.until !== undefined : said.owner !== undefined) return `${key} is given twice`;
    if (key === 'until' && !isDay(value)) return `${shown} is not a day such as 2027-01-31`;
    said = key === 'until' ? { ...said, until: value } : { ...said, owner: value };
  }
  return [said];
}
