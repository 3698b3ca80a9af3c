import { CONTROL_PLANE, ControlPlane, sharedPath } from '@bulwark/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bulwark } from '../../run.testing.ts';

interface Finding {
  readonly control: string;
  readonly path: string;
  readonly resource: { readonly kind: string; readonly namespace: string; readonly name: string };
}

/** What a cluster has by itself, so that it is in no manifest. */
const OWN = /^(Namespace\/(default|kube-.*)|ClusterRole\/testbed-reader|ClusterRoleBinding\/testbed-.*) /;

let plane: ControlPlane;

async function findingsOf(...args: readonly string[]): Promise<string[]> {
  const all = ['--no-config', '-f', 'json', '--all', '--kubernetes-version', '1.34'];
  const { out, err } = await bulwark(['scan', ...args, ...all], '/');
  if (out === '') throw new Error(err);
  return (JSON.parse(out) as { findings: Finding[] }).findings
    .map(({ control, path, resource: { kind, namespace, name } }) => {
      const subject = [kind, namespace, name].filter((part) => (part ?? '') !== '').join('/');
      return `${subject} ${control} ${path}`;
    })
    .sort();
}

describe.skipIf(CONTROL_PLANE === undefined)('a real cluster', () => {
  beforeAll(async () => {
    plane = await ControlPlane.start();
    await plane.load();
    await plane.kubectl('wait', 'pods', '--all', '-A', '--for=condition=PodScheduled', '--timeout=60s');
  }, 1_200_000);
  afterAll(async () => {
    await plane?.stop();
  }, 60_000);

  it('has the findings of the manifests that were applied to it, Secrets apart, and none of its own parts', async () => {
    const workloads = sharedPath('testbed', 'workloads') ?? '';

    const live = await findingsOf('--cluster', '--kubeconfig', plane.kubeconfig());
    const files = await findingsOf(workloads);

    expect(live.filter((finding) => !OWN.test(finding))).toEqual(
      files.filter((finding) => !finding.startsWith('Secret/')),
    );
    expect(live.filter((finding) => /^(ReplicaSet|Pod\/.*\*)/.test(finding))).toEqual([]);
    expect(live.filter((finding) => /\/system:/.test(finding))).toEqual([]);
  });
});
