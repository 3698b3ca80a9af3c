import { arrayAt, defineControl, kinds, mayBreak, setValue, stringAt } from '@bulwark/core';

export const gatewayRoutesFromAnyNamespace = defineControl({
  id: 'gateway-routes-from-any-namespace',
  aliases: [],
  title: 'The listeners of a Gateway must say which namespaces may attach routes',
  problem: 'let every namespace attach routes',
  message: 'A listener of {resource} lets every namespace attach routes.',
  severity: 'low',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'Whoever may create a route anywhere in the cluster can publish a workload at the gateway, and claim paths of hosts that belong to others.',
  remediation:
    'Set allowedRoutes.namespaces.from to Same, or to Selector with a label that only administrators give. Give each team a listener with its own hostname.',
  references: ['https://gateway-api.sigs.k8s.io/guides/multiple-ns/'],
  attack: ['T1557'],
  fix: setValue('Same', mayBreak('Routes of other namespaces are no longer served by the listener.')),
  appliesTo: kinds('gateway.networking.k8s.io/Gateway'),
  looks: 'object',
  reads: [],
  *evaluate({ resource, at }) {
    for (const [index, listener] of (arrayAt(resource.object, 'spec', 'listeners') ?? []).entries())
      if (stringAt(listener, 'allowedRoutes', 'namespaces', 'from') === 'All')
        yield at(['spec', 'listeners', index, 'allowedRoutes', 'namespaces', 'from']);
  },
});
