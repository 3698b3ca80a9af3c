import { databaseFault, type Store } from '@bulwark/store';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { auditChecks } from '../audit-log/check.ts';
import { auditMetrics } from '../audit-log/metrics.ts';
import type { Duty } from '../duties.ts';
import type { Handlers } from '../http/handler.ts';
import type { Job } from '../jobs.ts';
import { EVENT_STREAM, type LiveOptions, LiveStreams } from '../live/stream.ts';
import { channelChecks, channelMetrics } from '../notifications/failing-channels.ts';
import type { Check } from './check.ts';
import { clockChecks } from './clock-faults.ts';
import { clusterChecks, clusterMetrics } from './cluster-checks.ts';
import { severityOf } from './convert.ts';

export interface OperationSettings {
  readonly store: Store;
  readonly log: LiveOptions['log'];
  readonly callerOf: LiveOptions['callerOf'];
  /** The state of parts besides the database. */
  readonly checks: () => readonly Check[];
  /** What only one hub on the database does. */
  readonly duties: () => readonly Duty[];
  /** What this hub does for all clusters together. */
  readonly jobs: () => readonly Job[];
}

/** Whether the hub lives, how it is, and what changes. */
export function operationHandlers({
  store,
  log,
  callerOf,
  checks,
  duties,
  jobs,
}: OperationSettings): Handlers<'live' | 'ready' | 'health' | 'metrics' | 'events'> {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const findings = new Gauge({
    name: 'bulwark_findings_open',
    help: 'Open findings.',
    labelNames: ['cluster', 'severity'],
    registers: [registry],
  });
  const lost = new Gauge({
    name: 'bulwark_coverage_lost',
    help: 'What was not seen or judged.',
    labelNames: ['cluster'],
    registers: [registry],
  });
  const held = new Gauge({
    name: 'bulwark_duty_held',
    help: 'Whether this hub does what only one hub on a database does: 1, or 0 where it stands by.',
    labelNames: ['duty', 'cluster'],
    registers: [registry],
  });
  const done = new Gauge({
    name: 'bulwark_job_last_done_seconds',
    help: 'When this hub last did what it does without being asked, such as the nightly backup, in seconds since 1970.',
    labelNames: ['job'],
    registers: [registry],
  });
  const countAudit = auditMetrics(registry, store);
  const countClusters = clusterMetrics(registry, store);
  const countChannels = channelMetrics(registry, store);
  const streams = new LiveStreams({ log, callerOf });
  return {
    live: () => ({ status: 'ok' }),
    ready: async (_input, { reply }) => {
      const fault = await databaseFault(store);
      if (fault === undefined) return { status: 'ok', notReady: [] };
      reply.status(503);
      return { status: 'down', notReady: [{ name: 'database', detail: fault }] };
    },
    health: async (_input, { now }) => {
      const fault = await databaseFault(store);
      const own = {
        name: 'database',
        status: fault === undefined ? 'ok' : 'down',
        detail: fault ?? `PostgreSQL ${store.version}`,
      } as const;
      const stored =
        fault === undefined
          ? [
              await clusterChecks(store),
              await clockChecks(store, now),
              await auditChecks(store, now),
              await channelChecks(store),
            ]
          : [];
      const all = [own, ...checks(), ...stored.flat()];
      const worst = all.some(({ status }) => status === 'down')
        ? 'down'
        : all.some(({ status }) => status === 'degraded')
          ? 'degraded'
          : 'ok';
      return { status: worst, checks: all };
    },
    metrics: async (_input, { reply }) => {
      // Several clusters can have one name: they are one series, of all of them together.
      const { rows } = await store.pool.query<{ name: string; severity: number; open: number }>(
        `select c.name, k.severity, sum(k.open)::int as open
         from cluster c join counter k on k.cluster_id = c.id group by 1, 2`,
      );
      const gaps = await store.pool.query<{ name: string; lost: number }>(
        `select c.name, count(v.cluster_id)::int as lost
         from cluster c left join coverage v on v.cluster_id = c.id and v.kind = 'lost' group by 1`,
      );
      await countAudit();
      await countClusters();
      await countChannels();
      held.reset();
      for (const { cluster, state } of duties())
        held.set(
          { duty: cluster === undefined ? 'upkeep' : 'watching', cluster: cluster ?? '' },
          state.kind === 'held' ? 1 : 0,
        );
      done.reset();
      for (const { name, lastDone } of jobs())
        if (lastDone !== undefined) done.set({ job: name }, lastDone.getTime() / 1000);
      findings.reset();
      lost.reset();
      for (const { name, lost: count } of gaps.rows) lost.set({ cluster: name }, count);
      for (const { name, severity, open } of rows)
        findings.set({ cluster: name, severity: severityOf(severity) }, open);
      await reply.type(registry.contentType).send(await registry.metrics());
      return undefined;
    },
    events: (_input, { request, reply, caller, now }) => {
      if (request.method === 'HEAD') {
        reply.type(EVENT_STREAM).send();
        return undefined;
      }
      streams.answer(request, reply, { caller, now });
      return undefined;
    },
  };
}
