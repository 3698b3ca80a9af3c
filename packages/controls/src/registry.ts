import type { Control } from '@bulwark/core';
import { apiDeprecated } from './manifest/api-deprecated.ts';
import { psaLabelMissing } from './namespace/psa-label-missing.ts';
import { podWithoutNetworkPolicy } from './network/pod-without-network-policy.ts';
import { allowPrivilegeEscalation } from './pod/allow-privilege-escalation.ts';
import { apparmorUnconfined } from './pod/apparmor-unconfined.ts';
import { capabilitiesBaseline } from './pod/capabilities-baseline.ts';
import { capabilitiesDropAll } from './pod/capabilities-drop-all.ts';
import { capabilityKernelAccess } from './pod/capability-kernel-access.ts';
import { capabilityNetAdmin } from './pod/capability-net-admin.ts';
import { capabilityNetRaw } from './pod/capability-net-raw.ts';
import { capabilityNetRawNotDropped } from './pod/capability-net-raw-not-dropped.ts';
import { capabilitySysAdmin } from './pod/capability-sys-admin.ts';
import { hostIpc } from './pod/host-ipc.ts';
import { hostNetwork } from './pod/host-network.ts';
import { hostPid } from './pod/host-pid.ts';
import { hostPort } from './pod/host-port.ts';
import { hostProbeOrLifecycleHost } from './pod/host-probe-or-lifecycle-host.ts';
import { hostpathVolume } from './pod/hostpath-volume.ts';
import { privilegedContainer } from './pod/privileged-container.ts';
import { procMountRestricted } from './pod/proc-mount-restricted.ts';
import { procMountUnmasked } from './pod/proc-mount-unmasked.ts';
import { restrictedVolumeTypes } from './pod/restricted-volume-types.ts';
import { runAsNonRoot } from './pod/run-as-non-root.ts';
import { runAsUserRoot } from './pod/run-as-user-root.ts';
import { seccompProfileRequired } from './pod/seccomp-profile-required.ts';
import { seccompUnconfined } from './pod/seccomp-unconfined.ts';
import { selinuxCustomOptions } from './pod/selinux-custom-options.ts';
import { unsafeSysctls } from './pod/unsafe-sysctls.ts';
import { windowsHostProcess } from './pod/windows-host-process.ts';
import { memoryLimitMissing } from './resources/memory-limit-missing.ts';

/** Every built-in control, by domain and then by id. A control exists for the product once it stands here. */
export const CONTROLS = [
  // manifest
  apiDeprecated,
  // namespace
  psaLabelMissing,
  // network
  podWithoutNetworkPolicy,
  // pod
  allowPrivilegeEscalation,
  apparmorUnconfined,
  capabilitiesBaseline,
  capabilitiesDropAll,
  capabilityKernelAccess,
  capabilityNetAdmin,
  capabilityNetRaw,
  capabilityNetRawNotDropped,
  capabilitySysAdmin,
  hostIpc,
  hostNetwork,
  hostPid,
  hostPort,
  hostProbeOrLifecycleHost,
  hostpathVolume,
  privilegedContainer,
  procMountRestricted,
  procMountUnmasked,
  restrictedVolumeTypes,
  runAsNonRoot,
  runAsUserRoot,
  seccompProfileRequired,
  seccompUnconfined,
  selinuxCustomOptions,
  unsafeSysctls,
  windowsHostProcess,
  // resources
  memoryLimitMissing,
] as const;

/** The id of a built-in control. */
export type ControlId = (typeof CONTROLS)[number]['id'];

/** The control of an id; else all that have the alias, for other tools divide their checks differently. */
export function findControls(name: string): readonly Control[] {
  const controls: readonly Control[] = CONTROLS;
  const named = controls.filter((control) => control.id === name);
  return named.length > 0 ? named : controls.filter((control) => control.aliases.includes(name));
}
