import { type JsonObject, stringAt } from '@bulwark/core';
import { demoChurn, demoCluster } from '@bulwark/demo';
import { fakeApiServer } from '@bulwark/testkit';
import type { FromCluster, ToCluster } from './cluster.ts';
import { CHURN_SEED, SIZE } from './size.ts';

/** Short, so that a rate is met within a fraction of a second. */
const STEP_MS = 20;

function tell(message: FromCluster): void {
  process.send?.(message);
}

const cluster = demoCluster(SIZE);
const server = await fakeApiServer({ objects: cluster, bookmarkMs: 60_000 });
const churn = demoChurn({ seed: CHURN_SEED, now: SIZE.now, cluster });
const counts = { status: 0, pod: 0, relevant: 0 };
let timer: ReturnType<typeof setInterval> | undefined;

function put(verb: 'upsert' | 'delete', object: JsonObject): void {
  if (verb === 'upsert') server.upsert(object);
  else
    server.delete({
      apiVersion: stringAt(object, 'apiVersion') ?? '',
      kind: stringAt(object, 'kind') ?? '',
      namespace: stringAt(object, 'metadata', 'namespace') ?? '',
      name: stringAt(object, 'metadata', 'name') ?? '',
    });
  // Nobody asks here what was asked for, and an hour of it fills the memory.
  server.requests.length = 0;
}

function begin(perMinute: number): void {
  const began = performance.now();
  let done = 0;
  timer = setInterval(() => {
    const due = ((performance.now() - began) / 60_000) * perMinute;
    for (; done < due; done++) {
      const { verb, object, sort } = churn.next().value;
      put(verb, object);
      counts[sort]++;
    }
  }, STEP_MS);
}

process.on('message', (message: ToCluster) => {
  switch (message.type) {
    case 'churn':
      clearInterval(timer);
      if (message.perMinute > 0) begin(message.perMinute);
      tell({ type: 'churned', ...counts });
      break;
    case 'count':
      tell({ type: 'churned', ...counts });
      break;
    case 'put': {
      const at = Date.now();
      put(message.verb, message.object);
      tell({ type: 'put', id: message.id, at });
    }
  }
});
process.on('disconnect', () => process.exit(0));
tell({ type: 'ready', url: server.url, objects: cluster.length });
