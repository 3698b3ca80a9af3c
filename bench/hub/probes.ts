import type { JsonObject } from '@bulwark/core';
import type { Browser } from '../../e2e/hub/browser.testing.ts';
import { pause, type RunningHub } from '../../e2e/hub/running-hub.testing.ts';
import type { BenchCluster } from './cluster.ts';

const NAMESPACE = 'default';
const LONGEST_MS = 30_000;
/** Not a divisor of the time for which the hub gathers changes, so that probes meet it anywhere. */
const BETWEEN_MS = 1370;

function deployment(name: string): JsonObject {
  const container = {
    name: 'app',
    image: 'registry.example.com/app:1',
    securityContext: { privileged: true },
  };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: NAMESPACE },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: { containers: [container] } },
    },
  };
}

function binding(name: string): JsonObject {
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
    subjects: [{ kind: 'ServiceAccount', name: 'default', namespace: NAMESPACE }],
  };
}

const OBJECTS = [deployment, binding];

/** The page tells when it shows a text, and when it no longer does; scripts of it are texts, as this program knows no DOM. */
const WATCH = `(() => {
  const waiting = new Map();
  window.bench = (text, isThere, longest) => new Promise((done, fail) => {
    waiting.set(text, { isThere, done });
    setTimeout(() => fail(new Error(text + (isThere ? ' does not come' : ' does not go'))), longest);
  });
  const look = () => {
    if (waiting.size === 0) return;
    const all = document.querySelector('main')?.textContent ?? '';
    for (const [text, { isThere, done }] of waiting)
      if (all.includes(text) === isThere) {
        waiting.delete(text);
        requestAnimationFrame(() => done(Date.now()));
      }
  };
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true });
})()`;

/**
 * Makes findings come and go, a workload's and a binding's in turn, and waits until an open page shows it.
 *
 * @returns milliseconds from each change at the API server until the page shows it.
 */
export async function probe(
  { hub, cluster, browser }: { hub: RunningHub; cluster: BenchCluster; browser: Browser },
  count: number,
): Promise<number[]> {
  await browser.visit(hub, '/findings?q=name%3Aprobe-*');
  await browser.page.evaluate(WATCH);
  const times: number[] = [];
  for (let number = 0; times.length < count; number++) {
    const name = `probe-${number}-end`;
    const object = (OBJECTS[number % OBJECTS.length] ?? deployment)(name);
    for (const verb of ['upsert', 'delete'] as const) {
      const asked = JSON.stringify([name, verb === 'upsert', LONGEST_MS]);
      const shown = browser.page.evaluate<number>(`window.bench(...${asked})`);
      const at = await cluster.put(verb, object);
      times.push((await shown) - at);
      await pause(BETWEEN_MS * Math.random());
    }
  }
  return times;
}
