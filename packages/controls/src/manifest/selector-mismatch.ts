import {
  arrayAt,
  compileMatchLabels,
  compileSelector,
  defineControl,
  type Edit,
  get,
  isObject,
  kinds,
  labelsOf,
  mayBreak,
  objectAt,
  type Resource,
  stringAt,
} from '@bulwark/core';
import { hasPlaceholder } from './placeholders.ts';

/** Versions in which a Deployment and its like must say what they select; older ones take the template's labels. */
const SELECTOR_REQUIRED = new Set(['apps/v1', 'apps/v1beta2']);

/** Where a CronJob has the spec of its Jobs. */
const JOB_TEMPLATE = ['spec', 'jobTemplate', 'spec'] as const;

export const selectorMismatch = defineControl({
  id: 'selector-mismatch',
  aliases: [
    'kube-linter:mismatching-selector',
    'kube-score:deployment-pod-selector-labels-match-template-metadata-labels',
    'kube-score:statefulset-pod-selector-labels-match-template-metadata-labels',
    'kubescape:C-0296',
  ],
  title: 'Controllers must select the pods that they make',
  problem: 'do not select the pods that they make',
  message: 'The selector of {resource} {state}.',
  severity: 'low',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'The API server refuses a controller whose selector does not match the labels of its own pod template, so the workload, and every fix in the manifest, never arrives.',
  remediation:
    'Give the pod template every label that spec.selector asks for; remove the selector in a CronJob, whose Jobs get one of their own. The selector of a Deployment, DaemonSet or StatefulSet that exists cannot be changed: change the template, or delete the controller and make it anew.',
  references: [
    'https://kubernetes.io/docs/concepts/workloads/controllers/deployment/',
    'https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/',
  ],
  attack: [],
  fix: {
    ...mayBreak(
      'Services, policies and other controllers that ask for the added label select the pods as well.',
    ),
    edits: ({ path }, resource) =>
      resource.kind === 'CronJob' ? [{ op: 'remove', path }] : missingLabels(resource),
  },
  appliesTo: kinds(
    'apps/DaemonSet',
    'apps/Deployment',
    'apps/ReplicaSet',
    'apps/StatefulSet',
    'batch/CronJob',
    'batch/Job',
    'extensions/DaemonSet',
    'extensions/Deployment',
    'extensions/ReplicaSet',
    'ReplicationController',
  ),
  looks: 'object',
  reads: [],
  notApplicable: ({ resource }) => {
    const { object } = resource;
    if (resource.kind === 'CronJob')
      return objectAt(object, ...JOB_TEMPLATE) ? undefined : 'It has no template of its Jobs.';
    if (!hasTemplate(resource))
      return 'It is a part of an object, such as a patch: it has no whole pod template.';
    if (hasPlaceholder(get(object, 'spec', 'selector')) || hasPlaceholder(labels(object)))
      return 'Another tool fills in its labels.';
    return undefined;
  },
  *evaluate({ resource, at }) {
    if (resource.kind === 'CronJob') {
      // The API server makes the selectors of these Jobs and refuses any that is written, even one that would match.
      const written = get(resource.object, ...JOB_TEMPLATE, 'selector') ?? undefined;
      if (written !== undefined) yield at([...JOB_TEMPLATE, 'selector'], { state: 'must be left out' });
      return;
    }
    const state = stateOf(resource);
    if (state !== undefined) yield at('spec.selector', { state });
  },
});

function labels(object: Resource['object']) {
  return get(object, 'spec', 'template', 'metadata', 'labels');
}

function hasTemplate({ object }: Resource): boolean {
  const [first] = arrayAt(object, 'spec', 'template', 'spec', 'containers') ?? [];
  return stringAt(first, 'image') !== undefined;
}

function stateOf({ object, apiVersion, kind }: Resource): string | undefined {
  const written = get(object, 'spec', 'selector') ?? undefined;
  if (written === undefined) return SELECTOR_REQUIRED.has(apiVersion) ? 'is missing' : undefined;
  const compile = kind === 'ReplicationController' ? compileMatchLabels : compileSelector;
  const selector = compile(written, { absent: 'everything' });
  if (!selector.ok) return `cannot be read: ${selector.error.message}`;
  if (selector.value.empty) return SELECTOR_REQUIRED.has(apiVersion) ? 'is empty' : undefined;
  if (selector.value.matches(labelsOf(objectAt(object, 'spec', 'template', 'metadata')))) return undefined;
  return 'does not match the labels of its pod template';
}

/** The labels that the template lacks; none where it has one of them with another value, for either may be meant. */
function missingLabels({ object, kind }: Resource): readonly Edit[] {
  const selector = get(object, 'spec', 'selector');
  const wanted = kind === 'ReplicationController' ? selector : get(selector, 'matchLabels');
  if (!isObject(wanted) || (arrayAt(selector, 'matchExpressions') ?? []).length > 0) return [];
  const edits: Edit[] = [];
  for (const [key, value] of Object.entries(wanted)) {
    const present = get(labels(object), key) ?? undefined;
    if (present === value) continue;
    if (present !== undefined || typeof value !== 'string') return [];
    edits.push({ op: 'set', path: ['spec', 'template', 'metadata', 'labels', key], value });
  }
  return edits;
}
