import { err, ok, type Result } from '@bulwark/core';
import { fakeApiServer } from '@bulwark/testkit';
import { describe, expect, it, onTestFinished } from 'vitest';
import { KubeClient } from '../client/client.ts';
import { failure, type KubeFailure } from '../client/failure.ts';
import { accessTo, FastClock, until } from '../fake.testing.ts';
import { Pulse } from './pulse.ts';

/** Looks at a server with these credentials, and writes down what it brings. */
async function looking(current: () => Promise<Result<object, KubeFailure>>) {
  const server = await fakeApiServer();
  const clock = new FastClock(1000);
  const credentials = { current, refused: () => undefined };
  const client = new KubeClient({ access: accessTo(server, { credentials }), clock, timeoutMs: 500 });
  const told: string[] = [];
  const events = {
    onAnswer: () => told.push('answer'),
    onSilence: () => told.push('silence'),
    onSetBack: () => told.push('set back'),
    onVersion: () => told.push('version'),
  };
  const pulse = new Pulse(client, events, { uid: undefined, version: undefined });
  const controller = new AbortController();
  const done = pulse.run(controller.signal);
  onTestFinished(async () => {
    controller.abort();
    await done;
    await client.close();
    await server.stop();
  });
  return { server, clock, pulse, told };
}

const looks = ({ clock }: { readonly clock: FastClock }) => clock.waits.length;

describe('the pulse of a cluster', () => {
  it('is heard when the server answers, also that it refuses', async () => {
    const scene = await looking(async () => ok({}));
    await until('it answers', () => scene.told.includes('answer'));
    scene.server.faults.add({ path: /^\/api\/v1\/namespaces/, fault: { status: 401 } });
    const before = scene.told.length;

    await until('it answers again', () => scene.told.length > before + 1);

    expect(new Set(scene.told)).toEqual(new Set(['answer']));
  });

  it.each([
    ['credentials', 'the sign-in has expired'],
    ['server-error', 'the OpenID provider does not answer'],
  ] as const)('is neither heard nor missed while nobody asks the server (%s)', async (kind, message) => {
    const scene = await looking(async () => err(failure(kind, message)));

    await until('it has looked a few times', () => looks(scene) > 5);

    expect(scene.told).toEqual([]);
    expect(scene.pulse.answeredAt).toBeUndefined();
  });

  it.each([
    ['a page of HTML', '<html>Sign in</html>'],
    ['JSON of something else', '{"error":"login_required"}'],
  ])('is missed when something else answers in the place of the server: %s', async (_what, body) => {
    const scene = await looking(async () => ok({}));
    scene.server.faults.add({ fault: { status: 200, body } });

    await until('it is missed', () => scene.told.includes('silence'));

    expect(new Set(scene.told)).toEqual(new Set(['silence']));
    expect(scene.pulse.answeredAt).toBeUndefined();
  });

  it('is missed when nobody answers', async () => {
    const scene = await looking(async () => ok({}));
    await scene.server.stop();

    await until('it is missed', () => scene.told.includes('silence'));

    expect(scene.told.at(-1)).toBe('silence');
  });
});
