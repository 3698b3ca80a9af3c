import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../json.ts';
import { securityContent } from './security-content.ts';
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

  it('makes EndpointSlices equal that lead to the same', () => {
    const slice = (state: string, isReady: boolean, ...addresses: string[]): JsonObject => ({
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name: 'pg', annotations: { renewTime: state, 'example.com/kept': 'yes' } },
      addressType: 'IPv4',
      endpoints: addresses.map((address) => ({
        addresses: [address],
        conditions: { ready: isReady },
        nodeName: state,
        targetRef: { kind: 'Pod', name: 'pg-0', namespace: 'db', resourceVersion: state },
      })),
    });
    const before = slice('1', true, '10.0.0.1', '10.0.0.2');
    const after = slice('2', false, '10.0.0.2', '10.0.0.1');

    expect(withoutHeartbeats(after)).toEqual(withoutHeartbeats(before));
    expect(securityContent(after)).toEqual(securityContent(before));
    expect(withoutHeartbeats(after)['metadata']).toEqual({
      name: 'pg',
      annotations: { 'example.com/kept': 'yes' },
    });
    expect(withoutHeartbeats(slice('1', true, '10.0.0.3'))).not.toEqual(withoutHeartbeats(before));
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
