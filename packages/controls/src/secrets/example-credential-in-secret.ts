import { defineControl, kinds } from '@bulwark/core';
import { valuesOfSecret } from './given-values.ts';
import { encryptedWithSops } from './sops.ts';
import { isExample } from './weak-credentials.ts';

export const exampleCredentialInSecret = defineControl({
  id: 'example-credential-in-secret',
  aliases: [],
  title: 'Secrets must not hold examples for credentials',
  problem: 'hold examples for credentials',
  message: 'Key {key} of {resource} holds an example.',
  severity: 'medium',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'A value such as your-api-key is there to be replaced. Where nobody does, the program runs with a credential that stands in its documentation.',
  remediation:
    'Have the value generated, and let a store bring it into the cluster. If this manifest only shows the shape of the Secret, write a placeholder such as <password>, which nobody takes for a value.',
  references: ['https://kubernetes.io/docs/concepts/configuration/secret/'],
  attack: ['T1078.001'],
  appliesTo: kinds('Secret'),
  looks: 'object',
  reads: [],
  notApplicable: ({ resource }) => encryptedWithSops(resource.object),
  *evaluate({ resource, at }) {
    for (const { path, name, value } of valuesOfSecret(resource.object))
      if (isExample(name, value)) yield at(path, { key: name });
  },
});
