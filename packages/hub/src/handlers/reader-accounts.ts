import type { Subject } from '@bulwark/analyses';
import { type ClusterFacts, objectsOf, type Scope, type Store } from '@bulwark/store';
import { seenKinds } from './passport-context.ts';

const SERVICE_ACCOUNT = 'ServiceAccount';

/** Whether a subject is there; null where that is not known, and for users and groups, which are no objects. */
export type Existence = (subject: Subject) => boolean | null;

/** Which of the service accounts among some subjects there are: a binding may name one that nobody has made. */
export async function accountsAmong(
  store: Store,
  scope: Scope,
  {
    cluster,
    subjects,
    asOf,
  }: {
    readonly cluster: ClusterFacts | undefined;
    readonly subjects: readonly Subject[];
    readonly asOf: Date | undefined;
  },
): Promise<Existence> {
  const names = subjects.filter(isAccount).map(({ name }) => name);
  if (cluster === undefined || names.length === 0 || !seenKinds(cluster)(SERVICE_ACCOUNT)) return () => null;
  const objects = await objectsOf(store, scope, {
    cluster: cluster.id,
    kinds: [SERVICE_ACCOUNT],
    names,
    asOf,
  });
  const there = new Set(objects.map(({ namespace, name }) => `${namespace}/${name}`));
  return (subject) => {
    if (!isAccount(subject)) return null;
    if (there.has(`${subject.namespace}/${subject.name}`)) return true;
    return scope.namespaces === 'all' || scope.namespaces.includes(subject.namespace) ? false : null;
  };
}

function isAccount({ kind }: Subject): boolean {
  return kind === SERVICE_ACCOUNT;
}
