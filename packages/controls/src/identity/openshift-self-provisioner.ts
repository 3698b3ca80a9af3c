import { defineControl } from '@bulwark/core';
import { atSubjects, bindsClusterRole, clusterBindings, removeSubject } from './bindings.ts';
import { isEverybody } from './subject-classes.ts';

export const openshiftSelfProvisioner = defineControl({
  id: 'openshift-self-provisioner',
  aliases: [],
  title: 'Not everybody must be able to create projects in OpenShift',
  problem: 'let everybody who can log in create projects',
  message: '{resource} lets {subject} create projects.',
  severity: 'low',
  profile: 'all',
  since: '0.1.0',
  rationale:
    'Whoever creates a project in OpenShift is its administrator. With the role self-provisioner bound to all who log in, anybody can make one, run workloads there that nobody expects, and take up names and capacity.',
  remediation:
    'Bind self-provisioner to the groups that may open projects. Set the annotation rbac.authorization.kubernetes.io/autoupdate to false on the binding self-provisioners, or the cluster restores it.',
  references: [
    'https://docs.redhat.com/en/documentation/openshift_container_platform/4.18/html/building_applications/projects',
  ],
  attack: ['T1610'],
  fix: removeSubject,
  appliesTo: clusterBindings,
  looks: 'object',
  reads: [],
  *evaluate(view) {
    if (bindsClusterRole(view.resource, 'self-provisioner')) yield* atSubjects(view, isEverybody);
  },
});
