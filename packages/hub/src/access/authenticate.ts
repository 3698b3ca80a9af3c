import type { Role } from '@bulwark/api';
import { AppError } from '@bulwark/core';
import {
  type CountedTry,
  countTry,
  createSession,
  createUser,
  type Failures,
  findSession,
  findUser,
  keepDevice,
  listUsers,
  noteSignIn,
  type Store,
  scopeOfLimits,
  takeLink,
  type UserRecord,
  useToken,
  writeAudit,
} from '@bulwark/store';
import type { FastifyRequest } from 'fastify';
import { cookieName, deviceCookieName } from '../http/cookie.ts';
import { type Caller, may } from './caller.ts';
import { issueLink } from './issue.ts';
import { isLockedAt, lockedFor } from './lockout.ts';
import { isPassword } from './password.ts';
import { newToken, tokenHash } from './secret-token.ts';

const SESSION_MS = 12 * 60 * 60 * 1000;
/** Since somebody signed in with it last. */
const DEVICE_MS = 90 * 24 * 60 * 60 * 1000;
const EVERYTHING = { clusters: 'all', namespaces: 'all' } as const;

/** What a browser gets that signs in. */
interface OpenedSession {
  readonly cookie: string;
  /** What its device shows from now on. */
  readonly device: { readonly cookie: string; readonly expires: Date };
  readonly caller: Caller;
}

/** Finds out who makes requests. */
export class Authenticator {
  private readonly store: Store;
  private readonly isSecure: boolean;
  private readonly now: () => Date;

  constructor(store: Store, { isSecure, now }: { readonly isSecure: boolean; readonly now: () => Date }) {
    this.store = store;
    this.isSecure = isSecure;
    this.now = now;
  }

  /** Who makes a request: by a bearer token, else by the cookie of a session. */
  async callerOf(request: FastifyRequest): Promise<Caller | undefined> {
    const now = this.now();
    const bearer = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
    if (bearer !== undefined) {
      const token = await useToken(this.store, tokenHash(bearer), now);
      return (
        token && {
          user: `token ${token.name}`,
          person: token.owner,
          userId: undefined,
          role: token.role as Role,
          limits: token.limits,
          scope: await scopeOfLimits(this.store, token.limits),
          via: 'token',
          countedAs: `token ${token.id}`,
          csrf: '',
          expires: token.expires,
        }
      );
    }
    const cookie = request.cookies[cookieName(this.isSecure)];
    if (cookie === undefined) return undefined;
    const hash = tokenHash(cookie);
    const session = await findSession(this.store, hash, now);
    return (
      session && {
        user: session.name,
        person: session.name,
        userId: session.userId,
        role: session.role as Role,
        limits: session.limits,
        scope: await scopeOfLimits(this.store, session.limits),
        via: 'session',
        countedAs: sessionKey(hash),
        csrf: session.csrf,
        expires: session.expires,
      }
    );
  }

  /** The cookie of a request's session, as it is stored. */
  sessionHash(request: FastifyRequest): Buffer | undefined {
    return hashOf(request, cookieName(this.isSecure));
  }

  /** What a request's device shows, as it is stored. */
  deviceHash(request: FastifyRequest): Buffer | undefined {
    return hashOf(request, deviceCookieName(this.isSecure));
  }

  /** Signs in with a name and a password; a locked name, an unknown one and a wrong password are answered alike. */
  async withPassword(name: string, password: string, device?: Buffer): Promise<UserRecord> {
    const user = await findUser(this.store, name);
    const isRight = await this.isRight(user, password, device);
    if (user === undefined || !isRight) throw new AppError('bad-credentials');
    return user;
  }

  /**
   * Whether a password is a user's. Wrong tries lock the name for longer and longer, many at once no later than one after the
   * other; while it is locked none is right. Those of a device with which the user has signed in before are counted apart, so
   * that nobody else keeps it out. It takes as long for nobody as for somebody.
   */
  async isRight(user: UserRecord | undefined, password: string, device?: Buffer): Promise<boolean> {
    const now = this.now();
    const isLocked = (before: Failures): boolean => isLockedAt(now, before);
    const [isSame, counted] = await Promise.all([
      isPassword(password, user?.password ?? undefined),
      user && countTry(this.store, user.id, { now, isLocked, device }),
    ]);
    if (user === undefined || counted === undefined) return false;
    if (isSame) await noteSignIn(this.store, user.id, { now, device: counted.device });
    else await this.noteLock(user, counted, now);
    return isSame;
  }

  private async noteLock(
    { id, name }: UserRecord,
    { failures, device }: CountedTry,
    at: Date,
  ): Promise<void> {
    const seconds = lockedFor(failures) / 1000;
    // A device is not locked out: from then on it counts as one that is not known.
    if (seconds === 0 || device !== undefined) return;
    const subject = `id=${id} name=${name} seconds=${seconds}`;
    await writeAudit(this.store, {
      at,
      actor: '',
      address: null,
      action: 'lockUser',
      subject,
      outcome: 'done',
    });
  }

  /** Signs in with a one-time link. */
  async withLink(link: string): Promise<UserRecord> {
    const user = await takeLink(this.store, tokenHash(link), this.now());
    if (user === undefined) throw new AppError('bad-credentials');
    await noteSignIn(this.store, user.id, { now: this.now() });
    return user;
  }

  /**
   * Opens a session, always a new one: what a browser had before counts for nothing. From now on its device is known.
   *
   * @param before what the device showed until now, as it is stored.
   */
  async open(user: UserRecord, before: Buffer | undefined): Promise<OpenedSession> {
    const now = this.now();
    const cookie = newToken('bws');
    const csrf = newToken('bws');
    const expires = new Date(now.getTime() + SESSION_MS);
    const hash = tokenHash(cookie);
    await createSession(this.store, { hash, user: user.id, csrf, now, expires });
    const device = { cookie: newToken('bwd'), expires: new Date(now.getTime() + DEVICE_MS) };
    await keepDevice(this.store, {
      user: user.id,
      before,
      hash: tokenHash(device.cookie),
      now,
      expires: device.expires,
    });
    const { name, id, role, limits } = user;
    return {
      cookie,
      device,
      caller: {
        user: name,
        person: name,
        userId: id,
        role: role as Role,
        limits,
        scope: await scopeOfLimits(this.store, limits),
        via: 'session',
        countedAs: sessionKey(hash),
        csrf,
        expires,
      },
    };
  }

  /** A link that signs a user in, once, within a day. */
  linkFor(user: number): Promise<string> {
    return issueLink(this.store, user, this.now());
  }

  /**
   * A link for the administrator, who is made at the first start; undefined where one can sign in by a password: what is
   * printed is read by whoever reads logs.
   */
  async firstLink(): Promise<string | undefined> {
    const known = (await listUsers(this.store)).filter(isAdministrator);
    if (known.some(({ password }) => password !== null)) return undefined;
    return this.linkFor((known[0] ?? (await this.firstAdministrator())).id);
  }

  private async firstAdministrator(): Promise<UserRecord> {
    const user = { name: 'admin', role: 'admin', limits: EVERYTHING, createdAt: this.now() } as const;
    try {
      return await createUser(this.store, user);
    } catch (error) {
      // Another hub that starts on the same new database was faster.
      const made = await findUser(this.store, user.name);
      if (made === undefined || !isAdministrator(made)) throw error;
      return made;
    }
  }
}

function isAdministrator({ role, limits }: UserRecord): boolean {
  return may({ role: role as Role, limits }, 'administer');
}

function hashOf(request: FastifyRequest, name: string): Buffer | undefined {
  const cookie = request.cookies[name];
  return cookie === undefined ? undefined : tokenHash(cookie);
}

function sessionKey(hash: Buffer): string {
  return `session ${hash.toString('base64')}`;
}
