import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { HubClient, type ROUTES, type RouteId, type RouteRequest, type RouteResult } from '@bulwark/api';

export const PROGRAM = resolve('dist', 'bulwark.js');
const READY_MS = 60_000;
const STEP_MS = 50;

/** Waits until a question is answered with something, asking again and again. */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T | undefined> | T | undefined,
  withinMs = 30_000,
): Promise<T> {
  const end = Date.now() + withinMs;
  let fault = '';
  while (Date.now() < end) {
    try {
      const answer = await ask();
      if (answer !== undefined) return answer;
    } catch (error) {
      fault = error instanceof Error ? error.message : 'an unknown failure';
    }
    await pause(STEP_MS);
  }
  throw new Error(`not within ${withinMs} ms: ${what}${fault === '' ? '' : ` (${fault})`}`);
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((done) => setTimeout(done, milliseconds));
}

/** A folder that the database's own user can reach, as temporary folders of root are closed to all others. */
export function dataFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'bulwark-hub-'));
  chmodSync(folder, 0o755);
  return folder;
}

interface HubStart {
  readonly kubeconfig?: string;
  /** Holds the database; made anew where it is absent. */
  readonly folder?: string;
  readonly args?: readonly string[];
  /** Whether `npm start` starts it, in the checkout, instead of the built program. */
  readonly isByNpm?: boolean;
}

/** A hub in a process of its own, as people start it. */
export class RunningHub {
  readonly folder: string;
  url = '';
  link = '';
  /** All that it printed. */
  output = '';
  private readonly child: ChildProcess;
  /** Whether it is to be ended as a terminal does it, with all processes around it. */
  private readonly isGroup: boolean;
  private readonly exited: Promise<number | null>;
  private cookie = '';
  private csrf = '';
  private readonly client = new HubClient(
    async (address, { method, headers, body }) => {
      const answer = await fetch(this.url + address, {
        method,
        headers,
        ...(body !== undefined && { body }),
      });
      const [cookie] = answer.headers.getSetCookie();
      if (cookie !== undefined) this.cookie = cookie.split(';')[0] ?? '';
      return answer;
    },
    '',
    () => ({ cookie: this.cookie, 'x-csrf-token': this.csrf }),
  );

  private constructor({ kubeconfig, folder, args = [], isByNpm = false }: HubStart) {
    this.folder = folder ?? dataFolder();
    const flags = ['--listen', '127.0.0.1:0', '--data-dir', join(this.folder, 'data')];
    if (kubeconfig !== undefined) flags.push('--kubeconfig', kubeconfig);
    this.isGroup = isByNpm;
    const [program, own] = isByNpm ? ['npm', ['start', '--']] : [process.execPath, [PROGRAM, 'hub']];
    this.child = spawn(program, [...own, ...flags, ...args], {
      cwd: isByNpm ? process.cwd() : this.folder,
      detached: isByNpm,
      env: { PATH: process.env['PATH'] ?? '', HOME: this.folder },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.on('data', (part: Buffer) => {
        this.output += part.toString('utf8');
      });
    this.exited = new Promise((done) => {
      this.child.once('exit', done);
    });
  }

  /** Starts one without waiting for anything. */
  static spawn(start: HubStart): RunningHub {
    return new RunningHub(start);
  }

  /** Starts one, waits until it answers, and signs in. */
  static async start(start: HubStart): Promise<RunningHub> {
    const hub = new RunningHub(start);
    await hub.ready();
    return hub;
  }

  /** Waits until it answers, and signs in with the link that it printed, once. */
  async ready(): Promise<void> {
    if (this.csrf !== '') return;
    const link = await eventually(
      'the hub prints its link',
      () => {
        if (this.child.exitCode !== null) throw new Error(`the hub ended: ${this.output}`);
        return /Sign in, once: (\S+)/.exec(this.output)?.[1];
      },
      READY_MS,
    );
    this.link = link;
    this.url = new URL(link).origin;
    const session = await this.client.call('signIn', { body: { link: link.split('#link=')[1] ?? '' } });
    this.csrf = session.csrf;
  }

  /** The cookie of the session, for a browser. */
  get session(): { readonly name: string; readonly value: string } {
    const [name = '', value = ''] = this.cookie.split('=');
    return { name, value };
  }

  call<Id extends RouteId>(
    id: Id,
    request: RouteRequest<(typeof ROUTES)[Id]>,
  ): Promise<RouteResult<(typeof ROUTES)[Id]>> {
    return this.client.call(id, request);
  }

  /** The text of an answer, whatever its status. */
  async text(path: string): Promise<string> {
    return (await fetch(this.url + path, { headers: { cookie: this.cookie } })).text();
  }

  /** Every item of a list, page by page. */
  async all<Id extends 'listResources' | 'listFindings' | 'listCoverage' | 'listWorkloads' | 'listChanges'>(
    id: Id,
    q?: string,
  ): Promise<RouteResult<(typeof ROUTES)[Id]>['items'][number][]> {
    const items: RouteResult<(typeof ROUTES)[Id]>['items'][number][] = [];
    let cursor: string | undefined;
    do {
      const query = { limit: 500, ...(q !== undefined && { q }), ...(cursor !== undefined && { cursor }) };
      const page: RouteResult<(typeof ROUTES)[Id]> = await this.client.call(id, { query } as never);
      items.push(...page.items);
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
    return items;
  }

  /** Waits until the one cluster is in a state. */
  async reaches(state: 'live' | 'stale', withinMs = 60_000) {
    return eventually(
      `the cluster is ${state}`,
      async () => (await this.call('listClusters', {})).items.find((cluster) => cluster.state === state),
      withinMs,
    );
  }

  /** Number of its process. */
  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** Number of the process of its database. */
  get databasePid(): number {
    const file = join(this.folder, 'data', 'data-18', 'postmaster.pid');
    return existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n')[0]) : 0;
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Ends the hub at once, as a crash does; its database is left behind. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.exited;
  }

  /** Ends the hub in order and answers its exit code. */
  async stop(): Promise<number | null> {
    if (this.isRunning && this.isGroup) process.kill(-this.pid, 'SIGINT');
    else if (this.isRunning) this.child.kill('SIGINT');
    return this.exited;
  }

  /** The exit code, when it ends by itself. */
  get end(): Promise<number | null> {
    return this.exited;
  }

  /** Ends the hub and removes all it wrote. */
  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
