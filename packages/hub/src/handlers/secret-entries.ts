import { SECRET_USERS, type SecretUse, secretUses } from '@bulwark/analyses';
import { type JsonObject, objectAt, stringAt } from '@bulwark/core';
import { type HashedRecord, hashedObjects, type Scope, type Store } from '@bulwark/store';
import { BodyFacts } from './body-facts.ts';
import { kindOf } from './convert.ts';
import { groupBy } from './group-by.ts';
import { KeptByState } from './kept-by-state.ts';
import { ownersIn } from './owner-names.ts';
import { resourceOfBody } from './pod-security.ts';

/** What is stored of a Secret besides its name: never a value. */
export interface SecretFacts {
  readonly type: string | undefined;
  readonly keys: readonly string[];
  readonly certificate:
    | { readonly subject: string; readonly names: readonly string[]; readonly notAfter: number }
    | undefined;
  /** The service account whose token it holds. */
  readonly tokenOf: string | undefined;
}

/** An object that uses a Secret. */
export interface SecretUser {
  /** With its API group, as a World has it. */
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly isWorkload: boolean;
}

/** A Secret, whether seen itself or only named by others. */
export interface SecretEntry {
  readonly clusterId: number;
  readonly namespace: string;
  readonly name: string;
  /** Undefined where it was not seen. */
  readonly facts: SecretFacts | undefined;
  /** What uses it, by kind and name. */
  readonly users: readonly string[];
  /** The same, to be looked up. */
  readonly usedBy: readonly SecretUser[];
  readonly owner: string | undefined;
  readonly firstSeen: Date;
  /** When it, or something that uses it, was last changed. */
  readonly changed: Date;
}

/** The kind. */
export const SECRET = 'Secret';
const CHOICE = { kinds: [SECRET, ...SECRET_USERS], withWorkloads: true };

/** The Secrets of each cluster: those that were seen, and those that others name. */
export const secretEntries = new KeptByState<readonly SecretEntry[]>(CHOICE, read);

const facts = new BodyFacts((body) => ({
  secret: secretFacts(body),
  uses: secretUses(resourceOfBody(body)),
}));

async function read(store: Store, scope: Scope, asOf: Date | undefined): Promise<readonly SecretEntry[]> {
  const records = await hashedObjects(store, scope, { ...CHOICE, asOf });
  const known = await facts.of(
    store,
    scope,
    records.flatMap(({ bodyHash, podBodies }) => [bodyHash, ...podBodies]),
  );
  const drafts = new Drafts();
  for (const record of records) {
    const secret = record.kind === SECRET ? known.get(record.bodyHash)?.secret : undefined;
    if (secret !== undefined) drafts.see(record, secret);
  }
  const workloads = groupBy(
    records.filter(({ isWorkload }) => isWorkload),
    ({ namespace, serviceAccount }) => `${namespace}|${serviceAccount}`,
  );
  // What a pod that runs uses, its workload uses, whatever the template says.
  const usesOf = ({ bodyHash, podBodies }: HashedRecord): readonly SecretUse[] =>
    [bodyHash, ...podBodies].flatMap((hash) => known.get(hash)?.uses ?? []);
  for (const record of records)
    for (const use of usesOf(record)) {
      const namespace = use.namespace ?? record.namespace;
      if (scope.namespaces !== 'all' && !scope.namespaces.includes(namespace)) continue;
      drafts.use({ namespace, name: use.name }, record);
      if (record.kind !== 'ServiceAccount' || use.isForImages !== true) continue;
      // Pods pull images with what their service account names, unless they name something themselves.
      for (const workload of workloads.get(`${namespace}|${record.name}`) ?? [])
        if (usesOf(workload).every(({ isForImages }) => isForImages !== true))
          drafts.use({ namespace, name: use.name }, workload);
    }
  return drafts.entries();
}

function secretFacts(body: JsonObject): SecretFacts | undefined {
  if (body['kind'] !== SECRET) return undefined;
  const keys = ['data', 'stringData'].flatMap((field) => Object.keys(objectAt(body, field) ?? {}));
  const certificate = objectAt(body, 'certificate');
  const notAfter = Date.parse(stringAt(certificate, 'notAfter') ?? '');
  const names = certificate?.['names'];
  return {
    type: stringAt(body, 'type'),
    keys: [...new Set(keys)].sort(),
    certificate: Number.isNaN(notAfter)
      ? undefined
      : {
          subject: stringAt(certificate, 'subject') ?? '',
          names: Array.isArray(names) ? names.filter((name) => typeof name === 'string') : [],
          notAfter,
        },
    tokenOf: stringAt(body, 'metadata', 'annotations', 'kubernetes.io/service-account.name'),
  };
}

interface Draft {
  readonly clusterId: number;
  readonly namespace: string;
  readonly name: string;
  seen: { readonly facts: SecretFacts; readonly team: string | null; readonly firstSeen: Date } | undefined;
  readonly users: Map<string, SecretUser>;
  readonly teams: Set<string>;
  firstUsed: Date;
  changed: Date;
}

class Drafts {
  private readonly byName = new Map<string, Draft>();

  see(record: HashedRecord, secret: SecretFacts): void {
    const draft = this.of(record, record);
    draft.seen = { facts: secret, team: record.team, firstSeen: record.firstSeen };
    if (secret.tokenOf !== undefined)
      draft.users.set(`ServiceAccount ${secret.tokenOf}`, {
        kind: 'ServiceAccount',
        namespace: record.namespace,
        name: secret.tokenOf,
        isWorkload: false,
      });
  }

  use(named: { readonly namespace: string; readonly name: string }, by: HashedRecord): void {
    const draft = this.of(named, by);
    const place = by.namespace === named.namespace || by.namespace === '' ? '' : `${by.namespace}/`;
    const { kind, namespace, name, isWorkload } = by;
    draft.users.set(`${kindOf(kind)} ${place}${name}`, { kind, namespace, name, isWorkload });
    if (by.team !== null) draft.teams.add(by.team);
  }

  entries(): readonly SecretEntry[] {
    return [...this.byName.values()].map(
      ({ clusterId, namespace, name, seen, users, teams, firstUsed, changed }) => {
        const [only, ...others] = ownersIn([...teams]);
        return {
          clusterId,
          namespace,
          name,
          facts: seen?.facts,
          users: [...users.keys()].sort(),
          usedBy: [...users].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, user]) => user),
          // Its own owner; else the team that alone uses it.
          owner: seen?.team ?? (others.length === 0 ? only : undefined),
          firstSeen: seen?.firstSeen ?? firstUsed,
          changed,
        };
      },
    );
  }

  private of(
    { namespace, name }: { readonly namespace: string; readonly name: string },
    by: HashedRecord,
  ): Draft {
    const { clusterId, firstSeen, changed } = by;
    const key = `${namespace}|${name}`;
    let draft = this.byName.get(key);
    if (draft === undefined) {
      const nobody = { users: new Map<string, SecretUser>(), teams: new Set<string>() };
      draft = { clusterId, namespace, name, seen: undefined, ...nobody, firstUsed: firstSeen, changed };
      this.byName.set(key, draft);
    }
    if (firstSeen < draft.firstUsed) draft.firstUsed = firstSeen;
    if (changed > draft.changed) draft.changed = changed;
    return draft;
  }
}
