import { objectAt, stringAt, type WorkloadView } from '@bulwark/core';

/** Where a pod template's metadata says something about the mesh. */
export interface MeshSetting {
  readonly path: readonly ['labels' | 'annotations', string];
  readonly key: string;
}

/** The value of an annotation or label of the pod template. */
function textOf(
  { workload }: WorkloadView,
  field: 'labels' | 'annotations',
  key: string,
): string | undefined {
  return stringAt(objectAt(workload.metadata, field), key);
}

const OPT_OUTS = [
  ['labels', 'sidecar.istio.io/inject', 'false'],
  ['annotations', 'sidecar.istio.io/inject', 'false'],
  ['labels', 'istio.io/dataplane-mode', 'none'],
  ['annotations', 'linkerd.io/inject', 'disabled'],
] as const;

/** The settings by which a pod stays out of its mesh. */
export function optOutsOf(view: WorkloadView): readonly MeshSetting[] {
  return OPT_OUTS.flatMap(([field, key, value]) =>
    textOf(view, field, key) === value ? [{ path: [field, key], key }] : [],
  );
}

const BYPASSES = [
  'traffic.sidecar.istio.io/excludeInboundPorts',
  'traffic.sidecar.istio.io/excludeOutboundPorts',
  'traffic.sidecar.istio.io/excludeOutboundIPRanges',
  'traffic.sidecar.istio.io/excludeInterfaces',
  'config.linkerd.io/skip-inbound-ports',
  'config.linkerd.io/skip-outbound-ports',
] as const;
/** Lists of what the sidecar takes: an empty one takes nothing. */
const INCLUSIONS = [
  'traffic.sidecar.istio.io/includeInboundPorts',
  'traffic.sidecar.istio.io/includeOutboundIPRanges',
] as const;

/** The annotations by which traffic of a pod goes past its sidecar. */
export function bypassesOf(view: WorkloadView): readonly MeshSetting[] {
  const keys = [
    ...BYPASSES.filter((key) => (textOf(view, 'annotations', key) ?? '') !== ''),
    ...INCLUSIONS.filter((key) => textOf(view, 'annotations', key) === ''),
  ];
  return keys.map((key) => ({ path: ['annotations', key], key }));
}
