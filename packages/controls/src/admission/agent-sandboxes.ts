import type { ObjectView } from '@bulwark/core';

/** Objects of the agent-sandbox project of Kubernetes, whose pods run code that a model wrote. */
const GROUP = /^(extensions\.)?agents\.x-k8s\.io$/;

/** Why a pod template is not judged as a sandbox of an agent. */
export function whyNoSandbox({ resource }: Pick<ObjectView, 'resource'>): string | undefined {
  return GROUP.test(resource.group) ? undefined : 'It is no sandbox of an agent.';
}
