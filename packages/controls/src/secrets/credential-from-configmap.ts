import { arrayAt, containers, credentialName, defineControl, type Json, stringAt } from '@bulwark/core';

function isCredential(name: string | undefined): boolean {
  return name !== undefined && credentialName(name) === 'strong';
}

/** The ConfigMap that a variable with the name of a credential comes from. */
function namedSource(entry: Json): string | undefined {
  const name = stringAt(entry, 'valueFrom', 'configMapKeyRef', 'name');
  const key = stringAt(entry, 'valueFrom', 'configMapKeyRef', 'key');
  return name !== undefined && (isCredential(stringAt(entry, 'name')) || isCredential(key))
    ? name
    : undefined;
}

export const credentialFromConfigmap = defineControl({
  id: 'credential-from-configmap',
  aliases: [],
  title: 'Credentials must come from Secrets, not from ConfigMaps',
  problem: 'take credentials from ConfigMaps',
  message: 'Container {container} of {resource} takes {what} from ConfigMap {configMap}.',
  severity: 'medium',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'ConfigMaps are for everyone: they are not encrypted at rest, the built-in role view may read them, and tools print them freely. By its name, this value is a credential, wherever the ConfigMap itself is kept.',
  remediation:
    'Keep the credential in a Secret and refer to it with secretKeyRef or secretRef. Where the value is none, give the variable a name that says what it is.',
  references: ['https://kubernetes.io/docs/concepts/configuration/configmap/'],
  attack: ['T1552.007'],
  appliesTo: containers,
  looks: 'object',
  reads: [],
  *evaluate({ container, at }) {
    for (const [index, entry] of (arrayAt(container.spec, 'env') ?? []).entries()) {
      const configMap = namedSource(entry);
      if (configMap === undefined) continue;
      const what = `variable ${stringAt(entry, 'name') ?? `#${index}`}`;
      yield at(['env', index, 'valueFrom', 'configMapKeyRef'], { what, configMap });
    }
    for (const [index, entry] of (arrayAt(container.spec, 'envFrom') ?? []).entries()) {
      const configMap = stringAt(entry, 'configMapRef', 'name');
      if (configMap !== undefined && isCredential(configMap))
        yield at(['envFrom', index, 'configMapRef'], { what: 'all its variables', configMap });
    }
  },
});
