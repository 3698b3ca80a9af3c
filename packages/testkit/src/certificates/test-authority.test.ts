import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { TestAuthority } from './test-authority.ts';

describe('a test authority', () => {
  it('issues certificates that its own certificate verifies', () => {
    const authority = new TestAuthority();
    const root = new X509Certificate(authority.certificate);
    const issued = new X509Certificate(
      authority.issue({
        commonName: 'api',
        organizations: ['system:masters'],
        names: ['localhost', '127.0.0.1', '::1'],
      }).certificate,
    );

    expect(issued.verify(root.publicKey)).toBe(true);
    expect(issued.subject).toBe('O=system:masters\nCN=api');
    expect(issued.subjectAltName).toBe('DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1');
    expect(root.ca).toBe(true);
    expect(issued.ca).toBe(false);
  });

  it('issues certificates for the time that is asked for', () => {
    const notAfter = new Date('2031-02-03T04:05:06Z');
    const issued = new X509Certificate(
      new TestAuthority().issue({ commonName: 'api', notAfter }).certificate,
    );

    expect(new Date(issued.validTo)).toEqual(notAfter);
  });
});
