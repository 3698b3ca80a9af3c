import type { JsonObject } from '@bulwark/core';

/**
 * Two pods of one controller, the first of which is harmless and the second privileged, that were made for their contents to have one
 * `contentHash`: that takes a moment, as it is quick and no more.
 */
export function podsMadeAlike(namespace: string): readonly [JsonObject, JsonObject] {
  const pod = (name: string, securityContext: JsonObject, end: string, slashes: number): JsonObject => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace,
      ownerReferences: [
        { apiVersion: 'op.example.com/v1', kind: 'Op', name: 'o', uid: 'u', controller: true },
      ],
    },
    spec: {
      containers: [{ name: 'a', image: 'x:1', securityContext, workingDir: `${'/'.repeat(slashes)}${end}` }],
    },
  });
  return [
    pod('harmless', { allowPrivilegeEscalation: false }, 'OH99G022frJ75Frwlzbq90JfpQlNVh4t', 13),
    pod('malicious', { privileged: true }, 'w8ALvLKWgvV0A0kP-ptCh5cVcBXFd73a', 28),
  ];
}
