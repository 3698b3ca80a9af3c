import type { FindingItem } from '@bulwark/api';
import { UsageError } from '../exit.ts';
import type { HubConnection } from '../hub-client/connection.ts';
import { placeOf, shortFingerprint } from './words.ts';

/** Fewer digits may be a word that somebody searches for. */
const LEAST_DIGITS = 8;
const DIGITS = 32;
/** As many as go into a query. */
const MOST_NAMED = 50;
const MOST_SHOWN = 5;

/** Whether a word is a fingerprint, or the beginning of one. */
export function isFingerprint(word: string): boolean {
  return word.length >= LEAST_DIGITS && word.length <= DIGITS && /^[0-9a-f]+$/.test(word);
}

/** The states of what can be decided about. */
const LIVING = 'state:open,excepted';
const ANY_STATE = `${LIVING},resolved`;

interface Asked {
  /** All where it is left out. */
  readonly cluster?: number | undefined;
  readonly asOf?: string | undefined;
  /** Any where it is left out; what was resolved by a moment is not known as of it. */
  readonly state?: typeof LIVING | typeof ANY_STATE;
}

/** The findings of a fingerprint: one in each cluster that has it, or of as many clusters as a page shows. */
export async function findingsOf(
  hub: HubConnection,
  fingerprint: string,
  { cluster, asOf, state = asOf === undefined ? ANY_STATE : LIVING }: Asked = {},
): Promise<readonly FindingItem[]> {
  const q = `fingerprint:${fingerprint}${fingerprint.length < DIGITS ? '*' : ''} ${state}`;
  const { items } = await hub.call('listFindings', {
    query: {
      q,
      ...(cluster !== undefined && { cluster }),
      ...(asOf !== undefined && { asOf }),
    },
  });
  refuseSeveral(fingerprint, items);
  return items;
}

/** @throws UsageError where it is the beginning of several fingerprints. */
function refuseSeveral(fingerprint: string, items: readonly FindingItem[]): void {
  const meant = new Map(items.map((item) => [item.fingerprint, item]));
  if (meant.size < 2) return;
  const lines = [...meant.values()]
    .slice(0, MOST_SHOWN)
    .map(
      ({ fingerprint: whole, cluster, resource, control }) =>
        `  ${whole}  ${placeOf(cluster, resource, { now: new Date(0), hasOneCluster: false })}  ${control}`,
    );
  throw new UsageError([`${fingerprint} is the beginning of several:`, ...lines].join('\n'));
}

/** Of what was found with a fingerprint, for messages. */
export function notFound(fingerprint: string): UsageError {
  return new UsageError(
    `no finding that this token may see has the fingerprint ${fingerprint}; bulwark findings shows them at the end of each`,
  );
}

/**
 * A query that finds exactly the findings of some fingerprints that are not resolved.
 *
 * @throws UsageError for each that is of none, or of several.
 */
export async function queryOfFingerprints(hub: HubConnection, named: readonly string[]): Promise<string> {
  const distinct = [...new Set(named)];
  if (distinct.length > MOST_NAMED)
    throw new UsageError(`at most ${MOST_NAMED} fingerprints at once; a query takes more`);
  const whole: string[] = [];
  for (const fingerprint of distinct) {
    const [living] = await findingsOf(hub, fingerprint, { state: LIVING });
    whole.push(living?.fingerprint ?? (await refuseGone(hub, fingerprint)));
  }
  return `fingerprint:${whole.join(',')} ${LIVING}`;
}

/** @throws UsageError that says whether what is not there ever was. */
async function refuseGone(hub: HubConnection, fingerprint: string): Promise<never> {
  const [gone] = await findingsOf(hub, fingerprint);
  if (gone === undefined) throw notFound(fingerprint);
  throw new UsageError(`${shortFingerprint(gone.fingerprint)} is resolved; nothing is left to decide`);
}
