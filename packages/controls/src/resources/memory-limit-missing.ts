import { limitRangeDefaults } from '@bulwark/analyses';
import {
  type ContainerView,
  containers,
  defineControl,
  get,
  type Json,
  type Path,
  parseQuantity,
} from '@bulwark/core';

/** From here on a limit of the pod as a whole counts without a feature gate (KEP-2837). */
const POD_LEVEL_RESOURCES = 34;

const LIMIT: Path = ['resources', 'limits', 'memory'];
/** A step of a Tekton task has its resources under another name since v1 (tekton.dev/v1, Step). */
const STEP_LIMIT: Path = ['computeResources', 'limits', 'memory'];

function limitPath({ resource }: ContainerView): Path {
  return resource.apiVersion === 'tekton.dev/v1' ? STEP_LIMIT : LIMIT;
}

/** Whether a limit binds: the kubelet sets none for an amount of zero. Text that is no amount is not judged here. */
function binds(limit: Json | undefined): boolean {
  if (limit === undefined || limit === null) return false;
  const amount = parseQuantity(limit);
  return !amount.ok || amount.value.nano > 0n;
}

/** The container's own limit, else the one that admission takes from the namespace's LimitRanges, or the pod's. */
function isLimited(view: ContainerView): boolean {
  const { container, spec, resource, kubernetes, world } = view;
  const own = get(container.spec, ...limitPath(view));
  if (binds(own)) return true;
  if (kubernetes.minor >= POD_LEVEL_RESOURCES && binds(get(spec, ...LIMIT))) return true;
  // LimitRanger fills in what is absent; a limit of zero is there.
  if (own !== undefined && own !== null) return false;
  const byDefault = world.get(limitRangeDefaults).of(resource.namespace).limits.get('memory');
  return byDefault !== undefined && byDefault.nano > 0n;
}

export const memoryLimitMissing = defineControl({
  id: 'memory-limit-missing',
  aliases: [
    'trivy:KSV-0018',
    'kubescape:C-0271',
    'kubescape:C-0009',
    'checkov:CKV_K8S_13',
    'kube-linter:unset-memory-requirements',
    'kube-score:container-resources',
    'polaris:memoryLimitsMissing',
    'kyverno:require-requests-limits',
    'kubesec:LimitsMemory',
  ],
  title: 'Containers must have a memory limit',
  problem: 'have no memory limit',
  message: 'In {resource}, the container {container} has no memory limit.',
  severity: 'medium',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'Without a limit a container can take all the memory of its node, by a leak or because someone makes it. The kernel then kills processes, and those of other workloads may be the first to go.',
  remediation:
    'Set resources.limits.memory on the container, with room above what it needs at its peak. A LimitRange can give a namespace a default for the containers that say nothing.',
  references: [
    'https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/',
    'https://kubernetes.io/docs/concepts/policy/limit-range/',
  ],
  attack: ['T1499'],
  appliesTo: containers,
  looks: 'world',
  reads: [limitRangeDefaults],
  notApplicable: ({ container }) =>
    container.type === 'ephemeral' ? 'An ephemeral container cannot have limits.' : undefined,
  *evaluate(view) {
    if (!isLimited(view)) yield view.at(limitPath(view));
  },
});
