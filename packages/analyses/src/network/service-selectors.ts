import { type Analysis, arrayAt, canonicalJson, get, isObject, objectAt, type Resource } from '@bulwark/core';
import { byId } from './by-id.ts';

const SERVICE = 'Service';

/** Services that lead to the same ports of the same pods in the same way. */
export interface ServiceTwins {
  /** The first other Service of its namespace that does what this one does. */
  twinOf(service: Resource): Resource | undefined;
}

/** What a Service does, as a key; undefined when it selects nothing. */
function purposeOf({ object, namespace }: Resource): string | undefined {
  const spec = objectAt(object, 'spec');
  const selector = objectAt(spec, 'selector');
  if (selector === undefined || Object.keys(selector).length === 0) return undefined;
  const ports = (arrayAt(spec, 'ports') ?? []).filter(isObject).map((port) => {
    const { port: number = null, protocol, targetPort } = port;
    return canonicalJson([number, protocol ?? 'TCP', targetPort ?? number]);
  });
  const headless = get(spec, 'clusterIP') === 'None';
  const type = get(spec, 'type') ?? 'ClusterIP';
  const notReady = get(spec, 'publishNotReadyAddresses') === true;
  return canonicalJson([namespace, selector, ports.sort(), headless, type, notReady]);
}

/** Finds Services that are one another's double. Cost: linear in Services and their ports. */
export const serviceTwins: Analysis<ServiceTwins> = {
  id: 'service-twins',
  reads: [SERVICE],
  compute(world) {
    const byPurpose = new Map<string, Resource[]>();
    for (const service of world.list(SERVICE)) {
      const purpose = purposeOf(service);
      if (purpose === undefined) continue;
      const known = byPurpose.get(purpose);
      if (known === undefined) byPurpose.set(purpose, [service]);
      else known.push(service);
    }
    for (const twins of byPurpose.values()) twins.sort(byId);
    return {
      twinOf(service) {
        const purpose = purposeOf(service);
        const same = purpose === undefined ? [] : (byPurpose.get(purpose) ?? []);
        // A second copy of the same object is no second Service.
        return same.find(({ key }) => key !== service.key);
      },
    };
  },
};
