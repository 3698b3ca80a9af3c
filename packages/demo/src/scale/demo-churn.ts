import { arrayAt, get, isObject, type JsonObject, objectAt, stringAt } from '@bulwark/core';
import { bindingObject } from '../app/access.ts';
import { podObject } from '../live/pod.ts';
import { storedObject } from '../live/stored.ts';
import { suffixOf } from '../seeded/names.ts';
import { SeededRandom } from '../seeded/random.ts';
import { keyOf } from '../shop/units.ts';
import { withManagedFields } from './managed-fields.ts';
import { relevantChange } from './relevant-change.ts';

/** One change of a running cluster, and what sort it is of. */
export interface ChurnChange {
  /** `status` changes nothing that matters to security, `pod` is one of a template that is there, the rest does matter. */
  readonly sort: 'status' | 'pod' | 'relevant';
  readonly verb: 'upsert' | 'delete';
  readonly object: JsonObject;
}

const STATUS_SHARE = 0.94;
const POD_SHARE = 0.05;
/** Milliseconds between two changes: a thousand a minute. */
const STEP = 60;

/**
 * What goes on in a cluster, without end: of a hundred changes 94 are status or heartbeat, five are pods of existing templates
 * that come or go, one matters. Equal seeds and clusters give equal streams.
 *
 * @param cluster what is there at first, as `demoCluster` gives it; it is not changed.
 */
export function* demoChurn(options: {
  readonly seed: string;
  readonly now: number;
  readonly cluster: readonly JsonObject[];
}): Generator<ChurnChange, never> {
  const churn = new Churn(options.cluster, new SeededRandom(`churn/${options.seed}`));
  for (let now = options.now; ; now += STEP) yield churn.next(new Date(now).toISOString());
}

class Churn {
  private readonly random: SeededRandom;
  /** What is there now, by key. */
  private readonly objects = new Map<string, JsonObject>();
  private readonly pods: string[] = [];
  private readonly nodes: string[] = [];
  private readonly observedByControllers: string[] = [];
  private readonly changeable: string[] = [];
  private readonly temporary: string[] = [];
  /** ReplicaSets that are a pod short. */
  private readonly short: JsonObject[] = [];
  private serial = 0;

  constructor(cluster: readonly JsonObject[], random: SeededRandom) {
    this.random = random;
    for (const object of cluster) this.sort(object);
  }

  next(time: string): ChurnChange {
    this.serial++;
    const chance = this.random.next();
    if (chance < STATUS_SHARE) return this.heartbeat(time);
    return chance < STATUS_SHARE + POD_SHARE ? this.podComesOrGoes(time) : this.relevant(time);
  }

  private sort(object: JsonObject): void {
    const kind = stringAt(object, 'kind') ?? '';
    const key = keyOf(object);
    this.objects.set(key, object);
    if (kind === 'Pod') this.pods.push(key);
    else if (kind === 'Node') this.nodes.push(key);
    else if (kind === 'Deployment') this.observedByControllers.push(key);
    if (['Deployment', 'Namespace', 'NetworkPolicy', 'Service', 'Role'].includes(kind))
      this.changeable.push(key);
  }

  /** Changes one of several objects. */
  private changed(
    sort: ChurnChange['sort'],
    keys: readonly string[],
    change: (object: JsonObject) => JsonObject,
  ): ChurnChange {
    const key = this.random.pick(keys);
    const object = change(this.objects.get(key) ?? {});
    this.objects.set(key, object);
    return { sort, verb: 'upsert', object };
  }

  private heartbeat(time: string): ChurnChange {
    const chance = this.random.next();
    if (chance < 0.6) return this.changed('status', this.pods, (pod) => podHeartbeat(pod, time, this.serial));
    if (chance < 0.85) return this.changed('status', this.nodes, (node) => nodeHeartbeat(node, time));
    return this.changed('status', this.observedByControllers, (object) => observed(object, this.serial));
  }

  private podComesOrGoes(time: string): ChurnChange {
    const set = this.short.pop();
    if (set !== undefined) {
      const pod = this.successor(set, time);
      this.sort(pod);
      return { sort: 'pod', verb: 'upsert', object: pod };
    }
    for (;;) {
      const index = this.random.integer(0, this.pods.length - 1);
      const key = this.pods[index] ?? '';
      const pod = this.objects.get(key) ?? {};
      const owner = this.replicaSetOf(pod);
      if (owner === undefined) continue;
      this.objects.delete(key);
      this.pods[index] = this.pods.at(-1) ?? key;
      this.pods.pop();
      this.short.push(owner);
      return { sort: 'pod', verb: 'delete', object: pod };
    }
  }

  private replicaSetOf(pod: JsonObject): JsonObject | undefined {
    const owner = get(pod, 'metadata', 'ownerReferences', 0);
    if (get(owner, 'kind') !== 'ReplicaSet') return undefined;
    const namespace = stringAt(pod, 'metadata', 'namespace') ?? '';
    return this.objects.get(`apps/ReplicaSet|${namespace}|${stringAt(owner, 'name') ?? ''}`);
  }

  private successor(set: JsonObject, time: string): JsonObject {
    const name = stringAt(set, 'metadata', 'name') ?? '';
    const node = stringAt(this.objects.get(this.random.pick(this.nodes)), 'metadata', 'name') ?? '';
    const pod = podObject({
      name: `${name}-${suffixOf(5, name, String(this.serial))}`,
      owner: set,
      template: objectAt(set, 'spec', 'template') ?? {},
      node: { ...NODE, name: node, number: Number(node.replaceAll(/\D+/g, '')) },
      created: time,
    });
    return withManagedFields(pod);
  }

  private relevant(time: string): ChurnChange {
    if (this.random.chance(0.3)) return this.bindingComesOrGoes(time);
    return this.changed('relevant', this.changeable, (object) =>
      relevantChange(object, this.random, this.serial),
    );
  }

  private bindingComesOrGoes(time: string): ChurnChange {
    const oldest = this.random.chance(0.5) ? this.temporary.shift() : undefined;
    const known = oldest === undefined ? undefined : this.objects.get(oldest);
    if (oldest !== undefined && known !== undefined) {
      this.objects.delete(oldest);
      return { sort: 'relevant', verb: 'delete', object: known };
    }
    const namespace = stringAt(this.objects.get(this.random.pick(this.pods)), 'metadata', 'namespace') ?? '';
    const written = bindingObject({
      binding: `${namespace}/temporary-${this.serial}`,
      role: this.random.pick(['view', 'edit', 'admin']),
      to: [`sa:${namespace}/default`],
    });
    const object = withManagedFields(storedObject(written, time));
    this.temporary.push(keyOf(object));
    this.sort(object);
    return { sort: 'relevant', verb: 'upsert', object };
  }
}

const NODE = { pool: 'general', zone: 'a', kubelet: '', kernel: '', system: '', runtime: '' } as const;

function podHeartbeat(pod: JsonObject, time: string, serial: number): JsonObject {
  const status = objectAt(pod, 'status') ?? {};
  const statuses = arrayAt(status, 'containerStatuses') ?? [];
  return {
    ...pod,
    status: {
      ...status,
      conditions: [{ type: 'Ready', status: serial % 2 === 0 ? 'True' : 'False', lastTransitionTime: time }],
      containerStatuses: statuses.map((each) =>
        isObject(each) ? { ...each, restartCount: Number(each['restartCount'] ?? 0) + 1 } : each,
      ),
    },
  };
}

function nodeHeartbeat(node: JsonObject, time: string): JsonObject {
  const status = objectAt(node, 'status') ?? {};
  const conditions = arrayAt(status, 'conditions') ?? [];
  return {
    ...node,
    status: {
      ...status,
      conditions: conditions.map((each) => (isObject(each) ? { ...each, lastHeartbeatTime: time } : each)),
    },
  };
}

function observed(object: JsonObject, serial: number): JsonObject {
  return { ...object, status: { ...objectAt(object, 'status'), observedGeneration: serial } };
}
