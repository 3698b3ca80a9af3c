import { loadBalancerReach } from '@bulwark/analyses';
import { defineControl, type JsonObject, kinds, objectAt } from '@bulwark/core';
import { portsOf, type ServicePort } from './service-ports.ts';

/** Annotations that give a load balancer a certificate. */
const CERTIFICATES =
  /(aws-load-balancer-ssl-cert|oci-load-balancer-tls-secret|do-loadbalancer-certificate-(id|name)|do-loadbalancer-tls-ports|alibaba-cloud-loadbalancer-cert-id|scw-loadbalancer-certificate-ids|hetzner\.cloud\/http-certificates|cloud\.google\.com\/app-protocols)$/;
const PLAIN_PORTS = new Set([80, 8000, 8080]);
const PLAIN_NAMES = /^(http|web|www)$|^http-/;
const TLS_PORTS = new Set([443, 8443]);
const TLS_NAMES = /^(https|tls|ssl|grpcs|wss)(-|$)/;

/** A load balancer of AWS that speaks HTTP with the pods speaks it with everybody, unless it has a certificate. */
function isPlainThroughout(annotations: JsonObject): boolean {
  return annotations['service.beta.kubernetes.io/aws-load-balancer-backend-protocol'] === 'http';
}

function isPlain({ number, name, appProtocol }: ServicePort): boolean {
  if (appProtocol !== '') return /^(kubernetes\.io\/)?(http|ws|h2c)$/.test(appProtocol);
  return PLAIN_NAMES.test(name) || (number !== undefined && PLAIN_PORTS.has(number));
}

function isTls({ number, name, appProtocol }: ServicePort): boolean {
  return (
    TLS_NAMES.test(appProtocol) || TLS_NAMES.test(name) || (number !== undefined && TLS_PORTS.has(number))
  );
}

export const loadBalancerTls = defineControl({
  id: 'load-balancer-tls',
  aliases: ['kubescape:C-0231', 'kubescape:C-0245'],
  title: 'A public load balancer that speaks HTTP must offer TLS',
  problem: 'serve HTTP without TLS through a public load balancer',
  message:
    '{resource} serves HTTP at port {port} of a public load balancer that offers no TLS and has no certificate.',
  severity: 'medium',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'Passwords, tokens and session cookies cross the internet in plain text. Whoever is on the path reads them, and changes what users get to see.',
  remediation:
    "Publish the workload through an Ingress or a Gateway with a certificate, or give the load balancer one with your provider's annotation.",
  references: ['https://kubernetes.io/docs/concepts/services-networking/service/#ssl-support-on-aws'],
  attack: ['T1557', 'T1040'],
  appliesTo: kinds('Service'),
  looks: 'object',
  reads: [],
  notApplicable: ({ resource }) =>
    loadBalancerReach(resource) === 'anyone' ? undefined : 'It has no load balancer that anyone can reach.',
  *evaluate({ resource, at }) {
    const ports = portsOf(resource).filter(({ protocol }) => protocol === 'TCP');
    const annotations = objectAt(resource.object, 'metadata', 'annotations') ?? {};
    if (Object.keys(annotations).some((name) => CERTIFICATES.test(name))) return;
    const isAllPlain = isPlainThroughout(annotations);
    if (!isAllPlain && ports.some(isTls)) return;
    for (const port of ports)
      if (isAllPlain || isPlain(port)) yield at(port.path, { port: port.number ?? port.name });
  },
});
