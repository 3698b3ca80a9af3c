import { arrayAt, defineControl, kinds, mayBreak, removeField } from '@bulwark/core';

export const serviceExternalIps = defineControl({
  id: 'service-external-ips',
  aliases: ['trivy:KSV-0108', 'kyverno:restrict-external-ips'],
  title: 'Services must not claim external IP addresses',
  problem: 'claim external IP addresses',
  message: '{resource} claims external IP addresses.',
  severity: 'high',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'Kubernetes does not check whose addresses externalIPs are: every node sends traffic for them to the Service. Whoever may create a Service can so receive what pods and nodes send to any address, a DNS server or an API outside among them (CVE-2020-8554).',
  remediation:
    'Use a load balancer, also one such as MetalLB on your own machines, or an Ingress. Let admission refuse externalIPs, with the DenyServiceExternalIPs plug-in or a policy.',
  references: [
    'https://kubernetes.io/docs/concepts/services-networking/service/#external-ips',
    'https://github.com/kubernetes/kubernetes/issues/97076',
  ],
  attack: ['T1557'],
  fix: removeField(mayBreak('The Service stops answering at these addresses.')),
  appliesTo: kinds('Service'),
  looks: 'object',
  reads: [],
  *evaluate({ resource, at }) {
    if ((arrayAt(resource.object, 'spec', 'externalIPs') ?? []).length > 0) yield at('spec.externalIPs');
  },
});
