import type { Power } from './grants.ts';

/** The resources of Kubernetes whose objects hold a pod template, by group. */
const TEMPLATES: readonly Pick<Power, 'groups' | 'resources'>[] = [
  { groups: [''], resources: ['replicationcontrollers', 'podtemplates'] },
  { groups: ['apps'], resources: ['deployments', 'daemonsets', 'statefulsets', 'replicasets'] },
  { groups: ['batch'], resources: ['jobs', 'cronjobs'] },
];

/** These verbs on what holds a pod template. */
export function onTemplates(verbs: readonly string[]): readonly Power[] {
  return TEMPLATES.map((part) => ({ ...part, verbs }));
}

/** What makes a pod of the holder's choice: a new pod, or a pod template written or changed. */
export const RUN_PODS: readonly Power[] = [
  { verbs: ['create'], groups: [''], resources: ['pods'] },
  ...onTemplates(['create', 'update', 'patch']),
];
