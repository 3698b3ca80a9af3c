/** `lost`: not judged. `note`: judged, or not meant to be, but worth knowing. */
export type CoverageKind = 'lost' | 'note';

/** Every way in which an input can be less than fully judged. Codes are never reused. */
export const COVERAGE = {
  'invalid-yaml': { kind: 'lost', title: 'The document is not valid YAML or JSON.' },
  'duplicate-key': { kind: 'lost', title: 'A mapping has the same key twice; the API server refuses it.' },
  'tab-indentation': { kind: 'lost', title: 'The document is indented with tabs, which YAML forbids.' },
  'alias-bomb': { kind: 'lost', title: 'Aliases expand without measure.' },
  'too-deep': { kind: 'lost', title: 'The document is nested too deeply.' },
  'too-large': { kind: 'lost', title: 'The file is larger than the limit.' },
  'not-text': { kind: 'lost', title: 'The file is binary or not UTF-8.' },
  unreadable: { kind: 'lost', title: 'The file or directory cannot be read.' },
  'unrendered-template': { kind: 'lost', title: 'The file is a template that must be rendered first.' },
  'unrendered-chart': { kind: 'lost', title: 'A Helm chart could not be rendered.' },
  'unrendered-overlay': { kind: 'lost', title: 'A Kustomize overlay could not be rendered.' },
  'missing-name': { kind: 'lost', title: 'The object has neither name nor generateName.' },
  'unknown-version': { kind: 'lost', title: 'The API version never existed for this kind.' },
  'malformed-object': { kind: 'lost', title: 'A field that must be an object or a list is something else.' },
  'invalid-exception': {
    kind: 'note',
    title: 'An exception in an object cannot be read, so it accepts nothing.',
  },
  'former-fingerprints': {
    kind: 'note',
    title: 'A baseline names findings by fingerprints of version 1, which can be made alike on purpose.',
  },
  'empty-namespace': { kind: 'lost', title: 'A namespace that was asked for holds no object.' },
  'no-object': { kind: 'lost', title: 'There is nothing to judge.' },
  'duplicate-object': {
    kind: 'note',
    title: 'The same object is written more than once; each copy is judged.',
  },
  'empty-template': { kind: 'note', title: 'Templates of a chart render to nothing with its values.' },
  'removed-api': { kind: 'note', title: 'The API version is removed in the target version of Kubernetes.' },
  'not-kubernetes': { kind: 'note', title: 'The document is not a Kubernetes object.' },
  'ignored-files': { kind: 'note', title: 'Files and folders were skipped.' },
  'missing-permission': {
    kind: 'lost',
    title: 'A kind of the cluster is not seen, because a right to read it is missing.',
  },
  'unlisted-kind': { kind: 'lost', title: 'A kind of the cluster could not be listed.' },
  'unanswered-group': { kind: 'lost', title: 'The server of an API group of the cluster does not answer.' },
  'secrets-not-read': { kind: 'note', title: 'Secrets of the cluster are not read.' },
  'unwatched-kind': { kind: 'note', title: 'The cluster serves kinds that are not looked at.' },
  'unevaluated-kind': {
    kind: 'note',
    title: 'The cluster serves a kind that decides what is reachable, and is not evaluated.',
  },
  'unknown-kubernetes': {
    kind: 'note',
    title:
      'The cluster runs a version of Kubernetes that is not known; it is judged by the newest one that is.',
  },
  'control-error': { kind: 'lost', title: 'A control failed on an object; its verdict is error.' },
} as const satisfies Record<string, { kind: CoverageKind; title: string }>;

/** The code of a coverage entry. */
export type CoverageCode = keyof typeof COVERAGE;

/** One thing that was not fully read or judged. Lines and columns count from 1. */
export interface CoverageEntry {
  readonly code: CoverageCode;
  readonly kind: CoverageKind;
  readonly reason: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}

/** A coverage entry whose kind follows from its code. */
export function coverage(
  code: CoverageCode,
  reason: string,
  place: Omit<CoverageEntry, 'code' | 'kind' | 'reason'> = {},
): CoverageEntry {
  return { code, kind: COVERAGE[code].kind, reason, ...place };
}
