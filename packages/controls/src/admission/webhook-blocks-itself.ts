import { compileSelector, defineControl, get, kinds, type ObjectView, stringAt } from '@bulwark/core';
import {
  failsOpen,
  isSelective,
  MUTATING,
  seesNewPods,
  VALIDATING,
  type Webhook,
  webhooksOf,
} from './webhooks.ts';

/** The namespace of the webhook's own pods, where the webhook is asked about new pods of it. */
function ownNamespace({ spec }: Webhook, { world }: ObjectView): string | undefined {
  const namespace = stringAt(spec, 'clientConfig', 'service', 'namespace');
  if (namespace === undefined) return undefined;
  const selector = compileSelector(get(spec, 'namespaceSelector'), { absent: 'everything' });
  return selector.ok && selector.value.matches(world.namespaceLabels(namespace)) ? namespace : undefined;
}

export const webhookBlocksItself = defineControl({
  id: 'webhook-blocks-itself',
  aliases: [],
  title: 'Webhooks that fail closed must not be asked about their own pods',
  problem: 'are asked about their own pods and fail closed',
  message: 'The webhook {webhook} of {resource} has to allow the pods of its own namespace {namespace}.',
  severity: 'low',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'When all pods of the webhook are gone, new ones need its answer to start, and nobody gives it. The namespace stays down, with everything else that the rules cover, until somebody deletes the configuration by hand.',
  remediation:
    'Exempt the namespace with a namespaceSelector: kubernetes.io/metadata.name NotIn its name, or a label that is set on it. Exempt kube-system too.',
  references: [
    'https://kubernetes.io/docs/concepts/cluster-administration/admission-webhooks-good-practices/',
  ],
  attack: ['T1499'],
  appliesTo: kinds(VALIDATING, MUTATING),
  looks: 'world',
  reads: ['Namespace'],
  *evaluate(view) {
    const { resource, at } = view;
    for (const webhook of webhooksOf(resource)) {
      if (failsOpen(resource, webhook) || !seesNewPods(webhook) || isSelective(webhook)) continue;
      const namespace = ownNamespace(webhook, view);
      if (namespace !== undefined)
        yield at(['webhooks', webhook.index, 'namespaceSelector'], { webhook: webhook.name, namespace });
    }
  },
});
