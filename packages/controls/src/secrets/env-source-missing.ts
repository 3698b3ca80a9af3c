import { generatedSecrets } from '@bulwark/analyses';
import { type ContainerView, containers, defineControl } from '@bulwark/core';
import { type EnvReference, envReferences } from './env-references.ts';

/** ConfigMaps that a cluster puts into every namespace. */
const EVERYWHERE = new Set(['istio-ca-root-cert', 'kube-root-ca.crt', 'openshift-service-ca.crt']);

/** Whether an object is missing where others of its kind are known: without any, they are likely kept elsewhere. */
function isMissing({ world, resource }: ContainerView, { kind, name }: EnvReference): boolean {
  const { namespace } = resource;
  if (world.find(kind, namespace, name) !== undefined || EVERYWHERE.has(name)) return false;
  const hasOthers = world.inNamespace(kind, namespace).length > 0;
  if (kind === 'ConfigMap') return hasOthers;
  const generated = world.get(generatedSecrets);
  return !generated.has(namespace, name) && (hasOthers || generated.any(namespace));
}

export const envSourceMissing = defineControl({
  id: 'env-source-missing',
  aliases: [],
  title: 'ConfigMaps and Secrets that variables come from must exist',
  problem: 'take variables from a ConfigMap or Secret that is not there',
  message: 'Container {container} of {resource} takes variables from {kind} {name}, which is not there.',
  severity: 'low',
  profile: 'all',
  since: '0.1.0',
  rationale:
    'The kubelet does not start a container whose ConfigMap or Secret is missing. During an update the old pods go on; after an eviction or on a new node none comes up.',
  remediation:
    'Correct the name, add the object, or set optional: true if the program can do without. If the object is made by something that Bulwark does not see, such as a generator of Kustomize, an operator or a hand, nothing has to change.',
  references: ['https://kubernetes.io/docs/tasks/configure-pod-container/configure-pod-configmap/'],
  attack: [],
  appliesTo: containers,
  looks: 'world',
  reads: ['ConfigMap', 'Secret', generatedSecrets],
  *evaluate(view) {
    for (const reference of envReferences(view))
      if (isMissing(view, reference))
        yield view.at(reference.path, { kind: reference.kind, name: reference.name });
  },
});
