import { ok, type Result, type Secret } from '@bulwark/core';
import type { KubeFailure } from '../client/failure.ts';
import { unlessAborted } from '../client/unless-aborted.ts';
import type { Clock } from '../clock.ts';
import type { Credentials } from './access.ts';
import { bearer, issuedCredentials } from './credentials.ts';
import { expiryOf } from './token-lifetime.ts';

/** A user of an OpenID provider, by where it is written. Goes from thread to thread. */
export interface OidcPlace {
  /** The kubeconfig. */
  readonly file: string;
  readonly user: string;
}

/** Who has the ID tokens of users: one for all that ask for the same user, as a refresh token may be good only once. */
export interface IdTokens {
  /**
   * An ID token that is good now.
   *
   * @param refused one that an API server did not take although it should be good.
   */
  idToken(
    place: OidcPlace,
    refused: Secret<string> | undefined,
  ): Promise<Result<Secret<string>, KubeFailure>>;
}

/** A token is not used in its last moments: it would expire on its way. */
export const MARGIN_MS = 10_000;

/** The ID tokens of a user, one after the other. Whoever gives up waiting for one does not keep it from being issued. */
export function oidcCredentials(place: OidcPlace, tokens: IdTokens, clock: Clock): Credentials {
  let given: Secret<string> | undefined;
  let refused: Secret<string> | undefined;
  const issued = issuedCredentials(
    async (signal) => {
      const found = await unlessAborted(
        tokens.idToken(place, refused),
        signal,
        'Nobody waits for the ID token any more.',
      );
      if (!found.ok) return found;
      given = found.value;
      const expires = expiryOf(given.reveal());
      return ok({
        credential: { authorization: bearer(given.reveal()) },
        expires: expires === undefined ? undefined : expires - MARGIN_MS,
      });
    },
    () => clock.now(),
  );
  return {
    ...issued,
    refused: () => {
      refused = given;
      issued.refused();
    },
  };
}
