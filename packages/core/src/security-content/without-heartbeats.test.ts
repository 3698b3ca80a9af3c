import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../json.ts';
import { withoutHeartbeats } from './without-heartbeats.ts';

function node({ version, beat, ready }: { version: string; beat: string; ready: string }): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name: 'a',
      resourceVersion: version,
      managedFields: [{ manager: 'kubelet', time: beat }],
    },
    status: {
      conditions: [{ type: 'Ready', status: ready, lastHeartbeatTime: beat }],
      images: [{ names: ['shop/api:1'], sizeBytes: Number(version) }],
    },
  };
}

const BEFORE = node({ version: '1', beat: '2026-11-01T00:00:00Z', ready: 'True' });

describe('withoutHeartbeats', () => {
  it('makes two versions equal that differ in a heartbeat', () => {
    const after = node({ version: '2', beat: '2026-11-01T00:00:10Z', ready: 'True' });

    expect(withoutHeartbeats(after)).toEqual(withoutHeartbeats(BEFORE));
  });

  it('keeps what happened', () => {
    const after = node({ version: '2', beat: '2026-11-01T00:00:10Z', ready: 'False' });

    expect(withoutHeartbeats(after)).not.toEqual(withoutHeartbeats(BEFORE));
  });

  it('keeps every other field, whatever it is', () => {
    const { metadata: _none, ...bare } = { ...BEFORE, spec: null, data: { key: 'value' }, metadata: {} };

    expect(withoutHeartbeats({ ...bare, kind: 'Thing', metadata: null })).toEqual({
      apiVersion: 'v1',
      kind: 'Thing',
      metadata: null,
      spec: null,
      data: { key: 'value' },
    });
  });
});
