import type { Finding } from '@bulwark/core';
import type { Proposal } from './proposals.ts';

/** Whether a proposal is for something without a pod: what it does to workloads shows in them. */
function isApart({ resource }: Proposal): boolean {
  return resource.workloads.length === 0;
}

/** Whether some proposals are for workloads and some for what these may depend on. */
export function isMixed(proposals: readonly Proposal[]): boolean {
  return proposals.some(isApart) && !proposals.every(isApart);
}

/**
 * How to go on with what is left of some proposals: first what is no workload, then what else is above suspicion, then
 * the suspects. Where that says nothing, half of what each object has, of all objects at a time; else halves.
 */
export function partsOf(rest: readonly Proposal[], before: number, faults: readonly Finding[]): Proposal[][] {
  const faulty = new Set(faults.map(objectOf));
  const isCalm = (proposal: Proposal): boolean => !faulty.has(objectOfProposal(proposal));
  // What also mends objects with which all is well hardly is what the faults are because of.
  const proven = new Set(rest.filter(isCalm).map(({ control }) => control));
  const isFirst = isMixed(rest) ? isApart : () => false;
  const isSuspect = (proposal: Proposal): boolean => !isCalm(proposal) && !proven.has(proposal.control);
  const parts = [
    rest.filter(isFirst),
    rest.filter((proposal) => !isFirst(proposal) && !isSuspect(proposal)),
    rest.filter((proposal) => !isFirst(proposal) && isSuspect(proposal)),
  ].filter((part) => part.length > 0);
  if (parts.length > 1) return parts;
  if (rest.length < before) return [[...rest]];
  return halvesWithin(rest, objectOfProposal);
}

/** Half of what each object has, of all objects at a time; halves where each has one only. */
export function halvesWithin<K>(
  proposals: readonly Proposal[],
  objectOf: (proposal: Proposal) => K,
): [Proposal[], Proposal[]] {
  const byObject = [...grouped(proposals, objectOf).values()];
  if (byObject.every((own) => own.length === 1)) return halvesOf(proposals);
  const halves = byObject.map(halvesOf);
  return [halves.flatMap(([first]) => first), halves.flatMap(([, second]) => second)];
}

function halvesOf(proposals: readonly Proposal[]): [Proposal[], Proposal[]] {
  const half = proposals.length >> 1;
  return [proposals.slice(0, half), proposals.slice(half)];
}

/** Items by a key. */
export function grouped<T, K>(items: readonly T[], keyOf: (item: T) => K): ReadonlyMap<K, readonly T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

/** Names the object that a proposal is for, as `objectOf` does. */
export function objectOfProposal({ finding }: Proposal): string {
  return objectOf(finding);
}

/** Names the object of a finding, in its file. */
export function objectOf({ resource, file }: Finding): string {
  return [file ?? '', resource.apiVersion, resource.kind, resource.namespace, resource.name].join('|');
}
