import { monitored } from '@bulwark/analyses';
import { defineControl, kinds } from '@bulwark/core';

export const monitorDangling = defineControl({
  id: 'monitor-dangling',
  aliases: ['kube-linter:dangling-servicemonitor'],
  title: 'ServiceMonitors and PodMonitors must select something',
  problem: 'monitor nothing',
  message: 'The selector of {resource} matches no {target}.',
  severity: 'low',
  profile: 'all',
  since: '0.1.0',
  rationale:
    'A monitor that selects nothing gathers nothing: the alerts that are built on it never fire, and nobody learns of an outage or of an attack that shows in the figures.',
  remediation:
    'Correct the labels or the namespaces that the monitor names: it looks at the labels of Services, not at their selectors, and only in its own namespace unless namespaceSelector says otherwise. Where the Service is made by an operator or kept in another repository, nothing has to change.',
  references: ['https://prometheus-operator.dev/docs/developer/getting-started/'],
  attack: [],
  appliesTo: kinds('monitoring.coreos.com/PodMonitor', 'monitoring.coreos.com/ServiceMonitor'),
  looks: 'world',
  reads: [monitored],
  notApplicable: ({ world, resource }) =>
    world.get(monitored).selectsAny(resource) === undefined
      ? 'Nothing that it could select is in view, or its selector cannot be read.'
      : undefined,
  *evaluate({ world, resource, at }) {
    if (world.get(monitored).selectsAny(resource) !== false) return;
    yield at('spec.selector', { target: resource.kind === 'PodMonitor' ? 'pods' : 'Services' });
  },
});
