import { LEVELS } from '@bulwark/analyses';
import { defineControl, kinds, labelsOf, objectAt } from '@bulwark/core';

const PREFIX = 'pod-security.kubernetes.io/';
const VERSION = /^(latest|v1\.(0|[1-9]\d*))$/;

/** What labels may say; the level that is enforced is the subject of psa-label-missing. */
function isValid(name: string, value: string): boolean {
  if (name.endsWith('-version')) return VERSION.test(value);
  return name === 'enforce' || LEVELS.some((level) => level === value);
}

export const psaLabelInvalid = defineControl({
  id: 'psa-label-invalid',
  aliases: [],
  title: 'Pod Security labels must have values that exist',
  problem: 'have Pod Security labels that the API server does not know',
  message: 'The label {label} of {resource} has a name or a value that does not exist.',
  severity: 'low',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'The API server refuses a namespace with such a value, and ignores a label that it does not know. The standard that somebody meant to warn about or to audit is then not applied.',
  remediation:
    'The labels are enforce, audit and warn with privileged, baseline or restricted, and the same names followed by -version with latest or a version such as v1.34.',
  references: [
    'https://kubernetes.io/docs/concepts/security/pod-security-admission/#pod-security-admission-labels-for-namespaces',
  ],
  attack: [],
  kubernetes: { from: 23 },
  appliesTo: kinds('Namespace'),
  looks: 'object',
  reads: [],
  *evaluate({ resource, at }) {
    for (const [key, value] of Object.entries(labelsOf(objectAt(resource.object, 'metadata')))) {
      if (!key.startsWith(PREFIX)) continue;
      const name = key.slice(PREFIX.length);
      if (!NAMES.has(name) || !isValid(name, value)) yield at(['metadata', 'labels', key], { label: key });
    }
  },
});

const MODES = ['enforce', 'audit', 'warn'];
const NAMES: ReadonlySet<string> = new Set([...MODES, ...MODES.map((mode) => `${mode}-version`)]);
