import {
  type Control,
  clusterRules,
  isStandIn,
  type JsonObject,
  joinContent,
  type Resource,
} from '@bulwark/core';
import {
  clusterFacts,
  type FindingRecord,
  findResource,
  type Scope,
  type Store,
  withinNamespace,
} from '@bulwark/store';
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
 * is not collected, one of them. Undefined where none is there, or may be seen.
 */
export async function findingObject(
  record: FindingRecord,
  surroundings: Surroundings,
): Promise<JsonObject | undefined> {
  const { store, scope, asOf } = surroundings;
  const { clusterId: cluster, kind, namespace, name } = record;
  if (isStandIn(record)) return (await podOf(record, surroundings))?.object;
  const object = await findResource(store, scope, { cluster, kind, namespace, name, asOf });
  return object && joinContent(object);
}

/** Of pods that differ, the first that is judged so again; the first of all where none is, as what it takes is not stored. */
async function podOf(record: FindingRecord, surroundings: Surroundings): Promise<Resource | undefined> {
  const { store, scope, controls, asOf } = surroundings;
  const { clusterId: cluster, kind, namespace, name, fingerprint } = record;
  const asked = { cluster, kind, names: [name], asOf };
  const subjects = await storedSubjects(store, withinNamespace(scope, namespace), asked);
  const pods = subjects.get(idOf(record)) ?? [];
  const [first] = pods;
  const control = controls.get(record.control);
  if (first === undefined || pods.length === 1 || control === undefined) return first;
  const [facts] = await clusterFacts(store, scope);
  const kubernetes = facts && clusterRules(facts.version).version;
  if (kubernetes === undefined) return first;
  const own = new Map([[control.id, control]]);
  const bench = new Bench(
    await neighbours({ store, scope, cluster, asOf, controls: own }, first),
    [control],
    kubernetes,
  );
  const shows = (pod: Resource): boolean =>
    bench.judge({ ...pod, name }).some((found) => found.fingerprint === fingerprint);
  return pods.find(shows) ?? first;
}
