import type { Store } from '../store.ts';

/** A setting by its name; undefined where it was never set. */
export async function settingOf<T>({ pool }: Store, name: string): Promise<T | undefined> {
  return (await pool.query<{ value: T }>('select value from setting where name = $1', [name])).rows[0]?.value;
}

export async function setSetting({ pool }: Store, name: string, value: unknown): Promise<void> {
  await pool.query(
    'insert into setting (name, value) values ($1, $2) on conflict (name) do update set value = excluded.value',
    [name, JSON.stringify(value)],
  );
}
