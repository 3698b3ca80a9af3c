import { containers, defineControl } from '@bulwark/core';
import { commandSecrets } from './command-secrets.ts';
import { DOUBTFUL } from './found-secrets.ts';

export const secretInCommand = defineControl({
  id: 'secret-in-command',
  aliases: [],
  title: 'Commands of containers must not hold secrets in plain text',
  problem: 'have secrets in plain text in their command line',
  message: 'The {field} of container {container} in {resource} holds a secret ({formats}).',
  severity: 'high',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'A secret in a command line is readable with the manifest and the workload, and besides by every process on the node that may list processes; monitoring agents and audit logs record command lines as a matter of course. A password that everybody tries first, reported as well-known-password, needs no reader at all.',
  remediation:
    'Consider the secret known and replace it. Keep the new one in a Secret, mount it as a file, and pass the path of the file; or set a variable with secretKeyRef and write $(VARIABLE) in the arguments, which at least keeps it out of the manifest.',
  references: [
    'https://kubernetes.io/docs/concepts/security/secrets-good-practices/',
    'https://kubernetes.io/docs/tasks/inject-data-application/define-command-argument-container/',
  ],
  attack: ['T1552.001'],
  params: { doubtful: DOUBTFUL },
  appliesTo: containers,
  looks: 'object',
  reads: [],
  *evaluate({ container, params, at }) {
    // A step of a Tekton task may have its shell text in a field of its own.
    for (const field of ['command', 'args', 'script']) {
      const written = container.spec[field];
      const isText = typeof written === 'string';
      for (const { index, formats } of commandSecrets(isText ? [written] : written, params.doubtful))
        yield at(isText ? [field] : [field, index], { field, formats });
    }
  },
});
