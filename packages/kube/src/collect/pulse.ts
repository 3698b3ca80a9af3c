import { arrayAt, type JsonObject, stringAt } from '@bulwark/core';
import type { KubeClient } from '../client/client.ts';
import type { KubeFailure } from '../client/failure.ts';
import { serverVersion } from '../identity.ts';
import { VersionLook } from './version-look.ts';

/** The cluster at this address is another one than before: what was collected belongs to the former. */
export class ClusterReplacedError extends Error {
  constructor() {
    super('The cluster at this address is another one than before.');
  }
}

/** What a pulse tells. */
export interface PulseEvents {
  /** The server has answered a look. */
  readonly onAnswer: (at: number) => void;
  /** The server does not answer: connections may be dead without saying so. */
  readonly onSilence: () => void;
  /** The cluster was set back to an earlier state: versions from before mean nothing, and everything has to be listed. */
  readonly onSetBack: () => void;
  /** The server has another version than before. */
  readonly onVersion: (version: string) => void;
}

/** What a look brings. The server is not asked where there are no credentials to send, or its certificate is not trusted. */
type Heard = 'an answer' | 'nothing' | 'not asked';

const EVERY_MS = 10_000;
const AGAIN_MS = 2_000;
const TIMEOUT_MS = 5_000;
/** One object, whose UID is the cluster's own, and the version of the whole store beside it. */
const SYSTEM = '/api/v1/namespaces?fieldSelector=metadata.name%3Dkube-system';

/** Looks from time to time whether the cluster is there, and still the same. */
export class Pulse {
  private readonly client: KubeClient;
  private readonly events: PulseEvents;
  private readonly versions: VersionLook;
  private uid: string | undefined;
  private version = 0;
  /** When the server last answered, by the client's clock in milliseconds; undefined before it did. */
  answeredAt: number | undefined;

  /** @param known of the cluster; what is not known is what is seen first. */
  constructor(
    client: KubeClient,
    events: PulseEvents,
    { uid, version }: { readonly uid: string | undefined; readonly version: string | undefined },
  ) {
    this.client = client;
    this.events = events;
    this.uid = uid;
    this.versions = new VersionLook(version, events.onVersion);
  }

  /**
   * Runs until the signal aborts.
   *
   * @throws ClusterReplacedError
   */
  async run(signal: AbortSignal): Promise<void> {
    const { clock } = this.client;
    while (!signal.aborted) {
      await clock.wait(EVERY_MS, signal);
      if ((await this.hear(signal)) !== 'nothing' || signal.aborted) continue;
      await clock.wait(AGAIN_MS, signal);
      if ((await this.hear(signal)) === 'nothing' && !signal.aborted) this.events.onSilence();
    }
  }

  private async hear(signal: AbortSignal): Promise<Heard> {
    const heard = await this.ask(signal);
    if (heard !== 'an answer') {
      this.versions.away();
      return heard;
    }
    this.answeredAt = this.client.clock.now();
    this.events.onAnswer(this.answeredAt);
    return heard;
  }

  private async ask(signal: AbortSignal): Promise<Heard> {
    const timeoutMs = Math.min(TIMEOUT_MS, this.client.timeoutMs);
    const options = { attempts: 1, timeoutMs, signal };
    const got = await this.client.get(SYSTEM, options);
    if (got.ok && stringAt(got.value.value, 'kind') !== 'NamespaceList') return 'nothing';
    if (got.ok) this.look(got.value.value);
    const isDue = this.versions.isDue();
    if (!got.ok && got.error.kind !== 'forbidden') return heardIn(got.error);
    if (got.ok && !isDue) return 'an answer';
    // Also for those who may not see the other.
    const version = await serverVersion(this.client, options);
    if (version.ok) this.versions.heard(version.value);
    return got.ok || version.ok ? 'an answer' : heardIn(version.error);
  }

  private look(list: JsonObject): void {
    const uid = stringAt(arrayAt(list, 'items')?.[0], 'metadata', 'uid');
    if (uid !== undefined && this.uid !== undefined && uid !== this.uid) throw new ClusterReplacedError();
    this.uid ??= uid;
    // One sequence for the whole store, read with its consent: it never goes back by itself.
    const version = Number(stringAt(list, 'metadata', 'resourceVersion'));
    if (version < this.version) this.events.onSetBack();
    this.version = version;
  }
}

function heardIn({ kind, status }: KubeFailure): Heard {
  // What is garbled is of something else in the server's place, such as the sign-in page of a proxy.
  if (kind === 'unreachable' || kind === 'timed-out' || kind === 'garbled') return 'nothing';
  return status !== undefined ? 'an answer' : 'not asked';
}
