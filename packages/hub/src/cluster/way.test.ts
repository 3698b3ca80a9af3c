import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FileTree, writeTree } from '@bulwark/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import { addressesOf, Way } from './way.ts';

let tree: FileTree | undefined;
afterEach(() => tree?.remove());

function kubeconfig({ current = 'prod', server = 'https://192.0.2.1', unchecked = false } = {}): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': current,
    clusters: [{ name: 'c', cluster: { server, 'insecure-skip-tls-verify': unchecked } }],
    users: [{ name: 'u', user: { token: 't' } }],
    contexts: ['prod', 'staging'].map((name) => ({ name, context: { cluster: 'c', user: 'u' } })),
  });
}

describe('the way to a cluster', () => {
  it('is outdated when the kubeconfig says something else, until it is read anew', () => {
    tree = writeTree({ config: kubeconfig() });
    const path = join(tree.root, 'config');
    const way = new Way({ kind: 'kubeconfig', path }, {});
    expect(way.access().server.href).toBe('https://192.0.2.1/');
    expect(way.isOutdated()).toBe(false);

    writeFileSync(path, kubeconfig({ server: 'https://192.0.2.2' }));

    expect(way.isOutdated()).toBe(true);
    expect(way.access().server.href).toBe('https://192.0.2.2/');
    expect(way.isOutdated()).toBe(false);
  });

  it('is taken without a check of the server where that was allowed, also when it is read anew', () => {
    tree = writeTree({ config: kubeconfig({ unchecked: true }) });
    const place = { kind: 'kubeconfig', path: join(tree.root, 'config') } as const;

    expect(() => new Way(place, {})).toThrow(/not to be checked/);
    const way = new Way({ ...place, allowInsecure: true }, {});

    expect([way.access(), way.access()].map(({ trust }) => trust.insecure)).toEqual([true, true]);
  });

  it.each([
    {
      form: 'lines',
      before: '\n    refresh-token: old # of ann\n    client-id: kube\n',
      after: '\n    id-token: "new"\n    refresh-token: "new, \\"er\\"" # of ann\n    client-id: kube\n',
    },
    {
      form: 'JSON',
      before: ' {"id-token":"old","client-id":"kube","refresh-token":"old"}\n',
      after: ' {"id-token":"new","client-id":"kube","refresh-token":"new"}\n',
    },
    {
      form: 'braces',
      before: " {client-id: kube, refresh-token: old, id-token: 'old'}\n",
      after: ' {client-id: kube, refresh-token: "new", id-token: "new"}\n',
    },
  ])('is not outdated by new tokens of an OpenID provider, written in $form', ({ before, after }) => {
    tree = writeTree({ config: kubeconfig() });
    const path = join(tree.root, 'config');
    const user = (config: string): string =>
      `kind: Config\ncurrent-context: c\ncontexts: [{name: c, context: {cluster: c, user: u}}]\nclusters: [{name: c, cluster: {server: "https://192.0.2.1"}}]\nusers:\n- name: u\n  user: {token: t}\n  config:${config}`;
    writeFileSync(path, user(before));
    const way = new Way({ kind: 'kubeconfig', path }, {});
    way.access();

    writeFileSync(path, user(after));
    expect(way.isOutdated()).toBe(false);

    writeFileSync(path, user(after.replace('kube', 'another')));
    expect(way.isOutdated()).toBe(true);
  });

  it('keeps its context when another one is made current', () => {
    tree = writeTree({ config: kubeconfig() });
    const path = join(tree.root, 'config');
    const way = new Way({ kind: 'kubeconfig' }, { KUBECONFIG: path });
    writeFileSync(path, kubeconfig({ current: 'staging' }));

    expect(way.access().name).toBe('prod');
  });
});

it('the addresses of places are those that the kubeconfig has now, without those at which it has a fault', () => {
  tree = writeTree({ config: kubeconfig(), broken: '{' });
  const { root } = tree;
  const places = ['config', 'broken', 'missing'].map(
    (file) => ({ kind: 'kubeconfig', path: join(root, file) }) as const,
  );
  const addresses = () => addressesOf([...places, { kind: 'in-cluster' }, { kind: 'demo' }], {});
  expect(addresses()).toEqual(['https://192.0.2.1']);

  writeFileSync(join(root, 'config'), kubeconfig({ server: 'https://192.0.2.2/k8s/' }));
  expect(addresses()).toEqual(['https://192.0.2.2/k8s']);
});
