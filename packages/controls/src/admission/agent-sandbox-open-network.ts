import { networkPolicies } from '@bulwark/analyses';
import { arrayAt, defineControl, get, labelsOf, type WorkloadView, workloads } from '@bulwark/core';
import { whyNoSandbox } from './agent-sandboxes.ts';

const TEMPLATE = 'extensions.agents.x-k8s.io/SandboxTemplate';

/** An egress rule without destinations allows all of them. */
function isOpenToAll({ resource }: WorkloadView): boolean {
  return (arrayAt(resource.object, 'spec', 'networkPolicy', 'egress') ?? []).some((rule) => {
    const to = get(rule, 'to');
    return to === undefined || to === null || (Array.isArray(to) && to.length === 0);
  });
}

/** Whether a policy of the namespace, or the one that the controller makes for a template, limits the way out. */
function isLimited(view: WorkloadView): boolean {
  const { resource, workload, world } = view;
  const isManaged =
    resource.groupKind === TEMPLATE &&
    get(resource.object, 'spec', 'networkPolicyManagement') !== 'Unmanaged';
  if (isManaged) return !isOpenToAll(view);
  return world.get(networkPolicies).isolated(resource.namespace, labelsOf(workload.metadata), 'egress');
}

function whyUnknown(view: WorkloadView): string | undefined {
  const { resource, world } = view;
  if (isLimited(view)) return undefined;
  const [other] = world.get(networkPolicies).otherPolicies(resource.namespace);
  return other && `${other.kind} ${other.name} may select the pod; policies of this kind are not evaluated.`;
}

export const agentSandboxOpenNetwork = defineControl({
  id: 'agent-sandbox-open-network',
  aliases: ['kubescape:C-0301'],
  title: 'Sandboxes of agents must not be able to reach everything',
  problem: 'let the code of an agent reach every address',
  message: 'Nothing limits where the pods of {resource} can connect to.',
  severity: 'medium',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'Code that a model was talked into running sends away what it finds, fetches more code, and tries the services of the cluster and the metadata service of the cloud. In a sandbox without limits on its way out, all of them are in reach.',
  remediation:
    'Leave networkPolicyManagement of the SandboxTemplate at Managed and list in spec.networkPolicy what the sandbox needs. For a plain Sandbox, or where the policies are your own, add a NetworkPolicy with policyTypes [Egress] that selects its pods, and scan it together with the sandbox.',
  references: [
    'https://agent-sandbox.sigs.k8s.io/docs/',
    'https://kubernetes.io/docs/concepts/services-networking/network-policies/',
  ],
  attack: ['T1048', 'T1552.005'],
  appliesTo: workloads,
  looks: 'world',
  reads: [networkPolicies],
  notApplicable: (view) => whyNoSandbox(view) ?? whyUnknown(view),
  *evaluate(view) {
    if (!isLimited(view)) yield view.atMetadata('labels');
  },
});
