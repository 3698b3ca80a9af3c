import type { Pool } from 'pg';

/**
 * Forgets what was recorded before a moment. Of each object and each image the newest record stays, whatever its age: what
 * was deployed long ago has still been built.
 */
export async function retainBuilds(pool: Pool, from: Date): Promise<number> {
  const { rowCount } = await pool.query(
    `delete from build_record r where r.received_at < $1
       and not exists (select from build_object o where o.record_id = r.id and not exists (
         select from build_object n join build_record m on m.id = n.record_id
         where n.kind = o.kind and n.name = o.name and n.namespace = o.namespace and n.record_id > o.record_id
           and m.repository = r.repository))
       and not exists (select from build_image i where i.record_id = r.id and not exists (
         select from build_image n where n.name = i.name and n.record_id > i.record_id))`,
    [from],
  );
  if ((rowCount ?? 0) > 0)
    await pool.query(
      'delete from build_manifest m where not exists (select from build_object o where o.hash = m.hash)',
    );
  return rowCount ?? 0;
}
