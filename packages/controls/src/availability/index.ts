import { antiAffinityMissing } from './anti-affinity-missing.ts';
import { autoscalerDuplicate } from './autoscaler-duplicate.ts';
import { cronjobDeadline } from './cronjob-deadline.ts';
import { cronjobDeadlineShort } from './cronjob-deadline-short.ts';
import { cronjobJobTtl } from './cronjob-job-ttl.ts';
import { hpaCannotScale } from './hpa-cannot-scale.ts';
import { hpaMinReplicas } from './hpa-min-replicas.ts';
import { hpaReplicasConflict } from './hpa-replicas-conflict.ts';
import { hpaRequestMissing } from './hpa-request-missing.ts';
import { hpaTargetMissing } from './hpa-target-missing.ts';
import { jobTtlMissing } from './job-ttl-missing.ts';
import { nodeAffinityMissing } from './node-affinity-missing.ts';
import { pdbBlocksDisruption } from './pdb-blocks-disruption.ts';
import { pdbDangling } from './pdb-dangling.ts';
import { pdbMissing } from './pdb-missing.ts';
import { pdbOverlap } from './pdb-overlap.ts';
import { pdbPolicyMissing } from './pdb-policy-missing.ts';
import { pdbUnhealthyEviction } from './pdb-unhealthy-eviction.ts';
import { podNaked } from './pod-naked.ts';
import { pvcInvalid } from './pvc-invalid.ts';
import { pvcSharedByReplicas } from './pvc-shared-by-replicas.ts';
import { pvcSharedWrite } from './pvc-shared-write.ts';
import { replicasTooFew } from './replicas-too-few.ts';
import { rolloutStrategy } from './rollout-strategy.ts';
import { rolloutStrategyInvalid } from './rollout-strategy-invalid.ts';
import { statefulsetService } from './statefulset-service.ts';
import { topologySpreadInvalid } from './topology-spread-invalid.ts';
import { topologySpreadMissing } from './topology-spread-missing.ts';
import { updateOnDelete } from './update-on-delete.ts';
import { vpaHpaConflict } from './vpa-hpa-conflict.ts';
import { vpaTargetInvalid } from './vpa-target-invalid.ts';

/** The controls of this domain, by id. */
export const AVAILABILITY_CONTROLS = [
  antiAffinityMissing,
  autoscalerDuplicate,
  cronjobDeadline,
  cronjobDeadlineShort,
  cronjobJobTtl,
  hpaCannotScale,
  hpaMinReplicas,
  hpaReplicasConflict,
  hpaRequestMissing,
  hpaTargetMissing,
  jobTtlMissing,
  nodeAffinityMissing,
  pdbBlocksDisruption,
  pdbDangling,
  pdbMissing,
  pdbOverlap,
  pdbPolicyMissing,
  pdbUnhealthyEviction,
  podNaked,
  pvcInvalid,
  pvcSharedByReplicas,
  pvcSharedWrite,
  replicasTooFew,
  rolloutStrategy,
  rolloutStrategyInvalid,
  statefulsetService,
  topologySpreadInvalid,
  topologySpreadMissing,
  updateOnDelete,
  vpaHpaConflict,
  vpaTargetInvalid,
] as const;
