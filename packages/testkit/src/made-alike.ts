import type { JsonObject } from '@bulwark/core';

/** The last field of a text before its end, of as many letters, that makes it have one MurmurHash3 with the other. */
interface Alike {
  readonly slashes: number;
  readonly end: string;
}

function container(securityContext: JsonObject, { slashes, end }: Alike): JsonObject {
  return { name: 'a', image: 'x:1', securityContext, workingDir: `${'/'.repeat(slashes)}${end}` };
}

const HARMLESS = { allowPrivilegeEscalation: false };
const MALICIOUS = { privileged: true };

/**
 * Two pods of one controller, the first of which is harmless and the second privileged, that were made for their contents to have one
 * `hash128`: that takes a moment, as it is quick and no more.
 */
export function podsMadeAlike(namespace: string): readonly [JsonObject, JsonObject] {
  const pod = (name: string, securityContext: JsonObject, alike: Alike): JsonObject => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace,
      ownerReferences: [
        { apiVersion: 'op.example.com/v1', kind: 'Op', name: 'o', uid: 'u', controller: true },
      ],
    },
    spec: { containers: [container(securityContext, alike)] },
  });
  return [
    pod('harmless', HARMLESS, { slashes: 13, end: 'OH99G022frJ75Frwlzbq90JfpQlNVh4t' }),
    pod('malicious', MALICIOUS, { slashes: 28, end: 'w8ALvLKWgvV0A0kP-ptCh5cVcBXFd73a' }),
  ];
}

/** Two versions of one Deployment that were made in the same way: what is privileged in the second is not in the first. */
export function versionsMadeAlike(namespace: string): readonly [JsonObject, JsonObject] {
  const version = (securityContext: JsonObject, alike: Alike): JsonObject => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace, uid: 'u-web' },
    spec: { template: { spec: { containers: [container(securityContext, alike)] } } },
  });
  return [
    version(HARMLESS, { slashes: 13, end: 'TSuyr250lMI6DsYGICR-NNQITDpkzoXX' }),
    version(MALICIOUS, { slashes: 28, end: 'LxIhLEwaORHhSFnARLtDIR04zBapNI5j' }),
  ];
}
