import { containers, defineControl, safe, valueAt } from '@bulwark/core';
import { isPlaceholder } from './placeholders.ts';
import { declaresPort, probePorts, whyNoProbes } from './probes.ts';

const DIGITS = /^\d{1,5}$/;

export const probePortNameUnknown = defineControl({
  id: 'probe-port-name-unknown',
  aliases: ['kube-linter:liveness-port', 'kube-linter:readiness-port', 'kube-linter:startup-port'],
  title: 'Probes must name a port that their container has',
  problem: 'have probes of a port that does not exist',
  message:
    'In {resource}, the {probe} of {container} names the port {port}, which the container does not have.',
  severity: 'low',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'The kubelet looks a name up among the ports of the same container. Where it finds none the probe fails each time, so the container is never ready, or is restarted for ever. A number in quotes counts as a name.',
  remediation: 'Name a port of the container, or write the number without quotes.',
  references: [
    'https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/',
  ],
  attack: [],
  fix: {
    ...safe('The probe could not succeed as it was.'),
    edits: ({ path }, { object }) => {
      const port = valueAt(object, path);
      return typeof port === 'string' && DIGITS.test(port) ? [{ op: 'set', path, value: Number(port) }] : [];
    },
  },
  appliesTo: containers,
  looks: 'object',
  reads: [],
  notApplicable: whyNoProbes,
  *evaluate({ container, at }) {
    for (const { probe, path, port } of probePorts(container))
      if (typeof port === 'string' && !isPlaceholder(port) && !declaresPort(container, port))
        yield at(path, { probe, port });
  },
});
