import { arrayAt, defineControl, stringAt, textsParam, type WorkloadView, workloads } from '@bulwark/core';
import { imageUses, whyNoImage } from './image-uses.ts';
import { coversImage, REGISTRY_RULE } from './registry-patterns.ts';

const DEFAULT_ACCOUNT = 'default';

function accountOf({ spec }: WorkloadView): string {
  return stringAt(spec, 'serviceAccountName') ?? stringAt(spec, 'serviceAccount') ?? DEFAULT_ACCOUNT;
}

function hasPullSecret(value: unknown): boolean {
  return (arrayAt(value, 'imagePullSecrets') ?? []).length > 0;
}

/** The pod's service account, if it is in view. */
function findAccount(view: WorkloadView) {
  return view.world.find('ServiceAccount', view.resource.namespace, accountOf(view));
}

export const imagePullSecretMissing = defineControl({
  id: 'image-pull-secret-missing',
  aliases: ['kyverno:require-imagepullsecrets'],
  title: 'Pods with images from a private registry must have a pull secret',
  problem: 'pull from a private registry without a pull secret',
  message:
    'The {place} of {resource} comes from {registry}, but neither the pod nor {account} has a pull secret.',
  severity: 'low',
  profile: 'opt-in',
  since: '0.1.0',
  rationale:
    'Without a pull secret the image can be had only on nodes that have it, or that have credentials for everybody: then every pod may use every private image.',
  remediation:
    'Set imagePullSecrets on the pod, or on its service account. If the account is given its secret in the cluster only, nothing has to change.',
  references: ['https://kubernetes.io/docs/tasks/configure-pod-container/pull-image-private-registry/'],
  attack: ['T1525'],
  params: { private: textsParam(`Registries that need a login. ${REGISTRY_RULE}`) },
  appliesTo: workloads,
  looks: 'namespace',
  reads: ['ServiceAccount'],
  notApplicable(view) {
    const isUnknown = accountOf(view) !== DEFAULT_ACCOUNT && findAccount(view) === undefined;
    if (isUnknown && !hasPullSecret(view.spec)) return 'Its service account is not in view.';
    return whyNoImage(view);
  },
  *evaluate(view) {
    if (hasPullSecret(view.spec) || hasPullSecret(findAccount(view)?.object)) return;
    const account = `ServiceAccount/${accountOf(view)}`;
    for (const { image, path, place } of imageUses(view.workload, true))
      if (view.params.private.some((entry) => coversImage(entry, image)))
        yield { path, facts: { place, registry: image.registry, account } };
  },
});
