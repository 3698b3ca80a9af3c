import {
  type Control,
  defineControl,
  groupFindings,
  Judge,
  kinds,
  LiveSubjects,
  Plan,
  World,
  workloads,
} from '@bulwark/core';
import { resourcesOf } from '@bulwark/testkit';
import { describe, expect, it } from 'vitest';
import { rankFindings } from './rank-findings.ts';

const INFO = {
  aliases: [],
  title: 'Something must be so',
  problem: 'are bad',
  message: '{resource} is bad.',
  profile: 'default',
  since: '0.1.0',
  rationale: 'A test.',
  remediation: 'Change it.',
  references: [],
  attack: [],
  looks: 'object',
  reads: [],
} as const;
const ofPods = (id: string, severity: Control['severity']) =>
  defineControl({
    ...INFO,
    id,
    severity,
    appliesTo: workloads,
    *evaluate({ at }) {
      yield at('containers');
    },
  });
const low = ofPods('low', 'low');
const high = ofPods('high', 'high');
const maps = defineControl({
  ...INFO,
  id: 'maps',
  severity: 'medium',
  appliesTo: kinds('ConfigMap'),
  *evaluate({ at }) {
    yield at('data');
  },
});
const CONTROLS = [low, high, maps];

const deployment = (name: string, labels = '{}'): string => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: shop, labels: ${labels} }
spec:
  template:
    metadata: { labels: { app: ${name} } }
    spec: { automountServiceAccountToken: false, containers: [{ name: app, image: x }] }
`;
const SERVICE = `
apiVersion: v1
kind: Service
metadata: { name: open, namespace: shop }
spec: { type: LoadBalancer, selector: { app: b }, ports: [{ port: 80 }] }
`;
const SET = `
apiVersion: apps/v1
kind: ReplicaSet
metadata:
  name: a-1
  namespace: shop
  ownerReferences: [{ apiVersion: apps/v1, kind: Deployment, name: a, controller: true, uid: u }]
spec: { template: { spec: { automountServiceAccountToken: false, containers: [{ name: app, image: x }] } } }
`;
const OWNED = `
apiVersion: v1
kind: Pod
metadata:
  name: a-1-x
  namespace: shop
  ownerReferences: [{ apiVersion: apps/v1, kind: ReplicaSet, name: a-1, controller: true, uid: v }]
spec:
  automountServiceAccountToken: false
  containers: [{ name: app, image: x, securityContext: { privileged: true } }]
`;
const MAP = '{ apiVersion: v1, kind: ConfigMap, metadata: { name: m, namespace: shop } }';
const CLOSED = `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: none, namespace: shop }
spec: { podSelector: {} }
`;

function ranked(...documents: readonly string[]) {
  const { world } = World.of(resourcesOf(documents.join('\n---\n')));
  const findings = new Judge(world, new Plan(CONTROLS), { minor: 37, text: '1.37' }).findings();
  const ranks = rankFindings(findings, CONTROLS, world);
  return groupFindings(findings, CONTROLS, ranks).map(({ control, rank }) => ({
    id: control.id,
    lines: rank?.lines.map(({ label, points }) => `${points} ${label}`) ?? [],
    why: rank?.why,
  }));
}

describe('the ranks of a report', () => {
  it('are those of the worst workload of each root cause, and put the most points first', () => {
    const groups = ranked(deployment('a', '{ environment: production }'), deployment('b'), SERVICE, MAP);

    expect(groups.map(({ id }) => id)).toEqual(['high', 'low', 'maps']);
    expect(groups[0]).toEqual({
      id: 'high',
      lines: [
        '35 high control',
        '4 found in 2 objects',
        '20 Deployment shop/b: open to the Internet by Service open, a load balancer',
        '5 1 of 2 in production',
      ],
      why: 'Deployment shop/b is open to the Internet by Service open, a load balancer.',
    });
  });

  it('count a live pod that differs from its template with its owner', () => {
    const [first] = ranked(deployment('a'), SET, OWNED);

    expect(first?.why).toBe('Deployment shop/a can take its node: container app is privileged.');
  });

  it('count live pods whose controller is not there', () => {
    const operated = OWNED.replace('apps/v1, kind: ReplicaSet', 'example.org/v1, kind: App');
    const { upsert } = new LiveSubjects(({ name }) => name).apply({ upsert: [...resourcesOf(operated)] });
    const { world } = World.of(upsert);
    const findings = new Judge(world, new Plan([high]), { minor: 37, text: '1.37' }).findings();

    expect(rankFindings(findings, [high], world).get('high')?.why).toBe(
      'App shop/a-1 can take its node: container app is privileged.',
    );
  });

  it('do not lower a root cause by a workload that nobody reaches where other objects have it too', () => {
    const both = defineControl({
      ...INFO,
      id: 'both',
      severity: 'medium',
      appliesTo: kinds('apps/Deployment', 'ConfigMap'),
      *evaluate({ at }) {
        yield at('metadata');
      },
    });
    const { world } = World.of(resourcesOf([deployment('a'), MAP, CLOSED].join('\n---\n')));
    const findings = new Judge(world, new Plan([both]), { minor: 37, text: '1.37' }).findings();

    expect(
      rankFindings(findings, [both], world)
        .get('both')
        ?.lines.map(({ points }) => points),
    ).toEqual([15, 4]);
  });
});
