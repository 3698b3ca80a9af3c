import { containers, defineControl } from '@bulwark/core';
import { containerPorts } from './container-ports.ts';

/** Below it a port of a host is reserved for root. */
const FIRST_UNPRIVILEGED = 1024;

export const privilegedContainerPort = defineControl({
  id: 'privileged-container-port',
  aliases: ['trivy:KSV-0117', 'kube-linter:privileged-ports'],
  title: 'Containers must listen on ports from 1024 up',
  problem: 'listen on a port below 1024',
  message: 'Container {container} of {resource} listens on port {port}.',
  severity: 'info',
  profile: 'all',
  since: '0.1.0',
  rationale:
    'Ports below 1024 were for root. Runtimes with their present defaults let any user of a container open them, older ones do not: there such a program starts as root or with the capability NET_BIND_SERVICE, and keeps more rights than it needs.',
  remediation:
    'Let the program listen on a higher port, such as 8080, and keep the low one as the port of the Service.',
  references: [
    'https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports',
    'https://kubernetes.io/docs/tasks/administer-cluster/sysctl-cluster/',
  ],
  attack: [],
  appliesTo: containers,
  looks: 'object',
  reads: [],
  *evaluate(view) {
    for (const { index, port } of containerPorts(view))
      if (port > 0 && port < FIRST_UNPRIVILEGED) yield view.at(['ports', index, 'containerPort'], { port });
  },
});
