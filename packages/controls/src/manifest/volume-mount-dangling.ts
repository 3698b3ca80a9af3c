import {
  arrayAt,
  containers,
  defineControl,
  get,
  isBuiltInGroup,
  type JsonObject,
  oncePerObject,
  stringAt,
} from '@bulwark/core';

export const volumeMountDangling = defineControl({
  id: 'volume-mount-dangling',
  aliases: [],
  title: 'Containers must mount only volumes that their pod declares',
  problem: 'mount a volume that their pod does not declare',
  message: 'Container {container} of {resource} mounts the volume {volume}, which its pod does not declare.',
  severity: 'low',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'The API server refuses a pod that mounts a volume it does not declare. A controller with such a template makes no pods, so the workload, and every fix in the manifest, never arrives.',
  remediation:
    'Declare the volume in the volumes of the pod, or in volumeClaimTemplates of the StatefulSet, or correct the name of the mount.',
  references: ['https://kubernetes.io/docs/concepts/storage/volumes/'],
  attack: [],
  appliesTo: containers,
  looks: 'object',
  reads: [],
  notApplicable({ resource, container }) {
    if (!isBuiltInGroup(resource.group)) return 'The operator of a custom resource may add volumes.';
    if (stringAt(container.spec, 'image') === undefined)
      return 'It is a part of an object, such as a patch: the container has no image.';
    return undefined;
  },
  *evaluate(view) {
    const [own, claimed] = [volumeNames(view.spec), claimNames(view.resource.object)];
    for (const field of ['volumeMounts', 'volumeDevices'])
      for (const [index, mount] of (arrayAt(view.container.spec, field) ?? []).entries()) {
        const volume = stringAt(mount, 'name');
        if (volume !== undefined && !own.has(volume) && !claimed.has(volume))
          yield view.at([field, index, 'name'], { volume });
      }
  },
});

/** Each of many containers asks for the same. */
const volumeNames = oncePerObject(
  (spec: JsonObject): ReadonlySet<unknown> =>
    new Set((arrayAt(spec, 'volumes') ?? []).map((volume) => get(volume, 'name'))),
);
const claimNames = oncePerObject(
  (object: JsonObject): ReadonlySet<unknown> =>
    new Set(
      (arrayAt(object, 'spec', 'volumeClaimTemplates') ?? []).map((claim) => get(claim, 'metadata', 'name')),
    ),
);
