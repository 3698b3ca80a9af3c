import { decodeBase64, defineControl, type Json, kinds, objectAt } from '@bulwark/core';
import { DOUBTFUL, formatsOf, linesOf } from './found-secrets.ts';
import { encryptedWithSops } from './sops.ts';
import { fieldSecrets } from './well-known-secrets.ts';

/** The text of a value of `binaryData`, where it is text: keys and configuration are, archives and images are not. */
function decodedText(value: Json | undefined): string | undefined {
  if (typeof value !== 'string') return undefined;
  const compact = /\s/.test(value.slice(0, SAMPLE)) ? value.replaceAll(/\s/g, '') : value;
  if (!isPrintable(decodeBase64(compact.slice(0, SAMPLE)))) return undefined;
  return decodeBase64(compact);
}

/** Whole groups of four characters, enough to tell text from bytes without decoding a megabyte. */
const SAMPLE = 64;

function isPrintable(bytes: string | undefined): boolean {
  return bytes !== undefined && /^[\t\n\r -~]+$/.test(bytes);
}

function* texts(object: Json): Generator<{ field: string; key: string; text: string }> {
  for (const [key, value] of Object.entries(objectAt(object, 'data') ?? {}))
    if (typeof value === 'string') yield { field: 'data', key, text: value };
  for (const [key, value] of Object.entries(objectAt(object, 'binaryData') ?? {})) {
    const text = decodedText(value);
    if (text !== undefined) yield { field: 'binaryData', key, text };
  }
}

export const configmapSecret = defineControl({
  id: 'configmap-secret',
  aliases: ['trivy:KSV-0109', 'kubescape:C-0012', 'polaris:sensitiveConfigmapContent'],
  title: 'ConfigMaps must not hold secrets',
  problem: 'hold secrets in plain text',
  message: 'Key {key} of {resource} holds a secret in {lines} of its value ({formats}).',
  severity: 'high',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'Whoever may read anything in a namespace may read its ConfigMaps: the built-in role view includes them and leaves out Secrets. They are not encrypted at rest where Secrets are, and their manifests are kept and copied without care. A password that everybody tries first, reported as well-known-password, needs no reader at all.',
  remediation:
    'Consider the secret known and replace it. Move the new one, alone, into a Secret that an external store makes or that is committed encrypted; let the configuration refer to it by a variable or a file.',
  references: [
    'https://kubernetes.io/docs/concepts/configuration/configmap/',
    'https://kubernetes.io/docs/concepts/security/secrets-good-practices/',
  ],
  attack: ['T1552.001'],
  params: { doubtful: DOUBTFUL },
  appliesTo: kinds('ConfigMap'),
  looks: 'object',
  reads: [],
  notApplicable: ({ resource }) => encryptedWithSops(resource.object),
  *evaluate({ resource, params, at }) {
    for (const { field, key, text } of texts(resource.object)) {
      const found = fieldSecrets(key, text, params.doubtful);
      if (found.length > 0)
        yield at([field, key], { key, formats: formatsOf(found), lines: linesOf(text, found) });
    }
  },
});
