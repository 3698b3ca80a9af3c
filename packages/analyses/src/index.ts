export * from './admission/admission-policies.ts';
export * from './context/autoscaling.ts';
export * from './context/disruption.ts';
export * from './context/generated-secrets.ts';
export * from './context/ingress.ts';
export * from './context/limit-range-bounds.ts';
export * from './context/limit-ranges.ts';
export * from './context/monitored.ts';
export * from './context/pod-security.ts';
export * from './context/priority-classes.ts';
export * from './context/resource-quotas.ts';
export * from './context/user-ids.ts';
export * from './context/vertical-autoscalers.ts';
export * from './identity/effective-rules.ts';
export {
  hasKubernetesOwnRole,
  isKubernetesOwnBinding,
  isKubernetesOwnRole,
} from './identity/kubernetes-own.ts';
export * from './identity/roles.ts';
export * from './identity/rules.ts';
export * from './identity/secret-uses.ts';
export * from './identity/service-account-power.ts';
export * from './identity/service-accounts.ts';
export * from './identity/strong-namespaces.ts';
export * from './identity/subjects.ts';
export * from './identity/workload-secrets.ts';
export * from './network/admin-policies.ts';
export * from './network/cidr.ts';
export { nodesArePublic } from './network/doors.ts';
export * from './network/ingress-paths.ts';
export * from './network/load-balancer-reach.ts';
export * from './network/metadata-reach.ts';
export * from './network/policies.ts';
export * from './network/policy-rules.ts';
export * from './network/selector-index.ts';
export * from './network/service-endpoints.ts';
export * from './network/service-selectors.ts';
export * from './network/services.ts';
export * from './node/claimed-host-volumes.ts';
export * from './node/host-paths.ts';
export * from './node/node-volumes.ts';
export * from './risk/rank-findings.ts';
export * from './risk/risk-reason.ts';
export * from './risk/root-cause.ts';
export * from './risk/workload-risk.ts';
