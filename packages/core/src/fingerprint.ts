import { groupOf } from './group-kind.ts';
import { hash128 } from './hash.ts';
import type { ResourceRef } from './resource.ts';
import { truncatedSha256 } from './sha256.ts';

/**
 * Fingerprint, version 2: 128 bits of SHA-256, as 32 hexadecimal digits, over the JSON of 2, control, group and kind, namespace,
 * owner's name, container and semantic path. No cluster and no file in it, so that a build and a hub agree; no API version, so that an upgrade
 * changes nothing. Whoever is judged chooses the names, and cannot make two findings with one fingerprint (ADR 0022).
 */
export function fingerprint(
  control: string,
  owner: ResourceRef,
  container: string | undefined,
  path: string,
): string {
  return truncatedSha256(JSON.stringify(['2', ...partsOf(control, owner, container, path)]));
}

/** What of a finding its fingerprints are made of. */
export interface Fingerprinted {
  readonly control: string;
  readonly resource: ResourceRef;
  readonly container?: string;
  readonly semanticPath: string;
  /** The path as version 1 has it, where that is another one. */
  readonly formerPath?: string;
}

/**
 * Fingerprint, version 1, by which what is kept from before is found: 128 bits that anybody can meet on purpose. It never says alone
 * that a finding is the same.
 */
export function formerFingerprint({
  control,
  resource,
  container,
  semanticPath,
  formerPath = semanticPath,
}: Fingerprinted): string {
  return hash128(['1', ...partsOf(control, resource, container, formerPath)].map(doubled).join('|'));
}

function partsOf(
  control: string,
  owner: ResourceRef,
  container: string | undefined,
  path: string,
): readonly string[] {
  return [
    control,
    `${groupOf(owner.apiVersion)}/${owner.kind}`,
    owner.namespace,
    owner.name,
    container ?? '',
    path,
  ];
}

function doubled(part: string): string {
  return part.includes('|') ? part.replaceAll('|', '||') : part;
}
