import { expect } from 'vitest';
import { itOfStep } from './step.testing.ts';

const uuid = (digit: number): string => `00000000-0000-0000-0000-00000000000${digit}`;

itOfStep(
  '0080-former-fingerprints',
  'notes every fingerprint that is stored, once in each cluster, as a former one whose finding is not known yet',
  async ({ pool, apply }) => {
    await pool.query(
      `create table finding_past_2026_11 partition of finding_past for values from ('2026-11-01') to ('2026-12-01');
       insert into finding (cluster_id, fingerprint, digest, control, severity, kind, api_version, namespace, name, path, message, fixable,
         first_seen, valid_from)
       select cluster, print::uuid, print::uuid, 'c', 3, 'Pod', 'v1', 'shop', 'web', '', 'm', false, '2026-11-01', '2026-11-01'
       from (values (1, '${uuid(1)}'), (2, '${uuid(1)}')) x(cluster, print);
       insert into finding_past (cluster_id, fingerprint, control, severity, kind, api_version, namespace, name, path, message, fixable,
         first_seen, valid_from, valid_to, is_resolved)
       select 1, print::uuid, 'c', 3, 'Pod', 'v1', 'shop', 'web', '', 'm', false, '2026-11-01', '2026-11-01', '2026-11-02', true
       from unnest(array['${uuid(1)}', '${uuid(2)}', '${uuid(2)}']) print`,
    );

    await apply();

    const { rows } = await pool.query(
      'select cluster_id, former, fingerprint from former_fingerprint order by 1, 2',
    );
    expect(rows).toEqual([
      { cluster_id: 1, former: uuid(1), fingerprint: null },
      { cluster_id: 1, former: uuid(2), fingerprint: null },
      { cluster_id: 2, former: uuid(1), fingerprint: null },
    ]);
  },
);
