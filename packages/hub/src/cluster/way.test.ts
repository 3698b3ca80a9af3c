import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FileTree, writeTree } from '@bulwark/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import { Way } from './way.ts';

let tree: FileTree | undefined;
afterEach(() => tree?.remove());

function kubeconfig({ current = 'prod', server = 'https://192.0.2.1' } = {}): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': current,
    clusters: [{ name: 'c', cluster: { server } }],
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

  it('keeps its context when another one is made current', () => {
    tree = writeTree({ config: kubeconfig() });
    const path = join(tree.root, 'config');
    const way = new Way({ kind: 'kubeconfig' }, { KUBECONFIG: path });
    writeFileSync(path, kubeconfig({ current: 'staging' }));

    expect(way.access().name).toBe('prod');
  });
});
