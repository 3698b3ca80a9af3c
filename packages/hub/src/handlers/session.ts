import { ROLES, type Session } from '@bulwark/api';
import { AppError } from '@bulwark/core';
import { deleteSession, findUser, type Store, setPassword } from '@bulwark/store';
import type { Authenticator } from '../access/authenticate.ts';
import { type Caller, may } from '../access/caller.ts';
import { hashPassword } from '../access/password.ts';
import { cookieName, cookieOptions, deviceCookieName } from '../http/cookie.ts';
import type { Handlers } from '../http/handler.ts';

export interface SessionSettings {
  readonly store: Store;
  readonly authenticator: Authenticator;
  readonly isSecure: boolean;
  readonly isDemo: boolean;
  readonly version: string;
  /** For how many days the past is kept. */
  readonly retentionDays: number;
}

/** Signing in and out. */
export function sessionHandlers({
  store,
  authenticator,
  isSecure,
  isDemo,
  version,
  retentionDays,
}: SessionSettings): Handlers<'signIn' | 'getSession' | 'signOut' | 'changePassword'> {
  const shown = async ({ user, userId, role, limits, csrf, expires }: Caller): Promise<Session> => ({
    user,
    hasPassword: userId !== undefined && ((await findUser(store, user))?.password ?? null) !== null,
    role,
    permissions: ROLES[role].filter((permission) => may({ role, limits }, permission)),
    limits: {
      clusters: limits.clusters === 'all' ? 'all' : [...limits.clusters],
      namespaces: limits.namespaces === 'all' ? 'all' : [...limits.namespaces],
    },
    csrf,
    expires: expires.toISOString(),
    isDemo,
    version,
    retentionDays,
  });
  return {
    signIn: async ({ body }, { request, reply }) => {
      const deviceBefore = authenticator.deviceHash(request);
      const user =
        'link' in body
          ? await authenticator.withLink(body.link)
          : await authenticator.withPassword(body.user, body.password, deviceBefore);
      // Nobody goes on with what the browser had before, and nobody who took it from there.
      const before = authenticator.sessionHash(request);
      if (before !== undefined) await deleteSession(store, before);
      const { cookie, device, caller } = await authenticator.open(user, deviceBefore);
      reply.setCookie(cookieName(isSecure), cookie, cookieOptions(isSecure, caller.expires));
      reply.setCookie(deviceCookieName(isSecure), device.cookie, cookieOptions(isSecure, device.expires));
      return shown(caller);
    },
    getSession: (_input, { caller }) => shown(caller),
    signOut: async (_input, { request, reply }) => {
      const hash = authenticator.sessionHash(request);
      if (hash !== undefined) await deleteSession(store, hash);
      reply.clearCookie(cookieName(isSecure), {
        path: '/',
        secure: isSecure,
        httpOnly: true,
        sameSite: 'lax',
      });
      return undefined;
    },
    changePassword: async ({ body }, { caller, request }) => {
      const user = caller.userId === undefined ? undefined : await findUser(store, caller.user);
      if (user === undefined) throw new AppError('not-allowed');
      const device = authenticator.deviceHash(request);
      const isAllowed =
        user.password === null || (await authenticator.isRight(user, body.current ?? '', device));
      if (!isAllowed) throw new AppError('bad-credentials');
      await setPassword(
        store,
        user.id,
        await hashPassword(body.password),
        authenticator.sessionHash(request),
      );
      return undefined;
    },
  };
}
