import { defineControl, type ObjectView, type Violation } from '@bulwark/core';
import { factsOf, type Power, resourceGrants, roles, whyNotJudged, writtenRules } from './grants.ts';
import { SECRETS_READ } from './secret-powers.ts';

const CREATE: readonly Power[] = [{ verbs: ['create'], groups: [''], resources: ['secrets'] }];

function* evaluate({ resource, at }: ObjectView): Iterable<Violation> {
  const rules = writtenRules(resource.object);
  if (!rules.some((written) => resourceGrants(written, SECRETS_READ).length > 0)) return;
  for (const written of rules)
    for (const grant of resourceGrants(written, CREATE)) yield at(grant.path, factsOf(grant));
}

export const rbacTokenSecretCreate = defineControl({
  id: 'rbac-token-secret-create',
  aliases: [],
  title: 'Roles must not allow making and reading Secrets of any name',
  problem: 'allow making and reading Secrets of any name',
  message: '{resource} allows {verbs} on {target}. It also allows reading them.',
  severity: 'high',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'A Secret of type kubernetes.io/service-account-token is filled in by the control plane with a token of the service account that it names. Whoever may create such a Secret and read it has a lasting token of every service account of the namespace.',
  remediation:
    'Separate the two: let the holder create Secrets, and read only those named in resourceNames. Where a controller needs both, an admission policy can refuse Secrets of that type.',
  references: [
    'https://kubernetes.io/docs/concepts/configuration/secret/#serviceaccount-token-secrets',
    'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#listing-secrets',
  ],
  attack: ['T1528'],
  appliesTo: roles,
  looks: 'object',
  reads: [],
  notApplicable: whyNotJudged,
  evaluate,
});
