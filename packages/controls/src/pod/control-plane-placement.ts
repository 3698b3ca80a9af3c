import {
  arrayAt,
  controllerReference,
  defineControl,
  get,
  type Json,
  type JsonObject,
  objectAt,
  type Path,
  stringAt,
  type WorkloadView,
  workloads,
} from '@bulwark/core';

const LABELS = new Set<unknown>(['node-role.kubernetes.io/control-plane', 'node-role.kubernetes.io/master']);
const EFFECTS = new Set<unknown>([undefined, null, '', 'NoSchedule']);
const TERMS: Path = [
  'affinity',
  'nodeAffinity',
  'requiredDuringSchedulingIgnoredDuringExecution',
  'nodeSelectorTerms',
];

export const controlPlanePlacement = defineControl({
  id: 'control-plane-placement',
  aliases: ['kyverno:restrict-controlplane-scheduling'],
  title: 'Workloads must stay away from the nodes of the control plane',
  problem: 'may run on nodes of the control plane',
  message: '{resource} {state}.',
  severity: 'medium',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'The nodes of the control plane hold the keys of the cluster and the data of etcd. A container that breaks out there has the cluster, while on another node it has that node. The taint of these nodes is the fence, and a toleration is the gate in it.',
  remediation:
    'Remove the toleration, nodeSelector or affinity. A toleration without a key matches every taint: name the one that is meant. Agents for every node are DaemonSets, which this control does not judge. Where a cluster has only one node there is no other place.',
  references: [
    'https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/',
    'https://kubernetes.io/docs/reference/labels-annotations-taints/#node-role-kubernetes-io-control-plane-taint',
  ],
  attack: ['T1610', 'T1611'],
  appliesTo: workloads,
  looks: 'object',
  reads: [],
  notApplicable: whyAllowed,
  *evaluate({ spec, at }) {
    for (const [index, toleration] of (arrayAt(spec, 'tolerations') ?? []).entries()) {
      const state = tolerated(toleration);
      if (state !== undefined) yield at(['tolerations', index], { state });
    }
    for (const path of selections(spec)) yield at(path, { state: 'asks for nodes of the control plane' });
  },
});

function whyAllowed({ resource }: WorkloadView): string | undefined {
  if (resource.namespace === 'kube-system') return 'Parts of the cluster run on its control plane.';
  const kinds = [resource.groupKind, controllerReference(resource)?.groupKind];
  return kinds.includes('apps/DaemonSet') ? 'A DaemonSet is meant for every node.' : undefined;
}

function tolerated(toleration: Json): string | undefined {
  if (!EFFECTS.has(get(toleration, 'effect'))) return undefined;
  if (LABELS.has(get(toleration, 'key'))) return 'tolerates the taint of the control plane';
  const key = stringAt(toleration, 'key') ?? '';
  return key === '' && get(toleration, 'operator') === 'Exists' ? 'tolerates every taint' : undefined;
}

function* selections(spec: JsonObject): Generator<Path> {
  for (const label of Object.keys(objectAt(spec, 'nodeSelector') ?? {}))
    if (LABELS.has(label)) yield ['nodeSelector', label];
  for (const [term, item] of (arrayAt(spec, ...TERMS) ?? []).entries())
    for (const [index, expression] of (arrayAt(item, 'matchExpressions') ?? []).entries())
      if (
        LABELS.has(get(expression, 'key')) &&
        ['In', 'Exists'].includes(stringAt(expression, 'operator') ?? '')
      )
        yield [...TERMS, term, 'matchExpressions', index];
}
