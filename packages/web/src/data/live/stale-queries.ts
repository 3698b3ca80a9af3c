import type { LiveEvent, RouteId } from '@bulwark/api';
import type { QueryKey } from '@tanstack/react-query';

/** What was asked about findings. */
const OF_FINDINGS = ['listFindings', 'groupFindings', 'getFinding', 'getQueue'] as const;

/** Which questions have another answer when something has changed. */
const STALE: Readonly<Record<LiveEvent['topics'][number], readonly RouteId[]>> = {
  clusters: ['listClusters', 'listCoverage'],
  inventory: [
    'listWorkloads',
    'listNamespaces',
    'listNodes',
    'listSecrets',
    'listResources',
    'listChanges',
    'compareObjects',
    'compareObject',
    'getWorkload',
    'getResource',
  ],
  findings: [
    ...OF_FINDINGS,
    'compareFindings',
    'listWorkloads',
    'listNamespaces',
    'listTeams',
    'listExceptions',
    'getException',
    'listControls',
    'listFrameworks',
    'getFramework',
    'getWorkload',
  ],
  coverage: ['listClusters', 'listCoverage', 'listFrameworks', 'getFramework'],
  exceptions: ['listExceptions', 'getException'],
  triage: [...OF_FINDINGS, 'getWorkload'],
  settings: ['listUsers', 'listTokens', 'listChannels', 'listRoutes', 'listDeliveries'],
};

/**
 * Whether an event is about what a query asks for. What was as of a moment is settled, and what happens in one cluster says
 * nothing of another.
 */
export function isStale(key: QueryKey, { cluster, topics }: LiveEvent): boolean {
  const [id, request = {}] = key;
  if (!topics.some((topic) => STALE[topic].some((stale) => stale === id))) return false;
  const asked = parametersOf(request as Request);
  const isElsewhere = cluster !== null && asked.cluster !== undefined && Number(asked.cluster) !== cluster;
  return asked.asOf === undefined && !isElsewhere;
}

interface Parameters {
  readonly cluster?: unknown;
  readonly asOf?: unknown;
}

interface Request extends Parameters {
  readonly params?: Parameters;
  readonly query?: Parameters;
}

/** Lists are asked by their query alone, all else by a request. */
function parametersOf({ params, query, ...own }: Request): Parameters {
  return { ...own, ...params, ...query };
}
