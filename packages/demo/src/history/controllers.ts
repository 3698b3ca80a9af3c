import { canonicalJson, get, type JsonObject, objectAt, stringAt } from '@bulwark/core';
import { dependentsOf } from '../live/dependents.ts';
import { NODES } from '../live/nodes.ts';
import { volumeOf } from '../live/stored.ts';
import { keyOf } from '../shop/units.ts';
import { ACTORS, type DemoActor } from './actors.ts';
import type { DemoChange } from './change.ts';

const SECOND = 1000;
/** How many ReplicaSets of earlier templates a Deployment keeps. */
const KEPT_REVISIONS = 3;

/** Plays the controllers: keeps what each object has made, and says what they do when the object changes. */
export class Controllers {
  private readonly made = new Map<string, Map<string, JsonObject>>();
  /** Keys of a Deployment's scaled-down ReplicaSets, oldest first. */
  private readonly revisions = new Map<string, string[]>();

  /** What an object has made by the beginning. */
  begin(object: JsonObject, since: number): JsonObject[] {
    const dependents = dependentsAt(object, since);
    this.made.set(keyOf(object), new Map(dependents.map((each) => [keyOf(each), each])));
    return dependents;
  }

  /** What the controllers do after an object was made, changed or deleted. */
  follow(before: JsonObject | undefined, after: JsonObject | undefined, at: number): DemoChange[] {
    const key = keyOf(after ?? before ?? {});
    const old = this.made.get(key) ?? new Map<string, JsonObject>();
    if (after === undefined) {
      this.made.delete(key);
      return [...old.values()].map((object, index) => changeOf('delete', object, at + (index + 1) * SECOND));
    }
    const isSameTemplate = templateOf(before) === templateOf(after);
    const wanted = new Map(dependentsAt(after, at).map((each) => [keyOf(each), each]));
    const changes: DemoChange[] = [];
    const next = (): number => at + (changes.length + 1) * 2 * SECOND;
    for (const [name, object] of wanted) {
      const known = old.get(name);
      const now = known !== undefined && isSameTemplate ? kept(known, object) : object;
      wanted.set(name, now);
      if (now !== known) changes.push(changeOf('upsert', now, next()));
    }
    for (const [name, object] of old)
      if (!wanted.has(name)) changes.push(...this.retire(key, name, object, { wanted, at: next() }));
    this.made.set(key, wanted);
    return changes;
  }

  /** Pods go; a ReplicaSet stays without pods, until there are too many of them. */
  private retire(
    owner: string,
    name: string,
    object: JsonObject,
    { wanted, at }: { wanted: Map<string, JsonObject>; at: number },
  ): DemoChange[] {
    if (stringAt(object, 'kind') !== 'ReplicaSet') return [changeOf('delete', object, at)];
    const revisions = (this.revisions.get(owner) ?? []).filter((each) => each !== name);
    const changes: DemoChange[] = [];
    let left = object;
    if (get(object, 'spec', 'replicas') !== 0) {
      left = { ...object, spec: { ...objectAt(object, 'spec'), replicas: 0 } };
      revisions.push(name);
      changes.push(changeOf('upsert', left, at));
    } else revisions.unshift(name);
    if (revisions.length > KEPT_REVISIONS && revisions[0] === name) {
      revisions.shift();
      changes.push(changeOf('delete', left, at));
    } else wanted.set(name, left);
    this.revisions.set(owner, revisions);
    return changes;
  }
}

function dependentsAt(object: JsonObject, since: number): JsonObject[] {
  if (stringAt(object, 'kind') === 'PersistentVolumeClaim') return [volumeOf(object)];
  return dependentsOf(object, { nodes: NODES, since: new Date(since).toISOString() });
}

function templateOf(controller: JsonObject | undefined): string {
  return canonicalJson(get(controller, 'spec', 'template'));
}

/** A pod stays what it is; a ReplicaSet stays as old as it is. */
function kept(known: JsonObject, wanted: JsonObject): JsonObject {
  if (stringAt(known, 'kind') === 'Pod') return known;
  const created = stringAt(known, 'metadata', 'creationTimestamp');
  const same = { ...wanted, metadata: { ...objectAt(wanted, 'metadata'), creationTimestamp: created } };
  return canonicalJson(same) === canonicalJson(known) ? known : same;
}

function changeOf(verb: DemoChange['verb'], object: JsonObject, at: number): DemoChange {
  return { at, actor: actorOf(object), verb, object };
}

/** The controller that makes objects like this one. */
function actorOf(object: JsonObject): DemoActor {
  const owner = stringAt(object, 'metadata', 'ownerReferences', 0, 'kind') ?? '';
  return isController(owner) ? ACTORS[owner] : ACTORS.StatefulSet;
}

function isController(
  kind: string,
): kind is 'Deployment' | 'ReplicaSet' | 'StatefulSet' | 'DaemonSet' | 'CronJob' | 'Job' {
  return ['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet', 'CronJob', 'Job'].includes(kind);
}
