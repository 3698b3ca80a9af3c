import type { Analysis } from '@bulwark/core';

const PRIORITY_CLASS = 'scheduling.k8s.io/PriorityClass';

/** The PriorityClasses that every cluster has. */
export const SYSTEM_PRIORITY_CLASSES = ['system-cluster-critical', 'system-node-critical'] as const;

/** The PriorityClasses of a World. */
export interface PriorityClasses {
  /** Those that are declared; the system's own are seldom among them. */
  readonly names: ReadonlySet<string>;
  /** Whether pods without a class get one. */
  readonly hasGlobalDefault: boolean;
}

/** PriorityClasses by name. Cost: linear in them. */
export const priorityClasses: Analysis<PriorityClasses> = {
  id: 'priority-classes',
  reads: [PRIORITY_CLASS],
  compute(world) {
    const classes = world.list(PRIORITY_CLASS);
    return {
      names: new Set(classes.map(({ name }) => name)),
      hasGlobalDefault: classes.some(({ object }) => object['globalDefault'] === true),
    };
  },
};
