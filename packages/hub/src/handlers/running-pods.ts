import { joinContent, type Resource, toResource } from '@bulwark/core';
import { bodiesOf, runningBodiesOf, type Scope, type Store, type StoredObject } from '@bulwark/store';
import { seenInPodsOf } from '../cluster/recalled.ts';
import type { WorkloadKey } from './workload-build.ts';

/** The pods of one content that run for a workload. */
export interface RunningPods {
  /** One of them, without what is each pod's own. */
  readonly resource: Resource;
  readonly bodyHash: string;
  readonly pods: number;
}

/** Something that a template or its running pods have. */
export interface Marked<T> {
  readonly item: T;
  readonly isInTemplate: boolean;
  /** Whether a running pod has it; where none runs, whether one would. */
  readonly isRunning: boolean;
  /** Where the pods are not as the template: "only in 1 of 3 pods, not in the template"; null where they are. */
  readonly inPods: string | null;
}

/**
 * What runs of a workload, by content: pods need not be as their template. Admission adds to them, an image is changed in
 * one of them, somebody debugs in one, and a rollout that stands still leaves those of before. None where the workload is
 * its own pod, or is put together from its pods.
 */
export async function runningPodsOf(
  store: Store,
  scope: Scope,
  { key, object }: { readonly key: WorkloadKey; readonly object: StoredObject },
): Promise<readonly RunningPods[]> {
  if (key.kind === 'Pod' || seenInPodsOf(object) !== undefined) return [];
  const running = await runningBodiesOf(store, scope, key);
  const bodies = await bodiesOf(
    store,
    scope,
    running.map(({ hash }) => hash),
  );
  const contents = new Map(bodies.map(({ hash, content }) => [hash, content]));
  const instance = { metadata: { name: key.name, namespace: key.namespace } };
  return running.flatMap(({ hash, pods }) => {
    const body = contents.get(hash);
    if (body === undefined) return [];
    const resource = toResource(joinContent({ body, instance }), ORIGIN);
    return [{ resource, bodyHash: hash, pods }];
  });
}

const ORIGIN = { kind: 'cluster', cluster: '', resourceVersion: '' } as const;

/** What is told of a template, and of what runs. */
export interface Told<T> {
  readonly template: readonly T[];
  readonly running: readonly { readonly items: readonly T[]; readonly pods: number }[];
  /** Whether a pod has to have all that its template has: not where it may be of another template. */
  readonly isOfOne: boolean;
}

/** What is told of a workload's templates and of what runs, by what is told of one of them. */
export function toldOf<T>(
  { resource, running }: { readonly resource: Resource; readonly running: readonly RunningPods[] },
  itemsOf: (resource: Resource) => readonly T[],
): Told<T> {
  return {
    template: itemsOf(resource),
    running: running.map((each) => ({ items: itemsOf(each.resource), pods: each.pods })),
    isOfOne: resource.workloads.length === 1,
  };
}

/** The items of a template, and after them those of its pods that it has not; each once, by what is told of it. */
export function marked<T>(
  { template, running, isOfOne }: Told<T>,
  keyOf: (item: T) => unknown = (item) => item,
): readonly Marked<T>[] {
  const all = running.reduce((sum, { pods }) => sum + pods, 0);
  const found = new Map<string, { readonly item: T; readonly isInTemplate: boolean; pods: number }>();
  const see = (items: readonly T[], isInTemplate: boolean, pods: number): void => {
    for (const [key, item] of new Map(items.map((each) => [JSON.stringify(keyOf(each)), each]))) {
      const known = found.get(key);
      if (known === undefined) found.set(key, { item, isInTemplate, pods });
      else known.pods += pods;
    }
  };
  see(template, true, 0);
  for (const { items, pods } of running) see(items, false, pods);
  return [...found.values()].map(({ item, isInTemplate, pods }) => ({
    item,
    isInTemplate,
    isRunning: pods > 0 || all === 0,
    inPods: isInTemplate && (!isOfOne || pods === all) ? null : whereText(isInTemplate, pods, all),
  }));
}

/** The same, each as it is with where it holds. */
export function withPods<T extends object>(
  told: Told<T>,
  keyOf?: (item: T) => unknown,
): readonly (T & { readonly inPods: string | null })[] {
  return marked(told, keyOf).map(({ item, inPods }) => ({ ...item, inPods }));
}

/** Sentences of a template, and after them those of its pods that it has not, each with where it holds. */
export function sentencesWithPods(told: Told<string>): readonly string[] {
  return marked(told).map(({ item, inPods }) => (inPods === null ? item : `${item} That is so ${inPods}.`));
}

function whereText(isInTemplate: boolean, pods: number, all: number): string {
  if (isInTemplate) {
    const where =
      pods > 0 ? `in ${pods} of ${all} pods` : all === 1 ? 'not in its pod' : `in none of ${all} pods`;
    return `in the template, ${where}`;
  }
  const where =
    pods < all ? `only in ${pods} of ${all} pods` : all === 1 ? 'in its pod' : `in all ${all} pods`;
  return `${where}, not in the template`;
}
