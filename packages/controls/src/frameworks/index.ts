import type { Framework } from '@bulwark/core';
import type { ControlId } from '../registry.ts';
import { cisKubernetes } from './cis-kubernetes-2.0.1.ts';
import { mitreAttackContainers } from './mitre-attack-containers.ts';
import { nsaCisa } from './nsa-cisa-1.2.ts';
import { owaspKubernetes } from './owasp-kubernetes-2025.ts';
import { pssBaseline } from './pss-baseline.ts';
import { pssRestricted } from './pss-restricted.ts';

/** Every built-in framework. */
export const FRAMEWORKS: readonly Framework<ControlId>[] = [
  pssBaseline,
  pssRestricted,
  cisKubernetes,
  nsaCisa,
  owaspKubernetes,
  mitreAttackContainers,
];
