import { X509Certificate } from 'node:crypto';
import type { JsonObject } from '@bulwark/core';

const BLOCK = /-----BEGIN CERTIFICATE-----[\sA-Za-z0-9+/=]{1,20000}-----END CERTIFICATE-----/;

/**
 * What everyone may know of the first certificate of a PEM text: subject, names, issuer, serial number and the times
 * between which it is good. Undefined where there is none.
 */
export function certificateFacts(pem: string): JsonObject | undefined {
  const block = BLOCK.exec(pem)?.[0];
  if (block === undefined) return undefined;
  try {
    const certificate = new X509Certificate(block);
    return {
      subject: oneLine(certificate.subject),
      issuer: oneLine(certificate.issuer),
      names: (certificate.subjectAltName ?? '').split(', ').filter((name) => name !== ''),
      serialNumber: certificate.serialNumber,
      notBefore: new Date(certificate.validFrom).toISOString(),
      notAfter: new Date(certificate.validTo).toISOString(),
    };
  } catch {
    // It says that it is a certificate and is none: nothing is known of it.
    return undefined;
  }
}

function oneLine(name: string | undefined): string {
  return (name ?? '').replaceAll('\n', ', ');
}
