import { arrayAt, type ContainerView, isObject } from '@bulwark/core';

/** A port that a container declares. */
export interface ContainerPort {
  /** Its place in the container's `ports`. */
  readonly index: number;
  readonly port: number;
  readonly protocol: string;
}

/** The ports that a container declares. */
export function containerPorts({ container }: ContainerView): readonly ContainerPort[] {
  return (arrayAt(container.spec, 'ports') ?? []).flatMap((item, index) => {
    const port = isObject(item) ? item['containerPort'] : undefined;
    if (!isObject(item) || typeof port !== 'number') return [];
    const protocol = typeof item['protocol'] === 'string' ? item['protocol'] : 'TCP';
    return [{ index, port, protocol }];
  });
}
