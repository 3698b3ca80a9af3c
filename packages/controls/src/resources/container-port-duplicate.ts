import {
  arrayAt,
  type Container,
  defineControl,
  type Edit,
  get,
  type Json,
  safe,
  stringAt,
  valueAt,
  workloads,
} from '@bulwark/core';

/** A port as the network namespace of the pod sees it. */
function socketOf(port: Json): string | undefined {
  const number = get(port, 'containerPort');
  return typeof number === 'number' ? `${stringAt(port, 'protocol') ?? 'TCP'} ${number}` : undefined;
}

export const containerPortDuplicate = defineControl({
  id: 'container-port-duplicate',
  aliases: [],
  title: 'Ports must not be declared twice in a pod',
  problem: 'declare the same port twice',
  message: 'In {resource}, the container {container} declares {socket}, which {other} already declares.',
  severity: 'info',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'The containers of a pod share one network, so only one of them can listen on a port and the other fails to start. Twice in one container, the second entry gets lost or returns when the object is merged by kubectl apply.',
  remediation: 'Remove the entry that is wrong, or let one of the containers listen on another port.',
  references: ['https://kubernetes.io/docs/concepts/workloads/pods/#pod-networking'],
  attack: [],
  fix: {
    ...safe('The other entry says the same.'),
    edits: ({ path, facts }, { object }): readonly Edit[] => {
      const port = valueAt(object, path);
      // Whoever refers to a name, or uses the hostPort, needs this entry.
      const isBare = get(port, 'name') === undefined && get(port, 'hostPort') === undefined;
      return isBare && facts['sameContainer'] === true ? [{ op: 'remove', path }] : [];
    },
  },
  appliesTo: workloads,
  looks: 'object',
  reads: [],
  *evaluate({ workload }) {
    const first = new Map<string, Container>();
    for (const container of workload.containers) {
      // Init containers have stopped listening before the next one starts.
      if (container.type !== 'regular' && container.type !== 'sidecar') continue;
      for (const [index, port] of (arrayAt(container.spec, 'ports') ?? []).entries()) {
        const socket = socketOf(port);
        if (socket === undefined) continue;
        const known = first.get(socket);
        if (known === undefined) {
          first.set(socket, container);
          continue;
        }
        const sameContainer = known === container;
        const other = sameContainer ? 'another entry of it' : `the container ${known.name}`;
        yield { path: [...container.path, 'ports', index], facts: { socket, other, sameContainer } };
      }
    }
  },
});
