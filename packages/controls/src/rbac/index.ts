import { openshiftSccPrivileged } from './openshift-scc-privileged.ts';
import { operatorExcessPermissions } from './operator-excess-permissions.ts';
import { rbacAggregationToBuiltin } from './rbac-aggregation-to-builtin.ts';
import { rbacApiServiceWrite } from './rbac-api-service-write.ts';
import { rbacAssignServiceAccount } from './rbac-assign-service-account.ts';
import { rbacAwsAuthConfigmap } from './rbac-aws-auth-configmap.ts';
import { rbacBind } from './rbac-bind.ts';
import { rbacConfigmapWrite } from './rbac-configmap-write.ts';
import { rbacCorednsConfigmap } from './rbac-coredns-configmap.ts';
import { rbacCreatePods } from './rbac-create-pods.ts';
import { rbacCsrApprove } from './rbac-csr-approve.ts';
import { rbacDeleteEvents } from './rbac-delete-events.ts';
import { rbacDeleteWorkloads } from './rbac-delete-workloads.ts';
import { rbacEphemeralContainers } from './rbac-ephemeral-containers.ts';
import { rbacEscalate } from './rbac-escalate.ts';
import { rbacImpersonate } from './rbac-impersonate.ts';
import { rbacManageRbac } from './rbac-manage-rbac.ts';
import { rbacModifyPods } from './rbac-modify-pods.ts';
import { rbacNamespaceWrite } from './rbac-namespace-write.ts';
import { rbacNetworkingWrite } from './rbac-networking-write.ts';
import { rbacNodeProxy } from './rbac-node-proxy.ts';
import { rbacNodeStatus } from './rbac-node-status.ts';
import { rbacPodAttach } from './rbac-pod-attach.ts';
import { rbacPodExec } from './rbac-pod-exec.ts';
import { rbacPortForward } from './rbac-port-forward.ts';
import { rbacProviderIamAssumption } from './rbac-provider-iam-assumption.ts';
import { rbacPvCreate } from './rbac-pv-create.ts';
import { rbacRuleWithoutEffect } from './rbac-rule-without-effect.ts';
import { rbacSaTokenCreate } from './rbac-sa-token-create.ts';
import { rbacSccUse } from './rbac-scc-use.ts';
import { rbacSecretsRead } from './rbac-secrets-read.ts';
import { rbacSecretsReadNamespace } from './rbac-secrets-read-namespace.ts';
import { rbacServiceStatus } from './rbac-service-status.ts';
import { rbacTokenSecretCreate } from './rbac-token-secret-create.ts';
import { rbacWebhookWrite } from './rbac-webhook-write.ts';
import { rbacWildcardAll } from './rbac-wildcard-all.ts';
import { rbacWildcardAllNamespace } from './rbac-wildcard-all-namespace.ts';
import { rbacWildcardOther } from './rbac-wildcard-other.ts';
import { rbacWildcardResources } from './rbac-wildcard-resources.ts';
import { rbacWildcardVerbs } from './rbac-wildcard-verbs.ts';

/** The controls of this domain, by id. */
export const RBAC_CONTROLS = [
  openshiftSccPrivileged,
  operatorExcessPermissions,
  rbacAggregationToBuiltin,
  rbacApiServiceWrite,
  rbacAssignServiceAccount,
  rbacAwsAuthConfigmap,
  rbacBind,
  rbacConfigmapWrite,
  rbacCorednsConfigmap,
  rbacCreatePods,
  rbacCsrApprove,
  rbacDeleteEvents,
  rbacDeleteWorkloads,
  rbacEphemeralContainers,
  rbacEscalate,
  rbacImpersonate,
  rbacManageRbac,
  rbacModifyPods,
  rbacNamespaceWrite,
  rbacNetworkingWrite,
  rbacNodeProxy,
  rbacNodeStatus,
  rbacPodAttach,
  rbacPodExec,
  rbacPortForward,
  rbacProviderIamAssumption,
  rbacPvCreate,
  rbacRuleWithoutEffect,
  rbacSaTokenCreate,
  rbacSccUse,
  rbacSecretsRead,
  rbacSecretsReadNamespace,
  rbacServiceStatus,
  rbacTokenSecretCreate,
  rbacWebhookWrite,
  rbacWildcardAll,
  rbacWildcardAllNamespace,
  rbacWildcardOther,
  rbacWildcardResources,
  rbacWildcardVerbs,
] as const;
