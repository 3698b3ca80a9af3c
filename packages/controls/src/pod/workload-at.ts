import type { Path, Resource, Workload } from '@bulwark/core';

/** The pod template of an object in which a path lies; undefined outside of all. */
export function workloadAt({ workloads }: Resource, path: Path): Workload | undefined {
  return workloads.find(({ path: start }) => start.every((part, index) => path[index] === part));
}
