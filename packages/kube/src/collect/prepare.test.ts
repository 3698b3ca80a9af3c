import type { JsonObject } from '@bulwark/core';
import { TestAuthority } from '@bulwark/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { certificateFacts } from './certificate-facts.ts';
import { prepare } from './prepare.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

function secret(
  data: Record<string, string>,
  more: JsonObject = {},
  annotations: Record<string, string> = {},
): JsonObject {
  const encoded = Object.fromEntries(Object.entries(data).map(([key, value]) => [key, base64(value)]));
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 's', namespace: 'shop', resourceVersion: '7', labels: { app: 'a' }, annotations },
    type: 'Opaque',
    data: encoded,
    ...more,
  };
}

describe('a Secret', () => {
  it('has the size of each value in its place', () => {
    const prepared = prepare('Secret', secret({ password: 'hunter22', empty: '', binary: '\u0000\u00ff' }));

    expect(prepared).toEqual({
      apiVersion: 'v1',
      kind: 'Secret',
      type: 'Opaque',
      metadata: { name: 's', namespace: 'shop', resourceVersion: '7', labels: { app: 'a' } },
      data: { password: 8, empty: 0, binary: 3 },
    });
  });

  it('keeps annotations that cannot hold a value', () => {
    const annotations = {
      team: 'shop',
      'kubectl.kubernetes.io/last-applied-configuration': 'x',
      json: ' {"a":1}',
      plain: 'the password is hunter22',
      encoded: base64('hunter22'),
      long: 'x'.repeat(300),
    };

    expect(prepare('Secret', secret({ password: 'hunter22' }, {}, annotations))['metadata']).toMatchObject({
      annotations: { team: 'shop' },
    });
  });

  it('of a server certificate tells what everyone may know of that', () => {
    const authority = new TestAuthority('shop authority');
    const notAfter = new Date('2031-02-03T04:05:06Z');
    const { certificate, key } = authority.issue({
      commonName: 'shop',
      organizations: ['Shop'],
      names: ['shop.example.com'],
      notAfter,
    });

    const prepared = prepare(
      'Secret',
      secret({ 'tls.crt': certificate, 'tls.key': key }, { type: 'kubernetes.io/tls' }),
    );

    expect(prepared['certificate']).toMatchObject({
      subject: 'O=Shop, CN=shop',
      issuer: 'CN=shop authority',
      names: ['DNS:shop.example.com'],
      notAfter: notAfter.toISOString(),
    });
    expect(JSON.stringify(prepared)).not.toContain('BEGIN');
  });

  it('with a certificate that is none tells nothing of it', () => {
    expect(certificateFacts('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----')).toBeUndefined();
    expect(certificateFacts('')).toBeUndefined();
    expect(prepare('Secret', secret({ 'tls.crt': 'x' }, { type: 'kubernetes.io/tls' }))).not.toHaveProperty(
      'certificate',
    );
  });

  it('never tells a value, wherever a tool has put a copy of it', () => {
    const value = fc.string({
      minLength: 12,
      maxLength: 40,
      unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz0123456789'),
    });
    const place = fc.constantFrom('data', 'stringData', 'annotation', 'encoded', 'field');
    fc.assert(
      fc.property(value, fc.uniqueArray(place), (planted, places) => {
        const annotations = {
          ...(places.includes('annotation') && { note: `it is ${planted}` }),
          ...(places.includes('encoded') && { note2: base64(planted) }),
        };
        const more = {
          ...(places.includes('stringData') && { stringData: { k: planted } }),
          ...(places.includes('field') && { other: planted }),
        };

        const text = JSON.stringify(prepare('Secret', secret({ k: planted }, more, annotations)));

        expect(text).not.toContain(planted);
        expect(text).not.toContain(base64(planted));
      }),
    );
  });

  it('may be without any of its parts', () => {
    expect(prepare('Secret', { apiVersion: 'v1', kind: 'Secret' })).toEqual({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {},
      data: {},
    });
  });
});

describe('other kinds', () => {
  it('leave as they are', () => {
    const pod = { apiVersion: 'v1', kind: 'Pod', spec: {} };

    expect(prepare('Pod', pod)).toBe(pod);
  });

  it('that are definitions leave without their schemas', () => {
    const version = { name: 'v1', served: true, schema: { openAPIV3Schema: {} } };
    const definition = {
      spec: { group: 'example.com', versions: [version, 'odd'], conversion: { strategy: 'None' } },
    };

    expect(prepare('apiextensions.k8s.io/CustomResourceDefinition', definition)).toEqual({
      spec: {
        group: 'example.com',
        versions: [{ name: 'v1', served: true }, 'odd'],
        conversion: { strategy: 'None' },
      },
    });
    expect(prepare('apiextensions.k8s.io/CustomResourceDefinition', { a: 1 })).toEqual({ a: 1 });
  });
});
