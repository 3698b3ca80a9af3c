import { expect } from 'vitest';
import { itOfStep } from './step.testing.ts';

itOfStep('0086-in-pods', 'finds what pods run that their workload does not name', async ({ pool, apply }) => {
  await pool.query(`
    insert into cluster (uid, ca_hash, name, server, version, is_demo, first_seen) values ('u', '', 'prod', '', '', false, now())`);
  const body = (hash: number, content: object) =>
    pool.query('insert into body (cluster_id, hash, content) values (1, $1, $2)', [uuid(hash), content]);
  await body(1, { kind: 'Deployment' });
  await body(2, {
    spec: { containers: [{ image: 'web:1' }, { image: 'agent:1' }], serviceAccountName: 'boss' },
  });
  await body(3, { spec: { containers: [{ image: 'old:1' }] } });
  await body(4, { spec: { containers: [{ image: 'web:1' }] } });
  const row = (kind: string, name: string, of: string, hash: number, phase: string) =>
    pool.query(
      `insert into resource (cluster_id, kind, namespace, name, api_version, uid, owner_kind, owner_name, body_hash, digest, instance,
         labels, is_workload, images, service_account, first_seen, valid_from)
       values (1, $1, 'shop', $2, 'v1', $2, 'apps/Deployment', $3, $4, $4, $5, '{}', $6, $7, $8, now(), now())`,
      [
        ...[kind, name, of, uuid(hash), { status: { phase } }, kind !== 'Pod'],
        ...(kind === 'Pod' ? [[], ''] : [['web:1'], 'default']),
      ],
    );
  await row('apps/Deployment', 'web', 'web', 1, '');
  await row('apps/Deployment', 'same', 'same', 1, '');
  await row('Pod', 'web-0', 'web', 2, 'Running');
  await row('Pod', 'web-1', 'web', 3, 'Failed');
  await row('Pod', 'same-0', 'same', 4, 'Running');

  await apply();

  const { rows } = await pool.query(
    'select name, pod_bodies, pod_images, pod_accounts from resource where is_workload order by name',
  );
  expect(rows).toEqual([
    { name: 'same', pod_bodies: [uuid(4)], pod_images: [], pod_accounts: [] },
    { name: 'web', pod_bodies: [uuid(2)], pod_images: ['agent:1'], pod_accounts: ['boss'] },
  ]);
});

function uuid(hash: number): string {
  return `00000000-0000-0000-0000-00000000000${hash}`;
}
