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
import { digestsOf } from './image-digests.ts';

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
  return buildOf(store, scope, { key, object, digests: digestsOf(object, pods) });
}

/** What is known of an object, and the images that it runs, by digest. */
export interface Deployed {
  readonly key: WorkloadKey;
  readonly object: StoredObject;
  readonly digests: readonly string[];
}

/**
 * The version of its manifest that runs, if one was built; else the last one, with what has changed since. Several builds of
 * one version are one: the last says what is known of it.
 */
export async function buildOf(store: Store, scope: Scope, { key, object, digests }: Deployed) {
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
  if (running === undefined) return { state: 'never' as const, record: null, differences: [], images };
  return {
    state: running.differences.length === 0 ? ('same' as const) : ('changed' as const),
    record: buildItem(running.record),
    differences: running.differences.slice(0, MOST_DIFFERENCES).map((difference) => ({ ...difference })),
    images,
  };
}
