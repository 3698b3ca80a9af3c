import { CONTROL_PLANE } from '@bulwark/testkit';
import { describe, expect, it } from 'vitest';
import { kindsIn, LivePlane, POD, READY_MS, settled } from './control-plane.testing.ts';
import { until } from './fake.testing.ts';

describe.skipIf(CONTROL_PLANE === undefined)('a real API server that fails (needs shared/testbed)', () => {
  const live = new LivePlane();

  it('a crash of the API server removes nothing, and what was missed is seen afterwards', async () => {
    const inventory = live.collect('admin');
    await settled(inventory);
    const before = inventory.calls.length;

    const restart = await live.plane.crash();
    await until('it is stale', () => kindsIn(inventory, 'live').length === 0, READY_MS);
    const removed = inventory.calls.slice(before).filter((call) => call.startsWith('remove'));
    await restart();
    await live.plane.apply(POD);
    await live.plane.kubectl('delete', 'configmap', 'kube-root-ca.crt', '-n', 'shop');

    expect(removed).toEqual([]);
    await until('everything is live', () => kindsIn(inventory, 'stale').length === 0, READY_MS);
    await live.sameAsKubectl(inventory);
    await live.plane.kubectl('delete', 'pod', 'intruder', '-n', 'default', '--now');
  }, 240_000);

  it('an API server that falls silent is noticed within a minute, and found again', async () => {
    const inventory = live.collect('admin');
    await settled(inventory);

    const thaw = live.plane.freeze();
    await until('it is stale', () => inventory.states.get('Pod')?.state === 'stale', READY_MS).finally(thaw);

    await until('everything is live', () => kindsIn(inventory, 'stale').length === 0, READY_MS);
    await live.sameAsKubectl(inventory);
  }, 240_000);
});
