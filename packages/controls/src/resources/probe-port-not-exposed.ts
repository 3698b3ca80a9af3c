import { containers, defineControl, safe, valueAt } from '@bulwark/core';
import { declaresPort, probePorts, whyNoProbes } from './probes.ts';

/** From the number's place up to the container: `livenessProbe.httpGet.port`. */
const DEPTH = 3;

export const probePortNotExposed = defineControl({
  id: 'probe-port-not-exposed',
  aliases: ['kube-linter:liveness-port', 'kube-linter:readiness-port', 'kube-linter:startup-port'],
  title: 'Containers must declare the ports that their probes ask',
  problem: 'have probes of ports that they do not declare',
  message:
    'In {resource}, the {probe} of {container} asks port {port}, which the container does not declare.',
  severity: 'info',
  profile: 'all',
  since: '0.1.0',
  rationale:
    'A declared port opens nothing; it tells readers and tools where a container listens. A probe of another port is often the remains of an older port, and fails, or asks something that nobody knows of.',
  remediation: 'Add the port to ports of the container, or correct the probe.',
  references: [
    'https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/',
  ],
  attack: [],
  fix: {
    ...safe('A declared port changes nothing in a pod with a network of its own.'),
    edits: ({ path, facts }, { object }) => {
      const containerPort = valueAt(object, path);
      // In the network of the host the declaration would also reserve the port on the node.
      if (typeof containerPort !== 'number' || facts['hostNetwork'] === true) return [];
      return [{ op: 'append', path: [...path.slice(0, -DEPTH), 'ports'], value: { containerPort } }];
    },
  },
  appliesTo: containers,
  looks: 'object',
  reads: [],
  notApplicable: whyNoProbes,
  *evaluate({ container, spec, at }) {
    const hostNetwork = spec['hostNetwork'] === true;
    const seen = new Set<number>();
    for (const { probe, path, port } of probePorts(container)) {
      if (typeof port === 'string' || seen.has(port) || declaresPort(container, port)) continue;
      seen.add(port);
      yield at(path, { probe, port, hostNetwork });
    }
  },
});
