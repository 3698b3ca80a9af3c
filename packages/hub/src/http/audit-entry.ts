/** One line of the hub's own audit log. */
export interface AuditEntry {
  readonly at: Date;
  /** Empty for whoever is not known. */
  readonly actor: string;
  readonly address: string;
  readonly action: string;
  readonly subject: string;
  readonly outcome: 'done' | 'refused' | 'failed';
}

/** What of an answer says which thing was made; anything else of it may be a secret. */
const TOLD = ['id', 'name', 'role', 'state'] as const;

/** What a request was about: the parameters of its address, else what its answer says was made. */
export function auditSubject(params: unknown, answer: unknown): string {
  const facts = Object.entries((params ?? {}) as Record<string, unknown>);
  const made = (answer ?? {}) as Record<string, unknown>;
  if (facts.length === 0)
    for (const name of TOLD)
      if (typeof made[name] === 'string' || typeof made[name] === 'number') facts.push([name, made[name]]);
  return facts.map(([name, value]) => `${name}=${String(value)}`).join(' ');
}

/** Who has signed in. What was typed where nobody has is not told: it may be a password in the wrong field. */
export function auditActor(answer: unknown): string {
  const user = (answer as { readonly user?: unknown } | undefined)?.user;
  return typeof user === 'string' ? user : '';
}
