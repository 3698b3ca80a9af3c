import { realpathSync } from 'node:fs';
import { err, ok, type Result, type Secret } from '@bulwark/core';
import { BackOff } from '../client/back-off.ts';
import { failure, type KubeFailure } from '../client/failure.ts';
import { type Clock, SYSTEM_CLOCK } from '../clock.ts';
import { type AccessProblem, printAccessProblem } from './access.ts';
import { readKubeconfigFile } from './kubeconfig-file.ts';
import { lockFile } from './lock-file.ts';
import { type IdTokens, MARGIN_MS, type OidcPlace } from './oidc.ts';
import { RENEWAL_MS, renewTokens, type Tokens } from './oidc-provider.ts';
import { type OidcUser, readOidcUser } from './oidc-user.ts';
import { expiryOf } from './token-lifetime.ts';
import { writeTokens } from './write-tokens.ts';

/** Where the sign-ins of users of OpenID providers are kept. */
export interface SignInsOptions {
  /** Where proxies are named. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock?: Clock;
  /** From 0 to 1, for jitter. */
  readonly random?: () => number;
  /** Told once of each sign-in that cannot be written back. */
  readonly say?: (message: string) => void;
}

/** What a sign-in has come to: each refresh token that it had leads to it. */
interface SignIn {
  refreshToken: Secret<string>;
  idToken: Secret<string> | undefined;
  /** Until when the ID token is good, in milliseconds since the epoch. */
  goodUntil: number;
  /** Until when the ID token is given again although it was refused, in milliseconds since the epoch. */
  givenUntil: number;
  failed: { readonly why: KubeFailure; readonly until: number } | undefined;
  readonly backOff: BackOff;
}

/**
 * A new ID token is used that long at least: with a clock that is wrong, each would have expired at once, and an API server
 * that refuses them all would have the provider asked at every request.
 */
const SHORTEST_USE_MS = 30_000;
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30_000;
/** A renewal of another process takes RENEWAL_MS at most, and the writing after it. */
const LONGEST_HELD_MS = 2 * RENEWAL_MS;
/** What a process that was killed in a renewal left behind is waited for no longer. */
const SILENT_MS = 10_000;
/** Tokens of before are known for a while, so many of each sign-in: a copy of a kubeconfig may bring one back. */
const MOST_TOKENS = 100;

/**
 * The sign-ins of users of OpenID providers: one for a process, whose threads all ask it. A provider may take a refresh token
 * once and end the whole sign-in when it comes again, so only one renewal runs at a time, in this process and in others of
 * ours; the kubeconfig is read anew before it, and what is new is written back as kubectl does. What cannot be written is kept
 * here.
 */
export class SignIns implements IdTokens {
  private readonly options: SignInsOptions;
  private readonly clock: Clock;
  private readonly byToken = new Map<string, SignIn>();
  /** What was last read of each user, for when the file cannot be read. */
  private readonly users = new Map<string, OidcUser>();
  private readonly turns = new Map<string, Promise<unknown>>();
  private readonly unwritten = new Map<string, string>();
  private readonly stopping = new AbortController();

  constructor(options: SignInsOptions) {
    this.options = options;
    this.clock = options.clock ?? SYSTEM_CLOCK;
  }

  /** What will be lost at the end of the process, in sentences. */
  unsaved(): readonly string[] {
    return [...this.unwritten.values()];
  }

  /** Begins no renewal from now on. One that has begun is written, as what it brings would be lost. */
  stop(): void {
    this.stopping.abort();
  }

  idToken(
    place: OidcPlace,
    refused: Secret<string> | undefined,
  ): Promise<Result<Secret<string>, KubeFailure>> {
    const known = this.known(place, refused?.reveal());
    // Nobody has to wait for the renewals of others in the same file.
    if (known !== undefined) return Promise.resolve(known);
    const before = this.turns.get(place.file) ?? Promise.resolve();
    const mine = before.then(() => this.give(place, refused?.reveal()));
    this.turns.set(
      place.file,
      mine.catch(() => undefined),
    );
    return mine;
  }

  private async give(
    place: OidcPlace,
    refused: string | undefined,
  ): Promise<Result<Secret<string>, KubeFailure>> {
    const known = this.known(place, refused);
    if (known !== undefined) return known;
    const lock = await lockFile(`${realPath(place.file)}.bulwark-lock`, {
      withinMs: LONGEST_HELD_MS,
      silentMs: SILENT_MS,
      signal: this.stopping.signal,
    });
    try {
      if (this.stopping.signal.aborted)
        return err(failure('aborted', 'Nobody waits for the ID token any more.'));
      // Another process may have renewed it meanwhile.
      return this.known(place, refused) ?? (await this.renew(place, refused));
    } finally {
      if (typeof lock !== 'string') lock.release();
    }
  }

  /** What is known without asking the provider: a token that is good, or why there is none. */
  private known(
    place: OidcPlace,
    refused: string | undefined,
  ): Result<Secret<string>, KubeFailure> | undefined {
    const user = this.read(place);
    if (!user.ok) return user;
    const { idToken, refreshToken } = user.value;
    const now = this.clock.now();
    if (idToken !== undefined && idToken.reveal() !== refused && goodUntil(idToken) > now) return ok(idToken);
    if (refreshToken === undefined)
      return refuse('The ID token has expired and there is no refresh token: sign in again.');
    const signIn = this.signInOf(refreshToken);
    const isGood =
      signIn.goodUntil > now && (signIn.givenUntil > now || signIn.idToken?.reveal() !== refused);
    if (signIn.idToken !== undefined && isGood) return ok(signIn.idToken);
    return signIn.failed !== undefined && signIn.failed.until > now ? err(signIn.failed.why) : undefined;
  }

  private async renew(
    place: OidcPlace,
    refused: string | undefined,
  ): Promise<Result<Secret<string>, KubeFailure>> {
    const user = this.read(place);
    if (!user.ok) return user;
    const before = user.value.refreshToken;
    if (before === undefined) return refuse('There is no refresh token: sign in again.');
    const signIn = this.signInOf(before);
    const tokens = await renewTokens(user.value, signIn.refreshToken, this.options.env);
    if (!tokens.ok) {
      const wait = signIn.backOff.next(tokens.error);
      signIn.failed = { why: tokens.error, until: this.clock.now() + wait };
      // Where another program was faster, its tokens stand in the file by now.
      return this.known(place, refused) ?? tokens;
    }
    this.note(signIn, tokens.value);
    await this.save(place, before, signIn);
    return ok(tokens.value.idToken);
  }

  private note(signIn: SignIn, { idToken, refreshToken }: Tokens): void {
    signIn.idToken = idToken;
    signIn.givenUntil = this.clock.now() + SHORTEST_USE_MS;
    signIn.goodUntil = Math.max(goodUntil(idToken), signIn.givenUntil);
    signIn.failed = undefined;
    signIn.backOff.reset();
    if (refreshToken === undefined) return;
    signIn.refreshToken = refreshToken;
    this.byToken.set(refreshToken.reveal(), signIn);
    const tokens = [...this.byToken].filter(([, one]) => one === signIn);
    for (const [oldest] of tokens.slice(0, -MOST_TOKENS)) this.byToken.delete(oldest);
  }

  private async save(place: OidcPlace, before: Secret<string>, signIn: SignIn): Promise<void> {
    const { refreshToken, idToken } = signIn;
    if (idToken === undefined) return;
    const key = keyOf(place);
    const why = await writeTokens(place, { before, refreshToken, idToken });
    // Where the refresh token is the same, nothing is lost.
    if (why === undefined || refreshToken.reveal() === before.reveal()) {
      this.unwritten.delete(key);
      return;
    }
    const message =
      `${place.file} cannot be written (${why}), so the tokens that the OpenID provider has issued in the place of those of the ` +
      `user ${place.user} are in memory only: after a restart, and with kubectl, that user has to sign in again.`;
    if (!this.unwritten.has(key)) this.options.say?.(message);
    this.unwritten.set(key, message);
  }

  private signInOf(refreshToken: Secret<string>): SignIn {
    const known = this.byToken.get(refreshToken.reveal());
    if (known !== undefined) {
      // Now the last to be forgotten: a file that cannot be written has the first of all.
      this.byToken.delete(refreshToken.reveal());
      this.byToken.set(refreshToken.reveal(), known);
      return known;
    }
    const { random = Math.random } = this.options;
    const backOff = new BackOff({ firstMs: FIRST_WAIT_MS, longestMs: LONGEST_WAIT_MS, random });
    const signIn: SignIn = {
      refreshToken,
      idToken: undefined,
      goodUntil: 0,
      givenUntil: 0,
      failed: undefined,
      backOff,
    };
    this.byToken.set(refreshToken.reveal(), signIn);
    return signIn;
  }

  private read(place: OidcPlace): Result<OidcUser, KubeFailure> {
    const problems: AccessProblem[] = [];
    const entry = readKubeconfigFile(place.file, problems)?.users.get(place.user);
    const user = entry === undefined ? undefined : readOidcUser(entry, this.clock);
    if (user !== undefined) this.users.set(keyOf(place), user);
    const known = user ?? this.users.get(keyOf(place));
    if (known !== undefined) return ok(known);
    const [problem = { file: place.file, message: `There is no user ${place.user} of an OpenID provider.` }] =
      problems;
    return refuse(printAccessProblem(problem));
  }
}

function goodUntil(idToken: Secret<string>): number {
  const expires = expiryOf(idToken.reveal());
  return expires === undefined ? Number.POSITIVE_INFINITY : expires - MARGIN_MS;
}

function keyOf({ file, user }: OidcPlace): string {
  return `${file}\n${user}`;
}

/** One name for the file that several links lead to. */
function realPath(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}

function refuse(message: string): Result<never, KubeFailure> {
  return err(failure('credentials', message));
}
