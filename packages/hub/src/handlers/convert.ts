import { SEVERITIES, type Severity } from '@bulwark/core';
import { type Scope, within, withinNamespace } from '@bulwark/store';
import type { Caller } from '../access/caller.ts';

const NAMES = SEVERITIES.toReversed();

/** The severity of a stored number. */
export function severityOf(number: number): Severity {
  return NAMES[number] ?? 'info';
}

/** Counts as stored, info first, by name. */
export function countsOf(counts: readonly number[]): Record<Severity, number> {
  const [info = 0, low = 0, medium = 0, high = 0, critical = 0] = counts;
  return { critical, high, medium, low, info };
}

/** What a caller may see, narrowed to the cluster and the namespace that were asked for. */
export function scopeFor(caller: Pick<Caller, 'scope'>, cluster?: number, namespace?: string): Scope {
  return withinNamespace(within(caller.scope, cluster), namespace);
}

/** A kind with its API group as a World has it, and the kind alone. */
export function kindOf(groupKind: string): string {
  return groupKind.slice(groupKind.lastIndexOf('/') + 1);
}

export function namespaceOfPath(text: string): string {
  return text === '-' ? '' : text;
}

export function iso(moment: Date): string {
  return moment.toISOString();
}

export function isoOrNull(moment: Date | null): string | null {
  return moment === null ? null : moment.toISOString();
}

export function refOf(record: {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}) {
  const { apiVersion, kind, namespace, name } = record;
  return { apiVersion, kind: kindOf(kind), namespace, name };
}

export function clusterOf({
  clusterId,
  clusterName,
}: {
  readonly clusterId: number;
  readonly clusterName: string;
}) {
  return { id: clusterId, name: clusterName };
}
