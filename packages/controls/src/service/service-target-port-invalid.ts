import { defineControl, kinds } from '@bulwark/core';
import { hasPlaceholder } from '../manifest/placeholders.ts';
import { portsOf } from './service-ports.ts';

const LONGEST_NAME = 15;
const HIGHEST_PORT = 65_535;
/** IANA_SVC_NAME: at most 15 characters, a letter among them, hyphens only between others. */
const NAME = /^(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*$/;

function isValid(target: number | string): boolean {
  if (typeof target === 'number') return target >= 1 && target <= HIGHEST_PORT;
  return target.length <= LONGEST_NAME && NAME.test(target);
}

export const serviceTargetPortInvalid = defineControl({
  id: 'service-target-port-invalid',
  aliases: ['kube-linter:invalid-target-ports'],
  title: 'The target port of a Service must be a valid number or name',
  problem: 'have a target port that the API server refuses',
  message: '{resource} has {targetPort} as a target port, which is no valid port number or name.',
  severity: 'low',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'The API server refuses the Service, so it does not exist or stays as it was. A common cause is a number in quotes, which is a name, and a name needs a letter.',
  remediation:
    'Write a number from 1 to 65535 without quotes, or the name of a container port: at most 15 lower-case letters, digits and single hyphens, a letter among them.',
  references: ['https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports'],
  attack: [],
  fix: {
    grade: 'safe',
    why: 'The API server refuses the text, so nothing can rest on it.',
    edits({ path, facts }) {
      const text = String(facts['targetPort']);
      const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
      return Number.isInteger(number) && isValid(number) ? [{ op: 'set', path, value: number }] : [];
    },
  },
  appliesTo: kinds('Service'),
  looks: 'object',
  reads: [],
  *evaluate({ resource, at }) {
    // 0 and an empty text stand for the port itself.
    for (const { path, targetPort } of portsOf(resource))
      if (targetPort && !isValid(targetPort) && !hasPlaceholder(targetPort))
        yield at([...path, 'targetPort'], { targetPort });
  },
});
