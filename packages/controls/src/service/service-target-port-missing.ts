import { type PodSubject, serviceTargets, workloadIndex } from '@bulwark/analyses';
import { arrayAt, defineControl, kinds, stringAt } from '@bulwark/core';
import { hasPlaceholder } from '../manifest/placeholders.ts';
import { whyNoPods } from './selected-pods.ts';
import { portsOf, type ServicePort } from './service-ports.ts';

/** Ports that injected proxies bring along. */
const OF_PROXIES = /^(http-envoy-prom|linkerd-(admin|proxy)|envoy-.*|mesh-.*|proxy-.*|admin-http)$/;

/** Whether a pod has a container port of the name that a Service port leads to. */
function hasPort({ workload }: PodSubject, { targetPort, protocol }: ServicePort): boolean {
  return workload.containers.some(
    ({ spec, type }) =>
      type !== 'init' &&
      (arrayAt(spec, 'ports') ?? []).some(
        (port) => stringAt(port, 'name') === targetPort && (stringAt(port, 'protocol') ?? 'TCP') === protocol,
      ),
  );
}

export const serviceTargetPortMissing = defineControl({
  id: 'service-target-port-missing',
  aliases: [],
  title: 'A Service must lead to a port that its pods name',
  problem: 'lead to a port name that none of their pods has',
  message: '{resource} leads to the {protocol} port {targetPort}, which none of the pods it selects names.',
  severity: 'low',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'A target port by name is looked up among the ports of the containers. Where no pod has the name, the port of the Service has no endpoints and every connection to it fails.',
  remediation:
    "Name the port in the container's ports, with the same protocol, or write the number in targetPort.",
  references: ['https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports'],
  attack: [],
  appliesTo: kinds('Service'),
  looks: 'world',
  reads: [serviceTargets, workloadIndex],
  notApplicable: (view) =>
    whyNoPods(view) ??
    (view.world.get(serviceTargets).targetsOf(view.resource).length === 0 ? 'It selects no pod.' : undefined),
  *evaluate({ resource, world, at }) {
    const pods = world.get(serviceTargets).targetsOf(resource);
    for (const port of portsOf(resource)) {
      const { path, targetPort, protocol } = port;
      if (typeof targetPort !== 'string' || targetPort === '' || OF_PROXIES.test(targetPort)) continue;
      if (hasPlaceholder(targetPort)) continue;
      if (!pods.some((pod) => hasPort(pod, port)))
        yield at([...path, 'targetPort'], { targetPort, protocol });
    }
  },
});
