import {
  arrayAt,
  defineControl,
  get,
  kinds,
  mayBreak,
  type Path,
  removeField,
  stringAt,
} from '@bulwark/core';

/** `exactly` holds the fields of a request since v1beta2. */
const PLACES: readonly Path[] = [['exactly', 'adminAccess'], ['adminAccess']];

export const draAdminAccess = defineControl({
  id: 'dra-admin-access',
  aliases: [],
  title: 'Resource claims must not ask for admin access to devices',
  problem: 'ask for admin access to devices that others use',
  message: 'The request {request} of {resource} asks for admin access.',
  severity: 'high',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'With adminAccess a pod gets devices that are already allocated to other pods, with whatever rights the driver adds for an administrator. On a GPU that can mean the memory of other workloads, and on some devices the node itself. Kubernetes allows it only in namespaces that an administrator labels for it.',
  remediation:
    'Remove adminAccess and let the claim allocate devices of its own. Keep it for the monitoring of devices, in a namespace labelled resource.kubernetes.io/admin-access that only administrators can write to.',
  references: [
    'https://kubernetes.io/docs/concepts/scheduling-eviction/dynamic-resource-allocation/#admin-access',
  ],
  attack: ['T1611'],
  fix: removeField(
    mayBreak('A pod that watches over devices of others gets devices of its own instead, or none.'),
  ),
  appliesTo: kinds('resource.k8s.io/ResourceClaim', 'resource.k8s.io/ResourceClaimTemplate'),
  looks: 'object',
  reads: [],
  *evaluate({ resource, at }) {
    const spec = resource.kind === 'ResourceClaimTemplate' ? ['spec', 'spec'] : ['spec'];
    const requests = [...spec, 'devices', 'requests'];
    for (const [index, request] of (arrayAt(resource.object, ...requests) ?? []).entries())
      for (const place of PLACES)
        if (get(request, ...place) === true)
          yield at([...requests, index, ...place], { request: stringAt(request, 'name') ?? `#${index}` });
  },
});
