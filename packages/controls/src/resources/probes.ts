import { arrayAt, type Container, type ContainerView, get, type JsonObject, objectAt } from '@bulwark/core';

/** The probes that a container can have, in the order of its life. */
export const PROBES = ['startupProbe', 'readinessProbe', 'livenessProbe'] as const;

/** A kind of probe. */
export type ProbeName = (typeof PROBES)[number];

const HANDLERS = ['httpGet', 'tcpSocket', 'grpc', 'exec'] as const;

/** How a probe asks. */
export interface Handler {
  readonly type: (typeof HANDLERS)[number];
  readonly spec: JsonObject;
}

/** What a container's probe asks; undefined where it has none that could ask. */
export function handlerOf(container: Container, probe: ProbeName): Handler | undefined {
  for (const type of HANDLERS) {
    const spec = objectAt(container.spec, probe, type);
    if (spec !== undefined) return { type, spec };
  }
  return undefined;
}

/** A port that a probe asks, by number or by the name of a port of the container. */
export interface ProbePort {
  readonly probe: ProbeName;
  /** Path from the container. */
  readonly path: readonly string[];
  readonly port: number | string;
}

/** The ports that a container's probes ask. */
export function probePorts(container: Container): readonly ProbePort[] {
  const found: ProbePort[] = [];
  for (const probe of PROBES) {
    const handler = handlerOf(container, probe);
    const port = handler?.spec['port'];
    if (handler !== undefined && (typeof port === 'number' || typeof port === 'string'))
      found.push({ probe, path: [probe, handler.type, 'port'], port });
  }
  return found;
}

/** Whether a container declares a port, by number or name. */
export function declaresPort({ spec }: Container, port: number | string): boolean {
  const field = typeof port === 'number' ? 'containerPort' : 'name';
  return (arrayAt(spec, 'ports') ?? []).some((declared) => get(declared, field) === port);
}

/** Why a container has no probes to judge. */
export function whyNoProbes({ container }: ContainerView): string | undefined {
  return container.type === 'init' || container.type === 'ephemeral'
    ? 'Such a container cannot have probes.'
    : undefined;
}
