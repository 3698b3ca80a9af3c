import { defineControl, integerParam, kinds, whyNotRange } from '@bulwark/core';
import { portsOf } from './service-ports.ts';

const HIGHEST = 65_535;

export const servicePortRange = defineControl({
  id: 'service-port-range',
  aliases: ['kyverno:restrict-service-port-range'],
  title: 'Services must use ports of the range that the team allows',
  problem: 'use ports outside the range that the team allows',
  message: '{resource} uses port {port}, which is not between {minimum} and {maximum}.',
  severity: 'info',
  profile: 'opt-in',
  since: '0.1.0',
  rationale:
    'Where firewalls and documentation rest on a range of ports, a Service outside it is reached by nobody, or past them.',
  remediation: 'Give the Service a port of the range; targetPort can stay as it is.',
  references: ['https://kubernetes.io/docs/concepts/services-networking/service/'],
  attack: [],
  params: {
    minimum: integerParam('The lowest port that a Service may use.', { minimum: 1, maximum: HIGHEST }),
    maximum: integerParam('The highest port that a Service may use.', { minimum: 1, maximum: HIGHEST }),
  },
  refuses: whyNotRange,
  appliesTo: kinds('Service'),
  looks: 'object',
  reads: [],
  *evaluate({ resource, at, params: { minimum, maximum } }) {
    for (const { path, number } of portsOf(resource))
      if (number !== undefined && (number < minimum || number > maximum))
        yield at([...path, 'port'], { port: number, minimum, maximum });
  },
});
