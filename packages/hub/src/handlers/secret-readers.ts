import {
  allowsResource,
  CLUSTER_ROLE,
  CLUSTER_ROLE_BINDING,
  effectiveRules,
  ROLE,
  ROLE_BINDING,
  type Rule,
  type Subject,
  subjectKey,
  subjectsOf,
} from '@bulwark/analyses';
import { World, type WorldView } from '@bulwark/core';
import { objectsOf, type Scope, type Store, stateOfKinds, within } from '@bulwark/store';
import { resourceOf } from './stored-world.ts';

/** The kinds of RBAC. */
export const RBAC_KINDS = [ROLE, CLUSTER_ROLE, ROLE_BINDING, CLUSTER_ROLE_BINDING] as const;

/** Said where cluster-wide objects are beyond what a caller may see. */
const NOT_SHOWN = 'whoever cluster-wide roles and bindings let: not shown, as you see some namespaces only';

/** Who may read Secrets. */
export interface SecretReaders {
  /** Subjects that may get, list or watch a Secret, people first. */
  of(namespace: string, name: string): readonly string[];
}

interface Reader {
  readonly who: string;
  /** Undefined for every name. */
  readonly names: readonly string[] | undefined;
}

const known = new WeakMap<Store, Map<string, { state: string; readers: SecretReaders }>>();

/** Who may read the Secrets of some clusters; worked out anew only where their RBAC has changed. */
export async function secretReaders(
  store: Store,
  scope: Scope,
  { clusters, asOf }: { readonly clusters: Iterable<number>; readonly asOf?: Date | undefined },
): Promise<ReadonlyMap<number, SecretReaders>> {
  const states = await stateOfKinds(store, scope, { kinds: RBAC_KINDS, asOf });
  const cache = known.get(store) ?? new Map<string, { state: string; readers: SecretReaders }>();
  known.set(store, cache);
  const found = new Map<number, SecretReaders>();
  for (const cluster of new Set(clusters)) {
    const state = states.get(cluster) ?? '';
    // Views that are limited are small, and as many as there are teams.
    const isKept = scope.namespaces === 'all' && asOf === undefined;
    const kept = isKept ? cache.get(String(cluster)) : undefined;
    const readers =
      kept?.state === state
        ? kept.readers
        : readersIn(await rbacOf(store, within(scope, cluster), cluster, asOf), scope.namespaces === 'all');
    if (isKept) cache.set(String(cluster), { state, readers });
    found.set(cluster, readers);
  }
  return found;
}

async function rbacOf(
  store: Store,
  scope: Scope,
  cluster: number,
  asOf: Date | undefined,
): Promise<WorldView> {
  const objects = await objectsOf(store, scope, { cluster, kinds: RBAC_KINDS, asOf });
  return World.of(objects.map(resourceOf)).world;
}

function readersIn(world: WorldView, isWhole: boolean): SecretReaders {
  const index = world.get(effectiveRules);
  const byNamespace = new Map<string, Reader[]>();
  for (const subject of index.subjects)
    for (const { binding, namespace, rules } of index.grantsOf(subject)) {
      // What a subject has through its groups is told of the groups.
      if (!subjectsOf(binding).some((each) => subjectKey(each) === subjectKey(subject))) continue;
      const readers = rules.flatMap((rule) => readerBy(rule, subject));
      byNamespace.set(namespace, [...(byNamespace.get(namespace) ?? []), ...readers]);
    }
  return {
    of(namespace, name) {
      const fitting = [...(byNamespace.get('') ?? []), ...(byNamespace.get(namespace) ?? [])]
        .filter(({ names }) => names === undefined || names.includes(name))
        .map(({ who }) => who);
      const sorted = [...new Set(fitting)].sort((a, b) => rankOf(a) - rankOf(b) || (a < b ? -1 : 1));
      return isWhole ? sorted : [...sorted, NOT_SHOWN];
    },
  };
}

const VERBS = ['get', 'list', 'watch'];

function readerBy(rule: Rule, subject: Subject): Reader[] {
  const [name] = rule.resourceNames;
  const isReader = VERBS.some((verb) =>
    allowsResource(rule, { verb, group: '', resource: 'secrets', ...(name !== undefined && { name }) }),
  );
  if (!isReader) return [];
  return [{ who: subjectName(subject), names: name === undefined ? undefined : rule.resourceNames }];
}

/** A subject as people write it. */
export function subjectName({ kind, namespace, name }: Subject): string {
  return kind === 'ServiceAccount' ? `ServiceAccount ${namespace}/${name}` : `${kind} ${name}`;
}

/** What every cluster has of its own comes last. */
function rankOf(who: string): number {
  return /^(?:User|Group) system:|^ServiceAccount kube-system\//.test(who) ? 1 : 0;
}
