import type { JsonObject } from '@bulwark/core';
import {
  type FakeApiServer,
  type FakeApiServerOptions,
  type FileTree,
  fakeApiServer,
  writeTree,
} from '@bulwark/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import { bulwark, type Ran } from '../../run.testing.ts';

let server: FakeApiServer | undefined;
let tree: FileTree | undefined;
afterEach(async () => {
  await server?.stop();
  tree?.remove();
});

const SPEC = { hostPID: true, containers: [{ name: 'c', image: 'example.com/app:1.2.3' }] };
const TEMPLATE = { metadata: { labels: { app: 'web' } }, spec: SPEC };

function owned(
  kind: string,
  name: string,
  owner: { readonly kind: string; readonly name: string },
  spec: JsonObject,
): JsonObject {
  return {
    apiVersion: kind === 'Pod' ? 'v1' : 'apps/v1',
    kind,
    metadata: {
      name,
      namespace: 'shop',
      labels: { app: 'web' },
      ownerReferences: [{ apiVersion: 'apps/v1', ...owner, uid: 'u', controller: true }],
    },
    spec,
  };
}

const WEB: readonly JsonObject[] = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } },
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'shop' },
    spec: { selector: { matchLabels: { app: 'web' } }, template: TEMPLATE },
  },
  owned('ReplicaSet', 'web-1', { kind: 'Deployment', name: 'web' }, { template: TEMPLATE }),
  ...['a', 'b', 'c'].map((name) =>
    owned('Pod', `web-1-${name}`, { kind: 'ReplicaSet', name: 'web-1' }, SPEC),
  ),
];

async function scanCluster(
  options: FakeApiServerOptions,
  args: readonly string[] = [],
  prepare: (started: FakeApiServer) => void = () => undefined,
): Promise<Ran> {
  server = await fakeApiServer(options);
  prepare(server);
  tree = writeTree({
    kubeconfig:
      `clusters: [{name: c, cluster: {server: "${server.url}"}}]\nusers: [{name: u, user: {token: tok}}]\n` +
      'contexts: [{name: dev, context: {cluster: c, user: u}}, {name: prod, context: {cluster: c, user: u}}]\ncurrent-context: dev\n',
  });
  return bulwark(
    ['scan', '--cluster', '--kubeconfig', tree.path('kubeconfig'), '--no-config', ...args],
    tree.root,
  );
}

interface Report {
  readonly kubernetes: string;
  readonly inputs: readonly string[];
  readonly findings: readonly {
    readonly control: string;
    readonly resource: { readonly kind: string; readonly name: string };
  }[];
  readonly coverage: readonly { readonly code: string; readonly kind: string; readonly reason: string }[];
}

async function reportOf(...given: Parameters<typeof scanCluster>): Promise<Report> {
  const [options, args = [], prepare] = given;
  const { out, err } = await scanCluster(options, [...args, '-f', 'json', '--all'], prepare);
  if (out === '') throw new Error(err);
  return JSON.parse(out) as Report;
}

describe('scan --cluster', () => {
  it('judges what is there as if it stood in files, and each workload once', async () => {
    const report = await reportOf({ objects: WEB, version: 'v1.31.2-eks-abc' }, ['--control', 'host-pid']);

    expect(
      report.findings.map(({ control, resource }) => `${control} ${resource.kind}/${resource.name}`),
    ).toEqual(['host-pid Deployment/web']);
    expect(report.kubernetes).toBe('1.31');
    expect(report.inputs).toEqual([`dev (${server?.url})`]);
  });

  it.each([
    ['v1.38.0', 'Kubernetes 1.38 is not known'],
    ['', 'Which version of Kubernetes the cluster runs cannot be read'],
  ])('judges a cluster of version %j by the newest rules, and says so', async (version, why) => {
    const report = await reportOf({ objects: WEB, version }, ['--control', 'host-pid']);

    expect([report.kubernetes, report.findings.length]).toEqual(['1.37', 1]);
    expect(report.coverage).toContainEqual({
      code: 'unknown-kubernetes',
      kind: 'note',
      reason: `${why}; it is judged by the rules of 1.37, the newest that are known.`,
    });
  });

  it('judges by the version that a person says, without a remark, and refuses one that it does not know', async () => {
    const given = { objects: WEB, version: 'v1.38.0' };
    const report = await reportOf(given, ['--kubernetes-version', '1.30']);
    expect(report.kubernetes).toBe('1.30');
    expect(report.coverage.map(({ code }) => code)).not.toContain('unknown-kubernetes');
    await server?.stop();
    tree?.remove();

    const { code, err } = await scanCluster(given, ['--kubernetes-version', '1.38']);

    expect([code, err]).toEqual([
      2,
      expect.stringContaining('--kubernetes-version: Kubernetes 1.38 is not known'),
    ]);
  });

  it('names the cluster, and no files', async () => {
    const { out } = await scanCluster({ objects: WEB }, ['--control', 'host-pid']);

    expect(out).toMatch(/\d objects \(\d workloads?\) against 1 control/);
    expect(out).not.toContain('bulwark fix');
  });

  it('asks for nothing but to read, and for no Secret', async () => {
    await scanCluster({ objects: WEB });

    expect(server?.requests.some(({ resource }) => resource === 'secrets')).toBe(false);
    expect(new Set(server?.requests.map(({ verb }) => verb))).toEqual(new Set(['discovery', 'list']));
    expect(server?.requests[0]?.headers['user-agent']).toBe('bulwark/1.2.3');
  });

  it('says what it did not see', async () => {
    const report = await reportOf({ objects: WEB }, [], (started) => {
      started.forbids = ({ resource, verb }) => resource === 'configmaps' && verb === 'list';
      started.serve({
        group: 'example.com',
        versions: ['v1'],
        kind: 'Thing',
        resource: 'things',
        namespaced: true,
      });
      started.serve({
        group: 'argoproj.io',
        versions: ['v1'],
        kind: 'Rollout',
        resource: 'rollouts',
        namespaced: true,
      });
      started.faults.add({
        resource: 'rollouts',
        fault: { status: 422, message: 'conversion webhook failed' },
      });
      started.serve({
        group: 'away.io',
        versions: ['v1'],
        kind: 'Away',
        resource: 'aways',
        namespaced: true,
      });
      started.staleGroups.add('away.io');
    });

    expect(report.coverage.map(({ code, kind, reason }) => [code, kind, reason])).toEqual(
      expect.arrayContaining([
        [
          'missing-permission',
          'lost',
          'ConfigMap is not seen. The right to list configmaps in all namespaces is missing.',
        ],
        ['unlisted-kind', 'lost', 'argoproj.io/Rollout is not seen. conversion webhook failed'],
        ['unanswered-group', 'lost', 'The server of the API group away.io/v1 does not answer.'],
        ['secrets-not-read', 'note', 'Secrets are not read; their names come from what uses them.'],
        ['unwatched-kind', 'note', 'Kinds without a pod template are not looked at: example.com/Thing.'],
      ]),
    );
  });

  it('notes that what Istio Gateways open is not evaluated, where something says it', async () => {
    const type = { group: 'networking.istio.io', versions: ['v1'], kind: 'VirtualService' };
    const object = {
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { name: 'v', namespace: 'web' },
    };
    const notes = async (objects: JsonObject[]) => {
      const { coverage } = await reportOf({ objects: WEB }, [], (started) => {
        started.serve({ ...type, resource: 'virtualservices', namespaced: true });
        for (const each of objects) started.upsert(each);
      });
      return coverage.filter(({ code }) => code === 'unevaluated-kind').map(({ kind }) => kind);
    };

    expect(await notes([object])).toEqual(['note']);
    expect(await notes([])).toEqual([]);
  });

  it('ends with 3 under --strict when a right is missing', async () => {
    const { code } = await scanCluster({ objects: [] }, ['--strict'], (started) => {
      started.forbids = ({ resource }) => resource === 'configmaps';
    });

    expect(code).toBe(3);
  });

  it('looks into single namespaces where rights end there', async () => {
    const report = await reportOf({ objects: WEB }, ['-n', 'shop', '--control', 'host-pid'], (started) => {
      started.forbids = ({ namespace, verb }) => verb === 'list' && namespace !== 'shop';
    });

    expect(report.findings).toHaveLength(1);
    expect(
      report.coverage.filter(({ code }) => code === 'missing-permission').map(({ reason }) => reason),
    ).not.toContain(
      'apps/Deployment is not seen. The right to list deployments.apps in all namespaces is missing.',
    );
  });

  it('takes another context by name', async () => {
    const report = await reportOf({ objects: [] }, ['--context', 'prod']);

    expect(report.inputs).toEqual([`prod (${server?.url})`]);
  });

  it.each([
    [
      'a context that is not there',
      ['--context', 'nope'],
      undefined,
      'There is no context nope; there are dev, prod.',
    ],
    [
      'files beside the cluster',
      ['.'],
      undefined,
      '--cluster judges a cluster; it takes no files beside that',
    ],
    [
      'a cluster that refuses everything',
      [],
      (started: FakeApiServer) => {
        started.forbids = ({ verb }) => verb === 'list';
      },
      'nothing of the cluster dev',
    ],
    [
      'a cluster that does not know the user',
      [],
      (started: FakeApiServer) => {
        started.tokens = new Set(['other']);
      },
      'does not answer: Unauthorized',
    ],
  ])('refuses %s', async (_name, args, prepare, message) => {
    const { code, out, err } = await scanCluster({ objects: WEB }, args, prepare);

    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err).toContain(message);
  });

  it('refuses its options without it', async () => {
    tree = writeTree({ 'a.yaml': '' });

    const { code, err } = await bulwark(['scan', '.', '--context', 'prod'], tree.root);

    expect(code).toBe(2);
    expect(err).toContain('--context is only for --cluster');
  });
});
