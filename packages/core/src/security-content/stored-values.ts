import type { GroupKind } from '../group-kind.ts';
import { isObject, type Json, type JsonObject, stringAt } from '../json.ts';
import { decodeBase64 } from '../secret-encodings.ts';

/** What a certificate says of itself; times in ISO 8601. All of it is public. */
export interface CertificateFacts {
  readonly subject: string;
  readonly issuer: string;
  /** DNS names, addresses and the like that it is for. */
  readonly names: readonly string[];
  readonly notBefore: string;
  readonly notAfter: string;
}

/** Where each kind keeps values under names, and how they are written. */
const STORES: ReadonlyMap<GroupKind, Readonly<Record<string, 'base64' | 'text'>>> = new Map([
  ['Secret', { data: 'base64', stringData: 'text' }],
  ['ConfigMap', { data: 'text', binaryData: 'base64' }],
]);

/**
 * A Secret or ConfigMap with the size in bytes of each value in the value's place; a TLS Secret gets what its certificate
 * says under `certificate`. Any other object, and one that has sizes already, is returned as it is.
 */
export function withoutStoredValues(
  object: JsonObject,
  kind: GroupKind,
  certificateFacts?: (pem: string) => CertificateFacts | undefined,
): JsonObject {
  const stores = STORES.get(kind);
  if (stores === undefined) return object;
  const sized = Object.fromEntries(
    Object.entries(object).map(([field, value]) => {
      const encoding = Object.hasOwn(stores, field) ? stores[field] : undefined;
      return [field, encoding === undefined ? value : sizesOf(value, encoding)];
    }),
  );
  const facts = kind === 'Secret' ? factsOf(object, certificateFacts) : undefined;
  return facts === undefined ? sized : { ...sized, certificate: { ...facts } };
}

function sizesOf(values: Json | undefined, encoding: 'base64' | 'text'): Json | undefined {
  if (!isObject(values)) return typeof values === 'string' ? sizeOf(values, encoding) : values;
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, sizeOf(value, encoding)]));
}

/** Anything but a number is replaced, lest a value that is no text be kept. */
function sizeOf(value: Json | undefined, encoding: 'base64' | 'text'): number {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return 0;
  if (encoding === 'text') return bytesOf(value);
  const padding = value.endsWith('==') ? 2 : value.endsWith('=') ? 1 : 0;
  return Math.max(0, Math.floor((value.length * 3) / 4) - padding);
}

/** The length of a text in UTF-8. */
function bytesOf(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}

function factsOf(
  secret: JsonObject,
  certificateFacts: ((pem: string) => CertificateFacts | undefined) | undefined,
): CertificateFacts | undefined {
  if (certificateFacts === undefined || secret['type'] !== 'kubernetes.io/tls') return undefined;
  const pem =
    stringAt(secret, 'stringData', 'tls.crt') ?? decodeBase64(stringAt(secret, 'data', 'tls.crt') ?? '');
  return pem === undefined ? undefined : certificateFacts(pem);
}
