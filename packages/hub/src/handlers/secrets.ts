import { matchesQuery, type QueryField, type RecordValue } from '@bulwark/core';
import {
  clusterFacts,
  type Page,
  type ReferrerRecord,
  referrersOf,
  type Scope,
  type SecretRecord,
  type Store,
  secretsOf,
} from '@bulwark/store';
import { BodyFacts } from './body-facts.ts';
import { clusterOf, kindOf } from './convert.ts';
import { groupBy } from './group-by.ts';
import { listRequestOf } from './list-request.ts';
import { type MemoryList, pageInMemory } from './memory-page.ts';
import type { ListInput } from './namespaces.ts';
import { resourceOfBody } from './pod-security.ts';
import { type SecretReaders, secretReaders } from './secret-readers.ts';
import { SECRET_USERS, type SecretUse, secretUses } from './secret-uses.ts';

/** What can be asked about secrets. */
export const SECRET_FIELDS: readonly QueryField[] = [
  { name: 'cluster', type: 'text', description: 'Cluster by its name.' },
  { name: 'namespace', type: 'text', description: 'Namespace of the secret.', synonyms: ['ns'] },
  { name: 'name', type: 'text', description: 'Name of the secret.' },
  {
    name: 'type',
    type: 'text',
    description: 'Type, such as kubernetes.io/tls; none where it is unknown.',
    canBeNone: true,
  },
  { name: 'key', type: 'text', description: 'Name of one of its keys.', synonyms: ['keys'], canBeNone: true },
  { name: 'owner', type: 'text', description: 'Team that owns it.', synonyms: ['team'], canBeNone: true },
  { name: 'used', type: 'boolean', description: 'Whether anything that is known uses it.' },
  {
    name: 'exists',
    type: 'boolean',
    description: 'Whether it is there; none where the hub may not read secrets.',
    canBeNone: true,
  },
  {
    name: 'used-by',
    type: 'text',
    description: 'What uses it, by kind and name: used-by:"Deployment web".',
    canBeNone: true,
  },
  {
    name: 'readable-by',
    type: 'text',
    description: 'Who may read it: readable-by:"User jane".',
    canBeNone: true,
  },
  {
    name: 'expires',
    type: 'time',
    description: 'Last moment of its certificate; none where it holds none.',
    canBeNone: true,
  },
  { name: 'first-seen', type: 'time', description: 'When it, or what names it, was first seen.' },
  { name: 'age', type: 'duration', description: 'How long ago it was first seen: age:>90d.' },
];

/** A Secret, whether seen itself or only named by others. */
interface Entry {
  readonly clusterId: number;
  readonly clusterName: string;
  readonly namespace: string;
  readonly name: string;
  secret?: SecretRecord;
  readonly users: Set<string>;
  readonly teams: Set<string>;
  firstSeen: Date;
  changed: Date;
}

const uses = new BodyFacts<readonly SecretUse[]>((body) => secretUses(resourceOfBody(body)));

const ORDER: MemoryList<Entry> = {
  sorts: {
    name: ({ name }) => name,
    namespace: ({ namespace }) => namespace,
    owner: (entry) => ownerOf(entry) ?? '',
    type: ({ secret }) => secret?.type ?? '',
    users: ({ users }) => users.size,
    // What holds no certificate comes after all that do.
    expires: (entry) => expiryOf(entry) ?? Number.MAX_SAFE_INTEGER,
    'first-seen': ({ firstSeen }) => firstSeen.getTime(),
  },
  standard: 'namespace',
  keyOf: ({ namespace, name, clusterId }) => `${namespace}/${name}/${clusterId}`,
};

/** Secrets by name: those that were seen, and those that others name. */
export async function secretItems(store: Store, scope: Scope, query: ListInput, now: Date) {
  const request = listRequestOf(query, SECRET_FIELDS, now);
  const { asOf, since } = request;
  const [entries, clusters] = await Promise.all([entriesOf(store, scope, asOf), clusterFacts(store, scope)]);
  const readers = await secretReaders(store, scope, { clusters: clusters.map(({ id }) => id), asOf });
  const readable = new Set(clusters.filter(({ kinds }) => isRead(kinds)).map(({ id }) => id));
  const told: Told = { readable, readers, now: request.now.getTime() };
  const context = { fields: SECRET_FIELDS, now: told.now };
  const fitting = entries.filter(
    (entry) =>
      (since === undefined || entry.changed > since) &&
      matchesQuery(request.query, recordOf(entry, told), context),
  );
  const page: Page<Entry> = pageInMemory(fitting, ORDER, request);
  return { ...page, items: page.items.map((entry) => itemOf(entry, told)) };
}

interface Told {
  /** Clusters whose secrets the hub may read. */
  readonly readable: ReadonlySet<number>;
  readonly readers: ReadonlyMap<number, SecretReaders>;
  readonly now: number;
}

function isRead(kinds: readonly { readonly kind: string; readonly state: string }[]): boolean {
  const state = kinds.find(({ kind }) => kind === 'Secret')?.state;
  return state === 'live' || state === 'stale';
}

async function entriesOf(store: Store, scope: Scope, asOf: Date | undefined): Promise<readonly Entry[]> {
  const [referrers, secrets] = await Promise.all([
    referrersOf(store, scope, { kinds: SECRET_USERS, asOf }),
    secretsOf(store, scope, { asOf }),
  ]);
  const named = await uses.of(
    store,
    scope,
    referrers.map(({ bodyHash }) => bodyHash),
  );
  const entries = new Entries();
  for (const secret of secrets) {
    const entry = entries.of(secret, secret);
    entry.secret = secret;
    if (secret.tokenOf !== null) entry.users.add(`ServiceAccount ${secret.tokenOf}`);
  }
  const accounts = groupBy(
    referrers.filter(({ isWorkload }) => isWorkload),
    ({ clusterId, namespace, serviceAccount }) => `${clusterId}|${namespace}|${serviceAccount}`,
  );
  for (const referrer of referrers)
    for (const use of named.get(referrer.bodyHash) ?? []) {
      const namespace = use.namespace ?? referrer.namespace;
      if (scope.namespaces !== 'all' && !scope.namespaces.includes(namespace)) continue;
      const entry = entries.of({ ...referrer, namespace, name: use.name }, referrer);
      note(entry, referrer, namespace);
      if (referrer.kind !== 'ServiceAccount' || use.isForImages !== true) continue;
      const { clusterId, name } = referrer;
      for (const workload of accounts.get(`${clusterId}|${namespace}|${name}`) ?? [])
        if ((named.get(workload.bodyHash) ?? []).every(({ isForImages }) => isForImages !== true))
          note(entry, workload, namespace);
    }
  return entries.all();
}

function note(entry: Entry, { kind, namespace, name, team }: ReferrerRecord, own: string): void {
  const place = namespace === own || namespace === '' ? '' : `${namespace}/`;
  entry.users.add(`${kindOf(kind)} ${place}${name}`);
  if (team !== null) entry.teams.add(team);
}

interface Named {
  readonly clusterId: number;
  readonly clusterName: string;
  readonly namespace: string;
  readonly name: string;
}

class Entries {
  private readonly byKey = new Map<string, Entry>();

  /** The entry of a Secret, which something that was seen then tells of. */
  of(
    { clusterId, clusterName, namespace, name }: Named,
    { firstSeen, changed }: { readonly firstSeen: Date; readonly changed: Date },
  ): Entry {
    const key = `${clusterId}|${namespace}|${name}`;
    let entry = this.byKey.get(key);
    if (entry === undefined) {
      entry = {
        clusterId,
        clusterName,
        namespace,
        name,
        users: new Set(),
        teams: new Set(),
        firstSeen,
        changed,
      };
      this.byKey.set(key, entry);
    }
    if (entry.secret === undefined && firstSeen < entry.firstSeen) entry.firstSeen = firstSeen;
    if (changed > entry.changed) entry.changed = changed;
    return entry;
  }

  all(): readonly Entry[] {
    return [...this.byKey.values()];
  }
}

/** Its own owner; else the team that alone uses it. */
function ownerOf({ secret, teams }: Entry): string | undefined {
  const [only] = teams;
  return secret?.team ?? (teams.size === 1 ? only : undefined);
}

function expiryOf({ secret }: Entry): number | undefined {
  const time = Date.parse(secret?.certificate?.notAfter ?? '');
  return Number.isNaN(time) ? undefined : time;
}

function existsOf({ secret, clusterId }: Entry, { readable }: Told): boolean | undefined {
  if (secret !== undefined) return true;
  return readable.has(clusterId) ? false : undefined;
}

function readersOf({ clusterId, namespace, name }: Entry, { readers }: Told): readonly string[] {
  return readers.get(clusterId)?.of(namespace, name) ?? [];
}

function recordOf(entry: Entry, told: Told) {
  const { clusterName, namespace, name, secret, users, firstSeen } = entry;
  const values: Readonly<Record<string, () => RecordValue>> = {
    cluster: () => clusterName,
    namespace: () => namespace,
    name: () => name,
    type: () => secret?.type ?? undefined,
    key: () => secret?.keys ?? [],
    owner: () => ownerOf(entry),
    used: () => users.size > 0,
    exists: () => existsOf(entry, told),
    'used-by': () => [...users],
    'readable-by': () => readersOf(entry, told),
    expires: () => expiryOf(entry),
    'first-seen': () => firstSeen.getTime(),
    age: () => told.now - firstSeen.getTime(),
  };
  return {
    value: (field: string): RecordValue => values[field]?.(),
    texts: [namespace, name, secret?.type ?? '', ...users],
  };
}

function itemOf(entry: Entry, told: Told) {
  const { namespace, name, secret, users } = entry;
  const expiry = expiryOf(entry);
  const { subject = '', names = [] } = secret?.certificate ?? {};
  return {
    cluster: clusterOf(entry),
    namespace,
    name,
    type: secret?.type ?? null,
    keys: [...(secret?.keys ?? [])],
    exists: existsOf(entry, told) ?? null,
    mountedBy: [...users].sort(),
    readableBy: [...readersOf(entry, told)],
    certificate:
      expiry === undefined ? null : { subject, names: [...names], notAfter: new Date(expiry).toISOString() },
    owner: ownerOf(entry) ?? null,
  };
}
