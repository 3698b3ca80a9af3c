import {
  type Control,
  clusterRules,
  isStandIn,
  type JsonObject,
  joinContent,
  type Resource,
  withoutSeenPods,
} from '@bulwark/core';
import {
  clusterFacts,
  type FindingRecord,
  findResource,
  type Scope,
  type Store,
  withinNamespace,
} from '@bulwark/store';
import { seenInPodsOf } from '../cluster/recalled.ts';
import { idOf } from '../cluster/stored-rows.ts';
import { storedSubjects } from '../cluster/stored-subjects.ts';
import { Bench, neighbours } from './bench.ts';

interface Surroundings {
  readonly store: Store;
  readonly scope: Scope;
  readonly controls: ReadonlyMap<string, Control>;
  readonly asOf: Date | undefined;
}

/**
 * The object in which a finding shows, as it is stored: what the finding is about, or where that is the pods of a controller which
 * is not collected or has no template, one of them. Undefined where none is there, or may be seen.
 */
export async function findingObject(
  record: FindingRecord,
  surroundings: Surroundings,
): Promise<{ readonly object: JsonObject; readonly isOfPods: boolean } | undefined> {
  const { store, scope, asOf } = surroundings;
  const { clusterId: cluster, kind, namespace, name } = record;
  const stored = isStandIn(record)
    ? undefined
    : await findResource(store, scope, { cluster, kind, namespace, name, asOf });
  if (stored === undefined ? !isStandIn(record) : seenInPodsOf(stored) === undefined)
    return stored && { object: joinContent(stored), isOfPods: false };
  const pod = await podOf(record, surroundings);
  if (pod !== undefined) return { object: pod.object, isOfPods: true };
  return stored && { object: withoutSeenPods(joinContent(stored)), isOfPods: false };
}

/**
 * Of pods that differ, the first that is judged so again; the first of all where none is, as what it takes is not stored. Undefined
 * where what controls them is there, and it may be that alone which shows it.
 */
async function podOf(record: FindingRecord, surroundings: Surroundings): Promise<Resource | undefined> {
  const { store, scope, asOf } = surroundings;
  const { clusterId: cluster, kind, namespace, name, container } = record;
  const asked = { cluster, kind, names: [name], asOf };
  const found = await storedSubjects(store, withinNamespace(scope, namespace), asked);
  const subjects = found.get(idOf(record)) ?? [];
  const owner = subjects.find(({ seenInPods }) => seenInPods !== undefined);
  const pods = subjects.filter((subject) => subject !== owner);
  const mayBeOwners = owner?.seenInPods === 'template' && container === null;
  if (pods.length < 2 && !mayBeOwners) return pods[0];
  const shown = await shownBy(record, { pods, owner, ...surroundings });
  return shown ?? (mayBeOwners ? undefined : pods[0]);
}

/** The first of pods that is judged so again. */
async function shownBy(
  record: FindingRecord,
  around: Surroundings & { readonly pods: readonly Resource[]; readonly owner: Resource | undefined },
): Promise<Resource | undefined> {
  const { store, scope, controls, asOf, pods, owner } = around;
  const { clusterId: cluster, name, fingerprint } = record;
  const [first] = pods;
  const control = controls.get(record.control);
  const [facts] = await clusterFacts(store, scope);
  const kubernetes = facts && clusterRules(facts.version).version;
  if (first === undefined || control === undefined || kubernetes === undefined) return first;
  const own = new Map([[control.id, control]]);
  const others = await neighbours({ store, scope, cluster, asOf, controls: own }, first);
  const bench = new Bench(others, [control], kubernetes);
  return pods.find((pod) =>
    bench
      .judge(owner === undefined ? { ...pod, name } : pod, owner)
      .some((found) => found.fingerprint === fingerprint),
  );
}
