import { rbacBind } from './rbac-bind.ts';
import { rbacCreatePods } from './rbac-create-pods.ts';
import { rbacCsrApprove } from './rbac-csr-approve.ts';
import { rbacEphemeralContainers } from './rbac-ephemeral-containers.ts';
import { rbacEscalate } from './rbac-escalate.ts';
import { rbacImpersonate } from './rbac-impersonate.ts';
import { rbacManageRbac } from './rbac-manage-rbac.ts';
import { rbacModifyPods } from './rbac-modify-pods.ts';
import { rbacNodeProxy } from './rbac-node-proxy.ts';
import { rbacNodeStatus } from './rbac-node-status.ts';
import { rbacPodAttach } from './rbac-pod-attach.ts';
import { rbacPodExec } from './rbac-pod-exec.ts';
import { rbacPortForward } from './rbac-port-forward.ts';
import { rbacSaTokenCreate } from './rbac-sa-token-create.ts';
import { rbacSecretsRead } from './rbac-secrets-read.ts';
import { rbacSecretsReadNamespace } from './rbac-secrets-read-namespace.ts';
import { rbacWebhookWrite } from './rbac-webhook-write.ts';
import { rbacWildcardAll } from './rbac-wildcard-all.ts';
import { rbacWildcardAllNamespace } from './rbac-wildcard-all-namespace.ts';
import { rbacWildcardOther } from './rbac-wildcard-other.ts';
import { rbacWildcardResources } from './rbac-wildcard-resources.ts';
import { rbacWildcardVerbs } from './rbac-wildcard-verbs.ts';

/** The controls of this domain, by id. */
export const RBAC_CONTROLS = [
  rbacBind,
  rbacCreatePods,
  rbacCsrApprove,
  rbacEphemeralContainers,
  rbacEscalate,
  rbacImpersonate,
  rbacManageRbac,
  rbacModifyPods,
  rbacNodeProxy,
  rbacNodeStatus,
  rbacPodAttach,
  rbacPodExec,
  rbacPortForward,
  rbacSaTokenCreate,
  rbacSecretsRead,
  rbacSecretsReadNamespace,
  rbacWebhookWrite,
  rbacWildcardAll,
  rbacWildcardAllNamespace,
  rbacWildcardOther,
  rbacWildcardResources,
  rbacWildcardVerbs,
] as const;
