import type { Framework } from '@bulwark/core';
import type { ControlId } from '../registry.ts';
import { cisComponents } from './cis-kubernetes-2.0.1-components.ts';

/**
 * The CIS Kubernetes Benchmark 2.0.1, for Kubernetes 1.34 and 1.35: its numbers, with titles in our own words because
 * its text may not be copied. Its numbers and what they ask for change between versions, even into the opposite, so
 * another version is another file.
 *
 * Section 5 is judged by objects wherever they decide. A rule for all resources gives rights over each of them; the
 * controls about one resource leave it to those about wildcards, hence both are named, and such a rule fails every
 * requirement that it may break. What may be admitted (5.2) is judged
 * twice: by the pods there are, and, where every enforced Pod Security Standard above privileged refuses it, by the
 * labels of the namespaces.
 */
export const cisKubernetes: Framework<ControlId> = {
  id: 'cis-kubernetes-2.0.1',
  title: 'CIS Kubernetes Benchmark',
  version: '2.0.1',
  source: 'https://www.cisecurity.org/benchmark/kubernetes',
  requirements: [
    ...cisComponents,
    {
      id: '5.1.1',
      title: 'The role cluster-admin is bound only where nothing less will do',
      coverage: {
        kind: 'automated',
        controls: [
          'cluster-admin-binding',
          'cluster-admin-people-binding',
          'cluster-admin-rolebinding',
          'rbac-wildcard-all',
        ],
      },
    },
    {
      id: '5.1.2',
      title: 'Roles do not allow reading Secrets at large',
      coverage: {
        kind: 'automated',
        controls: [
          'rbac-secrets-read',
          'rbac-secrets-read-namespace',
          'rbac-token-secret-create',
          'rbac-wildcard-all',
          'rbac-wildcard-all-namespace',
          'rbac-wildcard-resources',
        ],
      },
    },
    {
      id: '5.1.3',
      title: 'Roles name their verbs and resources',
      coverage: {
        kind: 'automated',
        controls: [
          'rbac-wildcard-all',
          'rbac-wildcard-all-namespace',
          'rbac-wildcard-other',
          'rbac-wildcard-resources',
          'rbac-wildcard-verbs',
        ],
      },
    },
    {
      id: '5.1.4',
      title: 'Roles do not allow creating any pod',
      coverage: {
        kind: 'automated',
        controls: [
          'rbac-create-pods',
          'rbac-wildcard-all',
          'rbac-wildcard-all-namespace',
          'rbac-wildcard-resources',
        ],
      },
    },
    {
      id: '5.1.5',
      title: 'Default service accounts have no rights, and no pod uses their tokens',
      coverage: {
        kind: 'automated',
        controls: [
          'default-service-account-token',
          'default-service-account-used',
          'rbac-default-sa-binding',
        ],
      },
    },
    {
      id: '5.1.6',
      title: 'Only pods that call the API server get a token for it',
      coverage: { kind: 'automated', controls: ['automount-service-account-token'] },
    },
    {
      id: '5.1.7',
      title: 'Nobody is in the group system:masters',
      coverage: {
        kind: 'manual',
        reason:
          'Membership is written into client certificates, which the cluster does not list. That no binding names the group (rbac-masters-binding) does not show that nobody is in it.',
      },
    },
    {
      id: '5.1.8',
      title: 'Roles do not allow binding, impersonation or escalation',
      coverage: {
        kind: 'automated',
        controls: [
          'rbac-bind',
          'rbac-escalate',
          'rbac-impersonate',
          'rbac-wildcard-all',
          'rbac-wildcard-all-namespace',
          'rbac-wildcard-resources',
        ],
      },
    },
    {
      id: '5.1.9',
      title: 'Roles do not allow creating persistent volumes',
      coverage: {
        kind: 'automated',
        controls: ['rbac-pv-create', 'rbac-wildcard-all', 'rbac-wildcard-resources'],
      },
    },
    {
      id: '5.1.10',
      title: "Roles do not allow requests to the kubelets' API",
      coverage: {
        kind: 'automated',
        controls: ['rbac-node-proxy', 'rbac-wildcard-all', 'rbac-wildcard-resources'],
      },
    },
    {
      id: '5.1.11',
      title: 'Roles do not allow approving certificates',
      coverage: {
        kind: 'automated',
        controls: ['rbac-csr-approve', 'rbac-wildcard-all', 'rbac-wildcard-resources'],
      },
    },
    {
      id: '5.1.12',
      title: 'Roles do not allow changing admission webhooks',
      coverage: {
        kind: 'automated',
        controls: ['rbac-webhook-write', 'rbac-wildcard-all', 'rbac-wildcard-resources'],
      },
    },
    {
      id: '5.1.13',
      title: 'Roles do not allow issuing service account tokens',
      coverage: {
        kind: 'automated',
        controls: [
          'rbac-sa-token-create',
          'rbac-token-secret-create',
          'rbac-wildcard-all',
          'rbac-wildcard-all-namespace',
          'rbac-wildcard-resources',
        ],
      },
    },
    {
      id: '5.2.1',
      title: 'Something in the cluster refuses dangerous pods',
      coverage: { kind: 'automated', controls: ['policy-engine-missing'] },
    },
    {
      id: '5.2.2',
      title: 'Privileged containers are not admitted',
      coverage: {
        kind: 'automated',
        controls: ['privileged-container', 'psa-label-missing', 'psa-level-privileged'],
      },
    },
    {
      id: '5.2.3',
      title: "Pods that share their host's processes are not admitted",
      coverage: { kind: 'automated', controls: ['host-pid', 'psa-label-missing', 'psa-level-privileged'] },
    },
    {
      id: '5.2.4',
      title: "Pods that share their host's IPC are not admitted",
      coverage: { kind: 'automated', controls: ['host-ipc', 'psa-label-missing', 'psa-level-privileged'] },
    },
    {
      id: '5.2.5',
      title: "Pods that share their host's network are not admitted",
      coverage: {
        kind: 'automated',
        controls: ['host-network', 'psa-label-missing', 'psa-level-privileged'],
      },
    },
    {
      id: '5.2.6',
      title: 'No container allows privilege escalation',
      coverage: { kind: 'automated', controls: ['allow-privilege-escalation'] },
    },
    {
      id: '5.2.7',
      title: 'No container runs as root',
      coverage: { kind: 'automated', controls: ['run-as-non-root', 'run-as-user-root'] },
    },
    {
      id: '5.2.8',
      title: 'No container has the capability NET_RAW',
      coverage: { kind: 'automated', controls: ['capability-net-raw', 'capability-net-raw-not-dropped'] },
    },
    {
      id: '5.2.9',
      title: 'No container keeps capabilities that it has no need of',
      coverage: {
        kind: 'automated',
        controls: [
          'capabilities-baseline',
          'capabilities-drop-all',
          'capability-kernel-access',
          'capability-net-admin',
          'capability-sys-admin',
        ],
      },
    },
    {
      id: '5.2.10',
      title: 'Windows containers that run as processes of their host are not admitted',
      coverage: {
        kind: 'automated',
        controls: ['windows-host-process', 'psa-label-missing', 'psa-level-privileged'],
      },
    },
    {
      id: '5.2.11',
      title: 'Volumes that are paths of the host are not admitted',
      coverage: {
        kind: 'automated',
        controls: ['hostpath-pv', 'hostpath-volume', 'psa-label-missing', 'psa-level-privileged'],
      },
    },
    {
      id: '5.2.12',
      title: 'Containers that bind ports of the host are not admitted',
      coverage: { kind: 'automated', controls: ['host-port', 'psa-label-missing', 'psa-level-privileged'] },
    },
    {
      id: '5.3.1',
      title: 'The network plug-in enforces network policies',
      coverage: {
        kind: 'not-checked',
        reason:
          'Which network plug-in runs, and with which settings, cannot be told from the manifests of workloads.',
      },
    },
    {
      id: '5.3.2',
      title: 'Network policies hold in every namespace',
      coverage: {
        kind: 'automated',
        controls: ['namespace-without-network-policy', 'pod-without-network-policy'],
      },
    },
    {
      id: '5.4.1',
      title: 'Secrets reach containers as files',
      coverage: { kind: 'automated', controls: ['secret-ref-in-env'] },
    },
    {
      id: '5.4.2',
      title: 'Secrets come from a store outside of the cluster',
      coverage: { kind: 'automated', controls: ['external-secret-store'] },
    },
    {
      id: '5.5.1',
      title: 'The provenance of images is verified at admission',
      coverage: {
        kind: 'not-checked',
        reason:
          "The API server's admission configuration, or the rules of whichever verifier is installed, decide it. Neither is judged yet.",
      },
    },
    {
      id: '5.6.1',
      title: 'Namespaces separate what is administered separately',
      coverage: {
        kind: 'manual',
        reason: 'Who administers what, and what must be kept apart, is known to people only.',
      },
    },
    {
      id: '5.6.2',
      title: 'Containers run under a seccomp profile',
      coverage: {
        kind: 'automated',
        controls: ['seccomp-annotation-ignored', 'seccomp-profile-required', 'seccomp-unconfined'],
      },
    },
    {
      id: '5.6.3',
      title: 'Pods and containers have a security context',
      coverage: { kind: 'automated', controls: ['security-context-missing'] },
    },
    {
      id: '5.6.4',
      title: 'Nothing runs in the namespace default',
      coverage: { kind: 'automated', controls: ['default-namespace-used'] },
    },
  ],
};
