import { CONTROL_PLANE, ControlPlane } from '@bulwark/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Browser, hasBrowser } from './browser.testing.ts';
import { PRIVILEGED_POD } from './objects.testing.ts';
import { eventually, RunningHub } from './running-hub.testing.ts';

const START_MS = 600_000;
const NOTICED_MS = 120_000;
/** How far what is known of a moment may be beside it: an answer may have been under way. */
const CLOCKS_MS = 2000;

describe.skipIf(CONTROL_PLANE === undefined)('a cluster that is away (needs shared/testbed)', () => {
  let plane: ControlPlane;
  let hub: RunningHub;

  beforeAll(async () => {
    plane = await ControlPlane.start();
    await plane.load();
    hub = await RunningHub.start({ kubeconfig: plane.kubeconfig() });
    await hub.reaches('live');
  }, START_MS);

  afterAll(async () => {
    await hub?.remove();
    await plane?.stop();
  }, START_MS);

  async function seen() {
    const findings = (await hub.all('listFindings')).map(({ fingerprint }) => fingerprint);
    return { findings: findings.sort(), resources: (await hub.all('listResources')).length };
  }

  it('resolves nothing when the API server dies, says that it is stale, and goes on when it is back', async () => {
    const before = await eventually('findings stand still', async () => {
      const first = await seen();
      await new Promise((done) => setTimeout(done, 2000));
      const second = await seen();
      return second.resources === first.resources && first.findings.length > 50 ? second : undefined;
    });
    const restart = await plane.crash();

    const cluster = await hub.reaches('stale', NOTICED_MS);
    expect(cluster.reason).not.toBeNull();
    expect(await seen()).toEqual(before);
    if (hasBrowser) {
      const browser = await Browser.open(hub, { width: 1280, scheme: 'light' });
      try {
        await browser.visit(hub, '/findings');
        await browser.page
          .locator('header')
          .getByText(/^stale: .* last seen /)
          .waitFor({ timeout: 5000 });
        expect(await browser.axe()).toEqual([]);
      } finally {
        await browser.close();
      }
    }

    await restart();
    await hub.reaches('live', NOTICED_MS);
    await plane.apply(PRIVILEGED_POD('after-outage'));
    await eventually('what comes afterwards is seen', async () =>
      (await hub.all('listFindings', 'name:after-outage')).length > 0 ? true : undefined,
    );
    expect(await hub.all('listFindings', 'state:resolved')).toEqual([]);
  }, 400_000);

  it('resolves nothing when the API server hangs, and says that it is stale', async () => {
    const before = (await seen()).findings;
    const frozenAt = Date.now();
    const thaw = plane.freeze();
    try {
      await hub.reaches('stale', NOTICED_MS);
      expect((await seen()).findings).toEqual(before);
      const [cluster] = (await hub.call('listClusters', {})).items;
      expect(Date.parse(cluster?.lastSeen ?? '')).toBeLessThanOrEqual(frozenAt + CLOCKS_MS);
      expect((await hub.call('health', {})).checks).toContainEqual(
        expect.objectContaining({ name: `cluster ${cluster?.name}`, status: 'degraded' }),
      );
      expect(await hub.text('/metrics')).toContain(`bulwark_cluster_live{cluster="${cluster?.name}"} 0`);
    } finally {
      thaw();
    }
    await hub.reaches('live', NOTICED_MS);
    expect((await seen()).findings).toEqual(before);
  }, 400_000);
});
