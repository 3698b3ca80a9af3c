import { SECRET_USERS } from '@bulwark/analyses';
import { AppError, matchesQuery, type RecordValue, SECRET_FIELDS } from '@bulwark/core';
import { type ClusterFacts, clusterFacts, type Scope, type Store } from '@bulwark/store';
import { kindOf } from './convert.ts';
import { listRequestOf } from './list-request.ts';
import { type MemoryList, pageInMemory } from './memory-page.ts';
import type { ListInput } from './namespaces.ts';
import { unseenAmong } from './passport-context.ts';
import { RBAC_KINDS, rbacWorlds } from './rbac-world.ts';
import { accountsAmong } from './reader-accounts.ts';
import { SECRET, type SecretEntry, secretEntries } from './secret-entries.ts';
import { type SecretReaders, secretReaders } from './secret-readers.ts';
import { WORKLOAD_KINDS } from './unseen-kind.ts';
import { listed } from './words.ts';

const ORDER: MemoryList<SecretEntry> = {
  sorts: {
    name: ({ name }) => name,
    namespace: ({ namespace }) => namespace,
    owner: ({ owner }) => owner ?? '',
    type: ({ facts }) => facts?.type ?? '',
    users: ({ users }) => users.length,
    // What holds no certificate comes after all that do.
    expires: ({ facts }) => facts?.certificate?.notAfter ?? Number.MAX_SAFE_INTEGER,
    'first-seen': ({ firstSeen }) => firstSeen.getTime(),
  },
  standard: 'namespace',
  keyOf: ({ namespace, name, clusterId }) => `${namespace}/${name}/${clusterId}`,
};

const USER_KINDS: readonly string[] = [...WORKLOAD_KINDS, ...SECRET_USERS];

/** Secrets by name: those that were seen, and those that others name. */
export async function secretItems(store: Store, scope: Scope, query: ListInput, now: Date) {
  const request = listRequestOf(query, SECRET_FIELDS, now);
  const { since } = request;
  const { entries, told } = await look(store, scope, request);
  const context = { fields: SECRET_FIELDS, now: told.now };
  const fitting = entries.filter(
    (entry) =>
      (since === undefined || entry.changed > since) &&
      // Who may read them is known from bindings elsewhere: only the list is narrowed.
      (query.namespace === undefined || entry.namespace === query.namespace) &&
      matchesQuery(request.query, recordOf(entry, told), context),
  );
  const page = pageInMemory(fitting, ORDER, request);
  return { ...page, items: page.items.map((entry) => itemOf(entry, told)) };
}

interface Moment {
  readonly now: Date;
  readonly asOf?: Date | undefined;
}

/** All Secrets of the clusters in scope, and what is told of them but for who may read them. */
async function lookAtSecrets(store: Store, scope: Scope, { asOf, now }: Moment) {
  const facts = await clusterFacts(store, scope, asOf);
  const clusters = facts.map(({ id }) => id);
  const entries = await secretEntries.of(store, scope, { clusters, asOf });
  const told: Told = {
    clusters: new Map(facts.map((cluster) => [cluster.id, cluster])),
    readable: new Set(facts.filter(({ seen }) => seen.get(SECRET) === true).map(({ id }) => id)),
    readers: new Map(),
    now: now.getTime(),
  };
  return { entries: [...entries.values()].flat(), told };
}

/** All Secrets of the clusters in scope, and what is told of them. */
async function look(store: Store, scope: Scope, moment: Moment) {
  const { entries, told } = await lookAtSecrets(store, scope, moment);
  const rbac = await rbacWorlds.of(store, scope, {
    clusters: [...told.clusters.keys()],
    asOf: moment.asOf,
  });
  const isWhole = scope.namespaces === 'all';
  const readers = new Map([...rbac].map(([id, world]) => [id, secretReaders(world, isWhole)]));
  return { entries, told: { ...told, readers } };
}

/** Fields of secrets that are not completed: who may read each would have to be found out for all of them. */
const NOT_COMPLETED: ReadonlySet<string> = new Set(['readable-by']);

/** The texts that secrets have in a field: what a query is completed with. */
export async function secretValues(
  store: Store,
  scope: Scope,
  field: string,
  now: Date,
): Promise<readonly string[]> {
  const read = NOT_COMPLETED.has(field) ? undefined : VALUES.get(field);
  if (read === undefined) return [];
  const { entries, told } = await lookAtSecrets(store, scope, { now });
  const values = entries.flatMap((entry) => read(entry, told) ?? []);
  return [...new Set(values.filter((value) => typeof value === 'string'))].toSorted();
}

/**
 * One Secret: the objects that use it, and by which bindings and roles who may read it.
 *
 * @throws AppError `not-found` where nothing in scope names it.
 */
export async function secretDetail(
  store: Store,
  scope: Scope,
  secret: Moment & { readonly cluster: number; readonly namespace: string; readonly name: string },
) {
  const { entries, told } = await look(store, scope, secret);
  const entry = entries.find(
    ({ clusterId, namespace, name }) =>
      clusterId === secret.cluster && namespace === secret.namespace && name === secret.name,
  );
  if (entry === undefined) throw new AppError('not-found');
  const grants = told.readers.get(entry.clusterId)?.grantsOf(entry.namespace, entry.name) ?? [];
  const exists = await accountsAmong(store, scope, {
    cluster: told.clusters.get(entry.clusterId),
    subjects: grants.map(({ subject }) => subject),
    asOf: secret.asOf,
  });
  return {
    ...itemOf(entry, told),
    users: entry.usedBy.map(({ isWorkload, ...object }) => ({ ...objectName(object), isWorkload })),
    readers: grants.map(({ subject, verbs, binding, role }) => ({
      subject: { ...subject, exists: exists(subject) },
      verbs: [...verbs],
      binding: objectName({ ...binding, kind: binding.groupKind }),
      role: objectName({ ...role, kind: role.groupKind }),
    })),
    isWhole: scope.namespaces === 'all',
    notSeen: [...unseenRights(entry, told)],
  };
}

function objectName({
  kind,
  namespace,
  name,
}: {
  /** With its API group, as a World has it. */
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}) {
  return { kind: kindOf(kind), group: kind.slice(0, Math.max(0, kind.lastIndexOf('/'))), namespace, name };
}

interface Told {
  readonly clusters: ReadonlyMap<number, ClusterFacts>;
  /** Clusters whose secrets the hub reads, or read at the moment. */
  readonly readable: ReadonlySet<number>;
  readonly readers: ReadonlyMap<number, SecretReaders>;
  readonly now: number;
}

function existsOf({ facts, clusterId }: SecretEntry, { readable }: Told): boolean | undefined {
  if (facts !== undefined) return true;
  return readable.has(clusterId) ? false : undefined;
}

/** Undefined where nothing that is seen uses it, and not all that could is seen. */
function usedOf(entry: SecretEntry, told: Told): boolean | undefined {
  if (entry.users.length > 0) return true;
  return unseenUsers(entry, told).length === 0 ? false : undefined;
}

/** Kinds that use Secrets and that were not seen. */
function unseenUsers({ clusterId }: SecretEntry, { clusters }: Told): readonly string[] {
  return unseenAmong(clusters.get(clusterId), USER_KINDS).map(kindOf);
}

function readersOf(entry: SecretEntry, told: Told): readonly string[] {
  const known = told.readers.get(entry.clusterId)?.of(entry.namespace, entry.name) ?? [];
  const unseen = unseenRights(entry, told);
  return unseen.length === 0 ? known : [...known, `whoever ${listed(unseen)} objects let: they are not seen`];
}

/** Kinds that rights are made of and that were not seen: others may read it as well. */
function unseenRights({ clusterId }: SecretEntry, { clusters }: Told): readonly string[] {
  return unseenAmong(clusters.get(clusterId), RBAC_KINDS).map(kindOf);
}

function clusterName({ clusterId }: SecretEntry, { clusters }: Told): string {
  return clusters.get(clusterId)?.name ?? '';
}

function recordOf(entry: SecretEntry, told: Told) {
  return {
    value: (field: string): RecordValue => VALUES.get(field)?.(entry, told),
    texts: [entry.namespace, entry.name, entry.facts?.type ?? '', ...entry.users],
  };
}

const VALUES: ReadonlyMap<string, (entry: SecretEntry, told: Told) => RecordValue> = new Map<
  string,
  (entry: SecretEntry, told: Told) => RecordValue
>([
  ['cluster', clusterName],
  ['namespace', ({ namespace }) => namespace],
  ['name', ({ name }) => name],
  ['type', ({ facts }) => facts?.type],
  ['key', ({ facts }) => facts?.keys],
  ['owner', ({ owner }) => owner],
  ['used', usedOf],
  ['exists', existsOf],
  ['used-by', ({ users }) => users],
  ['readable-by', readersOf],
  ['expires', ({ facts }) => facts?.certificate?.notAfter],
  ['first-seen', ({ firstSeen }) => firstSeen.getTime()],
  ['age', ({ firstSeen }, { now }) => now - firstSeen.getTime()],
]);

function itemOf(entry: SecretEntry, told: Told) {
  const { clusterId, namespace, name, facts, users, owner } = entry;
  const { subject = '', names = [], notAfter } = facts?.certificate ?? {};
  return {
    cluster: { id: clusterId, name: clusterName(entry, told) },
    namespace,
    name,
    type: facts?.type ?? null,
    keys: [...(facts?.keys ?? [])],
    exists: existsOf(entry, told) ?? null,
    mountedBy: [...users],
    mayBeUsedBy: [...unseenUsers(entry, told)],
    readableBy: [...readersOf(entry, told)],
    certificate:
      notAfter === undefined
        ? null
        : { subject, names: [...names], notAfter: new Date(notAfter).toISOString() },
    owner: owner ?? null,
  };
}
