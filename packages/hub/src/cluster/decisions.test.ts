import { CONTROLS } from '@bulwark/controls';
import { controlsNamed, DEFAULT_OWNERSHIP, type Exception, type JsonObject, toResource } from '@bulwark/core';
import { describe, expect, it } from 'vitest';
import { type DecisionSettings, requestKey } from './decisions.ts';
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

function decisions(
  exceptions: readonly Exception[] = [],
  more: Partial<DecisionSettings> = {},
): DecisionSettings {
  return {
    exceptions,
    ownership: DEFAULT_OWNERSHIP,
    annotations: {
      annotations: 'accept',
      otherTools: 'accept',
      controlsNamed: (name) => controlsNamed(name, CONTROLS).map(({ id }) => id),
    },
    ...more,
  };
}

function posture(exceptions: readonly Exception[] = [], more: Partial<DecisionSettings> = {}): Posture {
  return new Posture({
    controls: CONTROLS.filter(({ id }) => NAMED.includes(id)),
    kubernetes: { minor: 34, text: '1.34' },
    contentOf: ({ object }) => JSON.stringify(object),
    today: () => '2026-11-26',
    decisions: decisions(exceptions, more),
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

describe('pods whose controller is not collected', () => {
  const of = (
    name: string,
    { annotations = {}, spec = {} }: { annotations?: JsonObject; spec?: JsonObject },
  ) =>
    toResource(
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: {
          name,
          namespace: 'shop',
          labels: { team: 'data', tier: 'back' },
          annotations,
          ownerReferences: [
            { apiVersion: 'postgresql.cnpg.io/v1', kind: 'Cluster', name: 'pg', controller: true },
          ],
        },
        spec: { containers: [{ name: 'app', image: 'x:1' }], ...spec },
      },
      { kind: 'cluster', cluster: 'c', resourceVersion: '1' },
    );
  const accepting = { 'bulwark.dev/except.memory-limit-missing': UNTIL };
  const settled = (at: Posture, ...upsert: ReturnType<typeof of>[]): string[] => {
    at.see({ upsert });
    return said(at.settle());
  };

  it('are whose they say, or whose their namespace says', () => {
    const namespace = toResource(
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { team: 'web' } } },
      { kind: 'cluster', cluster: 'c', resourceVersion: '1' },
    );
    const { metadata, ...rest } = of('pg-2', {}).object;
    const unlabelled = { ...rest, metadata: { ...(metadata as JsonObject), labels: {} } };
    const origin = { kind: 'cluster', cluster: 'c', resourceVersion: '1' } as const;

    expect(settled(posture(), of('pg-1', {}))).toEqual(['memory-limit-missing open data']);
    expect(settled(posture(), namespace, toResource(unlabelled, origin))).toEqual([
      'memory-limit-missing open web',
    ]);
  });

  it('are accepted by what stands in them, as soon as it stands there', () => {
    const at = posture();

    expect(settled(at, of('pg-1', {}))).toEqual(['memory-limit-missing open data']);
    expect(settled(at, of('pg-1', { annotations: accepting }))).toEqual([
      'memory-limit-missing excepted data',
    ]);
    expect(settled(at, of('pg-1', {}))).toEqual(['memory-limit-missing open data']);
  });

  it.each([
    ['labels', { labels: { tier: 'back' } }],
    ['images', { images: ['x:*'] }],
  ])('are accepted by their %s', (_what, scope) => {
    const exception: Exception = { origin: 'configuration', source: 'hub:1', scope, reason: 'Why.' };

    expect(settled(posture([exception]), of('pg-1', {}))).toEqual(['memory-limit-missing excepted data']);
  });

  it('are accepted when all that show the finding are, and not for those that do not show it', () => {
    const at = posture();
    const calm = { containers: [{ name: 'app', image: 'x:1', resources: { limits: { memory: '1Gi' } } }] };

    expect(settled(at, of('pg-1', { annotations: accepting }), of('pg-2', { spec: calm }))).toEqual([
      'memory-limit-missing excepted data',
    ]);
    expect(settled(at, of('pg-3', { spec: { hostname: 'other' } }))).toEqual([
      'memory-limit-missing open data',
    ]);
    at.see({ upsert: [], remove: ['Pod|shop|pg-3'] });
    expect(said(at.settle())).toEqual(['memory-limit-missing excepted data']);
  });
});

describe('an answer to what an object asks', () => {
  const asked = {
    kind: 'Pod',
    namespace: 'shop',
    name: 'agent',
    control: 'privileged-container',
    reason: 'Node agent.',
    until: '2027-01-31',
  };
  const annotations = { 'bulwark.dev/except.privileged-container': UNTIL };
  const open = 'memory-limit-missing open platform';

  it.each([
    ['approves', asked, { approvedBy: 'bob' }, 'excepted'],
    ['refuses', asked, { refusedBy: 'bob' }, 'requested'],
    ['approves another reason', { ...asked, reason: 'Node agent' }, { approvedBy: 'bob' }, 'requested'],
    ['approves another end', { ...asked, until: '2027-02-01' }, { approvedBy: 'bob' }, 'requested'],
    ['approves no end', { ...asked, until: null }, { approvedBy: 'bob' }, 'requested'],
    ['approves another control', { ...asked, control: 'host-pid' }, { approvedBy: 'bob' }, 'requested'],
    ['approves another object', { ...asked, name: 'agents' }, { approvedBy: 'bob' }, 'requested'],
    ['approves another kind', { ...asked, kind: 'apps/Deployment' }, { approvedBy: 'bob' }, 'requested'],
  ])('that %s makes it so', (_what, asks, answer, state) => {
    const at = posture([], { answers: new Map([[requestKey(asks), { id: 7, ...answer }]]) });

    expect(see(at, pod(annotations))).toEqual([open, `privileged-container ${state} platform`]);
  });

  it('that is refused lets another annotation ask for the same', () => {
    const other = { 'ignore-check.kube-linter.io/privileged-container': 'Because.' };
    const at = posture([], { answers: new Map([[requestKey(asked), { id: 7, refusedBy: 'bob' }]]) });
    at.see({
      upsert: [
        toResource(pod({ ...annotations, ...other }), {
          kind: 'cluster',
          cluster: 'c',
          resourceVersion: '1',
        }),
      ],
    });

    const found = at.settle().upserted.map(({ finding }) => finding.requested?.reason);
    expect(found).toContain('Because.');
    expect(found).not.toContain('Node agent.');
  });

  it('counts as soon as it is taken, and is told once', () => {
    const at = posture();
    see(at, pod(annotations));
    const settings = decisions([], { answers: new Map([[requestKey(asked), { id: 7, approvedBy: 'bob' }]]) });

    expect(said(at.decideAnew(settings))).toEqual(['privileged-container excepted platform']);
    expect(said(at.decideAnew(settings))).toEqual([]);
  });
});

it('a rule that asks for a second person from medium on holds for what stands in objects', () => {
  const annotations = Object.fromEntries(NAMED.map((id) => [`bulwark.dev/except.${id}`, UNTIL]));

  expect(see(posture([], { requestFrom: 'medium' }), pod(annotations))).toEqual([
    'memory-limit-missing requested platform',
    'privileged-container requested platform',
  ]);
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
