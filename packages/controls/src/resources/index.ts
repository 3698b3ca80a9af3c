import { activeDeadlineMissing } from './active-deadline-missing.ts';
import { containerPortDuplicate } from './container-port-duplicate.ts';
import { containerPortInvalid } from './container-port-invalid.ts';
import { containersPerPod } from './containers-per-pod.ts';
import { cpuLimitForbidden } from './cpu-limit-forbidden.ts';
import { cpuLimitMissing } from './cpu-limit-missing.ts';
import { cpuRequestMissing } from './cpu-request-missing.ts';
import { dnsNameserverCustom } from './dns-nameserver-custom.ts';
import { dnsNdots } from './dns-ndots.ts';
import { dnsPolicyHostNetwork } from './dns-policy-host-network.ts';
import { emptydirSizeLimit } from './emptydir-size-limit.ts';
import { ephemeralStorageLimitMissing } from './ephemeral-storage-limit-missing.ts';
import { limitRangeExceeded } from './limit-range-exceeded.ts';
import { limitRequestRatio } from './limit-request-ratio.ts';
import { livenessProbeMissing } from './liveness-probe-missing.ts';
import { memoryLimitMissing } from './memory-limit-missing.ts';
import { memoryRequestMissing } from './memory-request-missing.ts';
import { memoryRequestsEqualLimits } from './memory-requests-equal-limits.ts';
import { priorityClassMissing } from './priority-class-missing.ts';
import { priorityClassNotAllowed } from './priority-class-not-allowed.ts';
import { priorityClassSystem } from './priority-class-system.ts';
import { priorityClassUnknown } from './priority-class-unknown.ts';
import { probePortNameUnknown } from './probe-port-name-unknown.ts';
import { probePortNotExposed } from './probe-port-not-exposed.ts';
import { probesIdentical } from './probes-identical.ts';
import { quotaAmountMissing } from './quota-amount-missing.ts';
import { readinessProbeMissing } from './readiness-probe-missing.ts';
import { requestAboveLimit } from './request-above-limit.ts';
import { resourceAboveMaximum } from './resource-above-maximum.ts';
import { restartPolicy } from './restart-policy.ts';
import { safeToEvictMissing } from './safe-to-evict-missing.ts';
import { terminationGrace } from './termination-grace.ts';

/** The controls of this domain, by id. */
export const RESOURCES_CONTROLS = [
  activeDeadlineMissing,
  containerPortDuplicate,
  containerPortInvalid,
  containersPerPod,
  cpuLimitForbidden,
  cpuLimitMissing,
  cpuRequestMissing,
  dnsNameserverCustom,
  dnsNdots,
  dnsPolicyHostNetwork,
  emptydirSizeLimit,
  ephemeralStorageLimitMissing,
  limitRangeExceeded,
  limitRequestRatio,
  livenessProbeMissing,
  memoryLimitMissing,
  memoryRequestMissing,
  memoryRequestsEqualLimits,
  priorityClassMissing,
  priorityClassNotAllowed,
  priorityClassSystem,
  priorityClassUnknown,
  probePortNameUnknown,
  probePortNotExposed,
  probesIdentical,
  quotaAmountMissing,
  readinessProbeMissing,
  requestAboveLimit,
  resourceAboveMaximum,
  restartPolicy,
  safeToEvictMissing,
  terminationGrace,
] as const;
