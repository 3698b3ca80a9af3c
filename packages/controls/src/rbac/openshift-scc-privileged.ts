import { arrayAt, defineControl, kinds, mayBreak, type ObjectView, type Violation } from '@bulwark/core';
import { OPENSHIFT_SCCS } from './scc-names.ts';

const FIELDS = [
  ['allowPrivilegedContainer', 'privileged containers'],
  ['allowHostDirVolumePlugin', 'directories of the node as volumes'],
  ['allowHostPID', 'the process namespace of the node'],
  ['allowHostIPC', 'the IPC namespace of the node'],
  ['allowHostNetwork', 'the network of the node'],
] as const;

/** With one of these a container gets at the kernel or at other processes. */
const CAPABILITIES = new Set(['*', 'ALL', 'SYS_ADMIN', 'SYS_MODULE', 'SYS_PTRACE', 'SYS_RAWIO', 'BPF']);

function whyNotJudged({ resource }: ObjectView): string | undefined {
  return OPENSHIFT_SCCS.has(resource.name) ? 'OpenShift itself makes these constraints.' : undefined;
}

function* evaluate({ resource, at }: ObjectView): Iterable<Violation> {
  for (const [field, what] of FIELDS) if (resource.object[field] === true) yield at([field], { what });
  for (const list of ['allowedCapabilities', 'defaultAddCapabilities'])
    for (const [index, name] of (arrayAt(resource.object, list) ?? []).entries())
      if (typeof name === 'string' && CAPABILITIES.has(name))
        yield at([list, index], { what: name === '*' ? 'every capability' : `the capability ${name}` });
}

export const openshiftSccPrivileged = defineControl({
  id: 'openshift-scc-privileged',
  aliases: ['kube-linter:scc-deny-privileged-container'],
  title: 'Security context constraints must not let pods take over the node',
  problem: 'let pods take over the node',
  message: '{resource} lets pods have {what}.',
  severity: 'high',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'On OpenShift these constraints decide what a pod may ask for. Whoever may use such ones runs privileged containers, or shares namespaces and files of the node, and so has the node and every pod on it.',
  remediation:
    'Set the fields to false, and list the capabilities that are needed instead of *. Where a node agent needs one of them, make constraints for it alone and grant their use to its service account alone.',
  references: [
    'https://docs.redhat.com/en/documentation/openshift_container_platform/latest/html/authentication_and_authorization/managing-pod-security-policies',
  ],
  attack: ['T1611'],
  appliesTo: kinds('security.openshift.io/SecurityContextConstraints'),
  looks: 'object',
  reads: [],
  fix: {
    ...mayBreak('Pods that ask for it are refused when they start again.'),
    edits: ({ path }) => (path.length === 1 ? [{ op: 'set', path, value: false }] : [{ op: 'remove', path }]),
  },
  notApplicable: whyNotJudged,
  evaluate,
});
