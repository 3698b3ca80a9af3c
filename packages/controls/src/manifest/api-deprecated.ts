import { type ApiLife, defineControl, everything, lifecycleOf, type ResourceRef } from '@bulwark/core';

/** The control's facts about a version that is not to be used; minor versions as `1.22`. */
function factsOf({ apiVersion, kind }: ResourceRef, life: ApiLife, target: string) {
  const { introduced, deprecated, removed, replacement } = life;
  return {
    version: `${apiVersion} ${kind}`,
    life: lifeOf(life),
    advice: replacement === undefined ? adviceWithout(life, target) : `use ${replacement}`,
    ...(introduced !== undefined && { introduced: `1.${introduced}` }),
    ...(deprecated !== undefined && { deprecated: `1.${deprecated}` }),
    ...(removed !== undefined && { removed: `1.${removed}` }),
    ...(replacement !== undefined && { replacement }),
  };
}

function adviceWithout({ state }: ApiLife, target: string): string {
  return state === 'not-yet' ? `Kubernetes ${target} serves no other version of it` : 'nothing replaces it';
}

function lifeOf({ state, introduced, deprecated, removed }: ApiLife): string {
  if (state === 'not-yet') return `not served before Kubernetes 1.${introduced}`;
  const parts: string[] = [];
  if (deprecated !== undefined) parts.push(`deprecated since Kubernetes 1.${deprecated}`);
  if (state === 'removed') parts.push(`not served since Kubernetes 1.${removed}`);
  else if (removed !== undefined) parts.push(`no longer served from Kubernetes 1.${removed} on`);
  return parts.join(' and ');
}

const FAULTS: ReadonlySet<ApiLife['state']> = new Set(['not-yet', 'deprecated', 'removed']);

export const apiDeprecated = defineControl({
  id: 'api-deprecated',
  aliases: [
    'trivy:KSV-0107',
    'kube-linter:no-extensions-v1beta',
    'kube-score:stable-version',
    'kyverno:check-deprecated-apis',
  ],
  title: 'Objects must use API versions that their release serves and does not deprecate',
  problem: 'use an API version that is deprecated or not served',
  message: '{resource} uses {version}, which is {life}; {advice}.',
  severity: 'medium',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'The API server refuses objects in a version that it does not serve: a policy or a role in such a manifest is never in force. A manifest in a deprecated version cannot be applied after an upgrade, so clusters that depend on it are kept on releases that get no security fixes.',
  remediation:
    'Rewrite the object for a version that the release serves, and check the fields that changed between them in the deprecated API migration guide.',
  references: ['https://kubernetes.io/docs/reference/using-api/deprecation-guide/'],
  attack: [],
  appliesTo: everything,
  looks: 'object',
  reads: [],
  notApplicable: ({ resource }) =>
    resource.origin.kind === 'cluster'
      ? 'A live object has the version in which it was read, not the one in which it was written.'
      : undefined,
  *evaluate({ resource, kubernetes, at }) {
    const { group, kind, apiVersion } = resource;
    const life = lifecycleOf(group, kind, apiVersion, kubernetes.minor);
    if (FAULTS.has(life.state)) yield at('apiVersion', factsOf(resource, life, kubernetes.text));
  },
});
