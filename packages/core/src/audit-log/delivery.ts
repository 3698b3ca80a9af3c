import { arrayAt, stringAt } from '../json.ts';
import { type AuditWrite, readAuditEvent } from './write.ts';

/** What a delivery of a webhook, or a line of a file, says. */
export interface AuditDelivery {
  readonly writes: readonly AuditWrite[];
  /** How many events it held, those that changed nothing included. */
  readonly events: number;
  /** Creations whose name the log does not tell. */
  readonly unnamed: number;
  /** Why parts of it could not be read, one reason for each part. */
  readonly malformed: readonly string[];
  /** When the last event was done, in milliseconds since 1970. */
  readonly last: number | undefined;
}

/** Reads an Event or an EventList of audit.k8s.io/v1. What is malformed is said, and keeps nothing else from being read. */
export function readAuditDelivery(document: unknown): AuditDelivery {
  const isList = stringAt(document, 'kind') === 'EventList';
  const items = isList ? arrayAt(document, 'items') : [document];
  if (items === undefined) return { ...NOTHING, malformed: ['a list without items'] };
  return joinDeliveries(items.map(deliveryOf));
}

/** Reads the text of one; text that is no JSON is malformed. */
export function parseAuditDelivery(text: string): AuditDelivery {
  try {
    return readAuditDelivery(JSON.parse(text));
  } catch {
    return { ...NOTHING, malformed: ['not JSON'] };
  }
}

const NOTHING: AuditDelivery = { writes: [], events: 0, unnamed: 0, malformed: [], last: undefined };

function deliveryOf(event: unknown): AuditDelivery {
  const reading = readAuditEvent(event);
  if (reading.kind === 'malformed') return { ...NOTHING, malformed: [reading.reason] };
  const isWrite = reading.kind === 'write';
  const isUnnamed = isWrite && reading.write.effect === 'created' && reading.write.name === '';
  return {
    writes: isWrite ? [reading.write] : [],
    events: 1,
    unnamed: isUnnamed ? 1 : 0,
    malformed: [],
    last: isWrite ? reading.write.done : reading.done,
  };
}

/** Several deliveries as one. */
export function joinDeliveries(deliveries: readonly AuditDelivery[]): AuditDelivery {
  let last: number | undefined;
  for (const each of deliveries)
    if (each.last !== undefined && (last === undefined || each.last > last)) last = each.last;
  return {
    writes: deliveries.flatMap(({ writes }) => writes),
    events: deliveries.reduce((sum, { events }) => sum + events, 0),
    unnamed: deliveries.reduce((sum, { unnamed }) => sum + unnamed, 0),
    malformed: deliveries.flatMap(({ malformed }) => malformed),
    last,
  };
}
