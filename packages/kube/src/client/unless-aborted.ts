import { err, type Result } from '@bulwark/core';
import { failure, type KubeFailure } from './failure.ts';

/** The answer, or as soon as the signal aborts that nobody waits for it any more. What was asked for goes on. */
export function unlessAborted<T>(
  asked: Promise<Result<T, KubeFailure>>,
  signal: AbortSignal | undefined,
  message: string,
): Promise<Result<T, KubeFailure>> {
  if (signal === undefined) return asked;
  return new Promise((resolve, reject) => {
    const end = (): void => resolve(err(failure('aborted', message)));
    if (signal.aborted) end();
    signal.addEventListener('abort', end, { once: true });
    asked.then(resolve, reject).finally(() => signal.removeEventListener('abort', end));
  });
}
