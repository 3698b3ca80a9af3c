import { arrayAt, get, isObject, type Json, type JsonObject, objectAt, stringAt } from '../json.ts';
import { controllerReference } from '../owners.ts';
import type { Parts } from './parts.ts';

/** Stands in a shared body for the pod's own name at the end of a claim's name; no Kubernetes name holds such signs. */
const OWN_NAME = '$(metadata.name)';
/** Stands for the node that a DaemonSet made the pod for. */
const OWN_NODE = '$(spec.nodeName)';
const TOKEN_VOLUME = 'kube-api-access';
const GENERATED_TOKEN_VOLUME = /^kube-api-access-[a-z0-9]{5}$/;

/** A pod's body without what differs between the pods of one template, as far as it is not a field of its own. */
export function sharedPod({ body, instance }: Parts): Parts {
  const spec = objectAt(body, 'spec');
  if (spec === undefined) return { body, instance };
  const name = stringAt(instance, 'metadata', 'name') ?? '';
  const controller = controllerReference({ groupKind: 'Pod', object: instance });
  const steps = [withoutDefaultTolerations, withTokenVolume, claimsOf(name, OWN_NAME)];
  if (controller?.groupKind === 'apps/DaemonSet') steps.push(withoutOwnNode);
  return { body: { ...body, spec: steps.reduce((changed, step) => step(changed), spec) }, instance };
}

/** A pod merged from its halves, with its own name and node where its body has signs for them. */
export function podOf(pod: JsonObject): JsonObject {
  const spec = objectAt(pod, 'spec');
  if (spec === undefined) return pod;
  const name = stringAt(pod, 'metadata', 'name') ?? '';
  const node = stringAt(spec, 'nodeName');
  const whole = claimsOf(OWN_NAME, name)(spec);
  const placed =
    node === undefined ? whole : replacedNodes(whole, (value) => (value === OWN_NODE ? node : value));
  return placed === spec ? pod : { ...pod, spec: placed };
}

type Step = (spec: JsonObject) => JsonObject;

const DEFAULT_SECONDS = 300;

/** What the DefaultTolerationSeconds admission plug-in adds to every pod. */
function withoutDefaultTolerations(spec: JsonObject): JsonObject {
  const tolerations = arrayAt(spec, 'tolerations');
  if (tolerations === undefined) return spec;
  const { tolerations: _all, ...rest } = spec;
  const kept = tolerations.filter((toleration) => !isDefault(toleration));
  return kept.length === 0 ? rest : { ...rest, tolerations: kept };
}

function isDefault(toleration: Json): boolean {
  const key = stringAt(toleration, 'key');
  return (
    (key === 'node.kubernetes.io/not-ready' || key === 'node.kubernetes.io/unreachable') &&
    get(toleration, 'operator') === 'Exists' &&
    get(toleration, 'effect') === 'NoExecute' &&
    get(toleration, 'tolerationSeconds') === DEFAULT_SECONDS
  );
}

/** The volume of the service account's token under one name, where it has a generated one. */
function withTokenVolume(spec: JsonObject): JsonObject {
  const names = (arrayAt(spec, 'volumes') ?? []).map((volume) => stringAt(volume, 'name') ?? '');
  const generated = names.filter((name) => GENERATED_TOKEN_VOLUME.test(name));
  const [only] = generated;
  if (only === undefined || generated.length > 1 || names.includes(TOKEN_VOLUME)) return spec;
  const renamed = (item: Json): Json =>
    isObject(item) && item['name'] === only ? { ...item, name: TOKEN_VOLUME } : item;
  let changed = withList(spec, 'volumes', renamed);
  for (const list of ['initContainers', 'containers', 'ephemeralContainers'])
    changed = withList(changed, list, (container) =>
      isObject(container) ? withList(container, 'volumeMounts', renamed) : container,
    );
  return changed;
}

/** Claims whose name ends in one text, as a StatefulSet names them after the pod, ending in another. */
function claimsOf(from: string, to: string): Step {
  const end = `-${from}`;
  return (spec) =>
    withList(spec, 'volumes', (volume) => {
      const claim = objectAt(volume, 'persistentVolumeClaim');
      const name = stringAt(claim, 'claimName');
      if (
        from === '' ||
        to === '' ||
        !isObject(volume) ||
        claim === undefined ||
        name?.endsWith(end) !== true
      )
        return volume;
      const claimName = `${name.slice(0, -from.length)}${to}`;
      return { ...volume, persistentVolumeClaim: { ...claim, claimName } };
    });
}

/** The node that a DaemonSet's controller names in the affinity of each pod. */
function withoutOwnNode(spec: JsonObject): JsonObject {
  return replacedNodes(spec, () => OWN_NODE);
}

const REQUIRED = ['affinity', 'nodeAffinity', 'requiredDuringSchedulingIgnoredDuringExecution'] as const;

function replacedNodes(spec: JsonObject, replace: (node: string) => string): JsonObject {
  const required = objectAt(spec, ...REQUIRED);
  const terms = arrayAt(required, 'nodeSelectorTerms');
  if (required === undefined || terms === undefined) return spec;
  const changed = withList(required, 'nodeSelectorTerms', (term) =>
    isObject(term) ? withList(term, 'matchFields', (field) => replacedNode(field, replace)) : term,
  );
  if (changed === required) return spec;
  const affinity = objectAt(spec, 'affinity');
  const nodeAffinity = objectAt(affinity, 'nodeAffinity');
  return {
    ...spec,
    affinity: { ...affinity, nodeAffinity: { ...nodeAffinity, [REQUIRED[2]]: changed } },
  };
}

function replacedNode(field: Json, replace: (node: string) => string): Json {
  const values = arrayAt(field, 'values');
  const [node, ...more] = values ?? [];
  if (!isObject(field) || typeof node !== 'string' || more.length > 0) return field;
  if (field['key'] !== 'metadata.name' || field['operator'] !== 'In') return field;
  const replaced = replace(node);
  return replaced === node ? field : { ...field, values: [replaced] };
}

/** An object with the items of one of its lists changed; itself where none is. */
function withList(object: JsonObject, list: string, change: (item: Json) => Json): JsonObject {
  const items = arrayAt(object, list);
  if (items === undefined) return object;
  const changed = items.map(change);
  return changed.some((item, index) => item !== items[index]) ? { ...object, [list]: changed } : object;
}
