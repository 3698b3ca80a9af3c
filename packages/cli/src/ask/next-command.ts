import { type AskedValue, queryForValues } from '@bulwark/core';
import { quoteForShell } from '../shell.ts';
import type { Surroundings } from './asked-list.ts';

/** A command that asks further as of the same moment, as a shell takes it. */
export function nextCommand(words: readonly string[], asOf: string | undefined): string {
  const clock = asOf === undefined ? [] : ['--as-of', asOf];
  return ['bulwark', ...[...words, ...clock].map(quoteForShell)].join(' ');
}

/** The one for the findings of a cluster with some values. */
export function findingsCommand(
  { name }: { readonly name: string },
  values: Readonly<Record<string, AskedValue>>,
  { hasOneCluster, asOf }: Surroundings,
): string {
  const query = queryForValues({ ...(!hasOneCluster && { cluster: name }), ...values });
  return nextCommand(['findings', query], asOf);
}
