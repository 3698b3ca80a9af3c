import {
  type Container,
  defineControl,
  get,
  mayBreak,
  settingOf,
  setValue,
  type Workload,
  type WorkloadView,
  workloads,
} from '@bulwark/core';
import { whyNotOwnComponent } from './cluster-components.ts';
import { whyNotLinux } from './windows-pods.ts';

const HOST_NAMESPACES = ['hostNetwork', 'hostPID', 'hostIPC'];
const whyNot = whyNotLinux('hostUsers');

export const userNamespaceDisabled = defineControl({
  id: 'user-namespace-disabled',
  aliases: [],
  title: 'Pods that may run as root must have a user namespace of their own',
  problem: 'may run as root in the user namespace of the host',
  message: 'In {resource}, the container {name} {reason}, in the user namespace of the host.',
  severity: 'low',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'Root in a pod is root on the node as soon as it gets out of its container. In a user namespace of its own (hostUsers: false) the same root is a user that the node does not know, so a flaw in the runtime or a mounted file gives far less.',
  remediation:
    'Set hostUsers: false on the pod, or let it run as a user other than root (runAsNonRoot: true). It needs a file system with ID-mapped mounts, a recent kernel and runtime on the nodes, and no host namespaces.',
  references: [
    'https://kubernetes.io/docs/concepts/workloads/pods/user-namespaces/',
    'https://kubernetes.io/docs/tasks/configure-pod-container/user-namespaces/',
  ],
  attack: ['T1611'],
  kubernetes: { from: 33 },
  fix: setValue(
    false,
    mayBreak(
      'Volumes on file systems without ID-mapped mounts, such as NFS, cannot be mounted, and nodes with an old kernel or runtime refuse the pod.',
    ),
  ),
  appliesTo: workloads,
  looks: 'object',
  reads: [],
  notApplicable: (view) => whyNot(view) ?? whyNotOwnComponent(view) ?? whyNotInOwnNamespace(view),
  *evaluate({ spec, workload, at }) {
    if (spec['hostUsers'] === false) return;
    for (const container of workload.containers) {
      const reason = rootReason(workload, container);
      if (reason === undefined) continue;
      yield at('hostUsers', { name: container.name, reason });
      return;
    }
  },
});

function whyNotInOwnNamespace({ spec }: WorkloadView): string | undefined {
  return HOST_NAMESPACES.some((field) => spec[field] === true)
    ? 'A pod in a namespace of the host cannot have a user namespace of its own.'
    : undefined;
}

function rootReason(workload: Workload, container: Container): string | undefined {
  if (get(container.spec, 'securityContext', 'privileged') === true) return 'is privileged';
  const user = settingOf(workload, container, 'runAsUser').value;
  if (user === 0) return 'runs as root';
  if (typeof user === 'number') return undefined;
  return settingOf(workload, container, 'runAsNonRoot').value === true ? undefined : 'may run as root';
}
