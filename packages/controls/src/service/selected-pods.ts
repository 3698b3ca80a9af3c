import { workloadIndex } from '@bulwark/analyses';
import { get, isObject, type ObjectView } from '@bulwark/core';
import { hasPlaceholder } from '../manifest/placeholders.ts';

/** Why it cannot be said which pods a Service leads to; undefined when it can. */
export function whyNoPods({ resource, world }: ObjectView): string | undefined {
  const selector = get(resource.object, 'spec', 'selector');
  if (!isObject(selector) || Object.keys(selector).length === 0)
    return 'It has no selector: its endpoints are written by hand or by a controller.';
  if (get(resource.object, 'spec', 'type') === 'ExternalName') return 'It leads out of the cluster.';
  if (hasPlaceholder(selector)) return 'Something fills in its selector later.';
  const pods = world.get(workloadIndex).inNamespace(resource.namespace);
  return pods.length === 0 ? 'No pod of its namespace is known.' : undefined;
}
