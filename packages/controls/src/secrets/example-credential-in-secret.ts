import { decodeBase64, defineControl, isObject, kinds, objectAt } from '@bulwark/core';
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
  notApplicable: ({ resource }) =>
    isObject(resource.object['sops']) ? 'The object is encrypted with SOPS.' : undefined,
  *evaluate({ resource, at }) {
    for (const [key, value] of Object.entries(objectAt(resource.object, 'stringData') ?? {}))
      if (isExample(key, value)) yield at(['stringData', key], { key });
    for (const [key, value] of Object.entries(objectAt(resource.object, 'data') ?? {}))
      if (typeof value === 'string' && isExample(key, decodeBase64(value.trim())))
        yield at(['data', key], { key });
  },
});
