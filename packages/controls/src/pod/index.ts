import { allowPrivilegeEscalation } from './allow-privilege-escalation.ts';
import { apparmorProfileRecommended } from './apparmor-profile-recommended.ts';
import { apparmorUnconfined } from './apparmor-unconfined.ts';
import { capabilitiesBaseline } from './capabilities-baseline.ts';
import { capabilitiesDropAll } from './capabilities-drop-all.ts';
import { capabilityKernelAccess } from './capability-kernel-access.ts';
import { capabilityNetAdmin } from './capability-net-admin.ts';
import { capabilityNetRaw } from './capability-net-raw.ts';
import { capabilityNetRawNotDropped } from './capability-net-raw-not-dropped.ts';
import { capabilitySysAdmin } from './capability-sys-admin.ts';
import { containerRuntimeSocketMount } from './container-runtime-socket-mount.ts';
import { controlPlanePlacement } from './control-plane-placement.ts';
import { draAdminAccess } from './dra-admin-access.ts';
import { ephemeralContainerInManifest } from './ephemeral-container-in-manifest.ts';
import { execProbeDangerousCommand } from './exec-probe-dangerous-command.ts';
import { gitRepoVolume } from './git-repo-volume.ts';
import { gitSyncInjection } from './git-sync-injection.ts';
import { highGroupId } from './high-group-id.ts';
import { highUserId } from './high-user-id.ts';
import { hostAliases } from './host-aliases.ts';
import { hostDeviceClaim } from './host-device-claim.ts';
import { hostIpc } from './host-ipc.ts';
import { hostNetwork } from './host-network.ts';
import { hostPid } from './host-pid.ts';
import { hostPort } from './host-port.ts';
import { hostProbeOrLifecycleHost } from './host-probe-or-lifecycle-host.ts';
import { hostpathPv } from './hostpath-pv.ts';
import { hostpathVolume } from './hostpath-volume.ts';
import { imageVolumeUntagged } from './image-volume-untagged.ts';
import { linuxHardeningMissing } from './linux-hardening-missing.ts';
import { mountPropagationBidirectional } from './mount-propagation-bidirectional.ts';
import { nodeNamePinned } from './node-name-pinned.ts';
import { privilegedContainer } from './privileged-container.ts';
import { privilegedContainerPort } from './privileged-container-port.ts';
import { privilegedWithHostAccess } from './privileged-with-host-access.ts';
import { procMountRestricted } from './proc-mount-restricted.ts';
import { procMountUnmasked } from './proc-mount-unmasked.ts';
import { projectedTokenLifetime } from './projected-token-lifetime.ts';
import { readOnlyRootFilesystem } from './read-only-root-filesystem.ts';
import { restrictedVolumeTypes } from './restricted-volume-types.ts';
import { rootGroup } from './root-group.ts';
import { runAsNonRoot } from './run-as-non-root.ts';
import { runAsUserRoot } from './run-as-user-root.ts';
import { runtimeClassRequired } from './runtime-class-required.ts';
import { seccompProfileRequired } from './seccomp-profile-required.ts';
import { seccompUnconfined } from './seccomp-unconfined.ts';
import { securityContextMissing } from './security-context-missing.ts';
import { selinuxCustomOptions } from './selinux-custom-options.ts';
import { sensitiveHostClaim } from './sensitive-host-claim.ts';
import { sensitiveHostMount } from './sensitive-host-mount.ts';
import { serviceLinksEnabled } from './service-links-enabled.ts';
import { shareProcessNamespace } from './share-process-namespace.ts';
import { sshPort } from './ssh-port.ts';
import { sshServicePort } from './ssh-service-port.ts';
import { sudoInEntrypoint } from './sudo-in-entrypoint.ts';
import { supplementalGroupsMerge } from './supplemental-groups-merge.ts';
import { unsafeSysctls } from './unsafe-sysctls.ts';
import { userGroupRange } from './user-group-range.ts';
import { userNamespaceDisabled } from './user-namespace-disabled.ts';
import { windowsContainerAdmin } from './windows-container-admin.ts';
import { windowsHostProcess } from './windows-host-process.ts';
import { writableHostMount } from './writable-host-mount.ts';

/** The controls of this domain, by id. */
export const POD_CONTROLS = [
  allowPrivilegeEscalation,
  apparmorProfileRecommended,
  apparmorUnconfined,
  capabilitiesBaseline,
  capabilitiesDropAll,
  capabilityKernelAccess,
  capabilityNetAdmin,
  capabilityNetRaw,
  capabilityNetRawNotDropped,
  capabilitySysAdmin,
  containerRuntimeSocketMount,
  controlPlanePlacement,
  draAdminAccess,
  ephemeralContainerInManifest,
  execProbeDangerousCommand,
  gitRepoVolume,
  gitSyncInjection,
  highGroupId,
  highUserId,
  hostAliases,
  hostDeviceClaim,
  hostIpc,
  hostNetwork,
  hostPid,
  hostPort,
  hostProbeOrLifecycleHost,
  hostpathPv,
  hostpathVolume,
  imageVolumeUntagged,
  linuxHardeningMissing,
  mountPropagationBidirectional,
  nodeNamePinned,
  privilegedContainer,
  privilegedContainerPort,
  privilegedWithHostAccess,
  procMountRestricted,
  procMountUnmasked,
  projectedTokenLifetime,
  readOnlyRootFilesystem,
  restrictedVolumeTypes,
  rootGroup,
  runAsNonRoot,
  runAsUserRoot,
  runtimeClassRequired,
  seccompProfileRequired,
  seccompUnconfined,
  securityContextMissing,
  selinuxCustomOptions,
  sensitiveHostClaim,
  sensitiveHostMount,
  serviceLinksEnabled,
  shareProcessNamespace,
  sshPort,
  sshServicePort,
  sudoInEntrypoint,
  supplementalGroupsMerge,
  unsafeSysctls,
  userGroupRange,
  userNamespaceDisabled,
  windowsContainerAdmin,
  windowsHostProcess,
  writableHostMount,
] as const;
