import type { Requirement, RequirementCoverage } from '@bulwark/core';
import type { ControlId } from '../registry.ts';

/**
 * What would have to be read for the sections about the control plane and the nodes. None of it is in the manifests of
 * workloads, so the requirements stay unchecked, and never pass, until a source for it exists. Each constant is one
 * source: whoever adds that replaces the coverage of exactly these requirements.
 */
const notChecked = (reason: string): RequirementCoverage<ControlId> => ({ kind: 'not-checked', reason });

const CONTROL_PLANE_FILES = notChecked(
  'Modes and owners of files on the nodes of the control plane decide it. No object of the API holds them; it takes access to these nodes.',
);
const API_SERVER_ARGUMENTS = notChecked(
  "The arguments of the API server, or files that they name, decide it. They stand in the server's process and its static pod, which are not judged yet; a managed cluster does not show them.",
);
const CONTROLLER_MANAGER_ARGUMENTS = notChecked(
  'The arguments of the controller manager decide it. They stand in its process and its static pod, which are not judged yet; a managed cluster does not show them.',
);
const SCHEDULER_ARGUMENTS = notChecked(
  'The arguments of the scheduler decide it. They stand in its process and its static pod, which are not judged yet; a managed cluster does not show them.',
);
const ETCD_ARGUMENTS = notChecked(
  'The arguments and certificates of etcd decide it. They stand in its process, its static pod and on its nodes, which are not judged yet; a managed cluster does not show them.',
);
const AUDIT_POLICY = notChecked(
  'The audit policy is a file on the nodes of the control plane, or a setting of the provider. No object of the API holds it.',
);
const NODE_FILES = notChecked(
  'Modes and owners of files on the worker nodes decide it. No object of the API holds them; it takes access to each node.',
);
const KUBELET_CONFIGURATION = notChecked(
  'The configuration with which each kubelet runs decides it. It is read from the kubelet itself, which no scan of manifests can do.',
);
const KUBE_PROXY_CONFIGURATION = notChecked(
  'The configuration with which kube-proxy runs decides it. It is not judged yet.',
);

/** The API has no list of users, so nothing that it returns can show how they prove who they are. */
const USERS: RequirementCoverage<ControlId> = {
  kind: 'manual',
  reason:
    'Kubernetes keeps no users. How people sign in is known to whoever runs the cluster and its identity provider.',
};

/** Sections 1 to 4: control plane nodes, API server, controller manager, scheduler, etcd, users, audit, workers. */
export const cisComponents: readonly Requirement<ControlId>[] = [
  {
    id: '1.1.1',
    title: 'The pod manifest of the API server has mode 600 or stricter',
    coverage: CONTROL_PLANE_FILES,
  },
  { id: '1.1.2', title: 'The pod manifest of the API server belongs to root', coverage: CONTROL_PLANE_FILES },
  {
    id: '1.1.3',
    title: 'The pod manifest of the controller manager has mode 600 or stricter',
    coverage: CONTROL_PLANE_FILES,
  },
  {
    id: '1.1.4',
    title: 'The pod manifest of the controller manager belongs to root',
    coverage: CONTROL_PLANE_FILES,
  },
  {
    id: '1.1.5',
    title: 'The pod manifest of the scheduler has mode 600 or stricter',
    coverage: CONTROL_PLANE_FILES,
  },
  { id: '1.1.6', title: 'The pod manifest of the scheduler belongs to root', coverage: CONTROL_PLANE_FILES },
  { id: '1.1.7', title: 'The pod manifest of etcd has mode 600 or stricter', coverage: CONTROL_PLANE_FILES },
  { id: '1.1.8', title: 'The pod manifest of etcd belongs to root', coverage: CONTROL_PLANE_FILES },
  {
    id: '1.1.9',
    title: 'The files of the network plug-in have mode 600 or stricter',
    coverage: CONTROL_PLANE_FILES,
  },
  { id: '1.1.10', title: 'The files of the network plug-in belong to root', coverage: CONTROL_PLANE_FILES },
  {
    id: '1.1.11',
    title: 'The data directory of etcd has mode 700 or stricter',
    coverage: CONTROL_PLANE_FILES,
  },
  {
    id: '1.1.12',
    title: 'The data directory of etcd belongs to the user and group etcd',
    coverage: CONTROL_PLANE_FILES,
  },
  {
    id: '1.1.13',
    title: 'The kubeconfig files of the administrators have mode 600',
    coverage: CONTROL_PLANE_FILES,
  },
  {
    id: '1.1.14',
    title: 'The kubeconfig files of the administrators belong to root',
    coverage: CONTROL_PLANE_FILES,
  },
  {
    id: '1.1.15',
    title: "The scheduler's kubeconfig file has mode 600 or stricter",
    coverage: CONTROL_PLANE_FILES,
  },
  { id: '1.1.16', title: "The scheduler's kubeconfig file belongs to root", coverage: CONTROL_PLANE_FILES },
  {
    id: '1.1.17',
    title: "The controller manager's kubeconfig file has mode 600 or stricter",
    coverage: CONTROL_PLANE_FILES,
  },
  {
    id: '1.1.18',
    title: "The controller manager's kubeconfig file belongs to root",
    coverage: CONTROL_PLANE_FILES,
  },
  {
    id: '1.1.19',
    title: "The directory of the cluster's keys and certificates, and all in it, belongs to root",
    coverage: CONTROL_PLANE_FILES,
  },
  {
    id: '1.1.20',
    title: "The cluster's certificates have mode 644 or stricter",
    coverage: CONTROL_PLANE_FILES,
  },
  { id: '1.1.21', title: "The cluster's private keys have mode 600", coverage: CONTROL_PLANE_FILES },
  { id: '1.2.1', title: 'The API server turns anonymous requests away', coverage: API_SERVER_ARGUMENTS },
  {
    id: '1.2.2',
    title: 'The API server accepts no tokens from a static file',
    coverage: API_SERVER_ARGUMENTS,
  },
  {
    id: '1.2.3',
    title: 'The admission plug-in DenyServiceExternalIPs is on',
    coverage: API_SERVER_ARGUMENTS,
  },
  {
    id: '1.2.4',
    title: 'The API server shows a client certificate to the kubelets',
    coverage: API_SERVER_ARGUMENTS,
  },
  {
    id: '1.2.5',
    title: "The API server verifies the kubelets' certificates",
    coverage: API_SERVER_ARGUMENTS,
  },
  { id: '1.2.6', title: 'The API server does not allow every request', coverage: API_SERVER_ARGUMENTS },
  {
    id: '1.2.7',
    title: 'The API server lets kubelets read only what their own node needs',
    coverage: API_SERVER_ARGUMENTS,
  },
  { id: '1.2.8', title: 'The API server authorises by RBAC', coverage: API_SERVER_ARGUMENTS },
  { id: '1.2.9', title: 'The admission plug-in EventRateLimit is on', coverage: API_SERVER_ARGUMENTS },
  { id: '1.2.10', title: 'The admission plug-in AlwaysAdmit is off', coverage: API_SERVER_ARGUMENTS },
  { id: '1.2.11', title: 'The admission plug-in AlwaysPullImages is on', coverage: API_SERVER_ARGUMENTS },
  { id: '1.2.12', title: 'The admission plug-in ServiceAccount is on', coverage: API_SERVER_ARGUMENTS },
  { id: '1.2.13', title: 'The admission plug-in NamespaceLifecycle is on', coverage: API_SERVER_ARGUMENTS },
  { id: '1.2.14', title: 'The admission plug-in NodeRestriction is on', coverage: API_SERVER_ARGUMENTS },
  { id: '1.2.15', title: 'The API server serves no profiling data', coverage: API_SERVER_ARGUMENTS },
  { id: '1.2.16', title: 'The API server writes an audit log', coverage: API_SERVER_ARGUMENTS },
  {
    id: '1.2.17',
    title: 'Audit logs are kept for 30 days or as long as the rules of the house say',
    coverage: API_SERVER_ARGUMENTS,
  },
  {
    id: '1.2.18',
    title: 'Ten old audit log files are kept, or as many as the rules of the house say',
    coverage: API_SERVER_ARGUMENTS,
  },
  {
    id: '1.2.19',
    title: 'An audit log file may grow to 100 megabytes, or to what the rules of the house say',
    coverage: API_SERVER_ARGUMENTS,
  },
  {
    id: '1.2.20',
    title: 'Requests to the API server time out after a sensible time',
    coverage: API_SERVER_ARGUMENTS,
  },
  {
    id: '1.2.21',
    title: 'The API server accepts no token whose service account is gone',
    coverage: API_SERVER_ARGUMENTS,
  },
  {
    id: '1.2.22',
    title: 'The API server has a key of its own to verify service account tokens',
    coverage: API_SERVER_ARGUMENTS,
  },
  {
    id: '1.2.23',
    title: 'The API server shows a client certificate to etcd',
    coverage: API_SERVER_ARGUMENTS,
  },
  {
    id: '1.2.24',
    title: 'The API server serves TLS with a certificate that was made for it',
    coverage: API_SERVER_ARGUMENTS,
  },
  {
    id: '1.2.25',
    title: 'The API server verifies client certificates against a named authority',
    coverage: API_SERVER_ARGUMENTS,
  },
  { id: '1.2.26', title: "The API server verifies etcd's certificate", coverage: API_SERVER_ARGUMENTS },
  { id: '1.2.27', title: 'Secrets are encrypted before they reach etcd', coverage: API_SERVER_ARGUMENTS },
  { id: '1.2.28', title: 'The encryption of Secrets uses a strong provider', coverage: API_SERVER_ARGUMENTS },
  { id: '1.2.29', title: 'The API server offers only strong TLS ciphers', coverage: API_SERVER_ARGUMENTS },
  {
    id: '1.2.30',
    title: 'Service account tokens are not given a longer life than was asked for',
    coverage: API_SERVER_ARGUMENTS,
  },
  {
    id: '1.3.1',
    title: 'Pods that have ended are removed once there are more than a set number',
    coverage: CONTROLLER_MANAGER_ARGUMENTS,
  },
  {
    id: '1.3.2',
    title: 'The controller manager serves no profiling data',
    coverage: CONTROLLER_MANAGER_ARGUMENTS,
  },
  {
    id: '1.3.3',
    title: 'Each controller uses a service account of its own',
    coverage: CONTROLLER_MANAGER_ARGUMENTS,
  },
  {
    id: '1.3.4',
    title: 'The controller manager has a key of its own to sign service account tokens',
    coverage: CONTROLLER_MANAGER_ARGUMENTS,
  },
  {
    id: '1.3.5',
    title: 'Pods receive the authority by which they can verify the API server',
    coverage: CONTROLLER_MANAGER_ARGUMENTS,
  },
  {
    id: '1.3.6',
    title: 'The controller manager lets kubelets renew their server certificates',
    coverage: CONTROLLER_MANAGER_ARGUMENTS,
  },
  {
    id: '1.3.7',
    title: 'The controller manager listens on the loopback address only',
    coverage: CONTROLLER_MANAGER_ARGUMENTS,
  },
  { id: '1.4.1', title: 'The scheduler serves no profiling data', coverage: SCHEDULER_ARGUMENTS },
  { id: '1.4.2', title: 'The scheduler listens on the loopback address only', coverage: SCHEDULER_ARGUMENTS },
  { id: '2.1', title: 'etcd serves its clients over TLS', coverage: ETCD_ARGUMENTS },
  { id: '2.2', title: 'etcd demands a certificate from its clients', coverage: ETCD_ARGUMENTS },
  {
    id: '2.3',
    title: 'etcd does not serve clients with a certificate that it signed itself',
    coverage: ETCD_ARGUMENTS,
  },
  { id: '2.4', title: 'Members of etcd talk to each other over TLS', coverage: ETCD_ARGUMENTS },
  { id: '2.5', title: 'Members of etcd demand a certificate from each other', coverage: ETCD_ARGUMENTS },
  {
    id: '2.6',
    title: 'Members of etcd do not trust certificates that they signed themselves',
    coverage: ETCD_ARGUMENTS,
  },
  {
    id: '2.7',
    title: 'etcd has a certificate authority that signs for nothing else',
    coverage: ETCD_ARGUMENTS,
  },
  { id: '3.1.1', title: 'People do not sign in with client certificates', coverage: USERS },
  { id: '3.1.2', title: 'People do not sign in with service account tokens', coverage: USERS },
  { id: '3.1.3', title: 'People do not sign in with bootstrap tokens', coverage: USERS },
  { id: '3.2.1', title: 'There is an audit policy', coverage: AUDIT_POLICY },
  { id: '3.2.2', title: 'The audit policy records what matters for security', coverage: AUDIT_POLICY },
  { id: '4.1.1', title: "The kubelet's service file has mode 600 or stricter", coverage: NODE_FILES },
  { id: '4.1.2', title: "The kubelet's service file belongs to root", coverage: NODE_FILES },
  {
    id: '4.1.3',
    title: "kube-proxy's kubeconfig file, if there is one, has mode 600 or stricter",
    coverage: NODE_FILES,
  },
  {
    id: '4.1.4',
    title: "kube-proxy's kubeconfig file, if there is one, belongs to root",
    coverage: NODE_FILES,
  },
  { id: '4.1.5', title: "The kubelet's kubeconfig file has mode 600 or stricter", coverage: NODE_FILES },
  { id: '4.1.6', title: "The kubelet's kubeconfig file belongs to root", coverage: NODE_FILES },
  {
    id: '4.1.7',
    title: 'The file of the authority for client certificates has mode 644 or stricter',
    coverage: NODE_FILES,
  },
  {
    id: '4.1.8',
    title: 'The file of the authority for client certificates belongs to root',
    coverage: NODE_FILES,
  },
  {
    id: '4.1.9',
    title: "The kubelet's configuration file, if there is one, has mode 600 or stricter",
    coverage: NODE_FILES,
  },
  {
    id: '4.1.10',
    title: "The kubelet's configuration file, if there is one, belongs to root",
    coverage: NODE_FILES,
  },
  { id: '4.2.1', title: 'The kubelet turns anonymous requests away', coverage: KUBELET_CONFIGURATION },
  { id: '4.2.2', title: 'The kubelet does not allow every request', coverage: KUBELET_CONFIGURATION },
  {
    id: '4.2.3',
    title: 'The kubelet verifies client certificates against a named authority',
    coverage: KUBELET_CONFIGURATION,
  },
  { id: '4.2.4', title: "The kubelet's read-only port is closed", coverage: KUBELET_CONFIGURATION },
  {
    id: '4.2.5',
    title: 'Idle streaming connections to the kubelet end at some time',
    coverage: KUBELET_CONFIGURATION,
  },
  {
    id: '4.2.6',
    title: 'The kubelet keeps the packet filter rules that it needs',
    coverage: KUBELET_CONFIGURATION,
  },
  { id: '4.2.7', title: 'The kubelet uses the name that its host has', coverage: KUBELET_CONFIGURATION },
  {
    id: '4.2.8',
    title: 'The kubelet may send events fast enough that none of importance is lost',
    coverage: KUBELET_CONFIGURATION,
  },
  {
    id: '4.2.9',
    title: 'The kubelet serves TLS with a certificate that was made for it',
    coverage: KUBELET_CONFIGURATION,
  },
  { id: '4.2.10', title: 'The kubelet renews its client certificate', coverage: KUBELET_CONFIGURATION },
  { id: '4.2.11', title: 'The kubelet renews its server certificate', coverage: KUBELET_CONFIGURATION },
  { id: '4.2.12', title: 'The kubelet offers only strong TLS ciphers', coverage: KUBELET_CONFIGURATION },
  { id: '4.2.13', title: 'The number of processes of a pod is limited', coverage: KUBELET_CONFIGURATION },
  {
    id: '4.2.14',
    title: 'Containers without a seccomp profile of their own get that of the runtime',
    coverage: KUBELET_CONFIGURATION,
  },
  {
    id: '4.3.1',
    title: 'kube-proxy offers its metrics to its own node only',
    coverage: KUBE_PROXY_CONFIGURATION,
  },
];
