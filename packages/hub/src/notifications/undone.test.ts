import { hash128 } from '@bulwark/core';
import type { FindingRow } from '@bulwark/store';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventually, finding, TestSender, workload } from './sender.testing.ts';

let sender: TestSender;

beforeAll(async () => {
  sender = await TestSender.start();
}, 60_000);
beforeEach(async () => sender.route(await sender.webhook()));
afterEach(() => sender.reset());
afterAll(() => sender?.stop());

const FOUND = finding('1');

/** Something is found, or is gone, by a change of the same object. */
async function change(found: readonly FindingRow[], gone: readonly FindingRow[] = []): Promise<void> {
  sender.pass(1 / 60);
  const resolved = gone.map(({ fingerprint }) => fingerprint);
  const resources = [workload('api', { bodyHash: hash128(sender.now.toISOString()) })];
  await sender.batch(found, { resources, resolved });
}

/** What is told of what has happened until now. */
async function told(): Promise<readonly string[]> {
  const dispatcher = sender.start();
  await eventually('nothing is left', () => sender.isQuiet());
  await dispatcher.stop();
  return sender.receiver.got.splice(0).map(({ title }) => title);
}

describe('what one change brings and another takes away before anybody is told', () => {
  it('is told to nobody', async () => {
    await change([FOUND]);
    await change([], [FOUND]);

    expect(await told()).toEqual([]);
    expect(await sender.deliveries()).toEqual([]);
  });

  it('is told to nobody, however often it comes and goes', async () => {
    for (const _ of [1, 2, 3]) {
      await change([FOUND]);
      await change([], [FOUND]);
    }

    expect(await told()).toEqual([]);
  });

  it('leaves what else these changes did, each with its own change', async () => {
    const [kept, gone] = [finding('kept'), finding('gone', { control: 'host-path' })];
    await change([gone]);
    expect(await told()).toEqual(['Deployment shop/api was created: 1 finding opened']);

    await change([FOUND, kept]);
    await change([], [FOUND, gone]);

    expect(await told()).toEqual([
      'Deployment shop/api was changed: 1 finding opened',
      'Deployment shop/api was changed: 1 resolved',
    ]);
  });
});

describe('what one change takes away and another brings back before anybody is told', () => {
  beforeEach(async () => {
    await change([FOUND]);
    expect(await told()).toEqual(['Deployment shop/api was created: 1 finding opened']);
    await change([], [FOUND]);
  });

  it('is told to nobody where it is as it was, and its end is told later', async () => {
    await change([FOUND]);
    expect(await told()).toEqual([]);

    await change([], [FOUND]);

    expect(await told()).toEqual(['Deployment shop/api was changed: 1 resolved']);
  });

  it('is told where it is worse', async () => {
    await change([finding('1', { severity: 'critical' })]);

    expect(await told()).toEqual([
      'Deployment shop/api was changed: 1 resolved',
      'Deployment shop/api was changed: 1 finding opened',
    ]);
  });
});
