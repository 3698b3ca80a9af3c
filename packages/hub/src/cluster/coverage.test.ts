import { toResource } from '@bulwark/core';
import { expect, it } from 'vitest';
import { controlRecord } from './coverage.ts';

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
