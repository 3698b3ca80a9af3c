import { CONTROLS } from '@bulwark/controls';
import { controlsNamed, DEFAULT_OWNERSHIP, type Exception, type JsonObject, toResource } from '@bulwark/core';
import { describe, expect, it } from 'vitest';
import { Posture } from './posture.ts';

const NAMED = ['privileged-container', 'memory-limit-missing'];
const UNTIL = 'Node agent.; until=2027-01-31; owner=platform';

function pod(annotations: JsonObject): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'agent', namespace: 'shop', labels: { team: 'platform' }, annotations },
    spec: { containers: [{ name: 'app', image: 'x:1', securityContext: { privileged: true } }] },
  };
}

function posture(exceptions: readonly Exception[] = []): Posture {
  return new Posture({
    controls: CONTROLS.filter(({ id }) => NAMED.includes(id)),
    kubernetes: { minor: 34, text: '1.34' },
    contentOf: ({ id }) => id,
    today: () => '2026-11-26',
    decisions: {
      exceptions,
      ownership: DEFAULT_OWNERSHIP,
      annotations: {
        annotations: 'accept',
        otherTools: 'accept',
        controlsNamed: (name) => controlsNamed(name, CONTROLS).map(({ id }) => id),
      },
    },
  });
}

function said(delta: ReturnType<Posture['settle']>): string[] {
  return delta.upserted
    .map(({ finding: { control, exception, requested }, ownership }) => {
      const state = exception !== undefined ? 'excepted' : requested !== undefined ? 'requested' : 'open';
      return `${control} ${state} ${ownership.owner?.value ?? 'nobody'}`;
    })
    .sort();
}

function see(at: Posture, object: JsonObject): string[] {
  at.see({ upsert: [toResource(object, { kind: 'cluster', cluster: 'c', resourceVersion: '1' })] });
  return said(at.settle());
}

describe('an exception in an object of a cluster', () => {
  const annotations = Object.fromEntries(NAMED.map((id) => [`bulwark.dev/except.${id}`, UNTIL]));

  it('accepts what is medium, and is a request for what is high or critical', () => {
    expect(see(posture(), pod(annotations))).toEqual([
      'memory-limit-missing excepted platform',
      'privileged-container requested platform',
    ]);
  });

  it('counts from the change that brings it, though nothing else of the finding is different', () => {
    const at = posture();

    expect(see(at, pod({}))).toEqual([
      'memory-limit-missing open platform',
      'privileged-container open platform',
    ]);
    expect(see(at, pod(annotations))).toEqual([
      'memory-limit-missing excepted platform',
      'privileged-container requested platform',
    ]);
    expect(see(at, pod(annotations))).toEqual([]);
  });
});

describe('an exception of the hub that nobody has approved', () => {
  it.each([
    ['high', ['memory-limit-missing excepted platform', 'privileged-container requested platform']],
    ['critical', ['memory-limit-missing excepted platform', 'privileged-container requested platform']],
    [undefined, ['memory-limit-missing excepted platform', 'privileged-container excepted platform']],
  ] as const)('hides no later finding for which approval is asked from %s on', (from, expected) => {
    const exception: Exception = {
      origin: 'configuration',
      source: 'hub:1',
      scope: { namespaces: ['shop'] },
      reason: 'Node agent.',
      ...(from && { requestFrom: from }),
    };
    const at = posture([exception]);

    expect(see(at, pod({}))).toEqual(expected);
  });
});
