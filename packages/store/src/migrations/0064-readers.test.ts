import { expect } from 'vitest';
import { itOfStep } from './step.testing.ts';

const KEYS = [
  { key: '1 digest of team-a', toContact: true, contactOf: 'team-a' },
  { key: '1 first of ', toContact: true, contactOf: '' },
  { key: '1 control privileged-container of a of b', toContact: true, contactOf: 'a of b' },
  { key: '12 change 7 of shop', toContact: true, contactOf: 'shop' },
  { key: '1 control c of shop', toContact: false, contactOf: null },
];

itOfStep(
  '0064-readers',
  'knows whose contacts were told, and how they were reached',
  async ({ pool, apply }) => {
    await pool.query(
      `with c as (insert into channel (name, type, settings, secrets, created_at) values ('c', 'smtp', '{}', '', now()) returning id)
     insert into delivery (channel_id, cluster_id, topic, key, state, message, to_contact, at, due)
     select c.id, 1, 'digest', x.key, 'sent', '{"contacts": ["a@example.com"]}', x.told, now(), now()
     from c, unnest($1::text[], $2::boolean[]) as x(key, told)`,
      [KEYS.map(({ key }) => key), KEYS.map(({ toContact }) => toContact)],
    );
    await pool.query(
      "insert into told_finding (delivery_id, fingerprint) select id, '00000000-0000-0000-0000-000000000001' from delivery",
    );

    await apply();

    const { rows } = await pool.query(
      'select key, contact_of as "contactOf", contacts from delivery order by id',
    );
    expect(rows).toEqual(
      KEYS.map(({ key, contactOf, toContact }) => ({
        key,
        contactOf,
        contacts: toContact ? ['a@example.com'] : null,
      })),
    );
    expect((await pool.query('select distinct as_of, also from told_finding')).rows).toEqual([
      { as_of: null, also: [] },
    ]);
  },
);
