import type { Framework } from '@bulwark/core';
import type { ControlId } from '../registry.ts';
import { EXCESS_RIGHTS } from './excess-rights.ts';
import { nsaPods } from './nsa-cisa-1.2-pods.ts';
import { PLAIN_SECRETS } from './plain-secrets.ts';

/**
 * The Kubernetes Hardening Guidance of NSA and CISA, version 1.2 of August 2022. It numbers nothing: the ids are ours,
 * by its chapters (pod security, network, authentication and authorisation, logging, upgrading). Where objects decide
 * a recommendation only in part, the title says which part is judged.
 *
 * Its advice to deny all traffic by default is judged for what comes in; `namespace-without-default-deny` takes the
 * other direction as a parameter.
 */
export const nsaCisa: Framework<ControlId> = {
  id: 'nsa-cisa-1.2',
  title: 'NSA/CISA Kubernetes Hardening Guidance',
  version: '1.2',
  source:
    'https://media.defense.gov/2022/Aug/29/2003066362/-1/-1/0/CTR_KUBERNETES_HARDENING_GUIDANCE_1.2_20220829.PDF',
  requirements: [
    ...nsaPods,
    {
      id: 'net-control-plane-access',
      title: 'Firewalls and a network of its own protect the control plane',
      coverage: {
        kind: 'not-checked',
        reason: 'Firewalls and networks of nodes are set up outside of the cluster.',
      },
    },
    {
      id: 'net-etcd-access',
      title: 'Only the API server reaches etcd',
      coverage: {
        kind: 'not-checked',
        reason:
          "The firewall of etcd's nodes and the arguments of etcd decide it. No manifest of a workload holds them.",
      },
    },
    {
      id: 'net-control-plane-tls',
      title: 'Components of the control plane speak TLS and verify each other',
      coverage: {
        kind: 'not-checked',
        reason:
          'The arguments of the components decide it. They stand in their processes and static pods, which are not judged yet.',
      },
    },
    {
      id: 'net-etcd-encryption',
      title: 'etcd is encrypted at rest, with a certificate of its own',
      coverage: {
        kind: 'not-checked',
        reason:
          'The arguments of the API server and of etcd decide it, or the provider. No manifest of a workload holds them.',
      },
    },
    {
      id: 'net-kubeconfig-files',
      title: 'Files with credentials for the API server are protected',
      coverage: {
        kind: 'not-checked',
        reason: 'Modes and owners of files on nodes decide it. No object of the API holds them.',
      },
    },
    {
      id: 'net-namespaces',
      title: 'Workloads of their own are kept in namespaces of their own',
      coverage: { kind: 'automated', controls: ['default-namespace-used', 'system-namespace-used'] },
    },
    {
      id: 'net-policies',
      title: 'Network policies hold for every pod',
      coverage: {
        kind: 'automated',
        controls: [
          'namespace-without-network-policy',
          'network-policy-dangling',
          'network-policy-invalid',
          'network-policy-peer-dangling',
          'network-policy-rules-ignored',
          'pod-without-network-policy',
        ],
      },
    },
    {
      id: 'net-default-deny',
      title: 'Every namespace refuses connections that no policy allows',
      coverage: {
        kind: 'automated',
        controls: [
          'namespace-without-default-deny',
          'network-policy-allow-all-egress',
          'network-policy-allow-all-ingress',
          'network-policy-pods-open-to-all',
        ],
      },
    },
    {
      id: 'net-plugin',
      title: 'The network plug-in enforces network policies',
      coverage: {
        kind: 'not-checked',
        reason:
          'Which network plug-in runs, and with which settings, cannot be told from the manifests of workloads.',
      },
    },
    {
      id: 'net-resource-quota',
      title: 'Namespaces limit what their pods use together',
      coverage: { kind: 'automated', controls: ['resource-quota-missing'] },
    },
    {
      id: 'net-limit-range',
      title: 'Containers are limited, by themselves or by their namespace',
      coverage: { kind: 'automated', controls: ['limit-range-missing', 'memory-limit-missing'] },
    },
    {
      id: 'net-pid-limits',
      title: 'Nodes and pods limit the number of processes',
      coverage: {
        kind: 'not-checked',
        reason: 'The configuration of each kubelet decides it. It is not read.',
      },
    },
    {
      id: 'net-exposure',
      title: 'What is reachable from outside is meant to be, and limited',
      coverage: {
        kind: 'automated',
        controls: [
          'exposed-sensitive-interface',
          'host-port',
          'rbac-dashboard-access',
          'service-external-ips',
          'service-load-balancer',
          'service-node-port',
          'ssh-service-port',
        ],
      },
    },
    {
      id: 'net-encryption',
      title: 'Traffic that objects configure is encrypted, and its other end verified',
      coverage: {
        kind: 'automated',
        controls: [
          'apiservice-insecure-tls',
          'gateway-listener-insecure',
          'gitops-source-insecure',
          'ingress-no-tls',
          'ingress-tls-host-mismatch',
          'ingress-tls-redirect-disabled',
          'load-balancer-tls',
          'mesh-injection-disabled',
          'mesh-mtls-not-strict',
          'mesh-ports-skipped',
          'mesh-upstream-tls-unverified',
          'mesh-weak-tls',
          'webhook-external-target',
        ],
      },
    },
    {
      id: 'net-secrets',
      title: 'Credentials are kept in Secrets, and not in plain text beside them',
      coverage: { kind: 'automated', controls: [...PLAIN_SECRETS, 'secret-data-in-last-applied'] },
    },
    {
      id: 'net-secrets-encryption',
      title: 'Secrets are encrypted in etcd, with keys from outside',
      coverage: {
        kind: 'not-checked',
        reason:
          "The API server's encryption configuration decides it, or the provider. No object of the API holds it.",
      },
    },
    {
      id: 'net-node-segmentation',
      title: 'Worker nodes are kept apart from other networks',
      coverage: {
        kind: 'not-checked',
        reason: 'Firewalls and networks of nodes are set up outside of the cluster.',
      },
    },
    {
      id: 'net-cloud-metadata',
      title: "Pods reach neither the cloud's metadata nor the credentials of their node",
      coverage: {
        kind: 'automated',
        controls: ['cloud-credential-mount', 'metadata-api-reachable', 'service-external-name-local'],
      },
    },
    {
      id: 'auth-anonymous',
      title: 'The API server and the kubelets turn anonymous requests away',
      coverage: {
        kind: 'not-checked',
        reason:
          'The arguments of the API server and the configuration of the kubelets decide it. They are not read; what anonymous users may do where they are let in is part of auth-least-privilege.',
      },
    },
    {
      id: 'auth-strong-authentication',
      title: 'People prove who they are by strong means',
      coverage: {
        kind: 'manual',
        reason:
          'Kubernetes keeps no users. How people sign in is known to whoever runs the cluster and its identity provider.',
      },
    },
    {
      id: 'auth-rbac',
      title: 'The API server authorises by RBAC',
      coverage: {
        kind: 'not-checked',
        reason: 'The arguments of the API server decide it. They are not read.',
      },
    },
    {
      id: 'auth-unique-roles',
      title: 'Users, administrators and workloads have roles of their own',
      coverage: {
        kind: 'automated',
        controls: [
          'default-service-account-used',
          'rbac-authenticated-binding',
          'rbac-default-sa-binding',
          'rbac-masters-binding',
        ],
      },
    },
    {
      id: 'auth-least-privilege',
      title: 'Roles give no more rights than their holders need',
      coverage: { kind: 'automated', controls: [...EXCESS_RIGHTS] },
    },
    {
      id: 'auth-review',
      title: 'Rights are reviewed from time to time',
      coverage: {
        kind: 'manual',
        reason: 'Whether a review took place, and who still needs a right, is known to people only.',
      },
    },
    {
      id: 'log-audit',
      title: 'The API server writes an audit log',
      coverage: {
        kind: 'not-checked',
        reason: 'The arguments of the API server decide it, or the provider. They are not read.',
      },
    },
    {
      id: 'log-audit-policy',
      title: 'The audit policy records what matters for security',
      coverage: {
        kind: 'not-checked',
        reason:
          'The audit policy is a file of the control plane, or a setting of the provider. No object of the API holds it.',
      },
    },
    {
      id: 'log-sources',
      title: 'Nodes, containers, system calls and the network are logged too',
      coverage: {
        kind: 'manual',
        reason:
          'Which logs are kept of what runs outside of the API is known to whoever runs the nodes and the applications.',
      },
    },
    {
      id: 'log-persistence',
      title: 'Logs outlive the pod, container or node that wrote them',
      coverage: {
        kind: 'manual',
        reason:
          'Where logs end up depends on collectors, nodes and storage together; that they are found after a failure can only be tried.',
      },
    },
    {
      id: 'log-aggregation',
      title: 'Logs are collected outside of the cluster',
      coverage: { kind: 'manual', reason: 'The place where logs are collected lies outside of the cluster.' },
    },
    {
      id: 'log-monitoring',
      title: 'Somebody is alerted to what is suspicious, and acts',
      coverage: {
        kind: 'manual',
        reason: 'Rules, alerts and those who answer to them lie outside of the cluster.',
      },
    },
    {
      id: 'upg-patches',
      title: 'Patches are applied promptly, to the cluster and to what runs in it',
      coverage: {
        kind: 'not-checked',
        reason: 'The versions that run on nodes and inside of images are not looked at.',
      },
    },
    {
      id: 'upg-assessments',
      title: 'Vulnerability scans and penetration tests take place from time to time',
      coverage: { kind: 'manual', reason: 'Whether they took place is known to people only.' },
    },
    {
      id: 'upg-unused',
      title: 'What is no longer used is removed',
      coverage: {
        kind: 'manual',
        reason:
          'What is still needed is known to people only. Controls about what leads to nothing, such as service-dangling and rbac-dangling-binding, name candidates.',
      },
    },
  ],
};
