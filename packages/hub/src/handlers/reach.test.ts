import { type JsonObject, toResource, World } from '@bulwark/core';
import { loadAll } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import type { LabelledPod } from './passport-context.ts';
import { reachOf } from './reach.ts';

const POD = `
apiVersion: v1
kind: Pod
metadata: { name: web, namespace: shop, labels: { app: web } }
spec:
  automountServiceAccountToken: false
  containers: [{ name: app, image: web }]
`;

function sentences(
  others: string,
  { pod = POD, unseen = [] as string[], isWhole = true, pods = [] as LabelledPod[] } = {},
): readonly string[] {
  const resources = (loadAll(`${pod}\n---\n${others}`) as (JsonObject | null)[])
    .filter((object) => object !== null)
    .map((object) => toResource(object, { kind: 'cluster', cluster: 'prod', resourceVersion: '' }));
  const { world } = World.of(resources);
  const [subject] = resources;
  if (subject === undefined) throw new Error('the test has no pod');
  return reachOf(subject, { world, isSeen: (kind) => !unseen.includes(kind), isWhole, pods });
}

const SERVICE = `
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
spec: { type: NodePort, selector: { app: web }, externalIPs: [192.0.2.1], ports: [{ port: 80, nodePort: 30080 }, { port: 53, protocol: UDP }] }
`;
const ROUTE = `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: front, namespace: edge }
spec:
  parentRefs: [{ name: public }]
  hostnames: [shop.example.com]
  rules: [{ backendRefs: [{ name: web, namespace: shop, port: 80 }] }]
`;
const EGRESS = (except: string) => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: out, namespace: shop }
spec:
  podSelector: {}
  policyTypes: [Egress]
  egress: [{ to: [{ ipBlock: { cidr: 0.0.0.0/0, except: [${except}] } }] }]
`;

describe('the sentences on who reaches a workload, and what it reaches', () => {
  it.each([
    ['nothing leads to it', '', 'No Service leads to it.'],
    [
      'a Service with node ports does',
      SERVICE,
      'Service web leads to it through the addresses of all nodes on ports 80 (node port 30080) and 53/UDP. It also takes what is sent to 192.0.2.1.',
    ],
    [
      'a route of another namespace does',
      `${SERVICE}---${ROUTE}`,
      'HTTPRoute front of namespace edge leads to it through Service web, for shop.example.com, behind Gateway edge/public.',
    ],
    [
      'a policy lets the metadata through',
      EGRESS('10.0.0.0/8'),
      'It may reach the cloud metadata of its node at 169.254.169.254: the network policy out allows it.',
    ],
    [
      'a policy keeps it from the metadata',
      EGRESS('169.254.0.0/16'),
      'Network policy out keeps it from the cloud metadata of its node.',
    ],
    [
      'a policy of a kind that is not evaluated may hold',
      'apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: { name: l7, namespace: shop }\nspec: {}\n',
      'CiliumNetworkPolicy l7 may hold for it as well: these kinds are not evaluated.',
    ],
    [
      'a policy of a kind that is not evaluated may keep it from the metadata',
      'apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: { name: l7, namespace: shop }\nspec: {}\n',
      'Whether it reaches the cloud metadata of its node is not known: CiliumNetworkPolicy l7 may decide it, and these kinds are not evaluated.',
    ],
    ['no token is mounted', '', 'No token of service account default is mounted.'],
  ])('say when %s', (_when, others, sentence) => {
    expect(sentences(others)).toContain(sentence);
  });

  it('do not call absent what is not seen', () => {
    const unseen = ['Service', 'networking.k8s.io/NetworkPolicy'];
    const said = sentences('', { unseen });

    expect(said).toEqual([
      'Whether Service objects lead to it is not known: they are not seen.',
      'Which network policies hold for it is not known: they are not seen.',
      'Whether it reaches the cloud metadata of its node is not known: NetworkPolicy objects are not seen.',
      'No token of service account default is mounted.',
    ]);
  });

  it('do not say that nothing keeps it from the metadata to who sees some namespaces only', () => {
    expect(sentences('', { isWhole: false })).toContain(
      'No policy that you see keeps it from the cloud metadata of its node at 169.254.169.254.',
    );
  });

  it('say that no policy holds in the network of the node, not even to keep it from the metadata', () => {
    const pod = POD.replace('spec:\n', 'spec:\n  hostNetwork: true\n');

    expect(sentences(EGRESS('169.254.0.0/16'), { pod })).toEqual(
      expect.arrayContaining([
        "No network policy holds for it: it uses its node's network.",
        "It may reach the cloud metadata of its node at 169.254.169.254: network policies do not hold for pods in their node's network.",
      ]),
    );
  });

  it('say that it is not known where a Service without a selector leads, and not that none does', () => {
    const others = SERVICE.replace('selector: { app: web }, ', '');
    const said = (unseen: string[]) =>
      sentences(others, { unseen }).filter((sentence) => sentence.includes('Service'));

    expect(said([])).toEqual([
      'Where Service web leads is not known: it has no selector, and no EndpointSlice that is known names what is behind it.',
    ]);
    expect(said(['discovery.k8s.io/EndpointSlice'])).toEqual([
      'Where Service web leads is not known: it has no selector, and EndpointSlice objects are not seen.',
    ]);
  });

  describe('of pods of one workload that have not the same labels', () => {
    const labelled = (name: string, role: string) => ({ name, labels: { app: 'web', role } });
    const pods = [labelled('db-0', 'primary'), labelled('db-1', 'replica'), labelled('db-2', 'replica')];
    const POLICY = (name: string, selector: string) =>
      EGRESS('169.254.0.0/16')
        .replace('name: out', `name: ${name}`)
        .replace('podSelector: {}', `podSelector: { matchLabels: { ${selector} } }`);

    it('say which of them a policy limits, and which it keeps from the metadata', () => {
      const others = [POLICY('replicas', 'role: replica'), POLICY('all', 'app: web')].join('---');

      expect(sentences(others, { pods }).filter((each) => each.startsWith('Network'))).toEqual([
        'Network policy all limits what it may connect to.',
        'Network policy replicas limits what some of its pods (2 of 3) may connect to: db-1 and db-2.',
        'Network policy all keeps it from the cloud metadata of its node. That is so for some of its pods (1 of 3): db-0.',
        'Network policies all and replicas keep it from the cloud metadata of its node. That is so for some of its pods (2 of 3): db-1 and db-2.',
      ]);
      expect(sentences(POLICY('replicas', 'role: replica'), { pods })).toEqual(
        expect.arrayContaining([
          'No network policy limits what may connect to it.',
          'It may reach the cloud metadata of its node at 169.254.169.254: no network policy limits where they connect to. That is so for some of its pods (1 of 3): db-0.',
        ]),
      );
    });

    it('name ten of them at most', () => {
      const many = Array.from({ length: 30 }, (_each, index) =>
        labelled(`db-${String(index).padStart(2, '0')}`, index < 12 ? 'replica' : 'primary'),
      );

      expect(sentences(POLICY('replicas', 'role: replica'), { pods: many })).toContain(
        'Network policy replicas limits what some of its pods (12 of 30) may connect to: db-00, db-01, db-02, db-03, db-04, db-05, db-06, db-07, db-08, db-09 and 2 more.',
      );
    });

    it('say nothing of some where all of them are selected, whatever else they are labelled', () => {
      expect(sentences(POLICY('all', 'app: web'), { pods }).join(' ')).not.toContain('some of its pods');
    });
  });
});
