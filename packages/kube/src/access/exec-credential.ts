import { err, isObject, ok, type Result, Secret, stringAt } from '@bulwark/core';
import { failure, type KubeFailure } from '../client/failure.ts';
import type { Credential } from './access.ts';
import { bearer, type Issued } from './credentials.ts';

/** The versions of the protocol between a client and its credential plugin. */
export const EXEC_VERSIONS = [
  'client.authentication.k8s.io/v1',
  'client.authentication.k8s.io/v1beta1',
] as const;

/** Reads what a credential plugin prints: an ExecCredential of the version that was asked for. */
export function readExecCredential(output: string, apiVersion: string): Result<Issued, KubeFailure> {
  const printed = jsonObject(output);
  if (printed === undefined) return refuse('prints no JSON object');
  const kind = stringAt(printed, 'kind');
  const version = stringAt(printed, 'apiVersion');
  if (kind !== 'ExecCredential' || version !== apiVersion) {
    const said = `${version ?? 'no version'} ${kind ?? 'no kind'}`;
    return refuse(`prints ${said}, and ${apiVersion} ExecCredential was asked for`);
  }
  const stamp = stringAt(printed, 'status', 'expirationTimestamp');
  const expires = stamp === undefined ? undefined : Date.parse(stamp);
  if (Number.isNaN(expires)) return refuse('gives an expirationTimestamp that is no time');
  const credential = credentialOf(printed);
  return credential.ok ? ok({ credential: credential.value, expires }) : credential;
}

function credentialOf(printed: unknown): Result<Credential, KubeFailure> {
  const token = stringAt(printed, 'status', 'token') ?? '';
  const certificate = stringAt(printed, 'status', 'clientCertificateData') ?? '';
  const key = stringAt(printed, 'status', 'clientKeyData') ?? '';
  if (token === '' && certificate === '' && key === '') return refuse('gives neither token nor certificate');
  if ((certificate === '') !== (key === ''))
    return refuse('gives a certificate without its key, or a key alone');
  return ok({
    ...(token !== '' && { authorization: bearer(token) }),
    ...(certificate !== '' && { certificate: { certificate, key: new Secret(key) } }),
  });
}

function jsonObject(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function refuse(what: string): Result<never, KubeFailure> {
  return err(failure('credentials', `The credential plugin ${what}.`));
}
