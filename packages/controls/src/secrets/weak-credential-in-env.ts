import { arrayAt, containers, defineControl, get, stringAt } from '@bulwark/core';
import { isWellKnown } from './weak-credentials.ts';

export const weakCredentialInEnv = defineControl({
  id: 'weak-credential-in-env',
  aliases: [],
  title: 'Credentials in variables must not be examples or well known',
  problem: 'are given credentials that are examples or well known',
  message:
    'Variable {variable} of container {container} in {resource} holds an example or a well-known value.',
  severity: 'medium',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'Default passwords and those of tutorials are what an attacker tries first. Written here, they are in use wherever nobody replaces them.',
  remediation:
    'Take the value from a Secret with valueFrom.secretKeyRef, and have it generated. If this manifest is only a base whose value is replaced, leave the value out, so that nothing starts without one.',
  references: ['https://kubernetes.io/docs/concepts/configuration/secret/'],
  attack: ['T1078.001'],
  appliesTo: containers,
  looks: 'object',
  reads: [],
  *evaluate({ container, at }) {
    for (const [index, entry] of (arrayAt(container.spec, 'env') ?? []).entries()) {
      const variable = stringAt(entry, 'name');
      if (variable !== undefined && isWellKnown(variable, get(entry, 'value')))
        yield at(['env', index, 'value'], { variable });
    }
  },
});
