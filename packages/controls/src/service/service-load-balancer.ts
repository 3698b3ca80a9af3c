import { loadBalancerReach } from '@bulwark/analyses';
import { defineControl, kinds } from '@bulwark/core';

export const serviceLoadBalancer = defineControl({
  id: 'service-load-balancer',
  aliases: ['kubescape:C-0256', 'kube-linter:exposed-services', 'kyverno:no-loadbalancer-service'],
  title: 'A load balancer must say which addresses may connect',
  problem: 'have a load balancer that anyone may connect to',
  message: '{resource} has a load balancer that is neither internal nor limited to source addresses.',
  severity: 'medium',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'In a cloud a Service of type LoadBalancer gets a public address. Scanners find it within minutes, and the workload then stands on the internet with whatever it listens to.',
  remediation:
    "Set loadBalancerSourceRanges, or your provider's annotation for an internal load balancer. Better, keep one load balancer for the ingress controller, exempt that one, and publish the rest through it.",
  references: [
    'https://kubernetes.io/docs/concepts/services-networking/service/#loadbalancer',
    'https://kubernetes.io/docs/concepts/services-networking/service/#internal-load-balancer',
  ],
  attack: ['T1133', 'T1190'],
  appliesTo: kinds('Service'),
  looks: 'object',
  reads: [],
  *evaluate({ resource, at }) {
    if (loadBalancerReach(resource) === 'anyone') yield at('spec.loadBalancerSourceRanges');
  },
});
