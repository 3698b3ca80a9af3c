import type { GroupKind } from '../group-kind.ts';
import { arrayAt, isObject, type Json, type JsonObject, stringAt } from '../json.ts';
import { pick } from './parts.ts';

type Keep = (status: JsonObject) => JsonObject;

const only =
  (...fields: readonly string[]): Keep =>
  (status) =>
    pick(status, fields);

/** What of a kind's status matters to security; of any other kind nothing does. */
const KEPT: ReadonlyMap<GroupKind, Keep> = new Map([
  ['Namespace', only('phase')],
  ['Node', keepNode],
  ['PersistentVolume', only('phase')],
  ['PersistentVolumeClaim', only('phase')],
  ['Pod', keepPod],
  ['Service', only('loadBalancer')],
  ['apiregistration.k8s.io/APIService', keepConditions],
  ['certificates.k8s.io/CertificateSigningRequest', keepConditions],
  ['extensions/Ingress', only('loadBalancer')],
  ['gateway.networking.k8s.io/Gateway', only('addresses')],
  ['networking.k8s.io/Ingress', only('loadBalancer')],
]);

/** The status as a field of the object to be kept; nothing where nothing of it matters. */
export function keptStatus(status: Json | undefined, kind: GroupKind): JsonObject {
  const kept = isObject(status) ? KEPT.get(kind)?.(status) : undefined;
  return kept === undefined || Object.keys(kept).length === 0 ? {} : { status: kept };
}

const IMAGE_LISTS = ['initContainerStatuses', 'containerStatuses', 'ephemeralContainerStatuses'] as const;

/** Addresses, phase, and which image each container really runs. */
function keepPod(status: JsonObject): JsonObject {
  const images: Record<string, Json> = {};
  for (const list of IMAGE_LISTS) {
    const known = (arrayAt(status, list) ?? []).filter(isRunningImage);
    if (known.length > 0) images[list] = known.map((item) => pick(item, ['name', 'imageID'])).sort(byName);
  }
  return { ...pick(status, ['phase', 'hostIP', 'podIP', 'podIPs']), ...images };
}

function isRunningImage(item: Json): item is JsonObject {
  return isObject(item) && typeof item['imageID'] === 'string' && item['imageID'] !== '';
}

function byName(a: JsonObject, b: JsonObject): number {
  return (stringAt(a, 'name') ?? '') < (stringAt(b, 'name') ?? '') ? -1 : 1;
}

const NODE_INFO = [
  'kernelVersion',
  'osImage',
  'containerRuntimeVersion',
  'kubeletVersion',
  'kubeProxyVersion',
  'operatingSystem',
  'architecture',
];

function keepNode(status: JsonObject): JsonObject {
  const info = status['nodeInfo'];
  return {
    ...pick(status, ['addresses']),
    ...(isObject(info) && { nodeInfo: pick(info, NODE_INFO) }),
    ...keepConditions(status),
  };
}

/** Conditions without their times and messages, which change with every heartbeat. */
function keepConditions(status: JsonObject): JsonObject {
  const conditions = arrayAt(status, 'conditions');
  if (conditions === undefined) return {};
  return {
    conditions: conditions.map((item) => (isObject(item) ? pick(item, ['type', 'status', 'reason']) : item)),
  };
}
