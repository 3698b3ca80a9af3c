import { allowPrivilegeEscalation } from './allow-privilege-escalation.ts';
import { apparmorUnconfined } from './apparmor-unconfined.ts';
import { capabilitiesBaseline } from './capabilities-baseline.ts';
import { capabilitiesDropAll } from './capabilities-drop-all.ts';
import { capabilityKernelAccess } from './capability-kernel-access.ts';
import { capabilityNetAdmin } from './capability-net-admin.ts';
import { capabilityNetRaw } from './capability-net-raw.ts';
import { capabilityNetRawNotDropped } from './capability-net-raw-not-dropped.ts';
import { capabilitySysAdmin } from './capability-sys-admin.ts';
import { hostIpc } from './host-ipc.ts';
import { hostNetwork } from './host-network.ts';
import { hostPid } from './host-pid.ts';
import { hostPort } from './host-port.ts';
import { hostProbeOrLifecycleHost } from './host-probe-or-lifecycle-host.ts';
import { hostpathVolume } from './hostpath-volume.ts';
import { privilegedContainer } from './privileged-container.ts';
import { procMountRestricted } from './proc-mount-restricted.ts';
import { procMountUnmasked } from './proc-mount-unmasked.ts';
import { restrictedVolumeTypes } from './restricted-volume-types.ts';
import { runAsNonRoot } from './run-as-non-root.ts';
import { runAsUserRoot } from './run-as-user-root.ts';
import { seccompProfileRequired } from './seccomp-profile-required.ts';
import { seccompUnconfined } from './seccomp-unconfined.ts';
import { selinuxCustomOptions } from './selinux-custom-options.ts';
import { unsafeSysctls } from './unsafe-sysctls.ts';
import { windowsHostProcess } from './windows-host-process.ts';

/** The controls of this domain, by id. */
export const POD_CONTROLS = [
  allowPrivilegeEscalation,
  apparmorUnconfined,
  capabilitiesBaseline,
  capabilitiesDropAll,
  capabilityKernelAccess,
  capabilityNetAdmin,
  capabilityNetRawNotDropped,
  capabilityNetRaw,
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
] as const;
