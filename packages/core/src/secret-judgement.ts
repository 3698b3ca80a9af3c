import type { SecretConfidence } from './secret-format.ts';
import { credentialName } from './secret-names.ts';
import {
  entropyOf,
  isPlainValue,
  looksRandom,
  placeholderOf,
  readsAsName,
  readsAsNumberedName,
} from './secret-values.ts';

/** Below this nothing is worth a report: `abcd`. */
const LEAST_BITS = 10;

/** A path in a store of secrets, or what a cloud calls a secret there. */
const PLACE_OF_SECRET = /[/:]|^ocid1\./;

/** How sure it is that a value with the name of a credential is one; undefined when it is none. */
export function judge(strength: 'strong' | 'weak' | 'id', secret: string): SecretConfidence | undefined {
  if (isPlainValue(secret)) return undefined;
  const placeholder = placeholderOf(secret);
  if (placeholder === 'reference') return undefined;
  if (strength === 'id' && saysWhichSecret(secret)) return undefined;
  if (placeholder === 'example') return 'low';
  if (entropyOf(secret) < LEAST_BITS) return undefined;
  if (strength !== 'strong' || readsAsName(secret) || namesCredential(secret)) return 'low';
  return looksRandom(secret) ? 'high' : 'medium';
}

/** Whether a value is what a secret is called, and not the half of a login that has the same name. */
function saysWhichSecret(value: string): boolean {
  return readsAsName(value) || readsAsNumberedName(value) || PLACE_OF_SECRET.test(value);
}

/** Whether a value is itself the name of a credential, such as a variable that holds it: `dbPassword`. */
function namesCredential(value: string): boolean {
  return !/\d/.test(value) && /^\w{1,60}$/.test(value) && credentialName(value) === 'strong';
}
