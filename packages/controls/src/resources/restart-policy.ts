import { defineControl, type GroupKind, safe, workloads } from '@bulwark/core';
import { isPlaceholder } from './placeholders.ts';

const LASTING = ['Always'];
const FINITE = ['Never', 'OnFailure'];

/** The policies that the API server accepts in the pods of a kind. */
const ACCEPTED = new Map<GroupKind, readonly string[]>([
  ['Pod', [...LASTING, ...FINITE]],
  ['ReplicationController', LASTING],
  ['apps/Deployment', LASTING],
  ['apps/ReplicaSet', LASTING],
  ['apps/StatefulSet', LASTING],
  ['apps/DaemonSet', LASTING],
  ['batch/Job', FINITE],
  ['batch/CronJob', FINITE],
]);

export const restartPolicy = defineControl({
  id: 'restart-policy',
  aliases: ['kube-linter:restart-policy'],
  title: 'Pods must have a restart policy that their kind accepts',
  problem: 'have a restart policy that the API server refuses',
  message: '{resource} {state}; a {kind} accepts {accepted}.',
  severity: 'low',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'The API server refuses the object. The default is Always, which a Job must not have, so a Job has to say what it wants; what runs for ever must be restarted always.',
  remediation:
    'Set restartPolicy to Never or OnFailure in the pod of a Job or CronJob. In other workloads leave it out.',
  references: ['https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#restart-policy'],
  attack: [],
  fix: {
    ...safe('The API server refuses the object as it is.'),
    // After Never, a failed pod stays and can be looked at.
    edits: ({ path, facts }) => [
      facts['wanted'] === '' ? { op: 'remove', path } : { op: 'set', path, value: String(facts['wanted']) },
    ],
  },
  appliesTo: workloads,
  looks: 'object',
  reads: [],
  notApplicable({ resource, workload }) {
    if (!ACCEPTED.has(resource.groupKind)) return 'Its kind has a rule of its own.';
    // A patch of Kustomize has the kind and name of what it changes, and little else.
    const isWhole = workload.containers.some(({ spec }) => spec['image'] !== undefined);
    return isWhole ? undefined : 'Its containers have no images, so it is a part of a manifest.';
  },
  *evaluate({ resource, spec, at }) {
    const accepted = ACCEPTED.get(resource.groupKind) ?? [];
    const policy = spec['restartPolicy'] ?? 'Always';
    if (isPlaceholder(policy) || accepted.some((known) => known === policy)) return;
    const isMissing = (spec['restartPolicy'] ?? undefined) === undefined;
    yield at('restartPolicy', {
      state: isMissing ? 'has no restart policy' : 'has another restart policy than it may have',
      kind: resource.kind,
      accepted,
      wanted: accepted.includes('Always') ? '' : 'Never',
    });
  },
});
