/** The security context constraints that OpenShift brings and that loosen more than the user of a pod. */
export const PRIVILEGED_SCCS: ReadonlySet<string> = new Set([
  'privileged',
  'hostaccess',
  'hostmount-anyuid',
  'hostmount-anyuid-v2',
  'hostnetwork',
  'hostnetwork-v2',
  'hostnetwork-v3',
  'machine-api-termination-handler',
  'node-exporter',
  'anyuid',
]);

/** All that OpenShift brings; its operator writes them back when they are changed. */
export const OPENSHIFT_SCCS: ReadonlySet<string> = new Set([
  ...PRIVILEGED_SCCS,
  'insights-runtime-extractor-scc',
  'nested-container',
  'nonroot',
  'nonroot-v2',
  'restricted',
  'restricted-v2',
  'restricted-v3',
]);
