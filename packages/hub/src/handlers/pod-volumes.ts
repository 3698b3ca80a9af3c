import { mountsOf } from '@bulwark/analyses';
import {
  arrayAt,
  get,
  isObject,
  type Json,
  type JsonObject,
  objectAt,
  type Resource,
  stringAt,
} from '@bulwark/core';
import { listed } from './words.ts';

/** A volume in words. */
export interface VolumeText {
  readonly name: string;
  readonly type: string;
  readonly detail: string;
}

/** The volumes of a workload: what each is, and where it is mounted. */
export function volumesOf({ object, workloads }: Resource): readonly VolumeText[] {
  const claims = arrayAt(object, 'spec', 'volumeClaimTemplates') ?? [];
  return workloads.flatMap(({ spec, containers }) => {
    const mounted = (name: string): string => {
      const mounts = mountsOf(containers, name).map(
        ({ container, path, isReadOnly }) => `${container} at ${path}${isReadOnly ? ' (read-only)' : ''}`,
      );
      return mounts.length === 0 ? 'mounted nowhere' : `mounted in ${listed(mounts)}`;
    };
    return [
      ...(arrayAt(spec, 'volumes') ?? []).filter(isObject).map((volume) => {
        const name = stringAt(volume, 'name') ?? '';
        const { type, about } = describe(volume);
        return { name, type, detail: [...(about === '' ? [] : [about]), mounted(name)].join('; ') };
      }),
      ...claims.map((claim) => {
        const name = stringAt(claim, 'metadata', 'name') ?? '';
        return {
          name,
          type: 'volumeClaimTemplate',
          detail: `${claimText(objectAt(claim, 'spec'))}; ${mounted(name)}`,
        };
      }),
    ];
  });
}

function describe(volume: JsonObject): { readonly type: string; readonly about: string } {
  const type = Object.keys(volume).find((key) => key !== 'name') ?? 'emptyDir';
  const source = volume[type];
  return { type, about: isObject(source) ? (ABOUT.get(type)?.(source) ?? '') : '' };
}

const field =
  (name: string) =>
  (source: JsonObject): string =>
    stringAt(source, name) ?? '';

/** What is worth telling of each type of volume (core/v1 Volume). */
const ABOUT: ReadonlyMap<string, (source: JsonObject) => string> = new Map(
  Object.entries({
    configMap: field('name'),
    secret: field('secretName'),
    persistentVolumeClaim: field('claimName'),
    csi: field('driver'),
    image: field('reference'),
    nfs: (source: JsonObject) => `${stringAt(source, 'server') ?? ''}:${stringAt(source, 'path') ?? ''}`,
    hostPath: (source: JsonObject) => `${stringAt(source, 'path') ?? ''} of the node`,
    emptyDir: (source: JsonObject) =>
      [
        ...(stringAt(source, 'medium') === 'Memory' ? ['in memory'] : []),
        ...(get(source, 'sizeLimit') === undefined
          ? []
          : [`up to ${JSON.stringify(get(source, 'sizeLimit')).replaceAll('"', '')}`]),
      ].join(', '),
    ephemeral: (source: JsonObject) => claimText(objectAt(source, 'volumeClaimTemplate', 'spec')),
    projected: (source: JsonObject) => listed((arrayAt(source, 'sources') ?? []).flatMap(projectedText)),
  }),
);

function projectedText(source: Json): string[] {
  if (!isObject(source)) return [];
  const token = objectAt(source, 'serviceAccountToken');
  if (token !== undefined) {
    const audience = stringAt(token, 'audience');
    return [`a token of the service account${audience === undefined ? '' : ` for ${audience}`}`];
  }
  return Object.entries(source).map(([type, each]) => {
    const name = stringAt(each, 'name');
    return name === undefined ? type : `${type} ${name}`;
  });
}

function claimText(spec: JsonObject | undefined): string {
  const size = get(spec, 'resources', 'requests', 'storage');
  const storageClass = stringAt(spec, 'storageClassName');
  return [
    ...(size === undefined ? [] : [JSON.stringify(size).replaceAll('"', '')]),
    ...(storageClass === undefined ? [] : [`of class ${storageClass}`]),
  ].join(' ');
}
