import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CONTROLS } from '@bulwark/controls';
import { onTestFinished } from 'vitest';
import { type TestHub, UNDECIDED } from '../handlers/test-cluster.ts';
import type { HeldUpCluster } from './held-up.ts';
import { Turn } from './turn.ts';
import { watchKubernetes } from './watch-kubernetes.ts';
import { Way } from './way.ts';

/**
 * Watches a cluster by a context of its own until the test ends, as a thread of a hub does that has no other context.
 *
 * @param cluster as a kubeconfig has it.
 * @returns what is said, and what is told of what cannot be written.
 */
export function watchByContext(hub: TestHub, name: string, cluster: Readonly<Record<string, unknown>>) {
  const path = join(hub.folder, `${name}.kubeconfig`);
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    clusters: [{ name, cluster }],
    users: [{ name, user: {} }],
    contexts: [{ name, context: { cluster: name, user: name } }],
  };
  writeFileSync(path, JSON.stringify(config));
  const ending = new AbortController();
  const said: string[] = [];
  const held: HeldUpCluster[] = [];
  const turn: Turn = new Turn((claim) => {
    if (claim !== undefined) turn.told(undefined);
  });
  const watching = watchKubernetes({
    earlier: [],
    others: () => [],
    store: hub.store,
    databaseUrl: hub.url,
    way: new Way({ kind: 'kubeconfig', path }, {}),
    turn,
    controls: CONTROLS.filter(({ profile }) => profile !== 'opt-in'),
    decisions: async () => UNDECIDED,
    secrets: false,
    now: () => new Date(),
    signal: ending.signal,
    say: (text) => said.push(text),
    onJudging: () => undefined,
    onRole: () => undefined,
    onHeldUp: (each) => {
      held.push(each);
      hub.store.unwritten.note(each.cluster, each.fault);
    },
  });
  onTestFinished(async () => {
    ending.abort();
    await watching;
  });
  return { said, held } as { readonly said: readonly string[]; readonly held: readonly HeldUpCluster[] };
}
