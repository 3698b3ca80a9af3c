import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { TestHub } from '../handlers/test-cluster.ts';

let hub: TestHub;

beforeAll(async () => {
  hub = await TestHub.start(new Date('2026-11-26T12:00:00Z'));
}, 60_000);

afterAll(() => hub?.stop());

it('keeps objects whose owner or environment is longer than an index takes', async () => {
  const prod = await hub.cluster('prod', { ConfigMap: 'live' });
  // What is not random is compressed, and fits.
  const text = () => randomBytes(3000).toString('base64');
  await prod.show(`
apiVersion: v1
kind: ConfigMap
metadata: { name: settings, namespace: shop, annotations: { team: '${text()}', environment: '${text()}' } }
data: { password: 'correct-horse-1' }
`);
  const { rows } = await hub.store.pool.query(
    'select length(team) as team, length(environment) as environment from resource',
  );

  expect(rows).toContainEqual({ team: 200, environment: 200 });
});
