import { workloadIndex } from '@bulwark/analyses';
import {
  defineControl,
  kinds,
  labelsOf,
  type ObjectView,
  objectAt,
  stringAt,
  textParam,
} from '@bulwark/core';

const ISTIO_POLICY = 'security.istio.io/AuthorizationPolicy';
const LINKERD_SERVER = 'policy.linkerd.io/Server';
const LINKERD_POLICY = 'policy.linkerd.io/AuthorizationPolicy';
/** Defaults of a Linkerd proxy for callers that no policy names, where they restrict anything. */
const RESTRICTIVE = new Set(['deny', 'all-authenticated', 'cluster-authenticated']);

/** The mesh that a namespace says its pods join. */
function meshOf({ resource }: ObjectView): 'Istio' | 'Linkerd' | undefined {
  const metadata = objectAt(resource.object, 'metadata');
  const labels = labelsOf(metadata);
  const isInjected = labels['istio-injection'] === 'enabled' || labels['istio.io/rev'] !== undefined;
  if (isInjected || labels['istio.io/dataplane-mode'] === 'ambient') return 'Istio';
  const inject = stringAt(metadata, 'annotations', 'linkerd.io/inject');
  return inject === 'enabled' || inject === 'ingress' ? 'Linkerd' : undefined;
}

/** Whether a policy stands in one of the namespaces; files may leave the namespace to whoever applies them. */
function hasAny({ world }: ObjectView, kind: string, ...namespaces: readonly string[]): boolean {
  return ['', ...namespaces].some((namespace) => world.inNamespace(kind, namespace).length > 0);
}

function isLimitedByLinkerd(view: ObjectView): boolean {
  const { resource } = view;
  const byDefault = stringAt(
    resource.object,
    'metadata',
    'annotations',
    'config.linkerd.io/default-inbound-policy',
  );
  if (byDefault !== undefined && RESTRICTIVE.has(byDefault)) return true;
  return [LINKERD_SERVER, LINKERD_POLICY].some((kind) => hasAny(view, kind, resource.name));
}

export const meshAuthorizationMissing = defineControl({
  id: 'mesh-authorization-missing',
  aliases: ['kyverno:require-authorizationpolicy', 'kyverno:require-linkerd-server'],
  title: 'A namespace in a service mesh must say who may call its workloads',
  problem: 'are in a service mesh and let everyone call their workloads',
  message: '{resource} joins {mesh}, but no policy says who may call its workloads.',
  severity: 'medium',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'A mesh gives every workload an identity, yet lets every identity call everything until a policy says otherwise. Encryption alone does not stop a compromised workload.',
  remediation:
    'Add an AuthorizationPolicy to the namespace that names the callers, beginning with one that allows nothing. In Linkerd add Servers with AuthorizationPolicies, or set config.linkerd.io/default-inbound-policy to deny. Where the policies live in another repository, exempt the namespace.',
  references: [
    'https://istio.io/latest/docs/reference/config/security/authorization-policy/',
    'https://linkerd.io/2/reference/authorization-policy/',
  ],
  attack: ['T1210'],
  params: {
    rootNamespace: textParam('The namespace whose Istio policies hold for the whole mesh.', {
      default: 'istio-system',
    }),
  },
  appliesTo: kinds('Namespace'),
  looks: 'world',
  reads: [workloadIndex, ISTIO_POLICY, LINKERD_SERVER, LINKERD_POLICY],
  notApplicable(view) {
    if (meshOf(view) === undefined) return 'It says of no mesh that it joins it.';
    const pods = view.world.get(workloadIndex).inNamespace(view.resource.name);
    return pods.length === 0 ? 'None of its pods is known.' : undefined;
  },
  *evaluate(view) {
    const { resource, at, params } = view;
    const mesh = meshOf(view);
    if (mesh === undefined) return;
    const isLimited =
      mesh === 'Istio'
        ? hasAny(view, ISTIO_POLICY, resource.name, params.rootNamespace)
        : isLimitedByLinkerd(view);
    if (!isLimited) yield at('metadata.name', { mesh });
  },
});
