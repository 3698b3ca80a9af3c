import { endpointsOf, ownAddressesOf } from '../endpoints.ts';
import type { Resource } from '../resource.ts';
import { setOf } from './set-of.ts';

/**
 * Which pods EndpointSlices lead to: those that have an address of theirs, and those that they name. Ids are those of resources.
 * Cost: the addresses of what changes.
 */
export class NamedPods {
  private readonly addressesOf = new Map<string, readonly string[]>();
  private readonly podsAt = new Map<string, Set<string>>();
  private readonly endpoints = new Map<string, ReturnType<typeof endpointsOf>>();
  /** The slices that have an address, or name a pod. */
  private readonly naming = new Map<string, Set<string>>();
  private readonly touched = new Set<string>();

  noteSlice(slice: Resource): void {
    this.forgetSlice(slice.id);
    const endpoints = endpointsOf(slice);
    this.endpoints.set(slice.id, endpoints);
    for (const key of [...endpoints.addresses, ...endpoints.pods]) setOf(this.naming, key).add(slice.id);
    this.touched.add(slice.id);
  }

  forgetSlice(id: string): void {
    const { addresses = [], pods = [] } = this.endpoints.get(id) ?? {};
    for (const key of [...addresses, ...pods]) take(this.naming, key, id);
    this.endpoints.delete(id);
  }

  notePod(pod: Resource): void {
    this.forgetPod(pod.id);
    const addresses = ownAddressesOf(pod);
    if (addresses.length > 0) this.addressesOf.set(pod.id, addresses);
    for (const address of addresses) setOf(this.podsAt, address).add(pod.id);
    this.touch([pod.id, ...addresses]);
  }

  forgetPod(id: string): void {
    const addresses = this.addressesOf.get(id) ?? [];
    this.addressesOf.delete(id);
    for (const address of addresses) take(this.podsAt, address, id);
    this.touch([id, ...addresses]);
  }

  /** Takes the slices of which something changed, or of a pod that they lead to. */
  takeTouched(): readonly string[] {
    const touched = [...this.touched].filter((id) => this.endpoints.has(id));
    this.touched.clear();
    return touched;
  }

  /** The pods that a slice leads to; those that it names may not be there. */
  podsOf(slice: string): readonly string[] {
    const { addresses = [], pods = [] } = this.endpoints.get(slice) ?? {};
    return [...addresses.flatMap((address) => [...(this.podsAt.get(address) ?? [])]), ...pods];
  }

  private touch(keys: readonly string[]): void {
    for (const key of keys) for (const slice of this.naming.get(key) ?? []) this.touched.add(slice);
  }
}

function take(sets: Map<string, Set<string>>, key: string, id: string): void {
  const found = sets.get(key);
  found?.delete(id);
  if (found?.size === 0) sets.delete(key);
}
