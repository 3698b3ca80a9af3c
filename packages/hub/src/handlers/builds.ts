import type { BuildRecordBody } from '@bulwark/api';
import {
  AppError,
  BUILD_FIELDS,
  type JsonObject,
  kindOfAddress,
  type Manifest,
  manifestOf,
  redactAddress,
  redactText,
  SEVERITIES,
} from '@bulwark/core';
import { findBuild, listBuilds, recordBuild, type Store } from '@bulwark/store';
import { holdsNamespace, type Limits } from '../access/limits.ts';
import type { Handlers } from '../http/handler.ts';
import { buildItem } from './build-item.ts';
import { namespaceOfPath, scopeFor } from './convert.ts';
import { listRequestOf } from './list-request.ts';
import { workloadBuildOf } from './workload-build.ts';

/** What builds say of what they judged, and whether it is what runs. */
export function buildHandlers(
  store: Store,
): Handlers<'createBuildRecord' | 'listBuildRecords' | 'getBuildRecord' | 'getWorkloadBuild'> {
  return {
    createBuildRecord: async ({ body }, { caller, now }) => {
      const manifests = manifestsOf(body.manifests, caller.limits);
      const { findings, at, manifests: _written, ...facts } = withoutSecrets(body);
      const made = await recordBuild(store, {
        ...facts,
        counts: SEVERITIES.toReversed().map((severity) => findings[severity]),
        at: new Date(at),
        manifests,
        received: now,
        postedBy: caller.user,
        limits: caller.limits,
      });
      return { ...made, objects: manifests.length };
    },
    listBuildRecords: async ({ query }, { caller, now }) => {
      const page = await listBuilds(store, scopeFor(caller), listRequestOf(query, BUILD_FIELDS, now));
      return { ...page, items: page.items.map(buildItem) };
    },
    getBuildRecord: async ({ params }, { caller }) => {
      const found = await findBuild(store, scopeFor(caller), params.id);
      if (found === undefined) throw new AppError('not-found');
      const { objects: _objects, images: _images, ...item } = buildItem(found.record);
      return { ...item, objects: [...found.objects], images: [...found.images] };
    },
    getWorkloadBuild: ({ params, query }, { caller }) =>
      workloadBuildOf(store, scopeFor(caller, params.cluster), {
        cluster: params.cluster,
        kind: kindOfAddress(params.kind),
        namespace: namespaceOfPath(params.namespace),
        name: params.name,
        asOf: query.asOf === undefined ? undefined : new Date(query.asOf),
      }),
  };
}

/** What a build says of itself, whoever has sent it; no longer than it was, for its lengths are limited. */
function withoutSecrets(body: BuildRecordBody): BuildRecordBody {
  const { repository, ref, run, author, images } = body;
  const line = (text: string): string => redactText(text).slice(0, text.length);
  const address = run && redactAddress(run).slice(0, run.length);
  return {
    ...body,
    repository: line(repository),
    ref: ref && line(ref),
    // The name of a host is part of no address any more where a secret stood in it.
    run: address !== null && URL.canParse(address) ? address : null,
    author: author && line(author),
    images: images.map((image) => ({ ...image, name: line(image.name) })),
  };
}

const MOST_NAMED = 5;

/**
 * The manifests of a record, each made anew: what is kept holds no secret whatever a client has sent.
 *
 * @throws AppError `bad-request` for what is no object with a name, `not-allowed` for namespaces beyond the caller's limits.
 */
function manifestsOf(written: BuildRecordBody['manifests'], limits: Limits): readonly Manifest[] {
  const made = written.map((object) => manifestOf(object as JsonObject));
  const errors = made.flatMap((manifest, index) =>
    manifest === undefined
      ? [{ path: `manifests.${index}`, message: 'must be an object with apiVersion, kind and metadata.name' }]
      : [],
  );
  if (errors.length > 0) throw new AppError('bad-request', { errors });
  const manifests = made.filter((manifest) => manifest !== undefined);
  const beyond = manifests.filter(({ namespace }) => namespace !== '' && !holdsNamespace(limits, namespace));
  if (beyond.length > 0)
    throw new AppError('not-allowed', {
      detail: `The token may say nothing of the namespaces of ${beyond
        .slice(0, MOST_NAMED)
        .map(({ kind, namespace, name }) => `${kind} ${namespace}/${name}`)
        .join(', ')}${beyond.length > MOST_NAMED ? ` and ${beyond.length - MOST_NAMED} more` : ''}.`,
    });
  return manifests;
}
