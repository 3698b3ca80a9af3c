import type { ROUTES, RouteResult } from '@bulwark/api';
import { SEVERITIES, type Severity } from '@bulwark/core';
import type { Surroundings } from './asked-list.ts';

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
] as const;

/** How long ago a moment was, in its largest unit: `3 d`, `2 h`, `5 min`. */
export function ageOf(moment: string, now: Date): string {
  const length = now.getTime() - Date.parse(moment);
  const unit = UNITS.find(([, milliseconds]) => length >= milliseconds);
  return unit === undefined ? 'a moment' : `${Math.floor(length / unit[1])} ${unit[0]}`;
}

/** A moment as lists show it: `2026-11-26 10:02Z`. */
export function minuteOf(moment: string): string {
  const text = new Date(moment).toISOString();
  return `${text.slice(0, 10)} ${text.slice(11, 16)}Z`;
}

interface Named {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

interface Cluster {
  readonly name: string;
}

/** Something of a cluster: `prod: web`; of the only one without its name. */
export function inCluster({ name }: Cluster, what: string, { hasOneCluster }: Surroundings): string {
  return hasOneCluster ? what : `${name}: ${what}`;
}

/** An object of a cluster: `prod: shop Deployment/web`. */
export function placeOf(cluster: Cluster, { kind, namespace, name }: Named, around: Surroundings): string {
  return inCluster(cluster, `${namespace === '' ? '' : `${namespace} `}${kind}/${name}`, around);
}

/** The tail of an entry, where there is something to say. */
export function tailOf(text: string): { readonly tail?: string } {
  return text === '' ? {} : { tail: text };
}

type Counts = RouteResult<(typeof ROUTES)['listClusters']>['items'][number]['findings'];

/** `2 critical, 14 high`; empty where there are none. */
export function countsText(counts: Counts): string {
  return SEVERITIES.filter((severity) => counts[severity] > 0)
    .map((severity) => `${counts[severity]} ${severity}`)
    .join(', ');
}

/** The label and colour of the worst finding of something. */
export function worstLabel(worst: Severity | null): {
  readonly label: string;
  readonly style: Severity | 'faint';
} {
  return worst === null ? { label: 'CLEAR', style: 'faint' } : { label: worst.toUpperCase(), style: worst };
}

/** Parts of a line of details, those that say something. */
export function details(...parts: readonly (string | null | undefined | false)[]): string {
  return parts.filter((part) => typeof part === 'string' && part !== '').join(', ');
}

/** Items with the first few of a long list. */
export function firstOf(items: readonly string[], most = 3): string {
  const more = items.length > most ? ` and ${items.length - most} more` : '';
  return `${items.slice(0, most).join(', ')}${more}`;
}

/** Digits of a fingerprint that lists show, and that name a finding among all that a hub may hold. */
const SHORT_FINGERPRINT = 12;

/** The beginning of a fingerprint, as `bulwark finding` takes it. */
export function shortFingerprint(fingerprint: string): string {
  return fingerprint.slice(0, SHORT_FINGERPRINT);
}

const SHORT_COMMIT = 12;

/** What a build was made from: `github.com/acme/shop@0123456789ab`. */
export function sourceOf({
  repository,
  commit,
}: {
  readonly repository: string;
  readonly commit: string;
}): string {
  return `${repository}@${commit.slice(0, SHORT_COMMIT)}`;
}
