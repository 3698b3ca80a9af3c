import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Role } from '@bulwark/api';
import type { Secret } from '@bulwark/core';
import { type Hub, type HubOptions, hubOptionsForTests, startHub } from '@bulwark/hub';
import {
  createToken,
  type EmbeddedServer,
  type Limits,
  openStore,
  type Store,
  startEmbedded,
} from '@bulwark/store';

const EVERYTHING: Limits = { clusters: 'all', namespaces: 'all' };
const DAY_MS = 86_400_000;

/** How long a test may wait for a hub and its database, on a machine that does much else, in milliseconds. */
export const HUB_WITHIN_MS = 240_000;

/** A hub that answers on a socket, with a real database and no cluster but those that a test writes; for tests. */
export class ListeningHub {
  readonly store: Store;
  readonly databaseUrl: Secret<string>;
  readonly folder: string;
  private readonly server: EmbeddedServer;
  private readonly hub: Hub;

  private constructor(parts: { store: Store; server: EmbeddedServer; hub: Hub; folder: string }) {
    this.store = parts.store;
    this.server = parts.server;
    this.hub = parts.hub;
    this.folder = parts.folder;
    this.databaseUrl = parts.server.url;
  }

  static async start(more: Partial<HubOptions> = {}): Promise<ListeningHub> {
    const folder = mkdtempSync(join(tmpdir(), 'bulwark-cli-hub-'));
    // The database runs as another user where the tests run as root.
    chmodSync(folder, 0o755);
    const server = await startEmbedded({ folder });
    const hub = await startHub(hubOptionsForTests({ databaseUrl: server.url, folder, ...more }));
    const store = await openStore({ url: server.url, now: new Date() });
    return new ListeningHub({ store, server, hub, folder });
  }

  get url(): string {
    return this.hub.url;
  }

  /** The variables of a program that asks this hub with a new token. */
  async variables(role: Role, limits: Limits = EVERYTHING, owner = 'test'): Promise<Record<string, string>> {
    const secret = `bwt_${randomBytes(32).toString('base64url')}`;
    const now = new Date();
    await createToken(this.store, {
      hash: createHash('sha256').update(secret).digest(),
      name: `test ${role}`,
      role,
      limits,
      owner,
      createdAt: now,
      expires: new Date(now.getTime() + DAY_MS),
    });
    return { PATH: '', BULWARK_HUB: this.url, BULWARK_HUB_TOKEN: secret };
  }

  /** Ends the hub and its database; what they wrote stays. */
  async halt(): Promise<void> {
    await this.store.close();
    await this.hub.stop();
    await this.server.stop();
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  async stop(): Promise<void> {
    await this.halt();
    this.remove();
  }
}
