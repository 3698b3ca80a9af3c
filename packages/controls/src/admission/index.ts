import { agentSandboxOpenNetwork } from './agent-sandbox-open-network.ts';
import { agentSandboxRuntimeClass } from './agent-sandbox-runtime-class.ts';
import { apiserviceInsecureTls } from './apiservice-insecure-tls.ts';
import { gpuWorkloadPolicy } from './gpu-workload-policy.ts';
import { policyEngineMissing } from './policy-engine-missing.ts';
import { priorityClassPreemption } from './priority-class-preemption.ts';
import { pspLegacy } from './psp-legacy.ts';
import { vapFailOpen } from './vap-fail-open.ts';
import { vapNotEnforced } from './vap-not-enforced.ts';
import { vapParameterOptional } from './vap-parameter-optional.ts';
import { vapUnbound } from './vap-unbound.ts';
import { webhookBlocksItself } from './webhook-blocks-itself.ts';
import { webhookExternalTarget } from './webhook-external-target.ts';
import { webhookFailOpen } from './webhook-fail-open.ts';

/** The controls of this domain, by id. */
export const ADMISSION_CONTROLS = [
  agentSandboxOpenNetwork,
  agentSandboxRuntimeClass,
  apiserviceInsecureTls,
  gpuWorkloadPolicy,
  policyEngineMissing,
  priorityClassPreemption,
  pspLegacy,
  vapFailOpen,
  vapNotEnforced,
  vapParameterOptional,
  vapUnbound,
  webhookBlocksItself,
  webhookExternalTarget,
  webhookFailOpen,
] as const;
