import { arrayAt, defineControl, isObject, type JsonObject, workloads } from '@bulwark/core';

const ALLOWED = new Set([
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'image',
  'persistentVolumeClaim',
  'projected',
  'secret',
]);

export const restrictedVolumeTypes = defineControl({
  id: 'restricted-volume-types',
  aliases: ['trivy:KSV-0028', 'kyverno:restrict-volume-types'],
  title: 'Pods must use only volume types that the restricted level allows',
  problem: 'mount volumes of types that bypass storage classes and their limits',
  message: 'Volume {volume} of {resource} is of the type {type}.',
  severity: 'low',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    "A volume written straight into the pod, such as nfs, iscsi or azureDisk, lets the pod's author name any server, disk or credential and have the kubelet mount it with the node's rights. hostPath hands out the node's own files, flexVolume runs a program on the node, and gitRepo has run code on nodes as root (CVE-2024-10220). A claim leaves that choice to the cluster's administrators.",
  remediation:
    'Use a persistentVolumeClaim whose storage class an administrator controls, or one of configMap, csi, downwardAPI, emptyDir, ephemeral, image, projected and secret. Replace gitRepo with an init container that clones into an emptyDir.',
  references: [
    'https://kubernetes.io/docs/concepts/security/pod-security-standards/',
    'https://kubernetes.io/docs/concepts/storage/volumes/',
  ],
  attack: ['T1611'],
  appliesTo: workloads,
  looks: 'object',
  reads: [],
  *evaluate({ spec, at }) {
    for (const [index, volume] of (arrayAt(spec, 'volumes') ?? []).entries()) {
      if (!isObject(volume)) continue;
      // The API server makes a volume without any source an emptyDir before it admits the pod.
      const sources = sourcesOf(volume);
      const [type] = sources;
      if (type === undefined || sources.some((source) => ALLOWED.has(source))) continue;
      const name = typeof volume['name'] === 'string' ? volume['name'] : `#${index}`;
      yield at(['volumes', index, type], { volume: name, type });
    }
  },
});

function sourcesOf(volume: JsonObject): readonly string[] {
  return Object.keys(volume).filter(
    (key) => key !== 'name' && volume[key] !== undefined && volume[key] !== null,
  );
}
