import { CONTROLS } from '@bulwark/controls';
import { Plan } from '@bulwark/core';
import { describe, expect, it } from 'vitest';
import { judgeBatch } from './batch.ts';
import { pack, unpack } from './transfer.ts';

const SETTINGS = {
  kubernetes: { minor: 37, text: '1.37' },
  defaultNamespace: 'default',
  namespaces: [],
  wantVerdicts: true,
};

const LIST = `apiVersion: v1
kind: List
items:
- apiVersion: v1
  kind: Pod
  # trivy:ignore:KSV-0010
  metadata: {name: a}
  spec: {hostPID: true, containers: [{name: app, image: x, ports: [{hostPort: 80}]}]}
- apiVersion: apps/v1
  kind: Deployment
  metadata: {name: b}
  spec: {template: {spec: {hostPID: true, containers: [{name: app, image: x}]}}}
`;

describe('a batch that is packed and unpacked', () => {
  it.each([
    ['Lists, comments and findings', LIST],
    ['nothing that can be read', 'a: ['],
    ['no object', '# nothing\n'],
    [
      'numbers that JSON does not have',
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {a: 123456789012345678901, b: .inf, c: -0.0, d: .nan}\n',
    ],
    [
      'a key that objects treat in a special way',
      '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": {"__proto__": "x", "1": "y"}}',
    ],
  ])('is what it was: %s', (_name, text) => {
    const files = [{ file: 'a.yaml', text, size: text.length, variant: 'values-x.yaml' }];
    const result = judgeBatch(files, new Plan(CONTROLS), SETTINGS);

    const packed = pack(result);
    const sent = structuredClone(packed, {
      transfer: [...new Set(packed.tables.map(({ buffer }) => buffer as ArrayBuffer))],
    });

    // Judged again, for the tables of the first result are gone.
    expect(unpack(sent, 'default')).toEqual(judgeBatch(files, new Plan(CONTROLS), SETTINGS));
  });
});
