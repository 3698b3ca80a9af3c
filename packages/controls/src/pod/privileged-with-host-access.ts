import { hostVolumes } from '@bulwark/analyses';
import { arrayAt, containers, defineControl, get, type WorkloadView } from '@bulwark/core';

export const privilegedWithHostAccess = defineControl({
  id: 'privileged-with-host-access',
  aliases: [],
  title: 'Privileged containers must not also have the processes or the root directory of the host',
  problem: 'run a privileged container that has the processes or the root directory of the host',
  message: 'Container {container} of {resource} is privileged and has {access}.',
  severity: 'critical',
  profile: 'default',
  since: '0.1.0',
  rationale:
    "A privileged container that shares the host's processes, or mounts the host's root, is a root shell on the node: nsenter or chroot is one command, and nothing has to be exploited. In a DaemonSet it is one on every node. The container is no boundary any more, only a way to deploy.",
  remediation:
    'Remove privileged, and add the few capabilities that the program needs. If it has to stay, remove hostPID and mount single directories instead of the root. Debug nodes with kubectl debug, which leaves a trace in the audit log, instead of a pod that stays.',
  references: [
    'https://kubernetes.io/docs/concepts/security/pod-security-standards/',
    'https://kubernetes.io/docs/tasks/debug/debug-cluster/kubectl-node-debug/',
  ],
  attack: ['T1611', 'T1610'],
  refines: ['privileged-container'],
  appliesTo: containers,
  looks: 'object',
  reads: [],
  *evaluate(view) {
    const { container, spec, at } = view;
    if (get(container.spec, 'securityContext', 'privileged') !== true) return;
    const access = [
      ...(spec['hostPID'] === true ? ['the processes of the host'] : []),
      ...(mountsRoot(spec, container.spec) ? ['the root directory of the host'] : []),
    ];
    if (access.length > 0) yield at('securityContext.privileged', { access: access.join(' and ') });
  },
});

function mountsRoot(spec: WorkloadView['spec'], container: WorkloadView['spec']): boolean {
  const roots = hostVolumes(spec).filter(({ path }) => path === '/');
  return (arrayAt(container, 'volumeMounts') ?? []).some((mount) =>
    roots.some(({ name }) => get(mount, 'name') === name),
  );
}
