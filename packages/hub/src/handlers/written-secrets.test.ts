import { decisionRoutes, findingRoutes, selectionRoutes, viewRoutes } from '@bulwark/api';
import { CONTROLS } from '@bulwark/controls';
import { FINDING_FIELDS } from '@bulwark/core';
import { listFindings, scopeOf } from '@bulwark/store';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { asking } from './callers.testing.ts';
import { decisionHandlers } from './decisions.ts';
import { findingHandlers } from './findings.ts';
import { KeptAnswers } from './kept-answers.ts';
import { queryOf } from './list-request.ts';
import { selectionHandlers } from './selections.ts';
import { TestHub } from './test-cluster.ts';
import { viewHandlers } from './views.ts';

const NOON = new Date('2026-11-26T12:00:00Z');
const SECRET = ['ghp', '0123456789abcdefghijABCDEFGHIJ4EKzlA'].join('_');
const TEXT = `It is known, with ${SECRET}, and stays.`;
const REDACTED = 'It is known, with [redacted], and stays.';
const NOTHING = { params: undefined, query: undefined };
const POD = `apiVersion: v1
kind: Pod
metadata: { name: late, namespace: pay }
spec: { containers: [{ name: a, image: "example.com/a:1", securityContext: { privileged: true } }] }
`;

let hub: TestHub;

beforeAll(async () => {
  hub = await TestHub.start(NOON);
  const prod = await hub.cluster('prod', { Pod: 'live' });
  await prod.show(POD);
});

beforeEach(async () => {
  await hub.store.pool.query('truncate exception, comment, saved_view');
});

afterAll(() => hub?.stop());

function settings() {
  const controls = new Map(CONTROLS.map((control) => [control.id, control]));
  return { store: hub.store, controls, answers: new KeptAnswers(hub.store), approvalFrom: 'high' as const };
}

async function selected(q: string) {
  const { matches, digest } = await selectionHandlers(settings()).previewSelection(
    { ...NOTHING, body: { q } },
    asking(NOON),
  );
  return { q, matches, digest };
}

/** Everything that people have written, as the database has it. */
async function kept(): Promise<string> {
  const tables = ['exception', 'comment', 'saved_view'].map(
    (table) => `select to_jsonb(t) as row from ${table} t`,
  );
  const { rows } = await hub.store.pool.query(tables.join(' union all '));
  return JSON.stringify(rows);
}

it.each<[what: string, write: () => Promise<unknown>]>([
  [
    'the reason and the owner of an exception',
    async () => {
      const scope = { controls: ['replicas-too-few'] };
      const body = decisionRoutes.createException.body.parse({ scope, reason: TEXT, owner: TEXT });
      return decisionHandlers(settings()).createException({ ...NOTHING, body }, asking(NOON));
    },
  ],
  [
    'the reason, the owner and the query of an exception for a selection',
    async () => {
      const asked = await selected(`namespace:pay -name:${SECRET}`);
      const body = selectionRoutes.exceptSelection.body.parse({ ...asked, reason: TEXT, owner: TEXT });
      return selectionHandlers(settings()).exceptSelection({ ...NOTHING, body }, asking(NOON));
    },
  ],
  [
    'a comment',
    async () => {
      const all = scopeOf({ clusters: 'all', namespaces: 'all' });
      const query = queryOf('namespace:pay', FINDING_FIELDS);
      const [found] = (await listFindings(hub.store, all, { query, limit: 1, now: NOON })).items;
      const params = { cluster: found?.clusterId ?? 0, fingerprint: found?.fingerprint ?? '' };
      const body = findingRoutes.commentFinding.body.parse({ text: TEXT });
      return findingHandlers(settings()).commentFinding({ params, query: undefined, body }, asking(NOON));
    },
  ],
  [
    'a comment of a selection',
    async () => {
      const body = selectionRoutes.triageSelection.body.parse({
        ...(await selected('namespace:pay')),
        comment: TEXT,
      });
      return selectionHandlers(settings()).triageSelection({ ...NOTHING, body }, asking(NOON));
    },
  ],
  [
    'the name of a view',
    async () => {
      const body = viewRoutes.createView.body.parse({ name: TEXT, isShared: false, view: {} });
      return viewHandlers(hub.store).createView({ ...NOTHING, body }, asking(NOON));
    },
  ],
])('what looks like a secret in %s is neither kept nor told', async (_what, write) => {
  const told = JSON.stringify(await write());
  const all = await kept();

  expect([told.includes(SECRET), all.includes(SECRET)]).toEqual([false, false]);
  expect(all).toContain(REDACTED);
});
