import { decodeBase64, type Json, objectAt, type Path, type Resource, stringAt } from '@bulwark/core';
import { formatsOf, secretsIn } from './found-secrets.ts';
import { encryptedWithSops } from './sops.ts';

/** A key of a Secret with a value that is really secret, and the form of it. */
export interface SecretDatum {
  readonly path: Path;
  readonly key: string;
  readonly formats: readonly string[];
}

/** Types that the cluster or a tool fills, so that a manifest with values is somebody's export. */
const FILLED_BY_OTHERS = /^(?:kubernetes\.io\/service-account-token|helm\.sh\/release\.v\d+)$/;

/** Why the values of a Secret are no committed plain text; undefined when they may be. */
export function whyNotPlain({ object, origin }: Resource): string | undefined {
  if (origin.kind !== 'file') return 'In a cluster every Secret is readable to those who may read it.';
  const encrypted = encryptedWithSops(object);
  if (encrypted !== undefined) return encrypted;
  if (stringAt(object, 'metadata', 'uid') !== undefined)
    return 'It comes from a cluster and is no manifest that somebody wrote.';
  if (FILLED_BY_OTHERS.test(stringAt(object, 'type') ?? ''))
    return 'The values of this type are filled in by the cluster or a tool.';
  return undefined;
}

/** Keys whose values everybody may know: certificates, names, addresses. */
const PUBLIC_KEY =
  /(?:^|[-_.])(?:ca|crt|cer|cert|certs|certificate|pub|public|user|username|login|email|host|hostname|port|url|uri|endpoint|server|address|database|db|dbname|name|region|bucket|namespace|type|project|insecure|issuer|tenant|tls|id|client[-_.]?id|key[-_.]?id|account)$/i;
const KEYSTORE = /\.(?:p12|pfx|jks|keystore|keytab|kdbx)$/i;
/** Longer bytes are archives or pictures, shorter ones say nothing. */
const KEY_BYTES = { least: 16, most: 512 } as const;

/** Every key with a secret value, of `data` and `stringData`. */
export function* secretData(object: Json, doubtful: boolean): Generator<SecretDatum> {
  for (const [key, value] of Object.entries(objectAt(object, 'stringData') ?? {})) {
    const formats = formatsIn(key, value, doubtful);
    if (formats.length > 0) yield { path: ['stringData', key], key, formats };
  }
  for (const [key, value] of Object.entries(objectAt(object, 'data') ?? {})) {
    if (typeof value !== 'string' || value === '') continue;
    const bytes = decodeBase64(value.replaceAll(/\s/g, ''));
    // Text that is no base64 cannot be applied; a template may yet make it.
    if (bytes === undefined) continue;
    const formats = formatsIn(key, bytes, doubtful);
    if (formats.length > 0) yield { path: ['data', key], key, formats };
  }
}

function formatsIn(key: string, value: Json | undefined, doubtful: boolean): readonly string[] {
  if (typeof value !== 'string') return [];
  if (/^\.docker(?:configjson|cfg)$/.test(key)) return hasLogin(value, doubtful) ? ['registry-login'] : [];
  if (KEYSTORE.test(key)) return value.length >= KEY_BYTES.least ? ['key-store'] : [];
  if (isBinary(value)) return isKeyBytes(key, value) ? ['binary-key'] : [];
  const found = secretsIn(key, value, doubtful);
  if (found.length > 0) return formatsOf(found);
  // Whatever is in a Secret is meant to be one: where the key does not tell, a value that a machine made does.
  if (PUBLIC_KEY.test(key) || /\s/.test(value.trim())) return [];
  return secretsIn('secret', value).some(({ confidence }) => confidence === 'high') ? ['random-value'] : [];
}

/** Whether there are control characters among the first bytes that no text has. */
function isBinary(bytes: string): boolean {
  for (let index = 0; index < Math.min(bytes.length, KEY_BYTES.most); index++) {
    const code = bytes.charCodeAt(index);
    if (code < 9 || (code > 13 && code < 32)) return true;
  }
  return false;
}

function isKeyBytes(key: string, bytes: string): boolean {
  return !PUBLIC_KEY.test(key) && bytes.length >= KEY_BYTES.least && bytes.length <= KEY_BYTES.most;
}

/** Whether a configuration of Docker has a password that is no example. */
function hasLogin(text: string, doubtful: boolean): boolean {
  return (
    secretsIn(undefined, text, doubtful).length > 0 ||
    [...text.matchAll(/"auth"\s{0,10}:\s{0,10}"([^"]{4,2000})"/g)].some(
      ([, login]) => secretsIn(undefined, `Basic ${login}`, doubtful).length > 0,
    )
  );
}
