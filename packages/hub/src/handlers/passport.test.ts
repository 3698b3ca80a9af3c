import { readFileSync } from 'node:fs';
import { type Passport, passport } from '@bulwark/api';
import { FINDING_FIELDS } from '@bulwark/core';
import { addComment, listFindings, type Scope, scopeOf, triage } from '@bulwark/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { queryOf } from './list-request.ts';
import { passportOf } from './passport.ts';
import { type TestCluster, TestHub } from './test-cluster.ts';

const ALL = scopeOf({ clusters: 'all', namespaces: 'all' });
const SHOP = scopeOf({ clusters: 'all', namespaces: ['shop'] });
const YAML = readFileSync(new URL('./test-shop.yaml', import.meta.url), 'utf8');
const NOON = new Date('2026-11-26T12:00:00Z');
const ONE = new Date('2026-11-26T13:00:00Z');
const TWO = new Date('2026-11-26T14:00:00Z');

const AGENT_WITHOUT_HOST_PID = (
  YAML.split('---\n').find((part) => part.includes('kind: DaemonSet')) ?? ''
).replace('hostPID: true', 'hostPID: false');
const BINDINGS = `
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: web-edit, namespace: pay }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit }
subjects: [{ kind: ServiceAccount, name: web, namespace: shop }]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: all-view, namespace: shop }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view }
subjects: [{ kind: Group, name: 'system:serviceaccounts:shop', apiGroup: rbac.authorization.k8s.io }]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: 'system:discovery', labels: { kubernetes.io/bootstrapping: rbac-defaults } }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: 'system:discovery' }
subjects: [{ kind: Group, name: 'system:authenticated', apiGroup: rbac.authorization.k8s.io }]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: 'system:discovery', labels: { kubernetes.io/bootstrapping: rbac-defaults } }
rules: [{ nonResourceURLs: [/api], verbs: [get] }]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: 'system:readers', labels: { kubernetes.io/bootstrapping: rbac-defaults } }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: 'system:readers' }
subjects: [{ kind: Group, name: 'system:authenticated', apiGroup: rbac.authorization.k8s.io }]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: 'system:readers', labels: { kubernetes.io/bootstrapping: rbac-defaults } }
rules: [{ apiGroups: [''], resources: [secrets], verbs: [get] }]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: edit }
rules:
  - { apiGroups: [apps, ''], resources: [deployments, pods/exec], verbs: ['*'] }
  - { apiGroups: ['*'], resources: ['*'], verbs: [get] }
`;

const ACCEPTED_POD = `
apiVersion: v1
kind: Pod
metadata:
  name: tool
  namespace: shop
  annotations: { bulwark.dev/except.privileged-container: "It reads the disks.; owner=ann" }
spec: { containers: [{ name: tool, image: "example.com/tool:1", securityContext: { privileged: true } }] }
`;

let hub: TestHub;
let cluster: TestCluster;

beforeAll(async () => {
  hub = await TestHub.start(NOON);
  cluster = await hub.cluster('prod', { Pod: 'live', Secret: 'live', 'extensions/Ingress': 'live' });
  await cluster.show(YAML);
  hub.now = ONE;
  await cluster.show(`${AGENT_WITHOUT_HOST_PID}\n---\n${BINDINGS}`);
});

afterAll(() => hub?.stop());

async function of(
  [kind, namespace, name]: readonly [string, string, string],
  { scope = ALL, asOf }: { scope?: Scope; asOf?: Date } = {},
): Promise<Passport> {
  const limits = { clusters: 'all', namespaces: 'all' } as const;
  const key = { cluster: cluster.id, kind, namespace, name, asOf, now: TWO, limits };
  // Exactly what the contract promises, and nothing more.
  return passport.parse(await passportOf(hub.store, scope, key));
}

const WEB = ['apps/Deployment', 'shop', 'web'] as const;
const AGENT = ['apps/DaemonSet', 'pay', 'agent'] as const;

describe('the passport of a workload', () => {
  it('says what it is, whose, and where it runs', async () => {
    const web = await of(WEB);

    expect(web).toMatchObject({
      cluster: { name: 'prod' },
      resource: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web' },
      owner: 'storefront',
      serviceAccount: 'web',
      nodes: ['node-1'],
      podList: [{ name: 'web-1-abcde', node: 'node-1', phase: 'Running', ip: '10.0.0.7' }],
      pss: { level: 'restricted', blockedBy: [] },
      build: { state: 'never', record: null, images: [{ record: null }] },
    });
    expect(web.containers.map(({ name, kind, digest }) => [name, kind, digest])).toEqual([
      ['proxy', 'sidecar', null],
      ['app', 'regular', `sha256:${'a'.repeat(64)}`],
    ]);
  });

  it('is there for what lies in no namespace', async () => {
    const wide = await hub.cluster('wide', { 'example.org/Runtime': 'live' });
    const pod = 'containers: [{ name: app, image: "x:1" }]';
    await wide.show(`
apiVersion: example.org/v1
kind: Runtime
metadata: { name: build }
spec: { template: { spec: { ${pod} } } }
`);
    const place = { kind: 'example.org/Runtime', namespace: '', name: 'build' };
    const limits = { clusters: 'all', namespaces: 'all' } as const;
    const key = { cluster: wide.id, ...place, asOf: undefined, now: TWO, limits };

    expect(await passportOf(hub.store, ALL, key)).toMatchObject({
      resource: { kind: 'Runtime', name: 'build' },
    });
  });

  it.each([
    ['runAsUser', '1000', 'spec.template.spec.containers[app].securityContext.runAsUser'],
    ['runAsNonRoot', 'true', 'spec.template.spec.securityContext.runAsNonRoot'],
    ['privileged', 'false', 'the default of Kubernetes'],
    ['capabilities', 'NET_BIND_SERVICE', 'spec.template.spec.containers[app].securityContext.capabilities'],
    ['seccompProfile', 'RuntimeDefault', 'spec.template.spec.securityContext.seccompProfile'],
    ['limits.cpu', '500m', 'LimitRange usual'],
    [
      'requests.memory',
      '128Mi',
      'spec.template.spec.containers[app].resources.limits.memory, as no request is set',
    ],
  ])('tells of %s that it is %s, from %s', async (name, value, from) => {
    const { containers } = await of(WEB);

    expect(containers[1]?.settings.find((setting) => setting.name === name)).toEqual({
      ...{ name, value, from, inPods: null },
    });
  });

  it('tells what privileged overrides', async () => {
    const { containers } = await of(AGENT);
    const value = (name: string) => containers[0]?.settings.find((each) => each.name === name)?.value;

    expect(
      ['allowPrivilegeEscalation', 'capabilities', 'seccompProfile', 'appArmorProfile'].map(value),
    ).toEqual(['true', 'all', 'Unconfined', 'Unconfined']);
  });

  it('says what it reaches, who reaches it, and what it may do', async () => {
    const web = await of(WEB);

    expect(web.reach).toEqual([
      'Service web leads to it from outside the cluster on port 443, through a load balancer at 203.0.113.7 and from 198.51.100.0/24 only.',
      'Ingress front leads to it through Service web, for shop.example.com with TLS.',
      'Network policy web-in limits what may connect to it.',
      'No network policy limits what it may connect to.',
      'It may reach the cloud metadata of its node at 169.254.169.254: no network policy limits where they connect to.',
      'Its containers hold a token of service account web for the API server.',
    ]);
    // Its pod has what admission gives each: it is as its template.
    expect(web.secrets).toEqual([
      { name: 'database', via: 'variable PASSWORD of container app, key password', inPods: null },
      { name: 'shop-tls', via: 'volume certs, mounted in app at /certs', inPods: null },
      { name: 'registry', via: 'pulling images, through service account web', inPods: null },
    ]);
    expect(web.volumes).toEqual([
      {
        name: 'certs',
        type: 'secret',
        detail: 'shop-tls; mounted in app at /certs (read-only)',
        inPods: null,
      },
    ]);
    expect(web.accounts).toEqual([{ name: 'web', inPods: null }]);
    expect(web.permissions.map(({ rule, via }) => ({ rule, via }))).toEqual([
      {
        rule: 'do everything with deployments and pods/exec of the core group and apps in namespace pay',
        via: 'RoleBinding pay/web-edit to ClusterRole edit',
      },
      { rule: 'get all resources in namespace pay', via: 'RoleBinding pay/web-edit to ClusterRole edit' },
      {
        rule: 'get secrets called database in namespace shop',
        via: 'RoleBinding shop/web-reader to Role reader',
      },
      {
        rule: 'get secrets in the whole cluster',
        via: 'ClusterRoleBinding system:readers to ClusterRole system:readers, for the group system:authenticated',
      },
      {
        rule: 'Nothing yet in namespace shop: there is no ClusterRole view.',
        via: 'RoleBinding shop/all-view to ClusterRole view, for the group system:serviceaccounts:shop',
      },
      {
        rule: 'What every account may do: ask what the API serves, and what it may do itself.',
        via: 'ClusterRoleBinding system:discovery',
      },
    ]);
  });

  it('knows what was, and since when it is different', async () => {
    const sentence = 'It sees every process of its node.';
    const now = await of(AGENT);
    const before = await of(AGENT, { asOf: NOON });

    expect(before.hostAccess).toEqual([
      sentence,
      'Container agent is privileged: root in it is root on the node.',
      "It reads the node's /, in agent at /host.",
      'Container agent listens on port 8080 of its node.',
    ]);
    expect(now.hostAccess).not.toContain(sentence);
    expect(before.pss.blockedBy).toContain('host-pid');
    expect(now.pss.blockedBy).not.toContain('host-pid');
    expect(now.timeline.map(({ verb, at }) => [verb, at])).toEqual([['changed', ONE.toISOString()]]);
    expect(before.timeline).toEqual([]);
    await expect(of(AGENT, { asOf: new Date('2026-11-26T11:00:00Z') })).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  it('has the changes of its pods where it is seen in these, also of those that are gone', async () => {
    const operated = await hub.cluster('operated', { Namespace: 'live', Pod: 'live' });
    const pod = (name: string, image: string): string => `
apiVersion: v1
kind: Pod
metadata:
  name: ${name}
  namespace: shop
  ownerReferences: [{ apiVersion: example.org/v1, kind: Kafka, name: main, uid: u-main, controller: true }]
spec: { containers: [{ name: app, image: "${image}" }] }
`;
    hub.now = NOON;
    await operated.show(['main-0', 'main-1'].map((name) => pod(name, 'x:1')).join('---'));
    hub.now = ONE;
    await operated.show(pod('main-0', 'evil:1'));
    await operated.show(pod('other-0', 'x:1').replace('name: main,', 'name: other,'));
    hub.now = TWO;
    await operated.remove('Pod', 'shop', 'main-0');
    const limits = { clusters: 'all', namespaces: 'all' } as const;
    const place = { kind: 'example.org/Kafka', namespace: 'shop', name: 'main' };
    const timelineAt = async (asOf: Date | undefined) => {
      const key = { cluster: operated.id, ...place, asOf, now: TWO, limits };
      const { timeline } = await passportOf(hub.store, ALL, key);
      return timeline.map(({ verb, resource, at }) => [verb, resource.kind, resource.name, at]);
    };

    const changed = ['changed', 'Pod', 'main-0', ONE.toISOString()];
    expect(await timelineAt(undefined)).toEqual([['deleted', 'Pod', 'main-0', TWO.toISOString()], changed]);
    expect(await timelineAt(ONE)).toEqual([changed]);
  });

  it('has what people decided and said about its findings, until the moment that is looked at', async () => {
    const { items } = await listFindings(hub.store, ALL, {
      query: queryOf('name:agent', FINDING_FIELDS),
      limit: 100,
      now: TWO,
    });
    const finding = items.find(({ control }) => control === 'privileged-container');
    if (finding === undefined) throw new Error('the agent is not found to be privileged');
    const key = { cluster: cluster.id, fingerprint: finding.fingerprint };
    await triage(hub.store, [key], { assignee: 'bob', author: 'ann', at: ONE });
    await addComment(hub.store, key, { author: 'bob', at: TWO, text: 'The vendor is asked.' });

    const told = ({ decisions }: Passport) =>
      decisions.map(({ at, what, by, text, control }) => [at, what, by, text, control]);
    const assigned = [ONE.toISOString(), 'triage', 'ann', 'assigned to bob', 'privileged-container'];
    const said = [TWO.toISOString(), 'comment', 'bob', 'The vendor is asked.', 'privileged-container'];
    expect(told(await of(AGENT))).toEqual([said, assigned]);
    expect(told(await of(AGENT, { asOf: ONE }))).toEqual([assigned]);
    expect(told(await of(AGENT, { asOf: NOON }))).toEqual([]);
    expect(told(await of(WEB))).toEqual([]);
    const { decisions } = await of(AGENT);
    expect(decisions.map(({ fingerprint }) => fingerprint)).toEqual([key.fingerprint, key.fingerprint]);
  });

  it('has the exceptions that are asked for, with the reason and whose they are', async () => {
    hub.now = TWO;
    await cluster.show(ACCEPTED_POD);
    const { decisions } = await of(['Pod', 'shop', 'tool']);

    expect(decisions.map(({ what, by, text, control }) => [what, by, text, control])).toEqual([
      ['exception asked for', null, 'It reads the disks. (owner ann)', 'privileged-container'],
    ]);
  });

  it('shows nothing of other namespaces, and says that something is left out', async () => {
    const web = await of(WEB, { scope: SHOP });

    expect(JSON.stringify(web)).not.toMatch(/\bpay\b|auditor|discovery/);
    expect(web.reach).toContain(
      'Policies for the whole cluster are not shown: you see some namespaces only.',
    );
    expect(web.permissions.map(({ rule }) => rule)).toEqual([
      'get secrets called database in namespace shop',
      'Whatever ClusterRole view allows in namespace shop; its rules are not shown.',
      'What cluster-wide bindings give it is not shown.',
    ]);
    await expect(of(AGENT, { scope: SHOP })).rejects.toMatchObject({ code: 'not-found' });
    await expect(
      of(WEB, { scope: scopeOf({ clusters: [cluster.id + 1], namespaces: 'all' }) }),
    ).rejects.toMatchObject({ code: 'not-found' });
  });

  it('is not made for what is part of a workload, or has no pods', async () => {
    await expect(of(['apps/ReplicaSet', 'shop', 'web-1'])).rejects.toMatchObject({ code: 'not-found' });
    await expect(of(['Service', 'shop', 'web'])).rejects.toMatchObject({ code: 'not-found' });
  });
});
