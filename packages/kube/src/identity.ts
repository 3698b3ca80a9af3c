import { createHash, X509Certificate } from 'node:crypto';
import { arrayAt, ok, type Result, stringAt } from '@bulwark/core';
import type { KubeClient } from './client/client.ts';
import type { GetOptions } from './client/document.ts';
import type { KubeFailure } from './client/failure.ts';
import { guessPlatform, type Platform } from './platform.ts';

/** What makes a cluster itself, wherever it is reached. */
export interface ClusterIdentity {
  /** The UID of the namespace kube-system; null where the right to see it is missing. */
  readonly uid: string | null;
  /** SHA-256 of the authorities that the cluster is trusted by, in hex; null where the system's are. */
  readonly caHash: string | null;
  /** The address of the API server. */
  readonly server: string;
  /** As the server says it, such as `v1.34.4`. */
  readonly version: string;
  readonly platform: Platform;
}

/** Asks a cluster who it is. Fails where it does not answer; a missing right only leaves the UID open. */
export async function clusterIdentity(
  client: KubeClient,
  signal?: AbortSignal,
): Promise<Result<ClusterIdentity, KubeFailure>> {
  const version = await serverVersion(client, { signal });
  if (!version.ok) return version;
  const authorities = await client.access.trust.authorities();
  if (!authorities.ok) return authorities;
  const uid = await systemUid(client, signal);
  if (!uid.ok) return uid;
  const { server } = client.access;
  return ok({
    uid: uid.value,
    caHash: authorities.value === undefined ? null : hashOfAuthorities(authorities.value),
    server: server.href.replace(/\/$/, ''),
    version: version.value,
    platform: guessPlatform(version.value, server.hostname),
  });
}

/** The version as the API server says it, such as `v1.34.4`; empty where it says none. */
export async function serverVersion(
  client: KubeClient,
  options: GetOptions,
): Promise<Result<string, KubeFailure>> {
  const got = await client.get('/version', options);
  return got.ok ? ok(stringAt(got.value.value, 'gitVersion') ?? '') : got;
}

/** By a list, because the default role has no right to get single objects. */
async function systemUid(
  client: KubeClient,
  signal?: AbortSignal,
): Promise<Result<string | null, KubeFailure>> {
  const path = '/api/v1/namespaces?fieldSelector=metadata.name%3Dkube-system';
  const got = await client.get(path, { signal });
  if (!got.ok) return got.error.kind === 'forbidden' ? ok(null) : got;
  return ok(stringAt(arrayAt(got.value.value, 'items')?.[0], 'metadata', 'uid') ?? null);
}

const BLOCK = /-----BEGIN CERTIFICATE-----[\sA-Za-z0-9+/=]+?-----END CERTIFICATE-----/g;

/** The same for the same certificates, however they are written and in whatever order. */
function hashOfAuthorities(pem: string): string {
  const prints = (pem.match(BLOCK) ?? []).map(fingerprintOf).sort();
  return createHash('sha256').update(prints.join('\n')).digest('hex');
}

function fingerprintOf(block: string): string {
  try {
    return new X509Certificate(block).fingerprint256;
  } catch {
    // Not a certificate after all: its text stands for it.
    return block.replaceAll(/\s/g, '');
  }
}
