import type { Framework } from '@bulwark/core';
import type { ControlId } from '../registry.ts';
import { EXCESS_RIGHTS } from './excess-rights.ts';
import { PLAIN_SECRETS } from './plain-secrets.ts';

/**
 * The OWASP Kubernetes Top Ten of 2025. It names risks and leaves to others how to find them, so which controls belong
 * to which risk is our own reading, and a pass means that none of these was found, no more. The titles say what is
 * demanded, in our words; the numbers are those of OWASP.
 */
export const owaspKubernetes: Framework<ControlId> = {
  id: 'owasp-kubernetes-2025',
  title: 'OWASP Kubernetes Top Ten',
  version: '2025',
  source: 'https://owasp.org/www-project-kubernetes-top-ten/',
  requirements: [
    {
      id: 'K01',
      title: 'Workloads have no more power over their node than they need',
      coverage: {
        kind: 'automated',
        controls: [
          'agent-sandbox-runtime-class',
          'allow-privilege-escalation',
          'apparmor-unconfined',
          'capabilities-baseline',
          'capabilities-drop-all',
          'capability-kernel-access',
          'capability-net-admin',
          'capability-net-raw',
          'capability-net-raw-not-dropped',
          'capability-sys-admin',
          'container-runtime-socket-mount',
          'dra-admin-access',
          'git-repo-volume',
          'host-ipc',
          'host-network',
          'host-pid',
          'host-port',
          'host-probe-or-lifecycle-host',
          'hostpath-pv',
          'hostpath-volume',
          'memory-limit-missing',
          'mount-propagation-bidirectional',
          'privileged-container',
          'privileged-with-host-access',
          'proc-mount-unmasked',
          'read-only-root-filesystem',
          'run-as-non-root',
          'run-as-user-root',
          'seccomp-annotation-ignored',
          'seccomp-profile-required',
          'seccomp-unconfined',
          'selinux-custom-options',
          'sensitive-host-mount',
          'share-process-namespace',
          'sudo-in-entrypoint',
          'unsafe-sysctls',
          'windows-container-admin',
          'windows-host-process',
          'writable-host-mount',
        ],
      },
    },
    {
      id: 'K02',
      title: 'Roles and bindings give no more rights than their holders need',
      coverage: { kind: 'automated', controls: [...EXCESS_RIGHTS, 'rbac-default-sa-binding'] },
    },
    {
      id: 'K03',
      title: 'Secrets are kept as secrets, and are worth the name',
      coverage: {
        kind: 'automated',
        controls: [
          ...PLAIN_SECRETS,
          'example-credential-in-env',
          'example-credential-in-secret',
          'gateway-reference-grant-wide',
          'secret-data-in-last-applied',
          'secret-ref-in-env',
          'weak-credential-in-env',
          'weak-credential-in-secret',
        ],
      },
    },
    {
      id: 'K04',
      title: 'The cluster itself refuses what its policies forbid',
      coverage: {
        kind: 'automated',
        controls: [
          'gatekeeper-ambiguous-prefix',
          'openshift-scc-privileged',
          'policy-engine-missing',
          'psa-label-invalid',
          'psa-label-missing',
          'psa-level-privileged',
          'psp-legacy',
          'vap-fail-open',
          'vap-not-enforced',
          'vap-parameter-optional',
          'vap-unbound',
          'webhook-fail-open',
        ],
      },
    },
    {
      id: 'K05',
      title: 'Workloads reach only the workloads that they have to do with',
      coverage: {
        kind: 'automated',
        controls: [
          'agent-sandbox-open-network',
          'mesh-authorization-allow-all',
          'mesh-authorization-missing',
          'mesh-mtls-not-strict',
          'namespace-without-default-deny',
          'namespace-without-network-policy',
          'network-policy-allow-all-egress',
          'network-policy-allow-all-ingress',
          'network-policy-dangling',
          'network-policy-invalid',
          'network-policy-peer-dangling',
          'network-policy-pods-open-to-all',
          'network-policy-rules-ignored',
          'pod-without-network-policy',
        ],
      },
    },
    {
      id: 'K06',
      title: 'Interfaces of the cluster and of its tools are not open to everybody',
      coverage: {
        kind: 'automated',
        controls: [
          'exposed-sensitive-interface',
          'rbac-anonymous-binding',
          'rbac-dashboard-access',
          'service-external-ips',
          'service-load-balancer',
          'service-node-port',
          'ssh-service-port',
        ],
      },
    },
    {
      id: 'K07',
      title: 'Components that objects configure are configured safely and still maintained',
      coverage: {
        kind: 'automated',
        controls: [
          'api-deprecated',
          'apiservice-insecure-tls',
          'git-sync-injection',
          'gitops-source-insecure',
          'gitops-source-unverified',
          'image-registry-deprecated',
          'ingress-annotation-denied',
          'ingress-path-denied',
          'mesh-weak-tls',
          'webhook-external-target',
        ],
      },
    },
    {
      id: 'K08',
      title: 'Nothing in the cluster leads on into the cloud account',
      coverage: {
        kind: 'automated',
        controls: [
          'cloud-credential-mount',
          'metadata-api-reachable',
          'rbac-aws-auth-configmap',
          'rbac-provider-iam-assumption',
          'service-external-name-local',
        ],
      },
    },
    {
      id: 'K09',
      title: 'Whoever calls proves who they are, with credentials that are hard to steal or guess',
      coverage: {
        kind: 'automated',
        controls: [
          'automount-service-account-token',
          'example-credential-in-env',
          'example-credential-in-secret',
          'legacy-sa-token-secret',
          'projected-token-lifetime',
          'rbac-anonymous-binding',
          'rbac-masters-binding',
          'weak-credential-in-env',
          'weak-credential-in-secret',
        ],
      },
    },
    {
      id: 'K10',
      title: 'Logs are kept, watched and acted upon',
      coverage: {
        kind: 'manual',
        reason:
          'Audit policies, collectors, alerts and those who answer to them lie outside of what objects of the API hold.',
      },
    },
  ],
};
