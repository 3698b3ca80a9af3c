import { redactText } from '@bulwark/core';

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

type Facts = Readonly<Record<string, unknown>>;

/** What of an answer says which thing was made; anything else of it may be a secret. */
const MADE = ['id', 'name', 'role', 'state', 'changed'];

/** What of a body says what was decided, by the name under which it is told. Anything else of it may be a secret. */
const DECIDED: Readonly<Record<string, string>> = {
  q: 'query',
  cluster: 'cluster',
  matches: 'findings',
  findings: 'findings',
  assignee: 'assignee',
  acknowledged: 'acknowledged',
  deferredUntil: 'deferred-until',
  scope: 'scope',
  reason: 'reason',
  owner: 'owner',
  until: 'until',
  name: 'name',
  role: 'role',
  limits: 'limits',
  isLocked: 'locked',
  days: 'days',
  isShared: 'shared',
  type: 'type',
  channel: 'channel',
  severity: 'severity',
  owners: 'owners',
  namespaces: 'namespaces',
  digestMinutes: 'digest-minutes',
  tellsResolved: 'tells-resolved',
  about: 'about',
  awayMinutes: 'away-minutes',
  toContact: 'to-contact',
  contactDomains: 'contact-domains',
};

/** What of a body is told to be there, never what it says. */
const MENTIONED: Readonly<Record<string, string>> = { comment: 'comment', text: 'comment' };

const MOST_VALUE = 300;
const MOST_NAMED = 5;

/** What is known of a request once it is answered. */
export interface Audited {
  readonly params: unknown;
  /** Left out where nobody has signed in: what was typed there may be a password in the wrong field. */
  readonly body?: unknown;
  readonly answer?: unknown;
  /** What the handler added: names of what was known by a number, and is gone now. */
  readonly noted?: Facts | undefined;
}

/** What a request was about and what was decided: as `name=value`, of parts that hold no secret. */
export function auditSubject({ params, body, answer, noted }: Audited): string {
  const facts = new Map<string, unknown>();
  const add = (name: string, value: unknown): void => {
    if (value !== undefined && !facts.has(name)) facts.set(name, value);
  };
  for (const source of [params, noted]) for (const [name, value] of entriesOf(source)) add(name, value);
  addAnswer(answer, add);
  for (const [name, value] of entriesOf(body)) {
    const told = DECIDED[name];
    const mentioned = MENTIONED[name];
    if (told !== undefined) add(told, value);
    if (mentioned !== undefined) add(mentioned, 'yes');
  }
  return [...facts].map(([name, value]) => `${name}=${printed(value)}`).join(' ');
}

function addAnswer(answer: unknown, add: (name: string, value: unknown) => void): void {
  const made = (answer ?? {}) as Facts;
  const items = made['items'];
  if (Array.isArray(items)) {
    add('ids', items.map((item: Facts) => String(item['id'])).join(','));
    add('state', [...new Set(items.map((item: Facts) => item['state']))].join(','));
  }
  for (const name of MADE)
    if (typeof made[name] === 'string' || typeof made[name] === 'number') add(name, made[name]);
}

function entriesOf(value: unknown): readonly [string, unknown][] {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
}

function printed(value: unknown): string {
  if (Array.isArray(value) && value.some((each) => typeof each === 'object' && each !== null))
    return printedKeys(value);
  const text = typeof value === 'string' ? value : Array.isArray(value) ? value.join(',') : undefined;
  if (text === undefined) return cut(redactText(JSON.stringify(value)));
  return /^[^\s"=\p{Cc}\p{Cf}]+$/u.test(text) ? cut(redactText(text)) : JSON.stringify(cut(redactText(text)));
}

/** Objects that a list names, each by its parts: `1/9f2c..., 1/77ab... and 3 more`. */
function printedKeys(list: readonly unknown[]): string {
  const keys = list
    .slice(0, MOST_NAMED)
    .map((each) => Object.values(each as object).join('/'))
    .join(',');
  const rest = list.length - MOST_NAMED;
  return `${list.length} (${keys}${rest > 0 ? ` and ${rest} more` : ''})`;
}

function cut(text: string): string {
  return text.length <= MOST_VALUE ? text : `${text.slice(0, MOST_VALUE - 1)}…`;
}

/** Who has signed in. What was typed where nobody has is not told: it may be a password in the wrong field. */
export function auditActor(answer: unknown): string {
  const user = (answer as { readonly user?: unknown } | undefined)?.user;
  return typeof user === 'string' ? user : '';
}
