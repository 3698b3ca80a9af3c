import { MOST_ANSWER } from './http-post.ts';
import { oneLine } from './mail-text.ts';
import { type Outcome, unsureBy } from './message.ts';

/** What a server says of a reader that it does not take the mail for. */
interface Refusal {
  readonly recipient?: string | undefined;
  readonly responseCode?: number | undefined;
  readonly response?: string | undefined;
}

/** What is known of a mail that some readers at least were sent. */
export interface SentMail {
  readonly response: string;
  readonly rejectedErrors?: readonly Refusal[] | undefined;
}

/** Why a mail was sent to nobody. */
export interface MailFault extends Refusal {
  readonly code?: string | undefined;
  /** That of the system, of Node or of OpenSSL. */
  readonly originalCode?: string | undefined;
  readonly message?: string | undefined;
  readonly rejectedErrors?: readonly Refusal[] | undefined;
}

/** From here on an answer is final (RFC 5321 4.2.1). */
const FINAL = 500;

/**
 * What became of a mail that was taken, for some of its readers at least: the others are tried again where the server may take
 * it for one of them later, as it does that lists strangers grey (RFC 6647).
 */
export function outcomeOfMail({ response, rejectedErrors: refusals = [] }: SentMail): Outcome {
  const answer = answerOf(response, refusals);
  return refusals.some(isForNow)
    ? { status: 'retry', answer, ...leftOf(refusals) }
    : { status: 'sent', answer };
}

/**
 * What became of a mail that was not. What the server says of this mail, its sender or its readers is final from 500 on;
 * what it says of who asks, or of TLS, is for an administrator to mend, and the mail waits for that.
 */
export function outcomeOfFault(fault: MailFault): Outcome {
  const { rejectedErrors: refusals = [] } = fault;
  const said = oneLine(fault.response ?? '');
  const answer = answerOf(said === '' ? reasonOf(fault) : `${leadOf(fault)}${said}`, refusals);
  if (isFinal(fault)) return { status: 'failed', answer };
  const unsure = said === '' ? unsureBy(fault.originalCode ?? fault.code) : {};
  return { status: 'retry', answer, ...leftOf(refusals), ...unsure };
}

const OF_MAIL: ReadonlySet<string | undefined> = new Set(['EENVELOPE', 'EMESSAGE']);
/** Authentication, or encryption for it, is asked for (RFC 4954 6, RFC 3207 4). */
const SIGN_IN_FIRST = 530;

function isFinal({ code, responseCode = FINAL }: MailFault): boolean {
  return OF_MAIL.has(code) && responseCode >= FINAL && responseCode !== SIGN_IN_FIRST;
}

function isForNow({ responseCode = FINAL }: Refusal): boolean {
  return responseCode < FINAL;
}

/** Those that were refused for good are tried with the others, so that the last answer says it of them, too. */
function leftOf(refusals: readonly Refusal[]): { readonly left?: readonly string[] } {
  const left = refusals.flatMap(({ recipient }) => recipient ?? []);
  return left.length === 0 ? {} : { left };
}

function answerOf(said: string, refusals: readonly Refusal[]): string {
  const not = refusals.map(({ recipient = 'a reader', response = 'refused' }) => `${recipient}: ${response}`);
  const text = not.length === 0 ? said : `${said}; not to ${not.join('; ')}`;
  return oneLine(text).slice(0, MOST_ANSWER);
}

function leadOf({ code }: MailFault): string {
  return code === 'ETLS' ? 'no STARTTLS: ' : '';
}

function reasonOf({ code, originalCode, message = '' }: MailFault): string {
  if (code === 'ETLS' || isOfTls(originalCode)) return `no TLS: ${ofTls(message)}`;
  if (code === 'EAUTH' || OF_MAIL.has(code)) return message;
  return `no answer: ${originalCode ?? code ?? 'unknown'}`;
}

/** The reason alone of what OpenSSL says, without where in itself: it names certificates, never what was sent. */
function ofTls(message: string): string {
  const [, reason] = /:SSL routines:[^:]*:([^:]+):/.exec(message) ?? [];
  return reason ?? message.replace(/^Error initiating TLS - /, '');
}

/** Codes of Node and OpenSSL have several words, those of the system one. */
function isOfTls(code: string | undefined): boolean {
  return code?.includes('_') === true;
}
