import { ok, toResource } from '@bulwark/core';
import { fixedCredentials } from '@bulwark/kube';
import { expect, it } from 'vitest';
import { controlRecord, coverageOf, coverageOfUnseen, wayRecords } from './coverage.ts';

it.each([
  ['Pod', 'shop', 'Pod shop/web', 'shop'],
  ['Namespace', '', 'Namespace web', 'web'],
  ['Node', '', 'Node web', ''],
])(
  'a control that fails on a %s in the namespace %j is told of %j, within %j',
  (kind, namespace, object, place) => {
    const metadata = { name: 'web', ...(namespace !== '' && { namespace }) };
    const resource = toResource(
      { apiVersion: 'v1', kind, metadata },
      { kind: 'cluster', cluster: '', resourceVersion: '' },
    );

    expect(controlRecord(resource, { control: 'host-pid', reason: 'host-pid failed: x' })).toMatchObject({
      code: 'control-error',
      subject: `${object}, host-pid`,
      namespace: place,
      reason: `${object}: host-pid failed: x`,
    });
  },
);

it.each([
  ['whose certificate is checked', 'https://192.0.2.1', false, undefined],
  ['whose certificate is not checked', 'https://192.0.2.1', true, /certificate of the server is not checked/],
  ['without TLS', 'http://192.0.2.1', false, /has no TLS/],
  ['without TLS on this machine', 'http://127.0.0.1:8001', false, undefined],
])('of a server %s coverage says what it means', (_what, server, insecure, says) => {
  const records = wayRecords({
    name: 'lab',
    server: new URL(server),
    namespace: 'default',
    trust: { serverName: undefined, insecure, authorities: async () => ok(undefined) },
    proxy: undefined,
    impersonation: undefined,
    credentials: fixedCredentials({}),
    compress: false,
  });

  expect(records).toEqual(
    says === undefined
      ? []
      : [
          expect.objectContaining({
            code: 'unchecked-server',
            subject: 'lab',
            kind: 'note',
            reason: expect.stringMatching(says),
          }),
        ],
  );
});

it.each([
  [
    'does not answer',
    { state: 'pending', reason: 'timed out' } as const,
    { code: 'unanswered-group', reason: /^timed out\. What the cluster said before/, remedy: null },
  ],
  [
    'may not be asked',
    { state: 'denied', missing: { verbs: ['get'], paths: ['/api'] }, reason: 'forbidden' } as const,
    { code: 'missing-permission', reason: /^The right to get \/api is missing\./, remedy: /nonResourceURLs/ },
  ],
])(
  'a cluster that %s what it serves is one gap, and not one of each kind',
  (_what, undiscovered, expected) => {
    const [record, ...others] = coverageOfUnseen({ kinds: [], groups: [], undiscovered });

    expect(others).toEqual([]);
    expect(record).toMatchObject({ code: expected.code, subject: 'API discovery', kind: 'lost' });
    expect(record?.reason).toMatch(expected.reason);
    if (expected.remedy === null) expect(record?.remedy).toBeNull();
    else expect(record?.remedy).toMatch(expected.remedy);
  },
);

it.each([
  ['networking.istio.io', 'VirtualService', ['unevaluated-kind']],
  ['networking.istio.io', 'Gateway', []],
])('where %s %s is seen coverage notes %j', (group, kind, codes) => {
  const state = { group, kind, groupKind: `${group}/${kind}`, version: 'v1', resource: '' };
  const record = coverageOf(
    { ...state, project: 'Istio', why: '', state: 'live', objects: 1, at: 0 },
    { isRecalled: false, isAwaited: false },
  );

  expect(record === undefined ? [] : [record.code]).toEqual(codes);
});
