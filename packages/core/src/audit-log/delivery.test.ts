import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAuditDelivery, readAuditDelivery } from './delivery.ts';
import { auditEvent } from './event.testing.ts';

describe('a delivery of audit events', () => {
  it('is one event or a list of them, whose items need not say what they are', () => {
    const { kind: _kind, apiVersion: _version, ...bare } = auditEvent({ auditID: 'a-2' });
    const list = { kind: 'EventList', apiVersion: 'audit.k8s.io/v1', items: [auditEvent(), bare] };

    expect(readAuditDelivery(auditEvent()).writes).toHaveLength(1);
    expect(readAuditDelivery(list)).toMatchObject({ events: 2, malformed: [] });
    expect(readAuditDelivery(list).writes.map(({ auditId }) => auditId)).toEqual(['a-1', 'a-2']);
  });

  it('is read although parts of it are malformed, which are counted with their reasons', () => {
    const late = auditEvent({ verb: 'get', stageTimestamp: '2026-11-26T11:00:00Z' });
    const items = [auditEvent(), 'x', auditEvent({ auditID: 1 }), late];

    expect(readAuditDelivery({ kind: 'EventList', items })).toMatchObject({
      events: 2,
      malformed: ['not an object', 'without auditID'],
      last: Date.parse('2026-11-26T11:00:00Z'),
    });
  });

  it.each(['', '{"kind":"Event"', 'null', '[]', '{"kind":"EventList"}'])('%j is malformed', (text) => {
    expect(parseAuditDelivery(text).malformed).toHaveLength(1);
  });

  it('never throws, whatever it is', () => {
    const field = fc.constantFrom(
      ...Object.keys(auditEvent()),
      'impersonatedUser',
      'responseObject',
      'items',
    );
    const broken = fc
      .tuple(field, fc.jsonValue())
      .map(([name, value]) => auditEvent({ [name]: value as unknown }));
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), broken, fc.array(broken)), (document) => {
        const list = { kind: 'EventList', items: [document] };
        for (const each of [document, list]) {
          const { events, malformed } = readAuditDelivery(each);
          expect(events + malformed.length).toBe(each === document && isEmptyList(document) ? 0 : 1);
        }
      }),
    );
    fc.assert(fc.property(fc.string(), (text) => void parseAuditDelivery(text)));
  });
});

function isEmptyList(document: unknown): boolean {
  const { kind, items } = Object(document) as { kind?: unknown; items?: unknown };
  return kind === 'EventList' && Array.isArray(items) && items.length === 0;
}
