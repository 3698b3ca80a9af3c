import { containers, defineControl, mayBreak, valueAt } from '@bulwark/core';
import { capabilityList, capabilityName } from './capability-lists.ts';
import { whyNotOwnComponent } from './cluster-components.ts';

const DROPS_IT = new Set(['ALL', 'NET_RAW']);

export const capabilityNetRawNotDropped = defineControl({
  id: 'capability-net-raw-not-dropped',
  aliases: [
    'kubescape:C-0199',
    'checkov:CKV_K8S_28',
    'kube-linter:drop-net-raw-capability',
    'kyverno:drop-cap-net-raw',
  ],
  title: 'Containers must drop the capability NET_RAW',
  problem: 'keep the capability to forge network packets',
  message: 'Container {container} of {resource} does not drop the capability NET_RAW.',
  severity: 'medium',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    "Most runtimes give NET_RAW to every container. A process with it writes packets of any form: it can answer for other addresses on the pod's network, forge DNS replies to neighbours and scan without opening connections.",
  remediation:
    'Set securityContext.capabilities.drop to ["ALL"], or at least to ["NET_RAW"], on every container.',
  references: [
    'https://man7.org/linux/man-pages/man7/capabilities.7.html',
    'https://kubernetes.io/docs/tasks/configure-pod-container/security-context/',
    'https://www.cisecurity.org/benchmark/kubernetes',
  ],
  attack: ['T1557', 'T1046'],
  fix: {
    ...mayBreak('A program that writes raw packets, such as some versions of ping, is denied it.'),
    edits: ({ path }, { object }) => [
      Array.isArray(valueAt(object, path))
        ? { op: 'append', path, value: 'NET_RAW' }
        : { op: 'set', path, value: ['NET_RAW'] },
    ],
  },
  appliesTo: containers,
  looks: 'object',
  reads: [],
  notApplicable: (view) =>
    view.isWindows ? 'A Windows container has no Linux capabilities.' : whyNotOwnComponent(view),
  *evaluate(view) {
    const isDropped = capabilityList(view, 'drop').some((item) => DROPS_IT.has(capabilityName(item)));
    if (!isDropped) yield view.at('securityContext.capabilities.drop');
  },
});
