import { contentHash, type JsonObject } from '@bulwark/core';
import type { PoolClient } from 'pg';
import { joinInstance } from '../write/kin.ts';
import { type Digested, digestOf } from '../write/row-digest.ts';

/**
 * Contents, and rows of objects, are named by a hash that nobody can meet on purpose. SQL makes room for what each is called from now
 * on, and code names it. Of manifests the hash that was there already says the same as their fingerprint.
 */
export const CONTENT_NAMES = `
-- Who writes waits until all is renamed.
lock table body, resource, resource_past, change in share row exclusive mode;

alter table build_object drop column fingerprint;

create table renamed_body (
  cluster_id int not null,
  before uuid not null,
  after uuid not null,
  primary key (cluster_id, before)
);
`;

/** So many bodies, or rows, are held at once. */
const AT_ONCE = 200;

/**
 * Gives everything the name that `contentHash` and `digestOf` give it, so that the first look after an update finds nothing changed.
 * Cost: all that is stored is read, and of objects, versions and changes written anew; memory: some bodies.
 */
export async function nameContents(client: PoolClient): Promise<void> {
  await readPages<{ cluster: number; hash: string; content: JsonObject }>(
    client,
    'select cluster_id as cluster, hash, content from body',
    async (bodies) => {
      await client.query('insert into renamed_body select * from unnest($1::int[], $2::uuid[], $3::uuid[])', [
        bodies.map(({ cluster }) => cluster),
        bodies.map(({ hash }) => hash),
        bodies.map(({ content }) => contentHash(content)),
      ]);
    },
  );
  await client.query('analyze renamed_body');
  await readPages<StoredRow>(client, ROWS, async (rows) => {
    await client.query(RENAME_ROWS, [
      JSON.stringify(
        rows.map(({ place, kin, bodyHash, ...row }) => ({
          place,
          digest: digestOf({
            ...row,
            bodyHash: bodyHash.replaceAll('-', ''),
            instance: joinInstance({ ...row, kin }),
          }),
        })),
      ),
    ]);
  });
  await client.query(RENAME);
}

type StoredRow = Digested & {
  /** Where it lies. */
  readonly place: string;
  readonly namespace: string;
  readonly name: string;
  readonly kin: JsonObject | null;
};

const renamed = (hash: string): string =>
  `coalesce((select m.after from renamed_body m where m.cluster_id = t.cluster_id and m.before = t.${hash}), t.${hash})`;

// Nobody writes meanwhile, so that rows stay where they are.
const ROWS = `
select t.ctid::text as place, namespace, name, uid, api_version as "apiVersion", owner_kind as "ownerKind", owner_name as "ownerName",
  ${renamed('body_hash')} as "bodyHash", instance, is_workload as "isWorkload", team, contacts, environment, criticality,
  (select k.content from body k where k.cluster_id = t.cluster_id and k.hash = t.kin_hash) as kin
from resource t`;

const RENAME_ROWS = `
update resource t set digest = x.digest, body_hash = ${renamed('body_hash')}, kin_hash = ${renamed('kin_hash')}
from jsonb_to_recordset($1::jsonb) as x(place tid, digest uuid) where t.ctid = x.place`;

/** What became the same is one body. A body may be called as another one was before. */
const RENAME = `
update resource_past t set body_hash = ${renamed('body_hash')}, kin_hash = ${renamed('kin_hash')};
update change t set before = ${renamed('before')}, after = ${renamed('after')} where before is not null or after is not null;

alter table body drop constraint body_pkey;
delete from body b using renamed_body m where m.cluster_id = b.cluster_id and m.before = b.hash and exists (
  select from renamed_body o where o.cluster_id = m.cluster_id and o.after = m.after and o.before < m.before);
update body b set hash = m.after from renamed_body m where m.cluster_id = b.cluster_id and m.before = b.hash;
alter table body add primary key (cluster_id, hash);

drop table renamed_body;
`;

/** Reads what a query finds page by page, as it is when it begins. */
async function readPages<Row extends object>(
  client: PoolClient,
  query: string,
  act: (page: readonly Row[]) => Promise<void>,
): Promise<void> {
  await client.query(`declare pages cursor for ${query}`);
  for (;;) {
    const { rows } = await client.query<Row>(`fetch ${AT_ONCE} from pages`);
    if (rows.length === 0) break;
    await act(rows);
  }
  await client.query('close pages');
}
