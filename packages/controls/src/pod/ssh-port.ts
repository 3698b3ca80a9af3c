import { containers, defineControl } from '@bulwark/core';
import { containerPorts } from './container-ports.ts';

const SSH = 22;

export const sshPort = defineControl({
  id: 'ssh-port',
  aliases: ['kube-linter:ssh-port', 'kubescape:C-0042'],
  title: 'Containers must not run an SSH server',
  problem: 'listen on the port of SSH',
  message: 'Container {container} of {resource} listens on port 22, that of SSH.',
  severity: 'low',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'An SSH server is a second way in beside the Kubernetes API, with users, keys and a log of its own that no RBAC rule and no audit policy sees. It also ties the container to a daemon that mostly runs as root.',
  remediation:
    'Remove the server and enter containers with kubectl exec or kubectl debug, which RBAC governs and the audit log records. A git or SFTP server, whose purpose is SSH, deserves an exception.',
  references: ['https://kubernetes.io/docs/tasks/debug/debug-application/debug-running-pod/'],
  attack: ['T1021.004', 'T1133'],
  appliesTo: containers,
  looks: 'object',
  reads: [],
  *evaluate(view) {
    for (const { index, port, protocol } of containerPorts(view))
      if (port === SSH && protocol === 'TCP') yield view.at(['ports', index, 'containerPort']);
  },
});
