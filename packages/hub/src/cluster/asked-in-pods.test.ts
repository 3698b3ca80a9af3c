import { type Actor, approveException, listExceptions } from '@bulwark/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestCluster, TestHub } from '../handlers/test-cluster.ts';

let hub: TestHub;

beforeAll(async () => {
  hub = await TestHub.start(new Date('2026-11-26T10:00:00Z'));
}, 60_000);

afterAll(() => hub?.stop());

interface Pod {
  readonly says?: string;
  readonly container?: string;
  readonly debugger?: string;
}

const KAFKA = 'kafka.example.com/Kafka';
const PRIVILEGED = 'securityContext: { privileged: true }';

/** A pod that an operator makes of an object without a template. */
function pod(name: string, { says, container = 'stdin: false', debugger: of }: Pod = {}): string {
  const annotations = says && `, annotations: { bulwark.dev/except.privileged-container: "${says}" }`;
  return `
apiVersion: v1
kind: Pod
metadata:
  { name: ${name}, namespace: ops, uid: u-${name}${annotations ?? ''},
    ownerReferences: [{ apiVersion: kafka.example.com/v1, kind: Kafka, name: k, uid: u-k, controller: true }] }
spec:
  containers: [{ name: app, image: "x:1", ${container} }]
  ${of ? `ephemeralContainers: [{ name: dbg, image: b, ${of} }]` : ''}
`;
}

const KINDS = Object.fromEntries(
  ['Namespace', 'Pod', 'apps/Deployment', 'apps/ReplicaSet', 'kafka.example.com/Kafka'].map((kind) => [
    kind,
    'live' as const,
  ]),
);

class Asked {
  private readonly cluster: TestCluster;

  constructor(cluster: TestCluster) {
    this.cluster = cluster;
  }

  static async in(name: string, ...pods: readonly string[]): Promise<Asked> {
    const asked = new Asked(await hub.cluster(name, KINDS));
    await asked.by('operator', '{ apiVersion: v1, kind: Namespace, metadata: { name: ops } }\n', ...pods);
    return asked;
  }

  /** Somebody makes or changes pods. */
  async by(user: string, ...pods: readonly string[]): Promise<void> {
    hub.now = new Date(hub.now.getTime() + 60_000);
    await this.cluster.show(pods.join('---\n'), actor(user));
    await this.cluster.flush();
  }

  /** Several people do so at once. */
  async atOnce(...acts: readonly (readonly [user: string, pod: string])[]): Promise<void> {
    hub.now = new Date(hub.now.getTime() + 60_000);
    await Promise.all(acts.map(([user, shown]) => this.cluster.show(shown, actor(user))));
    await this.cluster.flush();
  }

  async isGone(name: string, kind = 'Pod'): Promise<void> {
    hub.now = new Date(hub.now.getTime() + 60_000);
    await this.cluster.remove(kind, 'ops', name);
    await this.cluster.flush();
  }

  /** Who asks by what stands there, of the workload, and who of some may not approve it. */
  async request(workload: string, ...people: readonly string[]) {
    const all = await listExceptions(hub.store);
    const own = all.filter(
      ({ request }) => request?.cluster === this.cluster.id && request.kind === workload,
    );
    const [request] = own;
    if (request === undefined || own.length !== 1) throw new Error(`${own.length} are asked for`);
    const refused: string[] = [];
    for (const by of people)
      await approveException(hub.store, request.id, {
        by,
        person: by,
        at: hub.now,
        isAdministrator: false,
      }).catch(() => refused.push(by));
    return { asks: request.request?.actor?.user, refused };
  }
}

function actor(user: string): Actor {
  const nobody = { groups: [], impersonatedBy: null, address: null, userAgent: null, managers: [] };
  return { ...nobody, user };
}

describe('who wrote into pods of an operator what is asked for', () => {
  it('asks, and approves it not alone, also where it stood there long before somebody else had it found', async () => {
    const asked = await Asked.in('long before');
    await asked.by('ben', pod('k-0', { says: 'Of ben.' }));
    await asked.by('carl', pod('k-0', { says: 'Of ben.', debugger: PRIVILEGED }));

    expect(await asked.request(KAFKA, 'ben', 'carl', 'dora')).toEqual({
      asks: 'ben',
      refused: ['ben', 'carl'],
    });
  });

  it('asks, and who changes another pod at once does not, but approves it not alone either', async () => {
    const asked = await Asked.in('at once', pod('k-0', { container: PRIVILEGED }));
    await asked.atOnce(
      ['ben', pod('k-0', { container: PRIVILEGED, says: 'Of ben.' })],
      ['operator', pod('k-1')],
    );

    expect(await asked.request(KAFKA, 'ben', 'operator', 'dora')).toEqual({
      asks: 'ben',
      refused: ['ben', 'operator'],
    });
  });

  it('asks where the operator takes it over into a pod that it makes anew', async () => {
    const asked = await Asked.in('anew');
    await asked.by('ben', pod('k-0', { says: 'Of ben.' }));
    await asked.by('operator', pod('k-1', { says: 'Of ben.', container: PRIVILEGED }));
    await asked.isGone('k-0');

    expect(await asked.request(KAFKA, 'ben', 'dora')).toEqual({ asks: 'operator', refused: ['ben'] });
  });

  it('asks as the last of several who all wrote it, none of whom approves it', async () => {
    const both = ['k-0', 'k-1'].map((name) => pod(name, { container: PRIVILEGED }));
    const asked = await Asked.in('several', ...both);
    for (const [user, name] of [
      ['ben', 'k-0'],
      ['carl', 'k-1'],
    ] as const)
      await asked.by(user, pod(name, { container: PRIVILEGED, says: 'Of both.' }));

    expect(await asked.request(KAFKA, 'ben', 'carl', 'dora')).toEqual({
      asks: 'carl',
      refused: ['ben', 'carl'],
    });
  });

  it('asks where the pod has its owner since then', async () => {
    const asked = await Asked.in('adopted');
    const adopted = pod('k-0', { says: 'Of ben.', container: PRIVILEGED });
    await asked.by('ben', adopted.replace(/,\s*ownerReferences: .*\]/, ''));
    await asked.by('operator', adopted);

    expect(await asked.request(KAFKA, 'ben', 'dora')).toEqual({ asks: 'ben', refused: ['ben'] });
  });

  it('approves it not where it was written into the object from which the operator has it', async () => {
    const asked = await Asked.in('handed down');
    const said = '{ bulwark.dev/except.privileged-container: Of ben. }';
    await asked.by(
      'ben',
      `apiVersion: kafka.example.com/v1\nkind: Kafka\nmetadata: { name: k, namespace: ops, uid: u-k }\nspec: { podAnnotations: ${said} }\n`,
    );
    await asked.by('operator', pod('k-0', { says: 'Of ben.', container: PRIVILEGED }));

    expect(await asked.request(KAFKA, 'ben', 'dora')).toEqual({ asks: 'operator', refused: ['ben'] });
  });

  it('asks as who wrote it into the Deployment where its ReplicaSet is left alone', async () => {
    const asked = await Asked.in('left alone');
    const annotations = '{ bulwark.dev/except.privileged-container: Of ben. }';
    const spec = `spec: { template: { spec: { containers: [{ name: app, image: "x:1", ${PRIVILEGED} }] } } }\n`;
    const of = '{ apiVersion: apps/v1, kind: Deployment, name: web, uid: u-web, controller: true }';
    const set = (owner: string) =>
      `apiVersion: apps/v1\nkind: ReplicaSet\nmetadata: { name: web-1, namespace: ops, uid: u-set, annotations: ${annotations}${owner} }\n${spec}`;
    await asked.by(
      'ben',
      `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web, namespace: ops, uid: u-web, annotations: ${annotations} }\n${spec}`,
    );
    await asked.by(
      'system:serviceaccount:kube-system:deployment-controller',
      set(`, ownerReferences: [${of}]`),
    );
    await asked.by('system:serviceaccount:kube-system:generic-garbage-collector', set(''));
    await asked.isGone('web', 'apps/Deployment');

    expect(await asked.request('apps/ReplicaSet', 'ben', 'dora')).toEqual({ asks: 'ben', refused: ['ben'] });
  });

  it('asks nothing for a Deployment, whose pods cannot ask', async () => {
    const asked = await Asked.in('of a Deployment');
    const spec = `spec: { template: { spec: { containers: [{ name: app, image: "x:1", ${PRIVILEGED} }] } } }`;
    const annotations = '{ bulwark.dev/except.privileged-container: Of ben. }';
    const reference = '{ apiVersion: apps/v1, kind: Deployment, name: web, uid: u-web, controller: true }';
    const ofSet = (more: Pod) =>
      pod('k-0', { container: PRIVILEGED, ...more })
        .replace('kafka.example.com/v1', 'apps/v1')
        .replace('Kafka', 'ReplicaSet');
    await asked.by(
      'ben',
      `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web, namespace: ops, annotations: ${annotations} }\n${spec}\n`,
      `apiVersion: apps/v1\nkind: ReplicaSet\nmetadata: { name: k, namespace: ops, ownerReferences: [${reference}] }\n${spec}\n`,
      ofSet({}),
    );
    await asked.by('carl', ofSet({ says: 'Of ben.' }));

    expect(await asked.request('apps/Deployment', 'ben', 'carl', 'dora')).toEqual({
      asks: 'ben',
      refused: ['ben', 'carl'],
    });
  });
});
