import type { Resource, WorldView } from '@bulwark/core';
import { workloadSecrets } from '../identity/workload-secrets.ts';
import { type MetadataReach, metadataReach } from '../network/metadata-reach.ts';
import { objectName, type RiskReason } from './risk-reason.ts';

const ANSWERS: readonly MetadataReach['answer'][] = ['yes', 'unknown'];

/**
 * What a workload reaches besides its node and the API server. It is said and weighs nothing: risk.md 5b has no points for
 * it.
 */
export function reachReasons(resource: Resource, world: WorldView): RiskReason[] {
  return [...metadataReasons(resource, world), ...secretReasons(resource, world)];
}

/** Of several templates the one that reaches most counts. */
function metadataReasons({ workloads, namespace }: Resource, world: WorldView): RiskReason[] {
  const reaches = workloads.map((workload) => world.get(metadataReach).of(workload, namespace));
  const most = ANSWERS.flatMap((answer) => reaches.find((each) => each.answer === answer) ?? [])[0];
  if (most === undefined) return [];
  const { answer, address, reason, objects } = most;
  const may = answer === 'yes' ? 'may reach' : 'may or may not reach';
  const text = `${may} the cloud metadata of its node at ${address}: ${reason}`;
  return [{ factor: 'metadata', points: 0, text, objects: objects.map(objectName) }];
}

function secretReasons(resource: Resource, world: WorldView): RiskReason[] {
  const uses = world.get(workloadSecrets).of(resource);
  const held = namesOf(uses.filter(({ isForImages }) => isForImages !== true));
  const forImages = namesOf(uses.filter(({ isForImages }) => isForImages === true));
  const parts = [
    ...(held.length === 0 ? [] : [`holds ${counted(held.length)}`]),
    ...(forImages.length === 0 ? [] : [`pulls its images with ${counted(forImages.length)}`]),
  ];
  if (parts.length === 0) return [];
  const objects = [...new Set([...held, ...forImages])].map((name) => `Secret ${resource.namespace}/${name}`);
  return [{ factor: 'secrets', points: 0, text: parts.join(' and '), objects }];
}

function namesOf(uses: readonly { readonly name: string }[]): readonly string[] {
  return [...new Set(uses.map(({ name }) => name))].sort();
}

function counted(secrets: number): string {
  return `${secrets} ${secrets === 1 ? 'Secret' : 'Secrets'}`;
}
