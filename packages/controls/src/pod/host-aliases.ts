import { arrayAt, defineControl, mayBreak, removeField, workloads } from '@bulwark/core';

export const hostAliases = defineControl({
  id: 'host-aliases',
  aliases: ['trivy:KSV-0007', 'kubesec:HostAliases'],
  title: 'Pods must not write their own host names',
  problem: 'write their own host names',
  message: '{resource} adds {count} entries to the hosts file of its containers.',
  severity: 'info',
  profile: 'all',
  since: '0.1.0',
  rationale:
    'Entries of hostAliases win over DNS. They send a name to an address that nobody updates, and a changed manifest can lead a program to a host of an attacker while DNS looks right.',
  remediation:
    'Put the name into DNS, or make a Service: one of the type ExternalName for a name, one without a selector and an EndpointSlice for an address. Then remove hostAliases.',
  references: [
    'https://kubernetes.io/docs/tasks/network/customize-hosts-file-for-pods/',
    'https://kubernetes.io/docs/concepts/services-networking/service/#services-without-selectors',
  ],
  attack: ['T1557'],
  fix: removeField(mayBreak('Names that only these entries know no longer resolve.')),
  appliesTo: workloads,
  looks: 'object',
  reads: [],
  *evaluate({ spec, at }) {
    const count = arrayAt(spec, 'hostAliases')?.length ?? 0;
    if (count > 0) yield at('hostAliases', { count });
  },
});
