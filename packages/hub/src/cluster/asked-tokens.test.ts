import { ok, Secret } from '@bulwark/core';
import type { IdTokens } from '@bulwark/kube';
import { describe, expect, it } from 'vitest';
import { AskedTokens, answerTo } from './asked-tokens.ts';

const PLACE = { file: '/home/ann/.kube/config', user: 'ann' };

/** A thread that asks, and the one that answers it. */
function asking(signIns: IdTokens): AskedTokens {
  const asked: AskedTokens = new AskedTokens(
    (question) =>
      void answerTo(structuredClone(question), signIns).then((answer) => asked.take(structuredClone(answer))),
  );
  return asked;
}

describe('ID tokens that a thread asks for', () => {
  it('come from the sign-ins, which are told the one that was refused', async () => {
    const tokens = asking({
      idToken: async (_place, refused) => ok(new Secret(`after ${refused?.reveal()}`)),
    });

    const found = await tokens.idToken(PLACE, new Secret('old'));

    expect(found.ok && found.value.reveal()).toBe('after old');
  });

  it('are answered also where looking for them fails', async () => {
    const fault = Object.assign(new Error('ELOOP: token eyJ'), { code: 'ELOOP' });
    const tokens = asking({ idToken: () => Promise.reject(fault) });

    expect(await tokens.idToken(PLACE, undefined)).toEqual({
      ok: false,
      error: {
        kind: 'credentials',
        message: 'The ID token of the user ann of /home/ann/.kube/config cannot be looked up: ELOOP.',
      },
    });
  });
});
