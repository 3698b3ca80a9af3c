import { antiAffinityMissing } from './anti-affinity-missing.ts';
import { autoscalerDuplicate } from './autoscaler-duplicate.ts';
import { hpaCannotScale } from './hpa-cannot-scale.ts';
import { hpaMinReplicas } from './hpa-min-replicas.ts';
import { hpaReplicasConflict } from './hpa-replicas-conflict.ts';
import { hpaTargetMissing } from './hpa-target-missing.ts';
import { nodeAffinityMissing } from './node-affinity-missing.ts';
import { pdbBlocksDisruption } from './pdb-blocks-disruption.ts';
import { pdbDangling } from './pdb-dangling.ts';
import { pdbMissing } from './pdb-missing.ts';
import { pdbOverlap } from './pdb-overlap.ts';
import { pdbPolicyMissing } from './pdb-policy-missing.ts';
import { pdbUnhealthyEviction } from './pdb-unhealthy-eviction.ts';
import { replicasTooFew } from './replicas-too-few.ts';
import { rolloutStrategy } from './rollout-strategy.ts';
import { rolloutStrategyInvalid } from './rollout-strategy-invalid.ts';
import { topologySpreadInvalid } from './topology-spread-invalid.ts';
import { topologySpreadMissing } from './topology-spread-missing.ts';
import { updateOnDelete } from './update-on-delete.ts';
import { vpaTargetInvalid } from './vpa-target-invalid.ts';

/** The controls of this domain, by id. */
export const AVAILABILITY_CONTROLS = [
  antiAffinityMissing,
  autoscalerDuplicate,
  hpaCannotScale,
  hpaMinReplicas,
  hpaReplicasConflict,
  hpaTargetMissing,
  nodeAffinityMissing,
  pdbBlocksDisruption,
  pdbDangling,
  pdbMissing,
  pdbOverlap,
  pdbPolicyMissing,
  pdbUnhealthyEviction,
  replicasTooFew,
  rolloutStrategy,
  rolloutStrategyInvalid,
  topologySpreadInvalid,
  topologySpreadMissing,
  updateOnDelete,
  vpaTargetInvalid,
] as const;
