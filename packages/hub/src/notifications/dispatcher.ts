import { type Control, tellingsOf } from '@bulwark/core';
import { deliver, MOST_ATTEMPTS, type Outcome, waitAfter } from '@bulwark/notify';
import {
  type AttemptOutcome,
  type Claim,
  claimDelivery,
  findChannel,
  finishAttempt,
  isAway,
  type OperationsEvent,
  planDeliveries,
  planOperations,
  type Redundancy,
  type Store,
  type StoredMessage,
} from '@bulwark/store';
import { after, Job, type JobOptions } from '../jobs.ts';
import { GRACE_MS } from '../stopping.ts';
import { openChannel, withoutSecrets } from './channels.ts';
import { messageOf, readMessage, storedMessage } from './message.ts';
import { operationsMessage } from './operations-message.ts';
import { type Addressed, addressed, keptToChannel, knowsContact, stillTo } from './recipient.ts';
import type { Sealer } from './sealing.ts';

export interface DispatcherOptions {
  readonly store: Store;
  readonly sealer: Sealer;
  readonly controls: ReadonlyMap<string, Control>;
  /** Where the page is, for links. */
  readonly origin: () => string;
  readonly now: () => Date;
  /** From 0 to 1. */
  readonly random: () => number;
  readonly say: (message: string) => void;
  /** Whether it is this hub that sends; always where it is not given. */
  readonly isOurs?: () => boolean;
  /** How long messages that are no digest gather what comes a moment later, in milliseconds. */
  readonly settleMs?: number;
  /** How often it looks by itself for what is due, in milliseconds. */
  readonly everyMs?: number;
  /** How long attempts may still be answered when it stops, in milliseconds. */
  readonly graceMs?: number;
  readonly onEnd?: JobOptions['onEnd'];
}

const SETTLE_MS = 3000;
const EVERY_MS = 5000;
const AGAIN_MS = 1000;
/** As many receivers that hang hold up the others. */
const MOST_AT_ONCE = 16;
/** Longer than an attempt takes. */
const LEASE_MS = 3 * 60 * 1000;

/**
 * Sends what is due, until it is stopped. Everything is in the database, so that a restart loses nothing. An attempt is
 * written before it is made and its outcome after it: only where the hub is killed, or stopped for good, before it knows the
 * answer of a receiver is a message sent twice, with the same id, since no receiver can take part in a transaction of ours.
 */
export class Dispatcher {
  /** Looking for what is due. What became of each message stands with it. */
  readonly job: Job;
  private readonly options: DispatcherOptions;
  private readonly redundancies: readonly Redundancy[];
  private readonly timer: ReturnType<typeof setInterval>;
  /** Attempts being made, by channel: one at a time for each, so that one that hangs holds up nobody else. */
  private readonly sending = new Map<number, Promise<void>>();
  /** Breaks off attempts that are not answered when it stops. */
  private readonly breaking = new AbortController();
  private running: Promise<void> = Promise.resolve();
  private isWaiting = false;
  private isStopped = false;

  constructor(options: DispatcherOptions) {
    this.options = options;
    this.redundancies = redundanciesOf([...options.controls.values()]);
    const everyMs = options.everyMs ?? EVERY_MS;
    const { now, onEnd } = options;
    this.job = new Job('messages', { now, next: after(everyMs), onEnd });
    this.timer = setInterval(() => this.wake(), everyMs);
    this.wake();
  }

  /** Looks soon for what is due. */
  wake(): void {
    if (this.isWaiting || this.isStopped) return;
    this.isWaiting = true;
    this.running = this.running.then(async () => {
      this.isWaiting = false;
      await this.turn().catch((error: unknown) => this.fail(error));
    });
  }

  /**
   * Begins no attempt any more. Most receivers answer within the grace: what they took is then not sent again. The other attempts
   * are broken off, and their messages stay in the queue.
   */
  async stop(): Promise<void> {
    this.isStopped = true;
    clearInterval(this.timer);
    const late = setTimeout(() => this.breaking.abort(), this.options.graceMs ?? GRACE_MS);
    await this.running;
    await Promise.all(this.sending.values());
    clearTimeout(late);
  }

  private fail(error: unknown): void {
    // A database that is away is said elsewhere; the next turn tries again.
    if (!isAway(error))
      this.options.say(`Sending messages failed: ${error instanceof Error ? error.message : 'unknown'}.`);
  }

  private async turn(): Promise<void> {
    const { isOurs = () => true } = this.options;
    if (isOurs()) await this.job.run((note) => this.look(isOurs, note));
  }

  private async look(isOurs: () => boolean, note: (cause: unknown) => void): Promise<void> {
    const { store, now, settleMs = SETTLE_MS } = this.options;
    const settled = new Date(now().getTime() + settleMs);
    const planned = [
      planDeliveries(store, { now: now(), settled, knows: knowsContact }),
      planOperations(store, now(), (id, event) => this.composeOperations(id, event)),
    ];
    // What cannot be planned keeps nothing that was planned before from being sent.
    for (const plan of await Promise.allSettled(planned))
      if (plan.status === 'rejected') {
        this.fail(plan.reason);
        note(plan.reason);
      }
    while (!this.isStopped && isOurs() && this.sending.size < MOST_AT_ONCE) {
      const at = now();
      const times = { now: at, leaseEnds: new Date(at.getTime() + LEASE_MS) };
      const claim = await claimDelivery(store, times, [...this.sending.keys()], {
        compose: (gathered) => this.compose(gathered),
        redundancies: this.redundancies,
      });
      if (claim === undefined) return;
      this.sending.set(claim.channelId, this.send(claim));
    }
  }

  private compose(gathered: Parameters<typeof messageOf>[0]): StoredMessage {
    const { controls, origin, now } = this.options;
    return storedMessage(messageOf(gathered, { controls, origin: origin(), now: now() }));
  }

  private composeOperations(id: string, event: OperationsEvent): StoredMessage {
    const { origin, now } = this.options;
    return storedMessage(operationsMessage(id, event, { origin: origin(), now: now() }));
  }

  private async send(claim: Claim): Promise<void> {
    try {
      const outcome = await this.attempt(claim).catch((error: unknown) =>
        isAway(error) ? NOT_ASKED : this.notMade(error),
      );
      await this.finish(claim, outcome);
    } catch (error) {
      this.fail(error);
    } finally {
      this.sending.delete(claim.channelId);
      this.wake();
    }
  }

  /** What became of an attempt at which the hub failed itself: it counts, so that it is seen, and given up at last. */
  private notMade(fault: unknown): Attempt {
    // Its text may quote what could not be read, such as secrets of a channel.
    const { name, code } = fault as { readonly name?: unknown; readonly code?: unknown };
    const what = [name, code].filter((part) => typeof part === 'string').join(' ');
    this.options.say(`A message could not be sent, which is a fault of the hub: ${what}.`);
    return { status: 'retry', answer: `Not sent, which is a fault of the hub: ${what}.` };
  }

  private async attempt({
    channelId,
    message,
    fault,
    toContact,
    isReadByContact,
    leftTo,
  }: Claim): Promise<Attempt> {
    const { store, sealer, now } = this.options;
    if (this.isStopped) return NOT_BEGUN;
    if (message === null) return this.notMade(fault);
    const record = await findChannel(store, channelId);
    if (record === undefined) return { status: 'failed', answer: 'The channel was removed.' };
    const opened = openChannel(record, sealer);
    if (opened === undefined) return UNREADABLE;
    const read = readMessage(message);
    const found: Addressed = toContact
      ? addressed(opened.channel, read.contacts, opened.contactDomains)
      : opened;
    const { channel, recipient } = isReadByContact ? found : keptToChannel(opened.channel, found);
    const to = stillTo(channel, leftTo);
    if (to === undefined) return NOBODY_LEFT;
    const outcome = await deliver(to, read, { now: now(), signal: this.breaking.signal });
    const answer = withoutSecrets(outcome.answer, opened.secrets);
    return { ...outcome, answer, ...(recipient !== undefined && { recipient }) };
  }

  private async finish(claim: Claim, outcome: Attempt): Promise<void> {
    const { store, now, random } = this.options;
    const at = now();
    const { answer, recipient } = outcome;
    const { wait, ...next } = nextOf(claim.failures + 1, outcome, random());
    const written = { ...next, answer, recipient, now: at, due: new Date(at.getTime() + wait) };
    for (;;) {
      try {
        await finishAttempt(store, claim, written);
        return;
      } catch (error) {
        // Without this line in the database the message would be sent again.
        if (!isAway(error) || this.isStopped) throw error;
        await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      }
    }
  }
}

/** What the queue folds, of a message: what refines, covers or causes what. */
function redundanciesOf(controls: readonly Control[]): readonly Redundancy[] {
  return [
    ...tellingsOf(controls),
    ...controls.flatMap(({ id: by, causedBy = [] }) =>
      causedBy.map((told) => ({ by, told, where: 'cause' as const })),
    ),
  ];
}

/** What became of an attempt, and whom it was for where a contact decided that. */
type Attempt = Outcome & { readonly recipient?: string };

/** What comes after an attempt, which makes so many failures where it is one, and after how many milliseconds. */
function nextOf(
  failures: number,
  outcome: Attempt,
  random: number,
): Pick<AttemptOutcome, 'state' | 'left' | 'failures'> & { readonly wait: number } {
  // Whoever starts next sends it: that was no failure.
  if (outcome.status === 'broken-off') return { state: 'waiting', wait: 0 };
  if (outcome.status !== 'retry')
    return { state: outcome.status, wait: 0, ...(outcome.status === 'failed' && { failures }) };
  const { left, afterMs = 0, mayHaveCome = false } = outcome;
  // A receiver that asks for a moment each time would have used up all attempts within minutes.
  const wait = Math.max(afterMs, waitAfter(failures, random));
  if (failures < MOST_ATTEMPTS) return { state: 'waiting', wait, left, failures };
  // Whoever may have it is told how it ends.
  return { state: 'failed', wait: 0, left, ...(!mayHaveCome && { failures }) };
}

const NOBODY_LEFT = {
  status: 'sent',
  answer: 'Who had not got it yet is no reader of the channel any more.',
} as const satisfies Outcome;
const NOT_BEGUN = {
  status: 'broken-off',
  answer: 'The hub stopped before it was sent.',
} as const satisfies Outcome;
const NOT_ASKED = {
  status: 'broken-off',
  answer: 'The database went away before it was sent.',
} as const satisfies Outcome;

/** What is said of a channel whose secrets were sealed with another key. */
export const UNREADABLE = {
  status: 'retry',
  answer: 'Not sent: the secrets of the channel cannot be read with the key of this hub.',
} as const satisfies Outcome;
