import {
  defineControl,
  get,
  kinds,
  mayBreak,
  objectAt,
  type Path,
  type Resource,
  setValue,
} from '@bulwark/core';

interface Mode {
  readonly path: Path;
  readonly mode: string;
  readonly where: string;
}

/** The modes that a PeerAuthentication sets; UNSET leaves the choice to its parent. */
function modesOf({ object }: Resource): readonly Mode[] {
  const ports = Object.keys(objectAt(object, 'spec', 'portLevelMtls') ?? {});
  const places: readonly (readonly [Path, string])[] = [
    [['spec', 'mtls', 'mode'], 'its workloads'],
    ...ports.map((port) => [['spec', 'portLevelMtls', port, 'mode'], `port ${port}`] as const),
  ];
  return places.flatMap(([path, where]) => {
    const mode = get(object, ...path);
    return typeof mode === 'string' && mode !== 'UNSET' ? [{ path, mode, where }] : [];
  });
}

export const meshMtlsNotStrict = defineControl({
  id: 'mesh-mtls-not-strict',
  aliases: ['kyverno:enforce-strict-mtls'],
  title: 'The mesh must refuse connections without mutual TLS',
  problem: 'accept connections without mutual TLS',
  message: '{resource} sets mutual TLS to {mode} for {where}.',
  severity: 'medium',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'With PERMISSIVE or DISABLE the sidecar also takes plain text from anyone who reaches the pod. Such a caller has no identity, so rules that name identities cannot hold against it, and whoever is on the path reads and changes what is sent.',
  remediation:
    'Set the mode to STRICT once all callers are in the mesh. PERMISSIVE is meant for the time of a migration. Let callers from outside come through a gateway.',
  references: ['https://istio.io/latest/docs/reference/config/security/peer_authentication/'],
  attack: ['T1557', 'T1040'],
  fix: setValue(
    'STRICT',
    mayBreak('Callers without a sidecar, such as monitoring or other namespaces, are refused.'),
  ),
  appliesTo: kinds('security.istio.io/PeerAuthentication'),
  looks: 'object',
  reads: [],
  notApplicable: ({ resource }) =>
    modesOf(resource).length === 0
      ? 'It sets no mode, so that of the namespace or the mesh holds.'
      : undefined,
  *evaluate({ resource, at }) {
    for (const { path, mode, where } of modesOf(resource))
      if (mode !== 'STRICT') yield at(path, { mode, where });
  },
});
