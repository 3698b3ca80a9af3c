import { arrayAt, defineControl, kinds } from '@bulwark/core';

export const meshWildcardHost = defineControl({
  id: 'mesh-wildcard-host',
  aliases: ['kyverno:restrict-virtual-service-wildcard'],
  title: 'A VirtualService must name its hosts',
  problem: 'take the requests for hosts that they do not name',
  message: '{resource} takes the requests for {host}.',
  severity: 'low',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'A VirtualService for a wildcard catches the requests of every host that matches and that no other names more exactly, those of other teams among them. Names that should not exist are served as well.',
  remediation: 'List the full names of the hosts.',
  references: ['https://istio.io/latest/docs/reference/config/networking/virtual-service/'],
  attack: ['T1557'],
  appliesTo: kinds('networking.istio.io/VirtualService'),
  looks: 'object',
  reads: [],
  *evaluate({ resource, at }) {
    for (const [index, host] of (arrayAt(resource.object, 'spec', 'hosts') ?? []).entries())
      if (typeof host === 'string' && host.startsWith('*')) yield at(['spec', 'hosts', index], { host });
  },
});
