import { arrayAt, defineControl, stringAt, workloads } from '@bulwark/core';

/** What lies on a node for its own use of the cloud, with the file or directory that holds nothing else as its name. */
const CREDENTIALS: readonly RegExp[] = [
  /^\/etc\/kubernetes\/(?:azure\.json|cloud[-.]?conf(?:ig)?(?:\.\w+)?|cloud)(?:\/|$)/,
  /^(?:\/root|\/home\/[^/]+)?\/\.aws(?:\/(?:credentials|config)?)?$/,
  /^(?:\/root|\/home\/[^/]+)?\/\.config\/gcloud(?:\/|$)/,
  /^(?:\/root|\/home\/[^/]+)?\/\.(?:azure|oci|aliyun)(?:\/|$)/,
  /^\/var\/lib\/waagent(?:\/|$)/,
  /^\/gcloud\/application_default_credentials\.json$/,
];

/** A path as the kernel reads it: no doubled or closing slashes, no dots. */
function normalised(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

export const cloudCredentialMount = defineControl({
  id: 'cloud-credential-mount',
  aliases: ['kubescape:C-0020'],
  title: "Pods must not mount the node's cloud credentials",
  problem: "mount the node's cloud credentials",
  message: 'Volume {volume} of {resource} mounts {hostPath}, where the node keeps cloud credentials.',
  severity: 'high',
  profile: 'default',
  since: '0.1.0',
  rationale:
    "The credentials in these files are the node's or an administrator's: they reach machines, disks and networks of the whole cloud account. Whoever gets into the container has left the cluster behind.",
  remediation:
    'Remove the volume. Give the pod an identity of its own: IAM roles for service accounts or EKS Pod Identity, Workload Identity of GKE or Azure. For drivers that insist on the file, keep them in a namespace of their own.',
  references: ['https://kubernetes.io/docs/concepts/storage/volumes/#hostpath'],
  attack: ['T1552.001', 'T1078.004'],
  refines: ['hostpath-volume'],
  appliesTo: workloads,
  looks: 'object',
  reads: [],
  *evaluate({ spec, at }) {
    for (const [index, volume] of (arrayAt(spec, 'volumes') ?? []).entries()) {
      const written = stringAt(volume, 'hostPath', 'path');
      if (written === undefined) continue;
      const hostPath = normalised(written);
      if (CREDENTIALS.some((pattern) => pattern.test(hostPath)))
        yield at(['volumes', index, 'hostPath'], {
          hostPath,
          volume: stringAt(volume, 'name') ?? `#${index}`,
        });
    }
  },
});
