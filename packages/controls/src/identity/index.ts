import { automountServiceAccountToken } from './automount-service-account-token.ts';
import { clusterAdminBinding } from './cluster-admin-binding.ts';
import { clusterAdminPeopleBinding } from './cluster-admin-people-binding.ts';
import { clusterAdminRolebinding } from './cluster-admin-rolebinding.ts';
import { defaultServiceAccountToken } from './default-service-account-token.ts';
import { defaultServiceAccountUsed } from './default-service-account-used.ts';
import { deprecatedServiceAccountField } from './deprecated-service-account-field.ts';
import { legacySaTokenSecret } from './legacy-sa-token-secret.ts';
import { openshiftSelfProvisioner } from './openshift-self-provisioner.ts';
import { rbacAnonymousBinding } from './rbac-anonymous-binding.ts';
import { rbacAuthenticatedBinding } from './rbac-authenticated-binding.ts';
import { rbacDanglingBinding } from './rbac-dangling-binding.ts';
import { rbacDashboardAccess } from './rbac-dashboard-access.ts';
import { rbacDefaultSaBinding } from './rbac-default-sa-binding.ts';
import { rbacMastersBinding } from './rbac-masters-binding.ts';
import { serviceAccountNotAllowed } from './service-account-not-allowed.ts';
import { serviceAccountNotFound } from './service-account-not-found.ts';
import { workloadAdminRole } from './workload-admin-role.ts';
import { workloadClusterTakeover } from './workload-cluster-takeover.ts';
import { workloadUidShared } from './workload-uid-shared.ts';

/** The controls of this domain, by id. */
export const IDENTITY_CONTROLS = [
  automountServiceAccountToken,
  clusterAdminBinding,
  clusterAdminPeopleBinding,
  clusterAdminRolebinding,
  defaultServiceAccountToken,
  defaultServiceAccountUsed,
  deprecatedServiceAccountField,
  legacySaTokenSecret,
  openshiftSelfProvisioner,
  rbacAnonymousBinding,
  rbacAuthenticatedBinding,
  rbacDanglingBinding,
  rbacDashboardAccess,
  rbacDefaultSaBinding,
  rbacMastersBinding,
  serviceAccountNotAllowed,
  serviceAccountNotFound,
  workloadAdminRole,
  workloadClusterTakeover,
  workloadUidShared,
] as const;
