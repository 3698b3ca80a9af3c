import { err, ok, type Result, Secret } from '@bulwark/core';
import type { IdTokens, KubeFailure, OidcPlace } from '@bulwark/kube';

/** What a thread asks the one that has the sign-ins for. */
export interface TokenQuestion {
  readonly type: 'id-token';
  readonly question: number;
  readonly place: OidcPlace;
  readonly refused: string | undefined;
}

/** Texts in the place of secrets, which do not go from thread to thread. */
export interface TokenAnswer {
  readonly type: 'id-token';
  readonly question: number;
  readonly answer: Result<string, KubeFailure>;
}

/** Answers the question of a thread, whatever happens: it would wait forever. */
export async function answerTo(
  { question, place, refused }: TokenQuestion,
  signIns: IdTokens,
): Promise<TokenAnswer> {
  const answer = await answered(signIns, place, refused);
  return { type: 'id-token', question, answer };
}

async function answered(
  signIns: IdTokens,
  place: OidcPlace,
  refused: string | undefined,
): Promise<TokenAnswer['answer']> {
  try {
    const found = await signIns.idToken(place, refused === undefined ? undefined : new Secret(refused));
    return found.ok ? ok(found.value.reveal()) : found;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown fault';
    return err({
      kind: 'credentials',
      message: `The ID token of the user ${place.user} of ${place.file} cannot be looked up: ${code}.`,
    });
  }
}

/** The sign-ins, as a thread sees them that does not have them. */
export class AskedTokens implements IdTokens {
  private readonly ask: (question: TokenQuestion) => void;
  private readonly waiting = new Map<number, (answer: TokenAnswer['answer']) => void>();
  private count = 0;

  constructor(ask: (question: TokenQuestion) => void) {
    this.ask = ask;
  }

  async idToken(
    place: OidcPlace,
    refused: Secret<string> | undefined,
  ): Promise<Result<Secret<string>, KubeFailure>> {
    const question = this.count++;
    const found = await new Promise<TokenAnswer['answer']>((resolve) => {
      this.waiting.set(question, resolve);
      this.ask({ type: 'id-token', question, place, refused: refused?.reveal() });
    });
    return found.ok ? ok(new Secret(found.value)) : err(found.error);
  }

  take({ question, answer }: TokenAnswer): void {
    this.waiting.get(question)?.(answer);
    this.waiting.delete(question);
  }
}
