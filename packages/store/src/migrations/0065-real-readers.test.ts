import { expect } from 'vitest';
import { itOfStep } from './step.testing.ts';

const CONTACT = 'a@example.com';
const MESSAGES = [
  {
    what: 'mail to a contact',
    type: 'smtp',
    recipient: `${CONTACT}, the contact of the owner`,
    reader: [CONTACT],
  },
  { what: 'mail that no contact got', type: 'smtp', recipient: 'x@example.com: it knows none', reader: null },
  {
    what: 'told to a webhook',
    type: 'webhook',
    recipient: `the webhook, which is told ${CONTACT}`,
    reader: null,
  },
];

itOfStep('0065-real-readers', 'knows who read what was told to contacts', async ({ pool, apply }) => {
  for (const { what, type, recipient } of MESSAGES)
    await pool.query(
      `with c as (insert into channel (name, type, settings, secrets, created_at) values ($1, $2, '{}', '', now()) returning id)
       insert into delivery (channel_id, cluster_id, topic, key, state, message, contact_of, contacts, recipient, at, due)
       select id, 1, 'digest', '', 'sent', '{}', 'Shop', $3, $4, now(), now() from c`,
      [what, type, [CONTACT], recipient],
    );

  await apply();

  const { rows } = await pool.query(
    'select c.name as what, d.reader from delivery d join channel c on c.id = d.channel_id order by d.id',
  );
  expect(rows).toEqual(MESSAGES.map(({ what, reader }) => ({ what, reader })));
});

itOfStep('0065-real-readers', 'knows whom what is gathered is for', async ({ pool, apply }) => {
  await pool.query(
    `insert into resource (cluster_id, kind, namespace, name, api_version, uid, owner_kind, owner_name, body_hash, digest, instance, labels,
       is_workload, images, service_account, contacts, first_seen, valid_from)
     select 1, 'Pod', 'a', 'web', 'v1', 'u', 'Pod', 'web', gen_random_uuid(), gen_random_uuid(), '{}', '{}', true, '{}', '', $1,
       now(), now()`,
    [[CONTACT]],
  );
  await pool.query(
    `with c as (insert into channel (name, type, settings, secrets, created_at) values ('c', 'smtp', '{}', '', now()) returning id),
     d as (insert into delivery (channel_id, cluster_id, topic, key, contact_of, state, at, due)
       select id, 1, 'digest', name, 'Shop', 'gathering', now(), now() from c, unnest(array['web', 'other']) as name returning id, key)
     insert into delivery_item (delivery_id, id, is_resolved, fingerprint, control, severity, kind, namespace, name, message)
     select id, 1, false, gen_random_uuid(), 'c', 3, 'Pod', 'a', key, 'm' from d`,
  );

  await apply();

  const { rows } = await pool.query(
    'select i.name, d.reader from delivery d join delivery_item i on i.delivery_id = d.id order by 1 desc',
  );
  expect(rows).toEqual([
    { name: 'web', reader: [CONTACT] },
    { name: 'other', reader: null },
  ]);
});
