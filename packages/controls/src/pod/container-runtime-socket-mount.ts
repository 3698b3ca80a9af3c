import { holdsRuntimeSocket, hostVolumes } from '@bulwark/analyses';
import { defineControl, workloads } from '@bulwark/core';

export const containerRuntimeSocketMount = defineControl({
  id: 'container-runtime-socket-mount',
  aliases: [
    'trivy:KSV-0006',
    'kubescape:C-0074',
    'checkov:CKV_K8S_27',
    'kube-linter:docker-sock',
    'kyverno:disallow-container-sock-mounts',
    'kubesec:DockerSock',
  ],
  title: 'Pods must not mount the socket of the container runtime',
  problem: 'mount the socket of the container runtime',
  message:
    'Volume {volume} of {resource} is {hostPath} of the host, the socket of a container runtime or its directory.',
  severity: 'critical',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'Whoever can open the socket of Docker, containerd, CRI-O or Podman starts a privileged container with the root of the node in it, past the API server, its policies and its audit log. Mounting the socket with readOnly changes nothing: that protects the file, not what is sent through it.',
  remediation:
    'Build images with a builder that needs no daemon, such as rootless BuildKit, Buildah or a hosted builder. Read the state of containers from the API server or the metrics of the kubelet. Continuous integration that needs a Docker daemon can run its own in a pod that nothing else shares.',
  references: [
    'https://kubernetes.io/docs/concepts/storage/volumes/#hostpath',
    'https://docs.docker.com/engine/security/#docker-daemon-attack-surface',
  ],
  attack: ['T1611', 'T1610'],
  refines: ['hostpath-volume', 'restricted-volume-types', 'sensitive-host-mount'],
  appliesTo: workloads,
  looks: 'object',
  reads: [],
  *evaluate({ spec, at }) {
    for (const { index, name, path } of hostVolumes(spec))
      if (holdsRuntimeSocket(path))
        yield at(['volumes', index, 'hostPath'], { volume: name, hostPath: path });
  },
});
