import { writeFileSync } from 'node:fs';
import { Secret } from '@bulwark/core';
import { tokenUntil } from '@bulwark/testkit';
import { describe, expect, it } from 'vitest';
import { base64 } from './kubeconfig.testing.ts';
import { EXPIRED, HOUR, NOW, oidcScene } from './oidc.testing.ts';

const scene = oidcScene();
const { accessOf, kubeconfig, pass, path, signIns, text, tokenOf, write, written } = scene;

/** With its tokens in a form that cannot be written. */
const unwritable = (): string =>
  kubeconfig({ refreshToken: `>-\n      ${scene.provider.signIn()}` }).replaceAll('\n      ', '\n          ');

const refreshTokens = (): (string | null)[] =>
  scene.provider.asked.map(({ form }) => form.get('refresh_token'));

describe('a user of an OpenID provider', () => {
  it('has the token of the kubeconfig while it is good', async () => {
    const idToken = tokenUntil(NOW + 60_000);

    expect(await tokenOf(accessOf(kubeconfig({ idToken })))).toBe(`Bearer ${idToken}`);
    expect(scene.provider.asked).toHaveLength(0);
  });

  it('gets a new one for the refresh token, and both stand in the kubeconfig', async () => {
    const refreshToken = scene.provider.signIn();
    const before = kubeconfig({ refreshToken });

    const token = await tokenOf(accessOf(before));

    expect(token).toBe(`Bearer ${written('id-token')}`);
    expect(scene.provider.takes(written('refresh-token') ?? '')).toBe(true);
    const after = text();
    expect(
      after
        .replace(/id-token: .*/, `id-token: ${EXPIRED}`)
        .replace(/refresh-token: .*/, `refresh-token: ${refreshToken}`),
    ).toBe(before);
    expect(scene.provider.asked[0]?.authorization).toBe(`Basic ${base64('kube:client-s3cret')}`);
  });

  it('gets the next one for the refresh token that came with it', async () => {
    const access = accessOf(kubeconfig({ refreshToken: scene.provider.signIn() }));

    const first = await tokenOf(access);
    expect(await tokenOf(access)).toBe(first);
    pass(30_000);
    access.credentials.refused();
    const second = await tokenOf(access);
    pass(HOUR);
    const third = await tokenOf(access);

    expect(new Set([first, second, third]).size).toBe(3);
    expect(refreshTokens()).toEqual(['refresh-1-1', 'refresh-1-2', 'refresh-1-3']);
    expect(scene.provider.reused).toBe(0);
  });

  it('has the provider asked twice a minute at most where the API server refuses every token', async () => {
    const access = accessOf(kubeconfig({ refreshToken: scene.provider.signIn() }));

    const first = await tokenOf(access);
    const written = text();
    for (let request = 0; request < 10; request++) {
      pass(2900);
      access.credentials.refused();
      expect(await tokenOf(access)).toBe(first);
    }
    expect(text()).toBe(written);
    pass(1000);
    access.credentials.refused();
    const second = await tokenOf(access);

    expect(second).not.toBe(first);
    expect(scene.provider.asked).toHaveLength(2);
  });

  it('is signed in after a restart, and in other programs', async () => {
    await tokenOf(accessOf(kubeconfig({ refreshToken: scene.provider.signIn() })));
    pass(2 * HOUR);

    const restarted = await tokenOf(accessOf(text()));

    expect(restarted).toMatch(/^Bearer /);
    expect(scene.provider.reused).toBe(0);
    expect(scene.provider.takes(written('refresh-token') ?? '')).toBe(true);
  });

  it('has one renewal for all that ask at once, in one process and in two', async () => {
    const before = kubeconfig({ refreshToken: scene.provider.signIn() });
    const [one, other] = [signIns(), signIns()];
    const accesses = [
      accessOf(before, one),
      accessOf(before, one),
      accessOf(before, other),
      accessOf(before, other),
    ];

    const tokens = await Promise.all(accesses.flatMap((access) => [tokenOf(access), tokenOf(access)]));

    expect(new Set(tokens)).toEqual(new Set([`Bearer ${written('id-token')}`]));
    expect(scene.provider.asked).toHaveLength(1);
  });

  it('is waited for by nobody after its end, and what was issued meanwhile is kept', async () => {
    let issue: () => void = () => undefined;
    scene.provider.slow = new Promise<void>((resolve) => {
      issue = resolve;
    });
    const tokens = signIns();
    const access = accessOf(kubeconfig({ refreshToken: scene.provider.signIn() }), tokens);
    const waiting = tokenOf(access);
    await expect.poll(() => scene.provider.asked.length).toBe(1);

    access.credentials.end?.();

    expect(await waiting).toBe('Nobody waits for the ID token any more.');
    issue();
    expect(await tokenOf(accessOf(text(), tokens))).toMatch(/^Bearer /);
    expect(scene.provider.asked).toHaveLength(1);
  });

  it('is renewed no more after the end of all, and what has begun is written', async () => {
    let issue: () => void = () => undefined;
    scene.provider.slow = new Promise<void>((resolve) => {
      issue = resolve;
    });
    const tokens = signIns();
    const before = kubeconfig({ refreshToken: scene.provider.signIn() });
    const begun = tokenOf(accessOf(before, tokens));
    const late = tokens.idToken({ file: path('config'), user: 'me' }, new Secret(EXPIRED));
    await expect.poll(() => scene.provider.asked.length).toBe(1);
    const other = { file: write('other', before), user: 'me' };
    write('other.bulwark-lock', '');
    const locked = tokens.idToken(other, undefined);

    tokens.stop();
    expect(await locked).toMatchObject({ error: { kind: 'aborted' } });
    issue();

    expect(await begun).toBe(`Bearer ${written('id-token')}`);
    expect(await late).toMatchObject({ ok: true });
    pass(2 * HOUR);
    expect(await tokenOf(accessOf(text(), tokens))).toBe('Nobody waits for the ID token any more.');
    expect(scene.provider.asked).toHaveLength(1);
  });

  it('has the tokens that another program has written since', async () => {
    const access = accessOf(kubeconfig({ refreshToken: scene.provider.signIn() }));
    await tokenOf(access);
    const idToken = tokenUntil(NOW + 3 * HOUR);
    write('config', kubeconfig({ refreshToken: 'of another sign-in', idToken }));
    pass(2 * HOUR);

    expect(await tokenOf(access)).toBe(`Bearer ${idToken}`);
    expect(scene.provider.asked).toHaveLength(1);
  });

  it('keeps a sign-in that was made while tokens were renewed', async () => {
    let issue: () => void = () => undefined;
    scene.provider.slow = new Promise<void>((resolve) => {
      issue = resolve;
    });
    const waiting = tokenOf(accessOf(kubeconfig({ refreshToken: scene.provider.signIn() })));
    await expect.poll(() => scene.provider.asked.length).toBe(1);
    const anew = kubeconfig({ refreshToken: scene.provider.signIn() });
    writeFileSync(path('config'), anew);
    issue();

    expect(await waiting).toMatch(/^Bearer /);
    expect(text()).toBe(anew);
  });

  it('goes on in memory where the tokens cannot be written, and says so once', async () => {
    const said: string[] = [];
    const tokens = signIns((line) => said.push(line));
    const before = unwritable();
    const [one, other] = [accessOf(before, tokens), accessOf(before, tokens)];

    expect(await tokenOf(one)).toMatch(/^Bearer /);
    expect(await tokenOf(other)).toBe(await tokenOf(one));
    pass(2 * HOUR);
    expect(await tokenOf(other)).toMatch(/^Bearer /);

    expect(refreshTokens()).toEqual(['refresh-1-1', 'refresh-1-2']);
    expect(text()).toBe(before);
    expect(said.map((line) => line.replaceAll(path(), 'FOLDER'))).toEqual([
      'FOLDER/config cannot be written (its tokens are written in a form in which they cannot be exchanged), so the tokens that the ' +
        'OpenID provider has issued in the place of those of the user me are in memory only: after a restart, and with kubectl, ' +
        'that user has to sign in again.',
    ]);
    expect(tokens.unsaved()).toEqual(said);
  });

  it('goes on in memory for as long as the process runs', async () => {
    const warnings: string[] = [];
    const warn = ({ message }: Error): void => void warnings.push(message);
    process.on('warning', warn);
    const access = accessOf(unwritable());

    for (let hour = 0; hour < 110; hour++) {
      pass(HOUR);
      await tokenOf(access);
    }

    process.off('warning', warn);
    expect(scene.provider.asked).toHaveLength(110);
    expect(scene.provider.reused).toBe(0);
    expect(warnings).toEqual([]);
  });

  it('goes on in memory however often another user gets new tokens', async () => {
    const tokens = signIns();
    const [rarely, often] = ['rarely', 'often'].map((name) => ({
      file: write(name, unwritable()),
      user: 'me',
    }));
    if (rarely === undefined || often === undefined) throw new Error('Two users were made.');
    await tokens.idToken(rarely, undefined);

    for (let renewal = 0; renewal < 110; renewal++) {
      await tokens.idToken(often, undefined);
      pass(HOUR);
    }
    const found = await tokens.idToken(rarely, undefined);

    expect(scene.provider.asked).toHaveLength(112);
    expect(scene.provider.reused).toBe(0);
    expect(found.ok).toBe(true);
  });

  it('loses nothing where the provider leaves the refresh token as it is', async () => {
    scene.provider.rotates = false;
    const tokens = signIns();
    write('config.lock', '');

    expect(await tokenOf(accessOf(kubeconfig({ refreshToken: scene.provider.signIn() }), tokens))).toMatch(
      /^Bearer /,
    );
    expect(tokens.unsaved()).toEqual([]);
  });

  it('proves its client in the other way where the provider wants that', async () => {
    scene.provider.clientStyle = 'form';

    expect(await tokenOf(accessOf(kubeconfig({ refreshToken: scene.provider.signIn() })))).toMatch(
      /^Bearer /,
    );
    expect(Object.fromEntries(scene.provider.asked[1]?.form ?? [])).toEqual({
      grant_type: 'refresh_token',
      refresh_token: 'refresh-1-1',
      client_id: 'kube',
      client_secret: 'client-s3cret',
    });
  });

  it('has no secret to prove where the kubeconfig has none', async () => {
    scene.provider.clientStyle = 'form';
    const before = kubeconfig({ refreshToken: scene.provider.signIn() }).replace(/ *client-secret.*\n/, '');

    expect(await tokenOf(accessOf(before))).toMatch(/^Bearer /);
    expect(scene.provider.asked).toHaveLength(1);
  });

  it('uses a token that does not say when it ends until it is refused', async () => {
    expect(await tokenOf(accessOf(kubeconfig({ idToken: 'opaque' })))).toBe('Bearer opaque');
  });

  it('cannot be used without its kubeconfig, as long as nothing is known of it', async () => {
    const tokens = signIns();
    const access = accessOf(kubeconfig({ refreshToken: scene.provider.signIn() }), tokens);
    write('config', '{}');
    expect(await tokenOf(access)).toBe('FOLDER/config: There is no user me of an OpenID provider.');

    write('config', kubeconfig({ refreshToken: scene.provider.signIn() }));
    await tokenOf(access);
    write('config', '');
    pass(2 * HOUR);
    expect(await tokenOf(access)).toMatch(/^Bearer /);
  });
});
