import { defineControl, kinds, mayBreak, type Resource, setValue, stringAt, textsParam } from '@bulwark/core';
import { failsOpen, isSelective, seesNewPods, VALIDATING, type Webhook, webhooksOf } from './webhooks.ts';

/** Words by which the webhooks of engines that enforce security policies are known; others call themselves so. */
const ENGINES = [
  'bulwark',
  'connaisseur',
  'cosign',
  'gatekeeper',
  'jspolicy',
  'kubewarden',
  'kyverno',
  'neuvector',
  'opa',
  'polaris',
  'policies',
  'policy',
  'portieris',
  'ratify',
  'sigstore',
  'stackrox',
];

function enforces({ name }: Resource, webhook: Webhook, engines: readonly string[]): boolean {
  const service = ['namespace', 'name'].map(
    (field) => stringAt(webhook.spec, 'clientConfig', 'service', field) ?? '',
  );
  const words = [name, webhook.name, ...service]
    .join('.')
    .toLowerCase()
    .split(/[^a-z0-9]+/);
  return engines.some((engine) => words.includes(engine.toLowerCase()));
}

export const webhookFailOpen = defineControl({
  id: 'webhook-fail-open',
  aliases: [],
  title: 'Webhooks that enforce policies must fail closed',
  problem: 'let every pod through while they are down',
  message: 'The webhook {webhook} of {resource} lets pods through when it does not answer.',
  severity: 'medium',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'With failurePolicy Ignore, the API server goes on without the webhook when that is down, slow or unreachable. Whoever can delete its pods, starve them of resources or flood them switches every policy off, and pods that break them stay when it is back.',
  remediation:
    'Set failurePolicy to Fail. Run several replicas of the engine with a disruption budget, and exempt kube-system and the namespace of the engine with a namespaceSelector, so that the cluster can heal. Engines that write the configuration themselves have an option of their own for this.',
  references: [
    'https://kubernetes.io/docs/concepts/cluster-administration/admission-webhooks-good-practices/',
    'https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#failure-policy',
  ],
  attack: ['T1562.001'],
  params: {
    engines: textsParam(
      'Words in the names of configurations, webhooks and their services that show an engine of security policies.',
      { default: ENGINES },
    ),
  },
  fix: setValue(
    'Fail',
    mayBreak('While the webhook does not answer, objects that its rules cover cannot be created or changed.'),
  ),
  appliesTo: kinds(VALIDATING),
  looks: 'object',
  reads: [],
  *evaluate({ resource, params, at }) {
    for (const webhook of webhooksOf(resource)) {
      if (!failsOpen(resource, webhook) || !seesNewPods(webhook) || isSelective(webhook)) continue;
      if (enforces(resource, webhook, params.engines))
        yield at(['webhooks', webhook.index, 'failurePolicy'], { webhook: webhook.name });
    }
  },
});
