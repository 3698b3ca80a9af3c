import type { LiveEvent, ROUTES } from '@bulwark/api';
import type { QueryKey } from '@tanstack/react-query';

type Topic = LiveEvent['topics'][number];

/** Why an answer is left as it is, whatever is told to have changed. */
interface Settled {
  readonly because: string;
}

/** Routes that answer a question with one document; what is streamed is no answer that a page keeps. */
type Answering = {
  [Id in keyof typeof ROUTES]: (typeof ROUTES)[Id] extends { method: 'GET'; response: unknown } ? Id : never;
}[keyof typeof ROUTES];

const FINDINGS = ['findings', 'triage'] as const;
const OBJECTS_AND_FINDINGS = ['inventory', 'findings'] as const;
/** What they say is not there has to have been looked for. */
const REFERENCES = ['inventory', 'coverage'] as const;
const VERDICTS = ['findings', 'inventory', 'coverage'] as const;
const EXCEPTIONS = ['exceptions', 'findings'] as const;
const CLUSTERS = ['clusters', 'coverage'] as const;
const PEOPLE = {
  because: 'what tells of users is for administrators, and whoever changes one asks again',
} as const;
const PROBE = { because: 'it is for what runs the hub, and no page asks it' } as const;

/** By what each answer becomes another one. */
export const TOPICS_OF: Readonly<Record<Answering, readonly Topic[] | Settled>> = {
  listFindings: FINDINGS,
  groupFindings: FINDINGS,
  // A request to accept it is answered by people before it is judged again.
  getFinding: [...FINDINGS, 'exceptions'],
  getQueue: FINDINGS,
  compareFindings: FINDINGS,
  listTeams: [...FINDINGS, 'inventory'],
  listWorkloads: OBJECTS_AND_FINDINGS,
  listNamespaces: VERDICTS,
  listResources: OBJECTS_AND_FINDINGS,
  // Who made a change is often known only after it.
  listChanges: OBJECTS_AND_FINDINGS,
  getChange: OBJECTS_AND_FINDINGS,
  compareObjects: OBJECTS_AND_FINDINGS,
  compareObject: OBJECTS_AND_FINDINGS,
  listNodes: REFERENCES,
  listSecrets: REFERENCES,
  getSecret: REFERENCES,
  getWorkload: [...REFERENCES, ...FINDINGS, 'exceptions'],
  getResource: ['inventory', ...FINDINGS, 'exceptions'],
  listBuildRecords: ['inventory'],
  getBuildRecord: { because: 'a record is never changed' },
  getWorkloadBuild: ['inventory'],
  listControls: ['findings'],
  listFrameworks: VERDICTS,
  getFramework: VERDICTS,
  listExceptions: EXCEPTIONS,
  getException: EXCEPTIONS,
  listClusters: CLUSTERS,
  getCluster: CLUSTERS,
  listCoverage: CLUSTERS,
  health: [...CLUSTERS, 'settings'],
  listJobs: [...CLUSTERS, 'settings'],
  listChannels: ['settings'],
  listRoutes: ['settings'],
  listDeliveries: ['settings'],
  listUsers: ['settings'],
  listTokens: ['settings'],
  listAudit: ['settings'],
  listAssignees: PEOPLE,
  getSession: PEOPLE,
  listViews: { because: 'nothing tells of views, and whoever keeps one asks again' },
  complete: { because: 'every key that is pressed asks anew' },
  getOwnership: { because: 'a hub reads its settings when it starts' },
  live: PROBE,
  ready: PROBE,
};

/**
 * Whether an event is about what a query asks for. What was as of a moment is settled, and what happens in one cluster says
 * nothing of another.
 */
export function isStale(key: QueryKey, { cluster, topics }: LiveEvent): boolean {
  const [id, request = {}] = key;
  if (!isOneOf(id, topics)) return false;
  const asked = parametersOf(request as Request);
  const isElsewhere = cluster !== null && asked.cluster !== undefined && Number(asked.cluster) !== cluster;
  return asked.asOf === undefined && !isElsewhere;
}

function isOneOf(id: unknown, topics: readonly Topic[]): boolean {
  const own = TOPICS_OF[id as Answering] as (typeof TOPICS_OF)[Answering] | undefined;
  return own !== undefined && !('because' in own) && topics.some((topic) => own.includes(topic));
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
