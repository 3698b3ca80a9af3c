import { containers, defineControl } from '@bulwark/core';
import { valuesOfEnv } from './given-values.ts';
import { hasWellKnownLogin, isWellKnown } from './weak-credentials.ts';

export const weakCredentialInEnv = defineControl({
  id: 'weak-credential-in-env',
  aliases: [],
  title: 'Credentials in variables must not be what everybody tries first',
  problem: 'are given credentials that everybody tries first',
  message:
    'Variable {variable} of container {container} in {resource} holds one of the first values that an attacker tries.',
  severity: 'high',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'Default passwords, those of tutorials, and words such as the name of the program are in every list that attackers go through. Nobody has to read this manifest to get in: whoever reaches the service does, from every pod of the cluster where no policy forbids it.',
  remediation:
    'Take the value from a Secret with valueFrom.secretKeyRef, and have it generated. If this manifest is only a base whose value is replaced, leave the value out, so that nothing starts without one.',
  references: ['https://kubernetes.io/docs/concepts/configuration/secret/'],
  attack: ['T1078.001'],
  refines: ['secret-literal-in-env'],
  appliesTo: containers,
  looks: 'object',
  reads: [],
  *evaluate({ container, at }) {
    for (const { path, name, value } of valuesOfEnv(container.spec))
      if (isWellKnown(name, value) || hasWellKnownLogin(value)) yield at(path, { variable: name });
  },
});
