import type { Pool, PoolClient } from 'pg';

interface Column {
  readonly table: string;
  readonly name: string;
  readonly type: string;
  readonly isPartitioned: boolean;
}

/** A value of each type that any column takes. */
const VALUES: Readonly<Record<string, string>> = {
  smallint: '1',
  integer: '1',
  bigint: '1',
  text: `'x'`,
  uuid: `'00000000-0000-0000-0000-000000000001'`,
  boolean: 'true',
  date: `'2026-11-26'`,
  'timestamp with time zone': `'2026-11-26T10:00:00Z'`,
  jsonb: `'{"a": 1}'`,
  bytea: `'\\x01'`,
};

function sampleOf({ table, name, type }: Column): string {
  if (type.endsWith('[]')) return `'{}'`;
  const value = VALUES[type];
  if (value === undefined) throw new Error(`the test knows no value of ${table}.${name}, which is ${type}`);
  return value;
}

/** The tables of a database, but for the list of its steps. */
export async function tablesOf(pool: Pool): Promise<readonly string[]> {
  return [...new Set((await columnsOf(pool)).map(({ table }) => table))];
}

async function columnsOf(pool: Pool): Promise<readonly Column[]> {
  const { rows } = await pool.query<Column>(
    `select c.relname as table, a.attname as name, format_type(a.atttypid, null) as type, c.relkind = 'p' as "isPartitioned"
     from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and c.relname <> 'migration'
     order by c.relname, a.attnum`,
  );
  return rows;
}

async function hasPartitions(client: PoolClient, table: string): Promise<boolean> {
  const { rowCount } = await client.query('select from pg_inherits where inhparent = $1::regclass', [table]);
  return (rowCount ?? 0) > 0;
}

/** Puts a row into every table that has none: all refer to each other, as every number is 1. */
export async function fillEveryTable(pool: Pool): Promise<void> {
  const columns = await columnsOf(pool);
  const client = await pool.connect();
  try {
    await client.query('begin');
    // Whatever refers to what comes later.
    await client.query('set local session_replication_role = replica');
    for (const table of new Set(columns.map((column) => column.table))) {
      const own = columns.filter((column) => column.table === table);
      if (own[0]?.isPartitioned === true && !(await hasPartitions(client, table)))
        await client.query(
          `create table ${table}_2026_11 partition of ${table} for values from ('2026-11-01') to ('2026-12-01')`,
        );
      await client.query(
        `insert into ${table} (${own.map(({ name }) => `"${name}"`).join(', ')}) overriding system value
         select ${own.map((column) => `${sampleOf(column)}::${column.type}`).join(', ')}
         where not exists (select from ${table})`,
      );
    }
    await client.query('commit');
  } finally {
    client.release();
  }
}

/** Every row of every table, as text. */
export async function contentOf(
  pool: Pool,
  tables: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const content = new Map<string, readonly string[]>();
  for (const table of tables) {
    const { rows } = await pool.query<{ row: string }>(`select t::text as row from ${table} t order by 1`);
    content.set(
      table,
      rows.map(({ row }) => row),
    );
  }
  return content;
}
