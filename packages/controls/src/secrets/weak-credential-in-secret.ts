import { defineControl, kinds } from '@bulwark/core';
import { valuesOfSecret } from './given-values.ts';
import { encryptedWithSops } from './sops.ts';
import { isWellKnown } from './weak-credentials.ts';

export const weakCredentialInSecret = defineControl({
  id: 'weak-credential-in-secret',
  aliases: [],
  title: 'Secrets must not hold credentials that everybody tries first',
  problem: 'hold credentials that everybody tries first',
  message: 'Key {key} of {resource} holds one of the first values that an attacker tries.',
  severity: 'high',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'Default passwords, those of tutorials, and words such as the name of the program are in every list that attackers go through; that the value is kept in a Secret does not help.',
  remediation:
    'Have the value generated, and let a store bring it into the cluster. If this manifest only shows the shape of the Secret, write a placeholder such as <password>, which nobody takes for a value.',
  references: ['https://kubernetes.io/docs/concepts/configuration/secret/'],
  attack: ['T1078.001'],
  refines: ['secret-manifest-plaintext'],
  appliesTo: kinds('Secret'),
  looks: 'object',
  reads: [],
  notApplicable: ({ resource }) => encryptedWithSops(resource.object),
  *evaluate({ resource, at }) {
    for (const { path, name, value } of valuesOfSecret(resource.object))
      if (isWellKnown(name, value)) yield at(path, { key: name });
  },
});
