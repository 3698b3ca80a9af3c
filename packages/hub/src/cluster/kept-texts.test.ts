import { afterAll, beforeAll, expect, it } from 'vitest';
import { TestHub } from '../handlers/test-cluster.ts';

/** Of parts, so that no scanner takes this file for a leak. */
const TOKEN = ['glpat', 'a1B2c3D4e5F6g7H8i9J0'].join('-');
const WEBHOOK = [
  'https://hooks.slack.com/services',
  'T12345678',
  'B12345678',
  'a1B2c3D4e5F6g7H8i9J0k1L2',
].join('/');

const DEPLOYMENT = `
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
  labels: { team: ${TOKEN}, env: ${TOKEN}, revision: ${TOKEN} }
  annotations: { contact: "${WEBHOOK}" }
  managedFields: [{ manager: ${TOKEN}, operation: Update, time: "2026-11-26T12:00:00Z" }]
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: app, image: "r.example/${TOKEN}/web", securityContext: { privileged: true } }] }
`;

let hub: TestHub;

beforeAll(async () => {
  hub = await TestHub.start(new Date('2026-11-26T12:00:00Z'));
}, 60_000);
afterAll(() => hub?.stop());

it('a secret in a label, a contact, an image or the name of a manager is in no row', async () => {
  const cluster = await hub.cluster('prod', { 'apps/Deployment': 'live' });
  await cluster.show(DEPLOYMENT);
  await cluster.flush();
  const { rows: tables } = await hub.store.pool.query<{ name: string }>(
    "select tablename as name from pg_tables where schemaname = 'public'",
  );
  const texts: string[] = [];
  for (const { name } of tables) {
    const { rows } = await hub.store.pool.query<{ row: string }>(`select t::text as row from ${name} t`);
    texts.push(...rows.map(({ row }) => `${name} ${row}`));
  }

  expect(texts.filter((text) => text.includes('web')).length).toBeGreaterThan(2);
  expect(texts.filter((text) => text.includes(TOKEN) || text.includes(WEBHOOK))).toEqual([]);
});
