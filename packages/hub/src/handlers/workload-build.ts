import {
  AppError,
  differencesSinceBuild,
  imageNameOf,
  joinContent,
  manifestOf,
  withoutSeenPods,
} from '@bulwark/core';
import {
  buildsOf,
  findResource,
  makersOf,
  podsOf,
  type Scope,
  type Store,
  type StoredObject,
} from '@bulwark/store';
import { buildItem } from './build-item.ts';
import { type RunningContainer, runningContainers } from './running-containers.ts';
import { runningPodsOf } from './running-pods.ts';
import { resourceOf } from './stored-world.ts';

/** A workload at a moment; undefined for the present one. */
export interface WorkloadKey {
  readonly cluster: number;
  /** With its API group: apps/Deployment. */
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly asOf: Date | undefined;
}

const MOST_DIFFERENCES = 50;

/**
 * Who built a workload.
 *
 * @throws AppError `not-found` where there is no such object, or it is out of scope.
 */
export async function workloadBuildOf(store: Store, scope: Scope, key: WorkloadKey) {
  const [object, pods] = await Promise.all([findResource(store, scope, key), podsOf(store, scope, key)]);
  if (object === undefined) throw new AppError('not-found');
  const running = await runningPodsOf(store, scope, { key, object });
  const containers = runningContainers({ resource: resourceOf(object), running, pods });
  return buildOf(store, scope, { key, object, containers });
}

/** What is known of an object, and what it runs. */
export interface Deployed {
  readonly key: WorkloadKey;
  readonly object: StoredObject;
  readonly containers: readonly RunningContainer[];
}

/**
 * The version of its manifest that runs, if one was built; else the last one, with what has changed since. Several builds of
 * one version are one: the last says what is known of it. What its pods run besides was judged by none of them.
 */
export async function buildOf(store: Store, scope: Scope, { key, object, containers }: Deployed) {
  const runs = containers.filter(({ isRunning }) => isRunning);
  const digests = [...new Set(runs.flatMap((container) => container.digests))].sort();
  const others = runs.flatMap(({ name, image, isInTemplate, inPods }) =>
    isInTemplate || inPods === null ? [] : [{ container: name, image, inPods }],
  );
  const asked = { ...key, images: object.images.map(imageNameOf) };
  const [versions, makers] = await Promise.all([
    buildsOf(store, scope, asked),
    makersOf(store, scope, asked, digests),
  ]);
  const deployed = withoutSeenPods(joinContent(object));
  const compared = versions.map(({ content, ...record }) => ({
    record,
    // Made anew, as what is redacted may have become more since it was recorded.
    differences: differencesSinceBuild(manifestOf(content)?.content ?? content, deployed),
  }));
  const running = compared.find(({ differences }) => differences.length === 0) ?? compared[0];
  const images = digests.map((digest) => {
    const maker = makers.get(digest);
    return { digest, record: maker === undefined ? null : buildItem(maker) };
  });
  if (running === undefined)
    return { state: 'never' as const, record: null, differences: [], others, images };
  return {
    state: running.differences.length === 0 ? ('same' as const) : ('changed' as const),
    record: buildItem(running.record),
    differences: running.differences.slice(0, MOST_DIFFERENCES).map((difference) => ({ ...difference })),
    others,
    images,
  };
}
