import { defineControl, get, kinds } from '@bulwark/core';
import { DOUBTFUL } from './found-secrets.ts';
import { HELM_KINDS, valuePlaces } from './helm-values.ts';
import { textSecrets } from './named-texts.ts';
import { encryptedWithSops } from './sops.ts';

export const secretInHelmValues = defineControl({
  id: 'secret-in-helm-values',
  aliases: [],
  title: 'Helm values must not hold secrets in plain text',
  problem: 'hand secrets in plain text to a chart',
  message: 'Value {value} of {resource} holds a secret ({formats}).',
  severity: 'high',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'Values that are written into the object of a deployment tool can be read with it, in the repository and in the cluster, by people who may not read Secrets. Helm then stores them once more with every release.',
  remediation:
    'Consider the secret known and replace it. Put the new one into a Secret that a store makes or that is committed encrypted, and name it: valuesFrom in a HelmRelease, existingSecret or the like in the values of most charts.',
  references: [
    'https://fluxcd.io/flux/components/helm/helmreleases/#values',
    'https://argo-cd.readthedocs.io/en/stable/operator-manual/secret-management/',
  ],
  attack: ['T1552.001'],
  params: { doubtful: DOUBTFUL },
  appliesTo: kinds(...HELM_KINDS),
  looks: 'object',
  reads: [],
  notApplicable: ({ resource }) => encryptedWithSops(resource.object),
  *evaluate(view) {
    for (const place of valuePlaces(view.resource))
      for (const { path, formats } of textSecrets(
        get(view.resource.object, ...place),
        view.params.doubtful,
      )) {
        const value = path.length > 0 ? path.join('.') : String(place.at(-1));
        yield view.at([...place, ...path], { value, formats });
      }
  },
});
