import { arrayAt, containers, defineControl, get, stringAt } from '@bulwark/core';
import { DOUBTFUL, formatsOf, secretsIn } from './found-secrets.ts';

export const secretLiteralInEnv = defineControl({
  id: 'secret-literal-in-env',
  aliases: [
    'kube-linter:env-var-secret',
    'kubescape:C-0012',
    'kubescape:C-0259',
    'polaris:sensitiveContainerEnvVar',
  ],
  title: 'Environment variables must not hold secrets in plain text',
  problem: 'have secrets in plain text in their environment',
  message: 'Variable {variable} of container {container} in {resource} holds a secret ({formats}).',
  severity: 'high',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'A secret written into a pod template can be read by everyone who may read the manifest, its history or the workload in the cluster, and that is granted far more freely than reading Secrets. It ends up in backups, logs of deployments and copies of the repository, where it cannot be taken back.',
  remediation:
    'Consider the secret known and replace it. Keep the new one in a Secret that is made by an external store or committed encrypted, and mount it as a file or refer to it with valueFrom.secretKeyRef.',
  references: [
    'https://kubernetes.io/docs/concepts/configuration/secret/',
    'https://kubernetes.io/docs/concepts/security/secrets-good-practices/',
  ],
  attack: ['T1552.001'],
  params: { doubtful: DOUBTFUL },
  appliesTo: containers,
  looks: 'object',
  reads: [],
  *evaluate({ container, params, at }) {
    for (const [index, entry] of (arrayAt(container.spec, 'env') ?? []).entries()) {
      const variable = stringAt(entry, 'name');
      const found = secretsIn(variable, get(entry, 'value'), params.doubtful);
      if (found.length === 0) continue;
      yield at(['env', index, 'value'], { variable: variable ?? `#${index}`, formats: formatsOf(found) });
    }
  },
});
