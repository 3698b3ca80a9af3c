import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CONTROL_PLANE, ControlPlane } from '@bulwark/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PRIVILEGED_POD } from './objects.testing.ts';
import { type OwnDatabase, ownDatabase } from './own-database.testing.ts';
import { eventually, pause, RunningHub } from './running-hub.testing.ts';

const START_MS = 600_000;
const PROOF_MS = 900_000;
/** A message that was on its way when its hub was killed comes again after three minutes. */
const WITHIN_MS = 300_000;
const ROUNDS = 3;
const PODS = 6;
const STEP_MS = 400;

interface Message {
  readonly items: readonly { readonly control: string; readonly object: string; readonly state: string }[];
}

/** Takes messages, and knows each by its delivery, as receivers are told to. */
class Receiver {
  readonly got = new Map<string, Message>();
  /** How many came again. */
  again = 0;
  private readonly server: Server;

  constructor() {
    this.server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const id = String(request.headers['x-bulwark-delivery']);
        if (this.got.has(id)) this.again++;
        this.got.set(id, JSON.parse(Buffer.concat(parts).toString('utf8')) as Message);
        response.end('thanks');
      });
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((done) => this.server.listen(0, '127.0.0.1', done));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`;
  }

  /** How often it was told of what, as `control Pod default/name state`. */
  told(pods: RegExp): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    for (const { items } of this.got.values())
      for (const { control, object, state } of items) {
        const line = `${control} ${object} ${state}`;
        if (pods.test(object)) counts.set(line, (counts.get(line) ?? 0) + 1);
      }
    return counts;
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}

/** What the pages show, without the moments at which it was asked. */
async function shownBy(hub: RunningHub) {
  const { items: queue, open } = await hub.call('getQueue', { query: {} });
  const { items: clusters } = await hub.call('listClusters', {});
  return {
    open,
    queue: queue.map(({ id, points, findings, objects }) => [id, points, findings, objects]),
    findings: (await hub.all('listFindings', '(state:open OR state:excepted OR state:resolved)')).map(
      ({ fingerprint, control, state, firstSeen }) => [fingerprint, control, state, firstSeen],
    ),
    workloads: await hub.all('listWorkloads'),
    resources: (await hub.all('listResources')).map(({ resource, owner }) => [resource, owner]),
    changes: (await hub.all('listChanges')).map(({ id, verb, opened, resolved }) => [
      id,
      verb,
      opened,
      resolved,
    ]),
    coverage: (await hub.all('listCoverage')).map(({ code, reason }) => [code, reason]),
    clusters: clusters.map(({ id, name, state }) => [id, name, state]),
  };
}

/** The topics that a hub tells from now on. */
async function listenTo(
  hub: RunningHub,
): Promise<{ readonly topics: Set<string>; readonly stop: () => void }> {
  const ending = new AbortController();
  const { name, value } = hub.session;
  const answer = await fetch(`${hub.url}/api/v1/events`, {
    headers: { cookie: `${name}=${value}` },
    signal: ending.signal,
  });
  const topics = new Set<string>();
  const read = async (): Promise<void> => {
    let text = '';
    for await (const part of answer.body ?? []) {
      text += Buffer.from(part as Uint8Array).toString('utf8');
      for (const [, data = '{}'] of text.matchAll(/^data: (.*)$/gm))
        for (const topic of (JSON.parse(data) as { readonly topics?: readonly string[] }).topics ?? [])
          topics.add(topic);
      text = text.slice(text.lastIndexOf('\n\n') + 1);
    }
  };
  void read().catch(() => undefined);
  return { topics, stop: () => ending.abort() };
}

describe.skipIf(CONTROL_PLANE === undefined)(
  'two hubs on one database and a real control plane (needs shared/testbed)',
  () => {
    const receiver = new Receiver();
    let plane: ControlPlane;
    let database: OwnDatabase;
    let hubs: RunningHub[] = [];

    async function start(): Promise<RunningHub> {
      const hub = await RunningHub.start({ kubeconfig: plane.kubeconfig(), args: database.args });
      hubs.push(hub);
      return hub;
    }

    /** The hub that watches, and the one that stands by. */
    async function roles(): Promise<readonly [worker: RunningHub, other: RunningHub]> {
      return eventually(
        'one of them does everything',
        async () => {
          const jobs = await Promise.all(hubs.map(async (hub) => (await hub.call('listJobs', {})).items));
          const own = jobs.map((items) => items.every(({ doneBy }) => doneBy === 'this hub'));
          const [worker, other] = own[0] === true ? hubs : hubs.toReversed();
          if (own.filter(Boolean).length !== 1 || worker === undefined || other === undefined)
            return undefined;
          return [worker, other] as const;
        },
        WITHIN_MS,
      );
    }

    async function agree(what: string): Promise<void> {
      await eventually(
        what,
        async () => {
          const [one, other] = [await shownBy(hubs[0] as RunningHub), await shownBy(hubs[1] as RunningHub)];
          expect(one).toEqual(other);
          return true;
        },
        WITHIN_MS,
      );
    }

    beforeAll(async () => {
      plane = await ControlPlane.start();
      await plane.load();
      database = await ownDatabase();
      const first = await start();
      await first.reaches('live');
      await start();
      const url = await receiver.listen();
      const channel = {
        type: 'webhook',
        name: 'receiver',
        url,
        signingKey: 'sixteen-letters-or-more',
      } as const;
      const { id } = await first.call('createChannel', { body: channel });
      const route = { channel: id, owners: 'all', namespaces: 'all', severity: 'high' } as const;
      await first.call('createRoute', { body: { ...route, digestMinutes: 0, tellsResolved: true } });
    }, START_MS);

    afterAll(async () => {
      for (const hub of hubs) await hub.remove();
      await database?.remove();
      receiver.stop();
      await plane?.stop();
    }, START_MS);

    it(
      'show the same, and both tell their pages what happens',
      async () => {
        await roles();
        const streams = await Promise.all(hubs.map(listenTo));
        await plane.apply(PRIVILEGED_POD('heard'));

        for (const { topics } of streams)
          await eventually('findings are told', () => (topics.has('findings') ? true : undefined));
        for (const { stop } of streams) stop();
        await eventually('it is told', () => (receiver.told(/heard/).size > 0 ? true : undefined));
        await agree('the hubs show the same');
      },
      PROOF_MS,
    );

    it(
      'answer for each other: what is decided at one holds at the other, and is told by whichever sends',
      async () => {
        const [worker, other] = await roles();
        // What is worse would wait for a second person.
        const [finding] = await other.all('listFindings', 'name:heard severity:medium state:open');
        if (finding === undefined) throw new Error('nothing is found in the pod');
        const { fingerprint, cluster } = finding;
        await other.call('createException', {
          body: { scope: { fingerprints: [fingerprint], clusters: [cluster.id] }, reason: 'for a moment' },
        });

        await eventually('it is accepted for both', async () => {
          const lists = await Promise.all(
            hubs.map((hub) => hub.all('listFindings', 'name:heard state:excepted')),
          );
          return lists.every((list) => list.some((each) => each.fingerprint === fingerprint)) || undefined;
        });
        const [route] = (await other.call('listRoutes', {})).items;
        const tested = await other.call('testChannel', { params: { id: route?.channel.id ?? 0 } });
        expect(tested).toMatchObject({ status: 'sent', answer: '200 thanks' });
        const of = async (hub: RunningHub) =>
          (await hub.call('listJobs', {})).items.map(({ name, doneBy, holder }) => [name, doneBy, holder]);
        const [mine, theirs] = [await of(worker), await of(other)];
        expect(mine.map(([name, , holder]) => [name, holder])).toEqual(
          theirs.map(([name, , holder]) => [name, holder]),
        );
        expect(new Set(theirs.map(([, doneBy]) => doneBy))).toEqual(new Set(['another hub']));
      },
      PROOF_MS,
    );

    it(
      'lose no message and tell none twice while the one that works is killed again and again',
      async () => {
        const expected: string[] = [];
        for (let round = 0; round < ROUNDS; round++) {
          const [worker] = await roles();
          for (let pod = 0; pod < PODS; pod++) {
            const name = `killed-${round}-${pod}`;
            expected.push(name);
            await plane.apply(PRIVILEGED_POD(name));
            if (pod === Math.floor(PODS / 2)) {
              await worker.kill();
              hubs = hubs.filter((hub) => hub !== worker);
              await worker.remove();
            }
            await pause(STEP_MS);
          }
          await start();
        }
        await eventually(
          'every pod is found by both',
          async () => {
            const lists = await Promise.all(
              hubs.map((hub) => hub.all('listFindings', 'name:killed-* state:open')),
            );
            const names = lists.map((list) => new Set(list.map(({ resource }) => resource.name)));
            return names.every((each) => expected.every((name) => each.has(name))) ? true : undefined;
          },
          WITHIN_MS,
        );
        // As much of each as of the pod of which was told while nothing was killed.
        const calm = [...receiver.told(/heard/).keys()].filter((line) => line.endsWith('opened'));
        const wanted = expected.flatMap((name) => calm.map((line) => line.replace('heard', name))).sort();
        const pods = /^Pod default\/killed-/;
        await eventually(
          'everything was told',
          () => {
            const told = receiver.told(pods);
            const missing = wanted.filter((line) => !told.has(line));
            if (missing.length > 0) throw new Error(`${missing.length} are missing, as ${missing[0]}`);
            return true;
          },
          WITHIN_MS,
        );
        const told = receiver.told(pods);
        expect([...told.keys()].sort()).toEqual(wanted);
        expect([...told].filter(([, count]) => count !== 1)).toEqual([]);
        expect(receiver.again).toBeLessThanOrEqual(ROUNDS);
        await agree('the hubs show the same after that');
      },
      PROOF_MS,
    );
  },
);
