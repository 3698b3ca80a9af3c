import { generatedSecrets } from '@bulwark/analyses';
import { defineControl, type WorkloadView, workloads } from '@bulwark/core';
import { hasPlaceholder } from './placeholders.ts';
import { type VolumeReference, volumeReferences } from './volume-references.ts';

/** ConfigMaps that a cluster puts into every namespace. */
const EVERYWHERE = new Set(['istio-ca-root-cert', 'kube-root-ca.crt', 'openshift-service-ca.crt']);
/** The form of the claims that a StatefulSet makes. */
const NUMBERED = /-\d+$/;

export const volumeSourceMissing = defineControl({
  id: 'volume-source-missing',
  aliases: [],
  title: 'ConfigMaps, Secrets and claims that volumes are made of must exist',
  problem: 'have a volume of an object that is not there',
  message: 'A volume of {resource} is made of {kind} {name}, which is not there.',
  severity: 'low',
  profile: 'all',
  since: '0.1.0',
  rationale:
    'A pod waits without end for a volume that cannot be set up. During an update the old pods go on; after an eviction or on a new node none comes up.',
  remediation:
    'Correct the name, add the object, or set optional: true if the program can do without a ConfigMap or Secret. If the object is made by something that Bulwark does not see, such as an operator, a generator of Kustomize or a hand, nothing has to change.',
  references: ['https://kubernetes.io/docs/concepts/storage/volumes/'],
  attack: [],
  appliesTo: workloads,
  looks: 'world',
  reads: ['ConfigMap', 'PersistentVolumeClaim', 'Secret', generatedSecrets],
  *evaluate(view) {
    for (const reference of volumeReferences(view.spec)) {
      const { path, kind, field, name } = reference;
      if (isMissing(view, reference)) yield view.at([...path, field], { kind, name });
    }
  },
});

/** Whether an object is missing where others of its kind are known: without any, they are likely kept elsewhere. */
function isMissing({ world, resource }: WorkloadView, { kind, name }: VolumeReference): boolean {
  const { namespace } = resource;
  if (hasPlaceholder(name) || world.find(kind, namespace, name) !== undefined) return false;
  const hasOthers = world.inNamespace(kind, namespace).length > 0;
  if (kind === 'ConfigMap') return hasOthers && !EVERYWHERE.has(name);
  if (kind === 'PersistentVolumeClaim') return hasOthers && !NUMBERED.test(name);
  const generated = world.get(generatedSecrets);
  return !generated.has(namespace, name) && (hasOthers || generated.any(namespace));
}
