import { describe, expect, it } from 'vitest';
import { NEWEST_MINOR } from './kubernetes-version.ts';
import { type NodeVersions, standingOfNode, supportSourcesOf } from './node-versions.ts';
import { CONTAINERD_SUPPORT, DISTRIBUTION_SUPPORT, KUBERNETES_SUPPORT } from './support-ends.ts';

const NODE: NodeVersions = {
  kubelet: 'v1.35.2',
  runtime: 'containerd://2.3.1',
  os: 'Debian GNU/Linux 12 (bookworm)',
};
const TODAY = '2026-11-26';

describe('the versions of a node', () => {
  it.each<[string, string, number | undefined, string[]]>([
    ['v1.35.2', 'v1.35.0', 0, []],
    ['v1.35.2', 'v1.36.1', 1, []],
    ['v1.35.2+k3s1', 'v1.36.1+k3s1', 1, []],
    ['v1.36.0', 'v1.35.9', -1, ['The kubelet is newer than the API server, which is not supported.']],
    ['v1.35.2', '', undefined, []],
    ['', 'v1.35.0', undefined, []],
    ['latest', 'v1.35.0', undefined, []],
  ])('kubelet %s of API server %s is %s behind', (kubelet, server, behind, problems) => {
    expect(standingOfNode({ ...NODE, kubelet }, server, TODAY)).toMatchObject({ behind, problems });
  });

  it.each([
    ['v1.25.0', 'v1.28.0', 'nothing'],
    ['v1.25.0', 'v1.29.0', 'The kubelet is 4 minor versions behind the API server; at most 3 are supported.'],
    ['v1.24.0', 'v1.26.0', 'nothing'],
    ['v1.24.0', 'v1.27.0', 'The kubelet is 3 minor versions behind the API server; at most 2 are supported.'],
  ])('kubelet %s of API server %s breaks %s', (kubelet, server, expected) => {
    const { problems } = standingOfNode({ ...NODE, kubelet }, server, '2023-01-01');

    expect(problems[0] ?? 'nothing').toBe(expected);
  });

  it.each([
    ['2026-10-27', []],
    ['2026-10-28', ['Kubernetes 1.34 is out of support since 2026-10-27.']],
  ])('are supported to the last day, on %s', (today, problems) => {
    expect(standingOfNode({ ...NODE, kubelet: 'v1.34.1' }, 'v1.34.1', today).problems).toEqual(problems);
  });

  it('name the end of everything that is known, and every end that has come', () => {
    const old = { kubelet: 'v1.31.9', runtime: 'containerd://1.6.8', os: 'Ubuntu 20.04.6 LTS' };

    expect(standingOfNode(old, 'v1.31.9', TODAY)).toEqual({
      behind: 0,
      kubernetesEnd: '2025-11-11',
      runtimeEnd: '2025-08-23',
      osEnd: '2025-05-31',
      problems: [
        'Kubernetes 1.31 is out of support since 2025-11-11.',
        'containerd 1.6 is out of support since 2025-08-23.',
        'Ubuntu 20.04 is out of support since 2025-05-31.',
      ],
    });
  });

  it.each(['Ubuntu 31.10', 'Bottlerocket OS 1.20.0', 'constructor', ''])('do not guess what %j is', (os) => {
    const { osEnd, runtimeEnd, problems } = standingOfNode(
      { ...NODE, os, runtime: 'cri-o://1.30.0' },
      '',
      TODAY,
    );

    expect({ osEnd, runtimeEnd, problems }).toEqual({
      osEnd: undefined,
      runtimeEnd: undefined,
      problems: [],
    });
  });
});

describe('the facts of support', () => {
  const tables = [KUBERNETES_SUPPORT, CONTAINERD_SUPPORT, ...DISTRIBUTION_SUPPORT];

  it('are days, with the page and the day on which they were looked up', () => {
    for (const { source, ends } of tables) {
      expect(source.url).toMatch(/^https:\/\//);
      for (const day of [source.seen, ...Object.values(ends)])
        expect(new Date(day).toISOString().slice(0, 10)).toBe(day);
    }
  });

  it('end later for later versions of Kubernetes, of which all but the newest are known', () => {
    const minors = Object.keys(KUBERNETES_SUPPORT.ends).map((version) => Number(version.slice(2)));
    const ends = Object.values(KUBERNETES_SUPPORT.ends);

    expect(minors).toEqual(Array.from({ length: minors.length }, (_each, index) => 16 + index));
    expect(minors.at(-1)).toBeGreaterThanOrEqual(NEWEST_MINOR - 1);
    expect(ends).toEqual(ends.toSorted());
  });
});

describe('where the ends of support of a node are from', () => {
  it('is said for what is known, and for nothing else', () => {
    expect(supportSourcesOf({ ...NODE, runtime: 'containerd://2.1.4' })).toEqual({
      kubernetes: KUBERNETES_SUPPORT.source,
      runtime: CONTAINERD_SUPPORT.source,
      os: DISTRIBUTION_SUPPORT.find(({ name }) => name === 'Debian')?.source,
    });
    expect(supportSourcesOf({ kubelet: 'v1.99.0', runtime: 'cri-o://1.30', os: 'Talos' })).toEqual({
      kubernetes: undefined,
      runtime: undefined,
      os: undefined,
    });
  });
});
