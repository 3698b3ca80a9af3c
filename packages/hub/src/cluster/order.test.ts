import { CONTROLS } from '@bulwark/controls';
import { DEFAULT_OWNERSHIP, type JsonObject, toResource } from '@bulwark/core';
import { demoShop } from '@bulwark/demo';
import { expect, it } from 'vitest';
import { Posture } from './posture.ts';
import { draftOf } from './row.ts';

const SHOP = demoShop({ seed: 'order', now: Date.parse('2026-11-26T10:00:00Z') });
const PART = 400;

/** What is found when objects come in an order, some at a time, as a line each. */
function found(objects: readonly JsonObject[]): string[] {
  const posture = new Posture({
    controls: CONTROLS.filter(({ profile }) => profile === 'default'),
    kubernetes: { minor: 34, text: '1.34' },
    decisions: {
      exceptions: [],
      annotations: { annotations: 'accept', otherTools: 'ignore', controlsNamed: (control) => [control] },
      ownership: DEFAULT_OWNERSHIP,
    },
    contentOf: (pod) => draftOf(pod).bodyHash,
    today: () => '2026-11-26',
  });
  const lines = new Map<string, string>();
  for (let first = 0; first < objects.length; first += PART) {
    const upsert = objects
      .slice(first, first + PART)
      .map((object) => toResource(object, { kind: 'cluster', cluster: '', resourceVersion: '' }));
    posture.see({ upsert });
    const { upserted, resolved } = posture.settle({ risks: 'later' });
    for (const { finding } of upserted)
      lines.set(finding.fingerprint, `${finding.fingerprint} ${finding.severity} ${finding.message}`);
    for (const { fingerprint } of resolved) lines.delete(fingerprint);
  }
  return [...lines.values()].sort();
}

it('finds the same, in the same words, in whatever order a cluster tells of its objects', () => {
  const inOrder = found(SHOP);

  expect(inOrder.length).toBeGreaterThan(100);
  expect(found(SHOP.toReversed())).toEqual(inOrder);
}, 180_000);
