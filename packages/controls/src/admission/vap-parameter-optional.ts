import { ADMISSION_POLICY_BINDING } from '@bulwark/analyses';
import { defineControl, get, kinds, mayBreak, setValue } from '@bulwark/core';

const PATH = ['spec', 'paramRef', 'parameterNotFoundAction'] as const;

export const vapParameterOptional = defineControl({
  id: 'vap-parameter-optional',
  aliases: [],
  title: 'Admission policies must refuse requests while their parameters are missing',
  problem: 'switch an admission policy off when its parameters are missing',
  message: '{resource} allows every request when the parameters of its policy do not exist.',
  severity: 'low',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'With parameterNotFoundAction Allow, the policy ends where the object with its parameters does. Whoever may delete or rename that object, often a ConfigMap, needs no right on the policy to switch it off.',
  remediation:
    'Set parameterNotFoundAction to Deny, and see that the parameters are created before the binding.',
  references: [
    'https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/#parameter-resources',
  ],
  attack: ['T1562.001'],
  fix: setValue('Deny', mayBreak('Requests are refused wherever the parameters do not exist.')),
  appliesTo: kinds(ADMISSION_POLICY_BINDING),
  looks: 'object',
  reads: [],
  *evaluate({ resource, at }) {
    if (get(resource.object, ...PATH) === 'Allow') yield at(PATH);
  },
});
