import {
  arrayAt,
  compileSelector,
  get,
  type Json,
  labelsOf,
  objectAt,
  stringAt,
  type Workload,
  type WorkloadView,
} from '@bulwark/core';

/** Labels that controllers add to the pods that they make. */
const ADDED = new Set([
  'apps.kubernetes.io/pod-index',
  'batch.kubernetes.io/controller-uid',
  'batch.kubernetes.io/job-name',
  'controller-revision-hash',
  'controller-uid',
  'job-name',
  'pod-template-generation',
  'pod-template-hash',
  'rollouts-pod-template-hash',
  'statefulset.kubernetes.io/pod-name',
]);

/** Whether a selector is for the pods of this template; undefined where that cannot be known. */
export function selectsItself(selector: Json | undefined, workload: Workload): boolean | undefined {
  const compiled = compileSelector(selector, { absent: 'nothing' });
  if (!compiled.ok) return undefined;
  if (compiled.value.requirements.some(({ key }) => ADDED.has(key))) return undefined;
  return compiled.value.matches(labelsOf(workload.metadata));
}

/** The keys of nodes' labels over which the pods of a template spread themselves, and by what. */
export function spreadKeys({ workload, resource }: WorkloadView): ReadonlySet<string> {
  const anti = objectAt(workload.spec, 'affinity', 'podAntiAffinity');
  const required = arrayAt(anti, 'requiredDuringSchedulingIgnoredDuringExecution') ?? [];
  const preferred = arrayAt(anti, 'preferredDuringSchedulingIgnoredDuringExecution') ?? [];
  const terms = [...required, ...preferred.map((item) => get(item, 'podAffinityTerm'))].filter((term) =>
    isHere(term, resource.namespace),
  );
  const constraints = arrayAt(workload.spec, 'topologySpreadConstraints') ?? [];
  const keys = new Set<string>();
  for (const item of [...terms, ...constraints]) {
    const key = stringAt(item, 'topologyKey');
    if (key !== undefined && selectsItself(get(item, 'labelSelector'), workload) !== false) keys.add(key);
  }
  return keys;
}

/** Whether an affinity term is for the namespace of its own pod. */
function isHere(term: Json | undefined, namespace: string): boolean {
  const named = arrayAt(term, 'namespaces') ?? [];
  return named.length === 0 || named.includes(namespace) || objectAt(term, 'namespaceSelector') !== undefined;
}

/** Whether a pod may run only on nodes with some value of a label. */
export function isBoundTo(spec: Workload['spec'], keys: readonly string[]): boolean {
  if (keys.some((key) => get(spec, 'nodeSelector', key) !== undefined)) return true;
  const path = [
    'affinity',
    'nodeAffinity',
    'requiredDuringSchedulingIgnoredDuringExecution',
    'nodeSelectorTerms',
  ];
  return (arrayAt(spec, ...path) ?? []).some((term) =>
    (arrayAt(term, 'matchExpressions') ?? []).some((item) => keys.some((key) => get(item, 'key') === key)),
  );
}
