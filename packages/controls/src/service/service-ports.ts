import { arrayAt, get, isObject, type Path, type Resource, stringAt } from '@bulwark/core';

/** One port of a Service. */
export interface ServicePort {
  /** Path from the Service's root. */
  readonly path: Path;
  readonly number: number | undefined;
  readonly name: string;
  readonly protocol: string;
  readonly appProtocol: string;
  readonly targetPort: number | string | undefined;
}

/** The ports that a Service lists. */
export function portsOf({ object }: Resource): readonly ServicePort[] {
  return (arrayAt(object, 'spec', 'ports') ?? []).flatMap((entry, index): ServicePort[] => {
    if (!isObject(entry)) return [];
    const [number, target] = [entry['port'], entry['targetPort']];
    return [
      {
        path: ['spec', 'ports', index],
        number: typeof number === 'number' ? number : undefined,
        name: stringAt(entry, 'name') ?? '',
        protocol: stringAt(entry, 'protocol') ?? 'TCP',
        appProtocol: stringAt(entry, 'appProtocol') ?? '',
        targetPort: typeof target === 'number' || typeof target === 'string' ? target : undefined,
      },
    ];
  });
}

/** Whether a Service has a port of this number or name. One outside the cluster takes every port. */
export function hasPort(service: Resource, wanted: number | string): boolean {
  if (get(service.object, 'spec', 'type') === 'ExternalName') return true;
  return portsOf(service).some(({ number, name }) => number === wanted || name === wanted);
}
