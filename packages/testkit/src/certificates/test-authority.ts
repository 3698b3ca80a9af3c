import { createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isIP, isIPv4 } from 'node:net';
import { der, oid, sequence, time } from './der.ts';

/** A certificate and its key, as PEM. */
export interface TestCertificate {
  readonly certificate: string;
  readonly key: string;
}

/** What a certificate says. */
export interface TestSubject {
  readonly commonName: string;
  /** In Kubernetes: the groups of a user. */
  readonly organizations?: readonly string[];
  /** DNS names and addresses that a server answers for. */
  readonly names?: readonly string[];
  readonly notBefore?: Date;
  readonly notAfter?: Date;
}

const ECDSA_SHA256 = sequence(oid('1.2.840.10045.4.3.2'));
const YEAR_MS = 365 * 24 * 3600 * 1000;

/** A certificate authority for tests: issues certificates for servers and clients, with keys on P-256. */
export class TestAuthority {
  /** Its own certificate, as PEM. */
  readonly certificate: string;
  private readonly name: Buffer;
  private readonly key: KeyObject;

  constructor(commonName = 'test authority') {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.key = privateKey;
    this.name = distinguishedName({ commonName });
    const extensions = [extension('2.5.29.19', sequence(der(0x01, Buffer.from([0xff]))), true)];
    this.certificate = this.sign({ commonName }, publicKey, extensions);
  }

  /** A new certificate with a new key. */
  issue(subject: TestSubject): TestCertificate {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const names = (subject.names ?? []).map((name) =>
      isIP(name) === 0 ? der(0x82, name) : der(0x87, addressBytes(name)),
    );
    const extensions = names.length > 0 ? [extension('2.5.29.17', sequence(...names))] : [];
    return {
      certificate: this.sign(subject, publicKey, extensions),
      key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    };
  }

  private sign(subject: TestSubject, publicKey: KeyObject, extensions: readonly Buffer[]): string {
    const { notBefore = new Date(Date.now() - YEAR_MS), notAfter = new Date(Date.now() + YEAR_MS) } = subject;
    const content = sequence(
      der(0xa0, der(0x02, Buffer.from([2]))),
      der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(15)])),
      ECDSA_SHA256,
      this.name,
      sequence(time(notBefore), time(notAfter)),
      distinguishedName(subject),
      createPublicKey(publicKey.export({ type: 'spki', format: 'pem' })).export({
        type: 'spki',
        format: 'der',
      }),
      ...(extensions.length > 0 ? [der(0xa3, sequence(...extensions))] : []),
    );
    const signature = sign('sha256', content, this.key);
    const certificate = sequence(content, ECDSA_SHA256, der(0x03, Buffer.from([0]), signature));
    const lines = certificate.toString('base64').match(/.{1,64}/g) ?? [];
    return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
  }
}

function distinguishedName({ commonName, organizations = [] }: TestSubject): Buffer {
  const attribute = (type: string, value: string): Buffer =>
    der(0x31, sequence(oid(type), der(0x0c, Buffer.from(value))));
  return sequence(
    ...organizations.map((organization) => attribute('2.5.4.10', organization)),
    attribute('2.5.4.3', commonName),
  );
}

function extension(type: string, value: Buffer, isCritical = false): Buffer {
  return sequence(oid(type), ...(isCritical ? [der(0x01, Buffer.from([0xff]))] : []), der(0x04, value));
}

function addressBytes(address: string): Buffer {
  if (isIPv4(address)) return Buffer.from(address.split('.').map(Number));
  const [head = '', tail] = address.split('::');
  const groups = (text: string): string[] => (text === '' ? [] : text.split(':'));
  const left = groups(head);
  const right = tail === undefined ? [] : groups(tail);
  const all = [...left, ...Array<string>(8 - left.length - right.length).fill('0'), ...right];
  return Buffer.from(all.map((group) => group.padStart(4, '0')).join(''), 'hex');
}
