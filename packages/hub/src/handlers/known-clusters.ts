import { AppError } from '@bulwark/core';

/**
 * What names a cluster that is not there is refused: an exception would never cover anything, and limits would one day let somebody
 * see the cluster that gets the number.
 *
 * @param at where in what was sent the numbers are.
 * @throws AppError `bad-request`
 */
export function mustKnowClusters(
  clusters: readonly number[] | 'all' | undefined,
  known: { readonly has: (id: number) => boolean },
  at: string,
): void {
  if (clusters === undefined || clusters === 'all') return;
  const errors = clusters.flatMap((id, index) =>
    known.has(id) ? [] : [{ path: `${at}.${index}`, message: `there is no cluster ${id}` }],
  );
  if (errors.length > 0) throw new AppError('bad-request', { errors });
}
