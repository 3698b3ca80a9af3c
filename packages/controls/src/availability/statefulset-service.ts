import {
  compileMatchLabels,
  defineControl,
  get,
  isControlled,
  kinds,
  labelsOf,
  type ObjectView,
  stringAt,
} from '@bulwark/core';
import { isPlaceholder } from '../resources/placeholders.ts';
import { isPartial } from './replica-count.ts';

function serviceNameOf({ resource }: ObjectView): string {
  return stringAt(resource.object, 'spec', 'serviceName') ?? '';
}

/** What is wrong with the Service of a StatefulSet. */
function faultOf(view: ObjectView): string | undefined {
  const { resource, world } = view;
  const name = serviceNameOf(view);
  if (name === '') return 'names no Service';
  const service = world.find('Service', resource.namespace, name);
  if (service === undefined) return `names the Service ${name}, which is not in view`;
  if (get(service.object, 'spec', 'clusterIP') !== 'None')
    return `names the Service ${name}, which is not headless`;
  const selector = compileMatchLabels(get(service.object, 'spec', 'selector'), { absent: 'everything' });
  const labels = labelsOf(resource.workloads[0]?.metadata);
  return selector.ok && !selector.value.matches(labels)
    ? `names the Service ${name}, which does not select its pods`
    : undefined;
}

export const statefulsetService = defineControl({
  id: 'statefulset-service',
  aliases: ['kube-score:statefulset-has-servicename'],
  title: 'StatefulSets must name a headless Service that selects their pods',
  problem: 'name no headless Service that selects their pods',
  message: '{resource} {state}.',
  severity: 'low',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'The pods of a StatefulSet get names of their own in DNS only through a headless Service that selects them. Members that cannot find each other by name form no cluster, or one with whoever answers.',
  remediation:
    'Add a Service with clusterIP: None that selects the labels of the pod template, and name it in spec.serviceName, which cannot be changed later without making the StatefulSet anew. Where nothing needs the names of single pods, exempt it. If the Service is kept elsewhere, add that file to the scan; where a namespace shows no Services, a missing one is not judged.',
  references: ['https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#stable-network-id'],
  attack: [],
  appliesTo: kinds('apps/StatefulSet'),
  looks: 'namespace',
  reads: ['Service'],
  notApplicable(view) {
    const { resource, world } = view;
    if (isControlled(resource)) return 'Its owner decides about it.';
    if (isPartial(resource)) return 'Its containers have no images, so it is a part of a manifest.';
    const name = serviceNameOf(view);
    if (isPlaceholder(name)) return 'Another tool fills in the name of its Service.';
    const isBlind = name !== '' && world.inNamespace('Service', resource.namespace).length === 0;
    return isBlind ? 'No Service of its namespace is in view.' : undefined;
  },
  *evaluate(view) {
    const state = faultOf(view);
    if (state !== undefined) yield view.at('spec.serviceName', { state });
  },
});
