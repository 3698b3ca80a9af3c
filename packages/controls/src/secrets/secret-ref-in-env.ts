import { arrayAt, containers, defineControl, objectAt, stringAt } from '@bulwark/core';

export const secretRefInEnv = defineControl({
  id: 'secret-ref-in-env',
  aliases: [
    'kube-linter:read-secret-from-env-var',
    'checkov:CKV_K8S_35',
    'kubescape:C-0207',
    'kyverno:secrets-not-from-env-vars',
  ],
  title: 'Secrets must reach containers as files, not as environment variables',
  problem: 'receive Secrets as environment variables',
  message: 'Container {container} of {resource} receives {what} as {target}.',
  severity: 'low',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'The environment of a process is inherited by every process it starts, is written into crash reports and debug pages, and can be read under /proc by whoever runs as the same user. A mounted file reaches only who opens it, and follows when the Secret changes.',
  remediation:
    'Mount the Secret as a volume and have the program read the file; many images take the path in a variable that ends in _FILE. Where a program knows only variables, an exception is the honest answer.',
  references: ['https://kubernetes.io/docs/concepts/security/secrets-good-practices/'],
  attack: ['T1552.007'],
  appliesTo: containers,
  looks: 'object',
  reads: [],
  *evaluate({ container, at }) {
    for (const [index, entry] of (arrayAt(container.spec, 'env') ?? []).entries()) {
      const ref = objectAt(entry, 'valueFrom', 'secretKeyRef');
      if (ref === undefined) continue;
      const what = `a key of Secret ${stringAt(ref, 'name') ?? '(unnamed)'}`;
      const target = `variable ${stringAt(entry, 'name') ?? `#${index}`}`;
      yield at(['env', index, 'valueFrom', 'secretKeyRef'], { what, target });
    }
    for (const [index, entry] of (arrayAt(container.spec, 'envFrom') ?? []).entries()) {
      const ref = objectAt(entry, 'secretRef');
      if (ref === undefined) continue;
      const what = `all of Secret ${stringAt(ref, 'name') ?? '(unnamed)'}`;
      yield at(['envFrom', index, 'secretRef'], { what, target: 'variables' });
    }
  },
});
