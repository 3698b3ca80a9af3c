import {
  defineControl,
  everything,
  flagParam,
  isControlled,
  labelsOf,
  objectAt,
  textsParam,
} from '@bulwark/core';

export const recommendedLabelsMissing = defineControl({
  id: 'recommended-labels-missing',
  aliases: ['kubescape:C-0077', 'kubescape:C-0076'],
  title: 'Workloads must have the labels by which tools know an application',
  problem: 'lack labels by which tools know an application',
  message: '{resource} lacks the label {label}.',
  severity: 'info',
  profile: 'all',
  since: '0.1.0',
  rationale:
    'Dashboards, inventories and policies group what belongs together by the labels that Kubernetes recommends. A workload without them stands alone there, and is easily missed.',
  remediation:
    'Add the labels to metadata.labels: app.kubernetes.io/name says what the application is, app.kubernetes.io/instance which copy of it.',
  references: ['https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/'],
  attack: [],
  params: {
    labels: textsParam('The labels that a workload needs.', {
      minimum: 1,
      default: ['app.kubernetes.io/name', 'app.kubernetes.io/instance'],
    }),
    oneIsEnough: flagParam('Whether one of the labels does, where teams use different ones.', {
      default: false,
    }),
  },
  appliesTo: everything,
  looks: 'object',
  reads: [],
  notApplicable: ({ resource }) => {
    if (resource.workloads.length === 0) return 'It has no pod template.';
    return isControlled(resource) ? 'Its owner made it and writes its labels.' : undefined;
  },
  *evaluate({ resource, params, at }) {
    const labels = labelsOf(objectAt(resource.object, 'metadata'));
    const missing = params.labels.filter((label) => !Object.hasOwn(labels, label));
    const [first] = missing;
    if (!params.oneIsEnough) for (const label of missing) yield at(['metadata', 'labels', label], { label });
    else if (first !== undefined && missing.length === params.labels.length)
      yield at(['metadata', 'labels', first], { label: missing.join(' or ') });
  },
});
