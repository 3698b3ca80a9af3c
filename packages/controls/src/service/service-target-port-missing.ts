import { type PodSubject, serviceTargets, workloadIndex } from '@bulwark/analyses';
import { type Analysis, arrayAt, defineControl, kinds, oncePerObject, stringAt } from '@bulwark/core';
import { hasPlaceholder } from '../manifest/placeholders.ts';
import { whyNoPods } from './selected-pods.ts';
import { portsOf } from './service-ports.ts';

/** Ports that injected proxies bring along. */
const OF_PROXIES = /^(http-envoy-prom|linkerd-(admin|proxy)|envoy-.*|mesh-.*|proxy-.*|admin-http)$/;

/** The ports that pods name, as `PROTOCOL NAME`. Cost: the ports of a list of pods, once for each list. */
const namedPorts: Analysis<{ of(pods: readonly PodSubject[]): ReadonlySet<string> }> = {
  id: 'named-ports',
  reads: [workloadIndex],
  compute: () => ({ of: oncePerObject(portNamesOf) }),
};

function portNamesOf(pods: readonly PodSubject[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { workload } of pods)
    for (const { spec, type } of workload.containers)
      for (const port of type === 'init' ? [] : (arrayAt(spec, 'ports') ?? []))
        names.add(`${stringAt(port, 'protocol') ?? 'TCP'} ${stringAt(port, 'name') ?? ''}`);
  return names;
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
  reads: [serviceTargets, workloadIndex, namedPorts],
  notApplicable: (view) =>
    whyNoPods(view) ??
    (view.world.get(serviceTargets).targetsOf(view.resource).length === 0 ? 'It selects no pod.' : undefined),
  *evaluate({ resource, world, at }) {
    const named = world.get(namedPorts).of(world.get(serviceTargets).targetsOf(resource));
    for (const { path, targetPort, protocol } of portsOf(resource)) {
      if (typeof targetPort !== 'string' || targetPort === '' || OF_PROXIES.test(targetPort)) continue;
      if (hasPlaceholder(targetPort)) continue;
      if (!named.has(`${protocol} ${targetPort}`))
        yield at([...path, 'targetPort'], { targetPort, protocol });
    }
  },
});
