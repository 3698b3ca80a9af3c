import { type AuditSourceRecord, listAuditSources, type Store, scopeOf } from '@bulwark/store';
import { Counter, Gauge, type Registry } from 'prom-client';

const COUNTED = [
  {
    name: 'bulwark_audit_log_events_total',
    help: 'Audit events that came, those that changed nothing included.',
    of: ({ events }) => events,
  },
  {
    name: 'bulwark_audit_log_malformed_total',
    help: 'Parts of audit logs that could not be read.',
    of: ({ malformed }) => malformed,
  },
  {
    name: 'bulwark_audit_log_unnamed_total',
    help: 'Creations whose name is not in the audit log.',
    of: ({ unnamed }) => unnamed,
  },
] as const satisfies readonly { name: string; help: string; of: (source: AuditSourceRecord) => number }[];

/** Adds to the metrics how the audit logs of all clusters are read. Returns what brings them up to date. */
export function auditMetrics(registry: Registry, store: Store): () => Promise<void> {
  const common = { labelNames: ['cluster', 'source'], registers: [registry] };
  const counters = COUNTED.map(({ name, help, of }) => ({
    of,
    counter: new Counter({ name, help, ...common }),
  }));
  const last = new Gauge({
    name: 'bulwark_audit_log_last_event_seconds',
    help: 'When the last audit event was done, in seconds since 1970.',
    ...common,
  });
  return async () => {
    const sources = await listAuditSources(store, scopeOf({ clusters: 'all', namespaces: 'all' }));
    last.reset();
    for (const { counter } of counters) counter.reset();
    for (const record of sources) {
      const labels = { cluster: record.clusterName, source: record.source };
      for (const { counter, of } of counters) counter.inc(labels, of(record));
      if (record.lastEvent !== null) last.set(labels, record.lastEvent.getTime() / 1000);
    }
  };
}
