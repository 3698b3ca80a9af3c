import { adminNetworkPolicyPriorityConflict } from './admin-network-policy-priority-conflict.ts';
import { adminNetworkPolicyShadowing } from './admin-network-policy-shadowing.ts';
import { meshAuthorizationAllowAll } from './mesh-authorization-allow-all.ts';
import { meshAuthorizationMissing } from './mesh-authorization-missing.ts';
import { meshInjectionDisabled } from './mesh-injection-disabled.ts';
import { meshMtlsNotStrict } from './mesh-mtls-not-strict.ts';
import { meshPortsSkipped } from './mesh-ports-skipped.ts';
import { meshUpstreamTlsUnverified } from './mesh-upstream-tls-unverified.ts';
import { meshWeakTls } from './mesh-weak-tls.ts';
import { meshWildcardHost } from './mesh-wildcard-host.ts';
import { metadataApiReachable } from './metadata-api-reachable.ts';
import { namespaceWithoutDefaultDeny } from './namespace-without-default-deny.ts';
import { namespaceWithoutNetworkPolicy } from './namespace-without-network-policy.ts';
import { networkPolicyAllowAllEgress } from './network-policy-allow-all-egress.ts';
import { networkPolicyAllowAllIngress } from './network-policy-allow-all-ingress.ts';
import { networkPolicyDangling } from './network-policy-dangling.ts';
import { networkPolicyDnsEgress } from './network-policy-dns-egress.ts';
import { networkPolicyInvalid } from './network-policy-invalid.ts';
import { networkPolicyPeerDangling } from './network-policy-peer-dangling.ts';
import { networkPolicyPodsOpenToAll } from './network-policy-pods-open-to-all.ts';
import { networkPolicyRulesIgnored } from './network-policy-rules-ignored.ts';
import { networkPolicySelectorMissing } from './network-policy-selector-missing.ts';
import { podWithoutNetworkPolicy } from './pod-without-network-policy.ts';

/** The controls of this domain, by id. */
export const NETWORK_CONTROLS = [
  adminNetworkPolicyPriorityConflict,
  adminNetworkPolicyShadowing,
  meshAuthorizationAllowAll,
  meshAuthorizationMissing,
  meshInjectionDisabled,
  meshMtlsNotStrict,
  meshPortsSkipped,
  meshUpstreamTlsUnverified,
  meshWeakTls,
  meshWildcardHost,
  metadataApiReachable,
  namespaceWithoutDefaultDeny,
  namespaceWithoutNetworkPolicy,
  networkPolicyAllowAllEgress,
  networkPolicyAllowAllIngress,
  networkPolicyDangling,
  networkPolicyDnsEgress,
  networkPolicyInvalid,
  networkPolicyPeerDangling,
  networkPolicyPodsOpenToAll,
  networkPolicyRulesIgnored,
  networkPolicySelectorMissing,
  podWithoutNetworkPolicy,
] as const;
