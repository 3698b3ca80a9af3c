import { readerOf } from '../annotated-exceptions-read.ts';
import { ENDPOINT_SLICE } from '../endpoints.ts';
import type { GroupKind } from '../group-kind.ts';
import { canonicalJson, objectAt, stringAt } from '../json.ts';
import { type Controller, controllerReference, ownerIds, ownersNamedBy } from '../owners.ts';
import type { Resource } from '../resource.ts';
import { sha256 } from '../sha256.ts';
import type { Changes, WorldView } from '../world.ts';
import { standsBetween, withoutTemplate } from './between.ts';
import { NamedPods } from './named-pods.ts';
import { SeenInPods } from './seen-in-pods.ts';
import { setOf } from './set-of.ts';

/**
 * Chooses what of a live cluster is judged, so that ten thousand pods of a thousand templates cost a thousand.
 *
 * - Of the pods of one owner with equal content one stands for all, as `OWNER*`: by its key. Where they differ, be it only in
 *   what they say about exceptions, several do.
 * - What controls pods and has no template, and is of no kind that Kubernetes has itself, is a workload that is made of these, also
 *   where it is not seen: see `SeenInPods`.
 * - Pods that have ended are not judged.
 * - An EndpointSlice has with it what is judged of the pods that it leads to: see `NamedPods`.
 * - What lies between a pod and its top owner keeps its place in the chain, and its template is not judged: see `standsBetween`.
 *
 * Cost: the objects of a batch, and what they control.
 */
export class LiveSubjects {
  private readonly contentOf: (pod: Resource) => string;
  /** What is in the World. */
  private readonly judged = new Map<string, Resource>();
  /** Everything but pods, as it was seen. */
  private readonly seen = new Map<string, Resource>();
  private readonly dependents = new Map<string, Set<string>>();
  /** The id of what stands for it in the World, by pod: made of owner, content and what it says about exceptions. */
  private readonly standIns = new Map<string, string>();
  private readonly pods = new Map<string, Set<string>>();
  private readonly seenInPods = new SeenInPods();
  private readonly namedPods = new NamedPods();

  /**
   * @param contentOf names the content of a pod without what is each pod's own. Whoever may make two contents of one name hides what
   *   runs in one of two pods: see `contentHash`.
   */
  constructor(contentOf: (pod: Resource) => string) {
    this.contentOf = contentOf;
  }

  /** How many pods others stand for. */
  get represented(): number {
    return this.standIns.size - this.pods.size;
  }

  /** Turns what was seen in the cluster into what changes in the World. Ids are those of resources. */
  apply({ upsert, remove = [] }: Changes): Changes {
    const out = new Map<string, Resource | undefined>();
    const owners = new Set<string>();
    for (const id of remove) this.remove(id, out, owners);
    for (const resource of upsert) this.upsert(resource, out, owners);
    this.settle(owners, out);
    this.settleSlices(out);
    const changes = { upsert: [] as Resource[], remove: [] as string[] };
    for (const [id, resource] of out)
      if (resource !== undefined) changes.upsert.push(resource);
      else changes.remove.push(id);
    return changes;
  }

  private upsert(resource: Resource, out: Map<string, Resource | undefined>, owners: Set<string>): void {
    if (resource.groupKind === 'Pod') {
      this.upsertPod(resource, controllerReference(resource), out);
      if (hasEnded(resource)) this.namedPods.forgetPod(resource.id);
      else this.namedPods.notePod(resource);
      return;
    }
    owners.add(resource.id);
    this.forgetSeen(resource.id);
    this.seen.set(resource.id, resource);
    for (const owner of ownersNamedBy(resource))
      for (const key of ownerIds(resource, owner)) setOf(this.dependents, key).add(resource.id);
    if (resource.groupKind === ENDPOINT_SLICE) this.namedPods.noteSlice(resource);
    this.put(resource, out);
  }

  private upsertPod(
    pod: Resource,
    controller: Controller | undefined,
    out: Map<string, Resource | undefined>,
  ): void {
    if (controller === undefined || hasEnded(pod)) {
      this.removePod(pod.id, out);
      if (!hasEnded(pod)) this.put(pod, out);
      return;
    }
    if (this.judged.has(pod.id)) this.drop(pod.id, out);
    const { groupKind, name } = controller;
    const content = this.contentOf(pod);
    this.seenInPods.note(pod, controller, content);
    const standIn = `Pod|${pod.namespace}|${groupKind}|${name}|${content}|${saidIn(pod)}`;
    const before = this.standIns.get(pod.id);
    if (before === standIn) return;
    if (before !== undefined) this.removeStandIn(pod.id, before, out);
    this.standIns.set(pod.id, standIn);
    setOf(this.pods, standIn).add(pod.id);
    if (this.judged.has(standIn)) return;
    const called = standInName(name);
    this.put({ ...pod, id: standIn, key: `Pod|${pod.namespace}|${called}`, name: called }, out);
  }

  private remove(id: string, out: Map<string, Resource | undefined>, owners: Set<string>): void {
    if (!this.seen.has(id)) {
      this.removePod(id, out);
      this.namedPods.forgetPod(id);
      return;
    }
    this.namedPods.forgetSlice(id);
    this.forgetSeen(id);
    this.drop(id, out);
    owners.add(id);
  }

  private removePod(id: string, out: Map<string, Resource | undefined>): void {
    this.seenInPods.forget(id);
    const standIn = this.standIns.get(id);
    if (standIn !== undefined) this.removeStandIn(id, standIn, out);
    else if (id.startsWith('Pod|') && this.judged.has(id)) this.drop(id, out);
  }

  /** What stands for its siblings stays as long as one of them lives: what it says is true of them too. */
  private removeStandIn(id: string, standIn: string, out: Map<string, Resource | undefined>): void {
    this.standIns.delete(id);
    const pods = this.pods.get(standIn);
    pods?.delete(id);
    if (pods !== undefined && pods.size > 0) return;
    this.pods.delete(standIn);
    this.drop(standIn, out);
  }

  /** Whether the template of something between is judged depends on whether its owner is there, and so what is seen in pods. */
  private settle(owners: ReadonlySet<string>, out: Map<string, Resource | undefined>): void {
    const world: Pick<WorldView, 'find'> = {
      find: (kind, namespace, name) => this.seen.get(`${kind}|${namespace}|${name}`),
    };
    const ids = new Set(owners);
    for (const id of ids) for (const dependent of this.dependents.get(id) ?? []) ids.add(dependent);
    for (const id of this.seenInPods.takeTouched(ids)) {
      const now = this.seenInPods.workload(id, world) ?? this.asJudged(id);
      if (now === this.judged.get(id)) continue;
      if (now === undefined) this.drop(id, out);
      else this.put(now, out);
    }
    for (const id of ids) {
      const resource = this.seen.get(id);
      if (resource === undefined || resource.workloads.length === 0) continue;
      const isJudged = !standsBetween(world, resource);
      const wasJudged = this.judged.get(id)?.workloads.length !== 0;
      if (isJudged !== wasJudged) this.put(isJudged ? resource : withoutTemplate(resource), out);
    }
  }

  private settleSlices(out: Map<string, Resource | undefined>): void {
    for (const id of this.namedPods.takeTouched()) {
      const slice = this.judged.get(id);
      if (slice === undefined) continue;
      const pods = this.namedPods.podsOf(id).map((pod) => this.standIns.get(pod) ?? pod);
      const leadsTo = [...new Set(pods)].filter((pod) => this.judged.has(pod)).sort();
      if (slice.leadsTo?.join() !== leadsTo.join()) this.put({ ...slice, leadsTo }, out);
    }
  }

  /** What is not made of pods, as it is in the World before it is looked at whether its template is judged. */
  private asJudged(id: string): Resource | undefined {
    const judged = this.judged.get(id);
    return judged?.seenInPods === undefined ? judged : this.seen.get(id);
  }

  private forgetSeen(id: string): void {
    const before = this.seen.get(id);
    if (before === undefined) return;
    this.seen.delete(id);
    for (const owner of ownersNamedBy(before))
      for (const key of ownerIds(before, owner)) this.dependents.get(key)?.delete(id);
  }

  private put(resource: Resource, out: Map<string, Resource | undefined>): void {
    this.judged.set(resource.id, resource);
    out.set(resource.id, resource);
  }

  private drop(id: string, out: Map<string, Resource | undefined>): void {
    this.judged.delete(id);
    out.set(id, undefined);
  }
}

/** How that is called which stands for the pods of a controller. */
export function standInName(controller: string): string {
  return `${controller}*`;
}

/** Whether that is the name of what stands for pods: no object is called so. */
export function isStandIn({ kind, name }: { readonly kind: GroupKind; readonly name: string }): boolean {
  return kind === 'Pod' && name.endsWith('*');
}

/** Whether a pod has ended, so that nothing of it runs and it is not judged. */
export function hasEnded({ object }: Pick<Resource, 'object'>): boolean {
  const phase = stringAt(objectAt(object, 'status'), 'phase');
  return phase === 'Succeeded' || phase === 'Failed';
}

/**
 * Names what the annotations of a pod say about exceptions, as they are written: the name of its content may be made without
 * texts that are not to be stored. Empty where they say nothing. Never to be kept, as such texts can be guessed from it.
 */
function saidIn({ object }: Resource): string {
  const said = Object.entries(objectAt(object, 'metadata', 'annotations') ?? {}).filter(
    ([key]) => readerOf(key) !== undefined,
  );
  return said.length === 0 ? '' : sha256(canonicalJson(Object.fromEntries(said)));
}
