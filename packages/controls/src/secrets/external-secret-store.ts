import { arrayAt, defineControl, type JsonObject, kinds, objectAt, stringAt } from '@bulwark/core';
import { encryptedWithSops } from './sops.ts';

/** Types that the cluster or a tool makes for its own use. */
const OF_THE_CLUSTER =
  /^(?:kubernetes\.io\/service-account-token|bootstrap\.kubernetes\.io\/token|helm\.sh\/.+)$/;
const MAKERS =
  /^(?:ExternalSecret|ClusterExternalSecret|SealedSecret|SopsSecret|OnePasswordItem|InfisicalSecret|SecretProviderClass\w*|Vault(?:Static|Dynamic|PKI)Secret|Certificate)$/;
const MARKS = [
  'reconcile.external-secrets.io/managed',
  'reconcile.external-secrets.io/data-hash',
  'secrets-store.csi.k8s.io/managed',
  'sealedsecrets.bitnami.com/managed',
  'cert-manager.io/certificate-name',
];

function isManaged(object: JsonObject): boolean {
  const owners = arrayAt(object, 'metadata', 'ownerReferences') ?? [];
  if (owners.some((owner) => MAKERS.test(stringAt(owner, 'kind') ?? ''))) return true;
  const [labels, annotations] = [
    objectAt(object, 'metadata', 'labels'),
    objectAt(object, 'metadata', 'annotations'),
  ];
  return MARKS.some((mark) => labels?.[mark] !== undefined || annotations?.[mark] !== undefined);
}

export const externalSecretStore = defineControl({
  id: 'external-secret-store',
  aliases: ['kubescape:C-0208', 'kubescape:C-0234'],
  title: 'Secrets should come from a store outside of the cluster',
  problem: 'are kept by hand, not by a store of secrets',
  message: 'Nothing shows that {resource} comes from a store of secrets.',
  severity: 'info',
  profile: 'all',
  since: '0.1.0',
  rationale:
    'A store outside of the cluster knows who read a secret and when, rotates it, and takes it back in one place. A Secret that was made by hand is mostly still the same years later.',
  remediation:
    'Keep the value in a store and let External Secrets, the Secrets Store CSI driver or the operator of the store bring it into the cluster.',
  references: ['https://kubernetes.io/docs/concepts/security/secrets-good-practices/'],
  attack: ['T1552.007'],
  appliesTo: kinds('Secret'),
  looks: 'object',
  reads: [],
  notApplicable({ resource: { object } }) {
    if (OF_THE_CLUSTER.test(stringAt(object, 'type') ?? ''))
      return 'The cluster or a tool makes it for its own use.';
    return encryptedWithSops(object);
  },
  *evaluate({ resource, at }) {
    if (!isManaged(resource.object)) yield at('metadata');
  },
});
