import { namespaceOf } from '@bulwark/core';
import { isLeased, LeaseLost } from '../lease.ts';
import { ensureMonth } from '../partitions.ts';
import type { Store } from '../store.ts';
import { announce, type Topic } from './announce.ts';
import { noteAhead } from './clock-ahead.ts';
import { countAnew } from './count.ts';
import { writeFindings } from './findings.ts';
import { workloadsTouched, writeInPods } from './in-pods.ts';
import { beginWrite } from './last-write.ts';
import { writeOwners } from './owners.ts';
import { type Writing, writeResources } from './resources.ts';
import { writeRisks } from './risks.ts';
import type { Batch, ObjectKey } from './rows.ts';
import { withSigns } from './signs.ts';

const LARGE = 5000;
const ANALYZED = 'resource, body, finding, word, counter, object_counter, workload_risk';

/**
 * Writes a batch in one transaction: what is read is always what one moment of the cluster gave. Writing it again does no
 * harm. Batches of one cluster follow each other, and so do their moments, whatever the clock does. Cost: three statements
 * for two thousand objects, two for what their pods run, two for five thousand findings, and counting anew what they touched.
 *
 * @throws LeaseLost where another hub may record the cluster by now, and WriteMissing where what it builds on is gone; then nothing
 *   is written.
 */
export async function applyBatch({ pool }: Store, cluster: number, batch: Batch): Promise<void> {
  await ensureMonth(pool, batch.at);
  const client = await pool.connect();
  try {
    await client.query('begin');
    const at = (await beginWrite(client, cluster, batch, batch.at)) ?? batch.at;
    await noteAhead(client, cluster, { now: batch.at, written: at });
    if (batch.unlessLeased === true && (await isLeased(client, cluster))) throw new LeaseLost();
    const writing = { client, cluster, at };
    const touchedWorkloads = await workloadsTouched(writing, batch);
    const changes = await withSigns(writing, batch, await writeResources(writing, batch));
    const { owners = [] } = batch;
    await writeOwners(writing, owners);
    await writeInPods(writing, touchedWorkloads);
    const touched = [
      ...(await writeFindings(writing, batch, changes)),
      // Afterwards, so that findings that are gone are not counted for it.
      ...(await writeRisks(writing, batch)),
    ];
    if (touched.length > 0) await countAnew(writing, touched);
    // Each by itself: what changed in one namespace is not said of another one.
    await announceIn(writing, 'findings', touched);
    await announceIn(writing, 'inventory', [...batch.resources, ...batch.removed, ...owners]);
    await client.query(batch.isTrial === true ? 'rollback' : 'commit');
    // What was empty a moment ago is asked of in a moment: the planner must not wait for the next round of the database.
    const isLarge = batch.resources.length + batch.findings.length > LARGE;
    if (isLarge && batch.isTrial !== true) await client.query(`analyze ${ANALYZED}`);
    client.release();
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    client.release(error instanceof Error ? error : true);
    throw error;
  }
}

async function announceIn(
  { client, cluster }: Writing,
  topic: Topic,
  objects: readonly ObjectKey[],
): Promise<void> {
  if (objects.length === 0) return;
  await announce(client, { topics: [topic], clusters: [cluster], namespaces: objects.map(namespaceOf) });
}
