import { randomUUID } from 'node:crypto';
import { CONTROLS } from '@bulwark/controls';
import { listen } from '@bulwark/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { issueToken } from '../access/issue.ts';
import type { Limits } from '../access/limits.ts';
import { CONFIGURED, type TestCluster, TestHub } from '../handlers/test-cluster.ts';
import { hubOptionsForTests } from '../hub.testing.ts';
import { type Hub, startHub } from '../hub.ts';
import { DecisionFeed } from './decision-feed.ts';
import { decisionSettings } from './decision-settings.ts';

const NOON = new Date('2026-11-26T12:00:00Z');
const CONTROL = 'privileged-container';

let recorded: TestHub;
let prod: TestCluster;
let hub: Hub;
let listener: ReturnType<typeof listen>;

/** A moment after all before: what begins and ends at once leaves nothing behind. */
function later(): void {
  recorded.now = new Date(recorded.now.getTime() + 60_000);
}

beforeAll(async () => {
  recorded = await TestHub.start(NOON);
  const { store, url, folder } = recorded;
  const feed = new DecisionFeed({
    read: (cluster) => decisionSettings(store, cluster, CONFIGURED, CONTROLS),
    onFault: () => undefined,
  });
  prod = await recorded.cluster('prod', { Pod: 'live' }, (cluster) => feed.first(cluster));
  feed.attach(prod, prod.id);
  // As a hub hears it for the thread that judges.
  await new Promise<void>((resolve) => {
    listener = listen(
      url,
      ({ topics }) => {
        if (topics.includes('exceptions')) void feed.changed();
      },
      resolve,
    );
  });
  hub = await startHub(
    hubOptionsForTests({ databaseUrl: url, folder, approvalFrom: 'high', now: () => recorded.now }),
  );
}, 120_000);

afterAll(async () => {
  await hub?.stop();
  await listener?.stop();
  await recorded?.stop();
});

const pod = (name: string): string => `
apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: shop }
spec:
  containers: [{ name: app, image: 'example.com/agent:1', securityContext: { privileged: true } }]
`;

/** Asks the API as a person with limits. */
async function personWith(limits: Limits, owner: string) {
  const asked = { name: randomUUID(), role: 'editor', limits, days: 1 } as const;
  const { secret } = await issueToken(recorded.store, asked, { owner, now: NOON });
  return async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const answer = await fetch(`${hub.url}/api/v1/${path}`, {
      method,
      headers: {
        authorization: `Bearer ${secret}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    expect(answer.ok, text).toBe(true);
    return text === '' ? undefined : JSON.parse(text);
  };
}

type Ask = Awaited<ReturnType<typeof personWith>>;

interface Found {
  readonly fingerprint: string;
  readonly state: string;
}

async function findingOf(ask: Ask, name: string): Promise<Found | undefined> {
  const q = encodeURIComponent(`control:${CONTROL} name:${name} state:open,excepted`);
  return ((await ask('GET', `findings?q=${q}`)) as { readonly items: readonly Found[] }).items[0];
}

async function stands(ask: Ask, name: string, state: string | undefined): Promise<void> {
  await expect
    .poll(async () => (await findingOf(ask, name))?.state, { timeout: 20_000, interval: 100 })
    .toBe(state);
}

describe.each([
  ['sees everything', 'wide', { clusters: 'all', namespaces: 'all' }],
  ['sees one namespace', 'narrow', { clusters: 'all', namespaces: ['shop'] }],
] as const)(
  'where whoever decides %s, what is decided about a finding that is resolved just then',
  (_who, own, limits) => {
    /** A finding that somebody asks to accept, by its fingerprint, as the page does. */
    async function asked(name: string) {
      const [ann, bob] = await Promise.all([personWith(limits, 'ann'), personWith(limits, 'bob')]);
      await prod.show(pod(name));
      await stands(ann, name, 'open');
      const { fingerprint = '' } = (await findingOf(ann, name)) ?? {};
      const scope = {
        clusters: [prod.id],
        fingerprints: [fingerprint],
        ...(limits.namespaces !== 'all' && { namespaces: limits.namespaces }),
      };
      const made = (await ann('POST', 'exceptions', { scope, reason: 'An agent of the node.' })) as {
        readonly id: number;
        readonly state: string;
      };
      expect(made.state).toBe('requested');
      const resolve = async (): Promise<void> => {
        later();
        await prod.remove('Pod', 'shop', name);
        await stands(ann, name, undefined);
        later();
      };
      const comeBack = (): Promise<void> => prod.show(pod(name));
      return { id: made.id, bob, resolve, comeBack };
    }

    it('holds when it comes back: an exception that was ended is over', async () => {
      const name = `ended-${own}`;
      const { id, bob, resolve, comeBack } = await asked(name);
      await bob('POST', `exceptions/${id}/approval`);
      await stands(bob, name, 'excepted');

      await resolve();
      await bob('DELETE', `exceptions/${id}`);
      await comeBack();

      await stands(bob, name, 'open');
    }, 90_000);

    it('holds when it comes back: a request that was approved accepts it', async () => {
      const name = `approved-${own}`;
      const { id, bob, resolve, comeBack } = await asked(name);

      await resolve();
      await bob('POST', `exceptions/${id}/approval`);
      await comeBack();

      await stands(bob, name, 'excepted');
    }, 90_000);
  },
);
