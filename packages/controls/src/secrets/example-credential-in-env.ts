import { containers, defineControl } from '@bulwark/core';
import { valuesOfEnv } from './given-values.ts';
import { isExample } from './weak-credentials.ts';

export const exampleCredentialInEnv = defineControl({
  id: 'example-credential-in-env',
  aliases: [],
  title: 'Credentials in variables must not be left as examples',
  problem: 'are given examples for credentials',
  message: 'Variable {variable} of container {container} in {resource} holds an example.',
  severity: 'medium',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'A value such as your-api-key is there to be replaced. Where nobody does, the program runs with a credential that stands in its documentation, or does not work and says so late.',
  remediation:
    'Take the value from a Secret with valueFrom.secretKeyRef, and have it generated. If this manifest is only a base whose value is replaced, leave the value out, so that nothing starts without one.',
  references: ['https://kubernetes.io/docs/concepts/configuration/secret/'],
  attack: ['T1078.001'],
  appliesTo: containers,
  looks: 'object',
  reads: [],
  *evaluate({ container, at }) {
    for (const { path, name, value } of valuesOfEnv(container.spec))
      if (isExample(name, value)) yield at(path, { variable: name });
  },
});
