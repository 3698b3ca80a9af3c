import { defineControl, kinds, objectAt, textsParam } from '@bulwark/core';

/** Starts at a boundary and is bounded, so that a long text takes linear time. */
const ADDRESS = /(?<![\w.+-])([\w.+-]{1,64})@([a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,4})/gi;
/** Addresses that are nobody's: of machines, of protocols, of documentation. */
const NOBODY = /^(?:git|root|noreply|no-reply|svc|hg)$/i;
const NO_DOMAIN =
  /(?:^|\.)(?:example(?:\.(?:com|org|net))?|local|internal|svc|invalid|test|localhost|gserviceaccount\.com)$|\.svc\./i;
const NAME = /(?<![\w.-])([A-Za-z][\w.-]{0,60})["']?[ \t]{0,3}[:=][ \t]{0,3}["']?(?=[\w+])/g;

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}

function hasAddress(text: string): boolean {
  if (!text.includes('@')) return false;
  for (const [, user = '', domain = ''] of text.matchAll(ADDRESS))
    if (!NOBODY.test(user) && !NO_DOMAIN.test(domain)) return true;
  return false;
}

/** What of a value is about a person. */
function* personal(key: string, text: string, names: ReadonlySet<string>): Generator<string> {
  if (hasAddress(text)) yield 'an e-mail address';
  const found = new Set<string>();
  if (text !== '' && !text.includes('\n') && names.has(plain(key))) found.add(plain(key));
  for (const [, name = ''] of text.matchAll(NAME)) if (names.has(plain(name))) found.add(plain(name));
  for (const name of found) yield name;
}

export const configmapSensitiveContent = defineControl({
  id: 'configmap-sensitive-content',
  aliases: ['trivy:KSV-01010'],
  title: 'ConfigMaps should not hold data about persons and accounts',
  problem: 'hold data about persons or accounts',
  message: 'Key {key} of {resource} holds {what}.',
  severity: 'info',
  profile: 'opt-in',
  since: '0.1.0',
  rationale:
    'Names of accounts, addresses and numbers of persons are no credentials, but help whoever guesses passwords or writes a convincing message, and may fall under the law on personal data.',
  remediation: 'Move the data into a Secret, or keep it where the program asks for it.',
  references: ['https://kubernetes.io/docs/concepts/configuration/configmap/'],
  attack: ['T1552.001'],
  params: {
    names: textsParam(
      'Names of keys and settings that count, in any case and with any marks between words.',
      {
        default: ['email', 'e-mail', 'username', 'user-name', 'login', 'phone', 'birth-date', 'ssn', 'iban'],
      },
    ),
  },
  appliesTo: kinds('ConfigMap'),
  looks: 'object',
  reads: [],
  *evaluate({ resource, params, at }) {
    const names = new Set(params.names.map(plain));
    for (const [key, text] of Object.entries(objectAt(resource.object, 'data') ?? {})) {
      const what = typeof text === 'string' ? [...personal(key, text, names)] : [];
      if (what.length > 0) yield at(['data', key], { key, what });
    }
  },
});
