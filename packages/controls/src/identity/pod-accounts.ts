import { DEFAULT_SERVICE_ACCOUNT, projectsToken, serviceAccountOf } from '@bulwark/analyses';
import { get, hasEnded, labelsOf, objectAt, type Resource, stringAt, type WorkloadView } from '@bulwark/core';

const SERVICE_ACCOUNT = 'ServiceAccount';
/** The controller of sandboxes switches the token off where such a template says nothing. */
const TOKEN_OFF_BY_DEFAULT = 'extensions.agents.x-k8s.io/SandboxTemplate';

function annotation(resource: Resource, key: string): string | undefined {
  return stringAt(resource.object, 'metadata', 'annotations', key);
}

/** Why the service account of a pod template is not judged. */
export function whyNoAccount({ resource }: WorkloadView): string | undefined {
  if (resource.groupKind === 'Pod' && hasEnded(resource)) return 'The pod has ended.';
  if (annotation(resource, 'kubernetes.io/config.mirror') !== undefined)
    return 'The pod is the mirror of a static one, which cannot have a service account.';
  if (resource.group === 'tekton.dev') return 'Whoever runs the task chooses the service account.';
  return undefined;
}

/** Why a pod that lives for a moment is not judged by rules of good order. */
export function whyTest({ resource }: WorkloadView): string | undefined {
  return /\btest/.test(annotation(resource, 'helm.sh/hook') ?? '')
    ? 'The pod is a test of a chart.'
    : undefined;
}

/** The template's service account, where it is among the objects. */
export function accountObject({ resource, spec, world }: WorkloadView): Resource | undefined {
  return world.find(SERVICE_ACCOUNT, resource.namespace, serviceAccountOf(spec));
}

/** Whether the pods get a token of their service account: the pod decides, else the account, else they do. */
export function mountsToken(view: WorkloadView): boolean {
  const { resource, spec } = view;
  const own = spec['automountServiceAccountToken'];
  if (typeof own === 'boolean') return own;
  if (resource.groupKind === TOKEN_OFF_BY_DEFAULT) return false;
  return get(accountObject(view)?.object, 'automountServiceAccountToken') !== false;
}

/** Whether whoever takes over a container finds a token there, that of the kubelet or one of the template's volumes. */
export function holdsToken(view: WorkloadView): boolean {
  return mountsToken(view) || projectsToken(view.spec);
}

/** Whether the template runs as the account of pods that name none. */
export function runsAsDefault({ spec }: WorkloadView): boolean {
  return serviceAccountOf(spec) === DEFAULT_SERVICE_ACCOUNT;
}

/** Whether a service account is tied to an identity at a cloud provider, which it is there for. */
export function hasCloudIdentity(account: Resource | undefined): boolean {
  const metadata = objectAt(account?.object, 'metadata');
  const keys = [...Object.keys(objectAt(metadata, 'annotations') ?? {}), ...Object.keys(labelsOf(metadata))];
  return keys.some((key) => CLOUD_KEYS.has(key));
}

const CLOUD_KEYS = new Set([
  'eks.amazonaws.com/role-arn',
  'iam.gke.io/gcp-service-account',
  'azure.workload.identity/client-id',
  'azure.workload.identity/use',
]);
