import { type IdTokens, KubeClient } from '@bulwark/kube';
import { accessOf, type Environment, type RealPlace } from './way.ts';

/**
 * Why nothing answers where a cluster should be, within some milliseconds; undefined where something does, even if it refuses.
 *
 * @throws Error with every problem of the kubeconfig, each with its place.
 */
export async function whyAway(
  place: RealPlace,
  { env, signIns }: { readonly env: Environment; readonly signIns: IdTokens },
  withinMs: number,
): Promise<string | undefined> {
  const client = new KubeClient({ access: accessOf(place, env, signIns), attempts: 1, timeoutMs: withinMs });
  try {
    const answer = await client.get('/version', { signal: AbortSignal.timeout(withinMs) });
    if (answer.ok || answer.error.status !== undefined) return undefined;
    return answer.error.kind === 'aborted' ? `no answer within ${withinMs / 1000} s` : answer.error.message;
  } finally {
    await client.close();
  }
}
