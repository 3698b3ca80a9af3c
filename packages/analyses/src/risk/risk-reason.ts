import type { Resource } from '@bulwark/core';

/** A reason why faults of a workload matter more, or less, than those of another. */
export interface RiskReason {
  readonly factor: 'exposure' | 'node' | 'identity' | 'metadata' | 'secrets';
  readonly points: number;
  /** In words that follow the workload's name. */
  readonly text: string;
  /** The objects that decide it besides the workload, as `Kind namespace/name`. */
  readonly objects: readonly string[];
}

/** An object as reasons name it. */
export function objectName({ kind, namespace, name }: Pick<Resource, 'kind' | 'namespace' | 'name'>): string {
  return `${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`;
}
