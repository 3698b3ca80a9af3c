import { arrayAt, defineControl, kinds, stringAt } from '@bulwark/core';

export const gatewayReferenceGrantWide = defineControl({
  id: 'gateway-reference-grant-wide',
  aliases: [],
  title: 'A ReferenceGrant must name the Secrets that it opens',
  problem: 'open every Secret of their namespace to another',
  message: '{resource} lets namespaces {namespaces} refer to every Secret of its own.',
  severity: 'medium',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'Without a name the grant holds for all Secrets of the namespace, today and later. Whoever may create a Gateway in the other namespace can serve any certificate and key among them, and so stand in for hosts that are not theirs.',
  remediation: 'Write in to one entry with the name of each certificate that is meant.',
  references: ['https://gateway-api.sigs.k8s.io/api-types/referencegrant/'],
  attack: ['T1552.004'],
  appliesTo: kinds('gateway.networking.k8s.io/ReferenceGrant'),
  looks: 'object',
  reads: [],
  *evaluate({ resource, at }) {
    const from = (arrayAt(resource.object, 'spec', 'from') ?? []).map((entry) =>
      stringAt(entry, 'namespace'),
    );
    const namespaces = from.filter((name) => name !== undefined);
    for (const [index, entry] of (arrayAt(resource.object, 'spec', 'to') ?? []).entries())
      if (stringAt(entry, 'kind') === 'Secret' && (stringAt(entry, 'name') ?? '') === '')
        yield at(['spec', 'to', index], { namespaces });
  },
});
