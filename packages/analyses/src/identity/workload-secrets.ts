import type { Analysis, Resource, WorldView } from '@bulwark/core';
import { type SecretUse, secretUses } from './secret-uses.ts';
import { serviceAccountOf } from './service-accounts.ts';

/** The Secrets that a workload's pods hold or are started with, by name: whether they exist is another question. */
export interface WorkloadSecrets {
  /** Its own first, then those with which its service accounts pull images; a Secret once for each way. */
  of(resource: Resource): readonly SecretUse[];
}

/**
 * The Secrets that each workload names in volumes and variables, and those that its images are pulled with. Pods pull with
 * what their service account names, unless they name something themselves (core/v1 PodSpec). Cost: none before it is asked.
 */
export const workloadSecrets: Analysis<WorkloadSecrets> = {
  id: 'workload-secrets',
  reads: ['ServiceAccount'],
  compute: (world) => ({ of: (resource) => secretsOf(resource, world) }),
};

function secretsOf(resource: Resource, world: WorldView): readonly SecretUse[] {
  const own = secretUses(resource);
  if (own.some(({ isForImages }) => isForImages === true)) return own;
  const accounts = new Set(resource.workloads.map(({ spec }) => serviceAccountOf(spec)));
  const ofAccounts = [...accounts].flatMap((name) => {
    const account = world.find('ServiceAccount', resource.namespace, name);
    return (account === undefined ? [] : secretUses(account))
      .filter(({ isForImages }) => isForImages === true)
      .map((use) => ({ ...use, via: `${use.via}, through service account ${name}` }));
  });
  return [...own, ...ofAccounts];
}
