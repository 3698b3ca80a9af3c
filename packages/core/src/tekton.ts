import { type Container, toContainer, type Workload } from './container.ts';
import { isObject, type Json, type JsonObject, objectAt } from './json.ts';
import type { Path } from './path.ts';

/**
 * The pods that a Tekton object makes (tekton.dev v1, TaskSpec): each Task, embedded or not, is one pod whose
 * containers are its steps and sidecars. `stepTemplate` gives the steps their defaults; a TaskRun's `podTemplate`
 * gives the pod its settings.
 */
export function tektonWorkloads(object: JsonObject): readonly Workload[] {
  const found: Workload[] = [];
  collect(object['spec'], ['spec'], {}, found);
  return found;
}

const MAX_NESTING = 8;

function collect(value: Json | undefined, path: Path, podTemplate: JsonObject, found: Workload[]): void {
  if (path.length > MAX_NESTING) return;
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) collect(item, [...path, index], podTemplate, found);
    return;
  }
  if (!isObject(value)) return;
  const own =
    objectAt(value, 'podTemplate') ?? objectAt(value, 'taskRunTemplate', 'podTemplate') ?? podTemplate;
  if (Array.isArray(value['steps'])) {
    found.push(taskWorkload(value, path, own));
    return;
  }
  for (const key of ['taskSpec', 'pipelineSpec', 'tasks', 'finally'])
    collect(value[key], [...path, key], own, found);
}

function taskWorkload(task: JsonObject, path: Path, podTemplate: JsonObject): Workload {
  const malformed: Path[] = [];
  const containers: Container[] = [];
  const template = isObject(task['stepTemplate']) ? task['stepTemplate'] : {};
  const add = (field: 'steps' | 'sidecars', defaults: JsonObject): void => {
    const list = task[field];
    if (!Array.isArray(list)) return;
    for (const [index, item] of list.entries()) {
      const itemPath = [...path, field, index];
      if (!isObject(item)) malformed.push(itemPath);
      // A step that runs a StepAction by reference has no image and no settings of its own here.
      else if (item['ref'] === undefined)
        containers.push(toContainer(withDefaults(item, defaults), 'regular', itemPath));
    }
  };
  add('steps', template);
  add('sidecars', {});
  return { path, metadata: {}, spec: { ...podTemplate, ...task }, specPath: path, containers, malformed };
}

function withDefaults(step: JsonObject, defaults: JsonObject): JsonObject {
  const own = step['securityContext'];
  const inherited = defaults['securityContext'];
  const merged = { ...defaults, ...step };
  return isObject(own) && isObject(inherited)
    ? { ...merged, securityContext: { ...inherited, ...own } }
    : merged;
}
