import { containers, defineControl, get, mayBreak, setValue } from '@bulwark/core';
import { whyNotOwnComponent } from './cluster-components.ts';
import { whyNotLinux } from './windows-pods.ts';

const whyNot = whyNotLinux('readOnlyRootFilesystem');

export const readOnlyRootFilesystem = defineControl({
  id: 'read-only-root-filesystem',
  aliases: [
    'trivy:KSV-0014',
    'kubescape:C-0017',
    'checkov:CKV_K8S_22',
    'kube-linter:no-read-only-root-fs',
    'polaris:notReadOnlyRootFilesystem',
    'kube-score:container-security-context-readonlyrootfilesystem',
    'kyverno:require-ro-rootfs',
    'kubesec:ReadOnlyRootFilesystem',
  ],
  title: 'Containers must have a read-only root file system',
  problem: 'can write to their root file system',
  message: 'Container {container} of {resource} can write to its root file system.',
  severity: 'medium',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'An attacker who can write where the programs lie drops tools there, changes the application, and hides in what looks like part of the image. Where the root is read-only, only the mounted volumes are left to write to, and those are few and easy to watch.',
  remediation:
    'Set securityContext.readOnlyRootFilesystem to true on the container, and mount an emptyDir on each directory that the program writes to, such as /tmp.',
  references: ['https://kubernetes.io/docs/tasks/configure-pod-container/security-context/'],
  attack: ['T1554', 'T1105'],
  fix: setValue(
    true,
    mayBreak('A program that writes anywhere but in its volumes fails; it then needs an emptyDir there.'),
  ),
  appliesTo: containers,
  looks: 'object',
  reads: [],
  notApplicable: (view) =>
    view.container.type === 'ephemeral'
      ? 'An ephemeral container exists for debugging.'
      : (whyNot(view) ?? whyNotOwnComponent(view)),
  *evaluate({ container, at }) {
    if (get(container.spec, 'securityContext', 'readOnlyRootFilesystem') !== true)
      yield at('securityContext.readOnlyRootFilesystem');
  },
});
