import type { ClusterItem } from '@bulwark/api';
import { type Entry, Page } from '@bulwark/formats';
import type { Sight } from './sight.ts';
import { ageOf } from './words.ts';

/** Of more, how many are named that are seen completely. */
const MOST_NAMED = 5;

/** How much of each cluster was seen, and what is stale: what a list is worth depends on it. */
export function seenEntries({ clusters, limits }: Sight, now: Date): readonly Entry[] {
  const within = limitsText({ clusters, limits });
  if (clusters.length === 0)
    return [{ label: 'NOTHING', style: 'lost', text: 'The hub watches no cluster that this token may see.' }];
  const live = clusters.filter(({ state }) => state === 'live');
  const lost = live.reduce((sum, { seen }) => sum + (seen?.lost ?? 0), 0);
  const demo = clusters.filter(({ isDemo }) => isDemo);
  return [
    ...(live.length === 0
      ? []
      : [
          {
            label: 'SEEN',
            style: 'strong' as const,
            text: `${within === undefined ? '' : 'within the limits of this token '}${seenText(live, lost)}`,
          },
        ]),
    ...(within === undefined ? [] : [{ label: 'LIMITS', style: 'medium' as const, text: within }]),
    ...clusters.filter(({ state }) => state !== 'live').map((cluster) => notLive(cluster, now)),
    ...(demo.length === 0
      ? []
      : [{ label: 'DEMO', text: `Nothing in ${demo.map(({ name }) => name).join(', ')} is real.` }]),
  ];
}

/** What a token with limits sees; undefined for one without. A share of it says nothing of the rest. */
function limitsText(sight: Sight): string | undefined {
  const { clusters, namespaces } = limitsOf(sight);
  const parts = [
    ...(namespaces === 'all'
      ? []
      : [`the namespace${isOne(namespaces) ? '' : 's'} ${namespaces.join(', ')}`]),
    ...(clusters === 'all' ? [] : [`the cluster${clusters.length === 1 ? '' : 's'} ${clusters.join(', ')}`]),
  ];
  if (parts.length === 0) return undefined;
  return `This token may see ${parts.join(' of ')}; all else is neither shown nor counted, nor in that share.`;
}

function isOne(namespaces: readonly string[]): boolean {
  return namespaces.length === 1 && namespaces[0]?.includes('*') === false;
}

/** What the token may see, clusters by name. */
export function limitsOf({ clusters, limits }: Sight): {
  readonly clusters: 'all' | readonly string[];
  readonly namespaces: 'all' | readonly string[];
} {
  const { clusters: ids, namespaces } = limits;
  return {
    clusters: ids === 'all' ? 'all' : clusters.filter(({ id }) => ids.includes(id)).map(({ name }) => name),
    namespaces,
  };
}

function seenText(live: readonly ClusterItem[], lost: number): string {
  const partly = live.filter((cluster) => !isWhole(cluster));
  const whole = live.filter(isWhole);
  const named = whole.slice(0, MOST_NAMED).map(({ name }) => `100 % of ${name}`);
  const more = whole.length > MOST_NAMED ? [`all of ${whole.length - MOST_NAMED} more`] : [];
  const parts = [
    ...partly.map(({ name, seen }) =>
      seen === null ? `nothing of ${name}` : `${seen.percent} % of ${name}`,
    ),
    ...named,
    ...more,
  ];
  return `${parts.join(', ')}${lost === 0 ? '' : `; bulwark coverage has the ${lost} that ${lost === 1 ? 'was' : 'were'} not judged`}`;
}

/** Whether all that was asked for of a cluster is seen and judged, and is what it is now. */
export function isWhole({ state, seen }: ClusterItem): boolean {
  return state === 'live' && seen !== null && seen.kindsSeen === seen.kinds && seen.lost === 0;
}

function notLive({ name, state, reason, lastSeen }: ClusterItem, now: Date): Entry {
  const words = {
    stale: 'is not answering',
    gone: 'is watched no more',
    syncing: 'is being read for the first time',
    connecting: 'is being connected',
    live: '',
  }[state];
  const since = lastSeen === null ? '' : `; what is shown of it is ${ageOf(lastSeen, now)} old`;
  return {
    label: 'STALE',
    style: 'lost',
    text: `${name} ${words}${since}${reason === null ? '' : `: ${reason}`}`,
  };
}

/** The same in plain lines, for beside what programs read. */
export function seenLines(sight: Sight, now: Date): string {
  const page = new Page({ width: 0, color: false });
  return seenEntries(sight, now)
    .map((entry) => page.lines(entry))
    .join('');
}
