import { containers, defineControl, type Json, objectAt } from '@bulwark/core';
import { whyNotOwnComponent } from './cluster-components.ts';

export const securityContextMissing = defineControl({
  id: 'security-context-missing',
  aliases: ['trivy:KSV-0118', 'kubescape:C-0211', 'checkov:CKV_K8S_29', 'checkov:CKV_K8S_30'],
  title: 'Containers must have a security context, of their own or of their pod',
  problem: 'have no security context at all',
  message: 'Neither container {container} of {resource} nor its pod has a security context.',
  severity: 'low',
  profile: 'all',
  since: '0.1.0',
  rationale:
    'Without any security context the image and the node decide about users, privileges and profiles, and their defaults are made to let everything run. It is the mark of a manifest for which nobody asked the question.',
  remediation:
    'Set on the pod runAsNonRoot: true and seccompProfile.type: RuntimeDefault, and on each container allowPrivilegeEscalation: false and capabilities.drop: [ALL]. The controls about these settings say what each is for.',
  references: [
    'https://kubernetes.io/docs/tasks/configure-pod-container/security-context/',
    'https://kubernetes.io/docs/concepts/security/pod-security-standards/',
  ],
  attack: ['T1611'],
  appliesTo: containers,
  looks: 'object',
  reads: [],
  notApplicable: whyNotOwnComponent,
  *evaluate({ container, spec, at }) {
    if (!saysAnything(container.spec) && !saysAnything(spec)) yield at('securityContext');
  },
});

function saysAnything(holder: Json): boolean {
  return Object.values(objectAt(holder, 'securityContext') ?? {}).some(
    (value) => value !== undefined && value !== null,
  );
}
