import { World } from '@bulwark/core';
import { resourcesOf } from '@bulwark/testkit';
import { describe, expect, it } from 'vitest';
import { metadataReach } from './metadata-reach.ts';

const pod = (spec = '{containers: []}'): string =>
  `{apiVersion: v1, kind: Pod, metadata: {name: web, namespace: shop, labels: {app: web}}, spec: ${spec}}`;
const policy = (name: string, egress: string): string =>
  `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: ${name}, namespace: shop}, spec: {podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], egress: ${egress}}}`;
const other = (apiVersion: string, kind: string, namespace = ''): string =>
  `{apiVersion: ${apiVersion}, kind: ${kind}, metadata: {name: other${namespace === '' ? '' : `, namespace: ${namespace}`}}, spec: {}}`;

const INTERNET = '[{to: [{ipBlock: {cidr: 0.0.0.0/0}}]}]';
const ONLY_IPV6 =
  '[{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [169.254.0.0/16]}}, {ipBlock: {cidr: "::/0"}}]}]';

function reach(documents: readonly string[]) {
  const { world } = World.of(resourcesOf(documents.join('\n---\n')));
  const [subject] = world.list('Pod');
  const [workload] = subject?.workloads ?? [];
  if (workload === undefined) throw new Error('the test has no pod');
  const { answer, address, objects } = world.get(metadataReach).of(workload, 'shop');
  return { answer, address, objects: objects.map(({ name }) => name) };
}

describe('whether a pod reaches the metadata of its node', () => {
  it.each<[string, string[], ReturnType<typeof reach>]>([
    ['without a policy', [pod()], { answer: 'yes', address: '169.254.169.254', objects: [] }],
    [
      'behind one that lets nothing out',
      [pod(), policy('none', '[]')],
      { answer: 'no', address: '169.254.169.254', objects: ['none'] },
    ],
    [
      'behind two of which one lets it out',
      [pod(), policy('none', '[]'), policy('net', INTERNET)],
      { answer: 'yes', address: '169.254.169.254', objects: ['net'] },
    ],
    [
      'behind one that forgets IPv6',
      [pod(), policy('six', ONLY_IPV6)],
      { answer: 'yes', address: 'fd00:ec2::254', objects: ['six'] },
    ],
    [
      "in its node's network, where no policy holds",
      [pod('{hostNetwork: true, containers: []}'), policy('none', '[]')],
      { answer: 'yes', address: '169.254.169.254', objects: [] },
    ],
    ...[
      other('cilium.io/v2', 'CiliumNetworkPolicy', 'shop'),
      other('projectcalico.org/v3', 'GlobalNetworkPolicy'),
      other('policy.networking.k8s.io/v1alpha1', 'AdminNetworkPolicy'),
      other('policy.networking.k8s.io/v1alpha1', 'BaselineAdminNetworkPolicy'),
    ].map((each): [string, string[], ReturnType<typeof reach>] => [
      `is unknown where a policy may decide that is not evaluated: ${each}`,
      [pod(), each],
      { answer: 'unknown', address: '169.254.169.254', objects: ['other'] },
    ]),
    [
      'with a policy of another namespace that is not evaluated',
      [pod(), other('cilium.io/v2', 'CiliumNetworkPolicy', 'pay')],
      { answer: 'yes', address: '169.254.169.254', objects: [] },
    ],
  ])('%s', (_name, documents, expected) => {
    expect(reach(documents)).toEqual(expected);
  });
});
