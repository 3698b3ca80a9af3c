/** A secret found in a value. */
export interface SecretMatch {
  readonly rule: string;
}

/** Secrets by name and form. */
export function detectSecrets(name: string | undefined, value: string): readonly SecretMatch[] {
  return /password|token|secret/i.test(`${name ?? ''} ${value}`) ? [{ rule: 'name' }] : [];
}
