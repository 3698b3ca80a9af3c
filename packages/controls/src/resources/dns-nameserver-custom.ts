import { arrayAt, defineControl, textsParam, workloads } from '@bulwark/core';
import { isPlaceholder } from './placeholders.ts';

export const dnsNameserverCustom = defineControl({
  id: 'dns-nameserver-custom',
  aliases: [],
  title: 'Pods must not bring name servers of their own',
  problem: 'bring name servers of their own',
  message: 'In {resource}, the pod asks the name server {nameserver}.',
  severity: 'info',
  profile: 'all',
  since: '0.1.0',
  rationale:
    'A name server decides where a pod connects. One outside the cluster sees every name the pod looks up, can send it elsewhere, and is out of reach of DNS policies and logs of the cluster; queries to it can also carry data out.',
  remediation:
    'Remove dnsConfig.nameservers. Send single domains to other servers in the configuration of the DNS of the cluster, or allow the server in the parameter.',
  references: ['https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#pod-dns-config'],
  attack: ['T1071.004', 'T1557'],
  params: {
    allowed: textsParam(
      'Addresses of name servers that pods may bring. Those of NodeLocal DNSCache are usual.',
      {
        default: ['169.254.20.10'],
      },
    ),
  },
  appliesTo: workloads,
  looks: 'object',
  reads: [],
  *evaluate({ spec, at, params: { allowed } }) {
    for (const [index, nameserver] of (arrayAt(spec, 'dnsConfig', 'nameservers') ?? []).entries()) {
      if (typeof nameserver !== 'string' || isPlaceholder(nameserver) || allowed.includes(nameserver))
        continue;
      yield at(['dnsConfig', 'nameservers', index], { nameserver });
    }
  },
});
