import { arrayAt, type Json, objectAt, type Resource, stringAt } from '@bulwark/core';

/** Annotations that make a load balancer internal, and the values that do. */
const INTERNAL: readonly (readonly [annotation: string, values: RegExp])[] = [
  ['service.beta.kubernetes.io/aws-load-balancer-internal', /^(?!false$)./],
  ['service.beta.kubernetes.io/aws-load-balancer-scheme', /^internal$/],
  ['service.beta.kubernetes.io/azure-load-balancer-internal', /^true$/i],
  ['networking.gke.io/load-balancer-type', /^internal$/i],
  ['cloud.google.com/load-balancer-type', /^internal$/i],
  ['service.beta.kubernetes.io/openstack-internal-load-balancer', /^true$/i],
  ['service.beta.kubernetes.io/oci-load-balancer-internal', /^true$/i],
  ['service.kubernetes.io/ibm-load-balancer-cloud-provider-ip-type', /^private$/],
  ['service.beta.kubernetes.io/alibaba-cloud-loadbalancer-address-type', /^intranet$/],
  ['service.kubernetes.io/qcloud-loadbalancer-internal-subnetid', /./],
  ['load-balancer.hetzner.cloud/disable-public-network', /^true$/i],
];
/** Implementations whose load balancers are private unless an annotation says otherwise. */
const PRIVATE_CLASSES = new Set(['service.k8s.aws/nlb', 'tailscale']);
const PUBLIC_SCHEME = 'service.beta.kubernetes.io/aws-load-balancer-scheme';

const RANGES = [
  'service.beta.kubernetes.io/load-balancer-source-ranges',
  'service.beta.kubernetes.io/azure-allowed-ip-ranges',
];
const EVERYWHERE = new Set<Json>(['0.0.0.0/0', '::/0']);

/** Whether an address, as far as its text tells, is reached from a private network only. */
export function isPrivateAddress(address: string): boolean {
  return PRIVATE_ADDRESS.test(address);
}

const PRIVATE_ADDRESS = /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|127\.|169\.254\.|f[cd])/i;

/** Who can reach a load balancer, as far as its Service says. */
export type LoadBalancerReach = 'anyone' | 'some addresses' | 'the private network';

/** The reach of a Service's load balancer; undefined when it has none. */
export function loadBalancerReach({ object }: Resource): LoadBalancerReach | undefined {
  const spec = objectAt(object, 'spec');
  if (stringAt(spec, 'type') !== 'LoadBalancer') return undefined;
  const annotations = objectAt(object, 'metadata', 'annotations');
  if (isPrivate(spec, annotations) || hasPrivateAddress(object)) return 'the private network';
  const ranges = [
    ...(arrayAt(spec, 'loadBalancerSourceRanges') ?? []),
    ...RANGES.flatMap((name) => (stringAt(annotations, name) ?? '').split(',')).map((range) => range.trim()),
  ].filter((range) => range !== '');
  return ranges.length > 0 && !ranges.some((range) => EVERYWHERE.has(range)) ? 'some addresses' : 'anyone';
}

function isPrivate(spec: Json | undefined, annotations: Json | undefined): boolean {
  const ofClass = PRIVATE_CLASSES.has(stringAt(spec, 'loadBalancerClass') ?? '');
  if (ofClass && stringAt(annotations, PUBLIC_SCHEME) !== 'internet-facing') return true;
  return INTERNAL.some(([name, values]) => values.test(stringAt(annotations, name) ?? ''));
}

/** Whether a running load balancer has got private addresses only. */
function hasPrivateAddress(object: Resource['object']): boolean {
  const given = arrayAt(object, 'status', 'loadBalancer', 'ingress') ?? [];
  return given.length > 0 && given.every((entry) => isPrivateAddress(stringAt(entry, 'ip') ?? ''));
}
