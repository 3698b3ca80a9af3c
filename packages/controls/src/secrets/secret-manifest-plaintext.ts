import { defineControl, kinds } from '@bulwark/core';
import { DOUBTFUL } from './found-secrets.ts';
import { secretData, whyNotPlain } from './secret-data.ts';

export const secretManifestPlaintext = defineControl({
  id: 'secret-manifest-plaintext',
  aliases: [],
  title: 'Manifests of Secrets must not hold the values in plain text',
  problem: 'are committed with their values in plain text',
  message: 'Key {key} of {resource} holds its value without encryption ({formats}).',
  severity: 'high',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'Base64 is a way of writing, not encryption. A Secret in a file is in the hands of everyone who may read the repository, in its history for good, and in every copy, build log and backup of it.',
  remediation:
    'Consider the value known and replace it. Keep the new one in a store and let External Secrets or the Secrets Store CSI driver bring it into the cluster, or commit it encrypted with SOPS or Sealed Secrets. A manifest that only shows the shape of a Secret should have placeholders, such as <password>.',
  references: [
    'https://kubernetes.io/docs/concepts/security/secrets-good-practices/',
    'https://external-secrets.io/latest/',
    'https://getsops.io/docs/',
  ],
  attack: ['T1552.001'],
  params: { doubtful: DOUBTFUL },
  appliesTo: kinds('Secret'),
  looks: 'object',
  reads: [],
  notApplicable: ({ resource }) => whyNotPlain(resource),
  *evaluate({ resource, params, at }) {
    for (const { path, key, formats } of secretData(resource.object, params.doubtful))
      yield at(path, { key, formats });
  },
});
