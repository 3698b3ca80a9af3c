import {
  type ContainerView,
  containers,
  defineControl,
  type Edit,
  get,
  isObject,
  mayBreak,
  type Path,
  parseQuantity,
  quantityToNumber,
  valueAt,
} from '@bulwark/core';
import { limitPath, requestPath, whyNoResources } from './container-resources.ts';

/** Whether a container asks for whole cores of its own, which the kubelet gives to Guaranteed pods only. */
function wantsOwnCores(view: ContainerView): boolean {
  const amount = (path: Path): number | undefined => {
    const parsed = parseQuantity(get(view.container.spec, ...path));
    return parsed.ok ? quantityToNumber(parsed.value) : undefined;
  };
  const cores = amount(limitPath(view, 'cpu'));
  const memory = amount(limitPath(view, 'memory'));
  if (cores === undefined || memory === undefined || !Number.isInteger(cores)) return false;
  const sameCores = amount(requestPath(view, 'cpu')) ?? cores;
  return sameCores === cores && (amount(requestPath(view, 'memory')) ?? memory) === memory;
}

export const cpuLimitForbidden = defineControl({
  id: 'cpu-limit-forbidden',
  aliases: [],
  title: 'Containers must not have a CPU limit',
  problem: 'have a CPU limit',
  message: 'In {resource}, the container {container} has a CPU limit.',
  severity: 'info',
  profile: 'opt-in',
  since: '0.1.0',
  rationale:
    'The kernel stops a container that has used up its limit until the next period begins, even on an idle node, so answers take long for no visible reason. Requests alone already share a busy CPU fairly. This is the opposite of cpu-limit-missing; a team chooses one.',
  remediation:
    'Remove limits.cpu and set requests.cpu to what the container needs. A container whose limits equal its requests, with whole cores, is left alone, because it may want cores of its own.',
  references: [
    'https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/',
    'https://kubernetes.io/docs/tasks/administer-cluster/cpu-management-policies/',
  ],
  attack: [],
  fix: {
    ...mayBreak(
      'The pod is no longer Guaranteed, and a LimitRange or ResourceQuota that demands limits may refuse it.',
    ),
    edits: ({ path }, { object }) => removeLimit(path, valueAt(object, path.slice(0, -2))),
  },
  appliesTo: containers,
  looks: 'object',
  reads: [],
  notApplicable: whyNoResources,
  *evaluate(view) {
    const path = limitPath(view, 'cpu');
    const limit = get(view.container.spec, ...path);
    if (limit === undefined || limit === null || wantsOwnCores(view)) return;
    yield view.at(path);
  },
});

/** Without the limit, the request that it stood for would go too. */
function removeLimit(path: Path, resources: unknown): readonly Edit[] {
  const limit = get(resources, 'limits', 'cpu');
  const request = get(resources, 'requests', 'cpu');
  if (!isObject(resources) || limit === undefined) return [];
  const remove: Edit = { op: 'remove', path };
  if (request !== undefined && request !== null) return [remove];
  return [{ op: 'set', path: [...path.slice(0, -2), 'requests', 'cpu'], value: limit }, remove];
}
