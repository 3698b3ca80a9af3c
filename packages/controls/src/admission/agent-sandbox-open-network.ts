import { isEveryAddress, networkPolicies, parseCidr } from '@bulwark/analyses';
import {
  arrayAt,
  defineControl,
  flagParam,
  get,
  isObject,
  type Json,
  kinds,
  labelsOf,
  type ObjectView,
  type ParamValues,
  stringAt,
  type Violation,
  type WithParams,
} from '@bulwark/core';

const TEMPLATE = 'extensions.agents.x-k8s.io/SandboxTemplate';
const PARAMS = {
  internet: flagParam(
    'Whether a sandbox may reach the whole internet, as the policy lets it that the controller makes by itself.',
    { default: true },
  ),
};

type View = WithParams<ObjectView, typeof PARAMS>;

/** Whether the controller makes the policy of a template; with a value that it does not know, nobody can count on it. */
function isManaged({ object, groupKind }: View['resource']): boolean {
  const management = get(object, 'spec', 'networkPolicyManagement') ?? 'Managed';
  return groupKind === TEMPLATE && management === 'Managed';
}

/** Whether the policy that a template asks for leaves the way out open. Without one the controller bars the cluster. */
function isOpen(policy: Json | undefined, params: ParamValues<typeof PARAMS>): boolean {
  if ((policy ?? undefined) === undefined) return !params.internet;
  if (!isObject(policy)) return true;
  return (arrayAt(policy, 'egress') ?? []).some((rule) => {
    const peers = get(rule, 'to') ?? [];
    return !Array.isArray(peers) || peers.length === 0 || peers.some((peer) => isEverything(peer, params));
  });
}

function isEverything(peer: Json, { internet }: ParamValues<typeof PARAMS>): boolean {
  const range = parseCidr(stringAt(peer, 'ipBlock', 'cidr') ?? '');
  if (range !== undefined) {
    const isWhole = (arrayAt(peer, 'ipBlock', 'except') ?? []).length === 0;
    return isEveryAddress(range) && (isWhole || !internet);
  }
  // Every pod of every namespace.
  return isEmptySelector(get(peer, 'namespaceSelector')) && isEmptySelector(get(peer, 'podSelector') ?? {});
}

function isEmptySelector(selector: Json | undefined): boolean {
  return (
    isObject(selector) && ['matchLabels', 'matchExpressions'].every((field) => isNothing(selector[field]))
  );
}

function isNothing(value: Json | undefined): boolean {
  return value === undefined || value === null || Object.keys(value).length === 0;
}

/** Pods of a sandbox that no policy of its namespace limits on their way out. */
function* unlimited({ resource, world }: View): Generator<Violation> {
  const policies = world.get(networkPolicies);
  for (const { metadata, path } of resource.workloads)
    if (!policies.isolated(resource.namespace, labelsOf(metadata), 'egress'))
      yield { path: [...path, 'metadata', 'labels'], facts: {} };
}

function whyUnknown(view: View): string | undefined {
  const { resource, world } = view;
  if (isManaged(resource)) return undefined;
  if (resource.workloads.length === 0) return 'It has no pod template.';
  if (unlimited(view).next().done === true) return undefined;
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
  params: PARAMS,
  appliesTo: kinds('agents.x-k8s.io/Sandbox', TEMPLATE),
  looks: 'world',
  reads: [networkPolicies],
  notApplicable: whyUnknown,
  *evaluate(view) {
    const { resource, params, at } = view;
    if (!isManaged(resource)) yield* unlimited(view);
    else if (isOpen(get(resource.object, 'spec', 'networkPolicy'), params)) yield at('spec.networkPolicy');
  },
});
