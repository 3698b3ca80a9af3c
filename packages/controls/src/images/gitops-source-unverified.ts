import { arrayAt, defineControl, get, isObject, kinds, type ObjectView } from '@bulwark/core';

/** Where a source says whose signature it needs. */
function fieldOf({ resource }: ObjectView): string {
  return resource.kind === 'AppProject' ? 'signatureKeys' : 'verify';
}

function isVerified(view: ObjectView): boolean {
  const field = fieldOf(view);
  if (field === 'signatureKeys') return (arrayAt(view.resource.object, 'spec', field) ?? []).length > 0;
  return isObject(get(view.resource.object, 'spec', field));
}

export const gitopsSourceUnverified = defineControl({
  id: 'gitops-source-unverified',
  aliases: [],
  title: 'Sources of deployments must be verified by their signatures',
  problem: 'are deployed from without a signature',
  message: '{resource} sets no {field}, so whatever is pushed there is deployed.',
  severity: 'medium',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'A tool that deploys from a repository by itself hands the cluster to whoever may push, or takes over one account or token that may. With signatures, a push without the key changes nothing.',
  remediation:
    'Sign commits or artifacts and name the keys: spec.verify of a GitRepository or OCIRepository of Flux, spec.signatureKeys of an AppProject of Argo CD.',
  references: [
    'https://fluxcd.io/flux/components/source/gitrepositories/#verification',
    'https://argo-cd.readthedocs.io/en/stable/user-guide/gpg-verification/',
  ],
  attack: ['T1195.002'],
  appliesTo: kinds(
    'argoproj.io/AppProject',
    'source.toolkit.fluxcd.io/GitRepository',
    'source.toolkit.fluxcd.io/OCIRepository',
  ),
  looks: 'object',
  reads: [],
  *evaluate(view) {
    if (!isVerified(view)) yield view.at(['spec', fieldOf(view)], { field: fieldOf(view) });
  },
});
