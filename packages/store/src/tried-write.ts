import pg from 'pg';
import { isPassing, type WriteFault, whyNotWritten } from './why-not-written.ts';

/** Room on its disk without which a database counts as one that takes nothing, in kilobytes of one letter each. */
const KILOBYTES = 1024;
const ANSWER_MS = 10_000;

/**
 * A file for what does not fit into memory needs room on the disk and leaves nothing behind, while the row that is written has its
 * place already. A row that somebody just writes is not waited for.
 */
const TRIED: pg.QueryConfig & { readonly query_timeout: number } = {
  text: `set local work_mem = '64kB';
    select count(*) from unnest(array_fill(repeat(' ', 1024), array[${KILOBYTES}]));
    update cluster set last_seen = last_seen where id = (select id from cluster limit 1 for update skip locked)`,
  query_timeout: ANSWER_MS,
};

/** An administrator can forbid such files, which says nothing about room. */
const FORBIDDEN_FILES = '53400';

/**
 * Why a database takes nothing, as found by writing what changes nothing; undefined where it takes it, and where that cannot be told,
 * as it does not answer or others are in the way. Cost: a row and a megabyte that is not kept.
 */
export async function triedWrite({ pool }: { readonly pool: pg.Pool }): Promise<WriteFault | undefined> {
  try {
    await pool.query(TRIED);
    return undefined;
  } catch (error) {
    const isSaid = error instanceof pg.DatabaseError && error.code !== FORBIDDEN_FILES;
    if (!isSaid || isPassing(error)) return undefined;
    // There was nothing in it that could be refused for what it is.
    return { ...whyNotWritten(error), isWhole: true };
  }
}
