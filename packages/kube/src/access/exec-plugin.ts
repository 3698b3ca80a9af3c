import { spawn } from 'node:child_process';
import { err, ok, type Result, redactDeep } from '@bulwark/core';
import { failure, type KubeFailure } from '../client/failure.ts';
import type { Clock } from '../clock.ts';
import type { Credentials, ServerTrust } from './access.ts';
import { type Issued, issuedCredentials } from './credentials.ts';
import { readExecCredential } from './exec-credential.ts';

/** A program that issues credentials, as a kubeconfig describes it. */
export interface ExecPlugin {
  /** Resolved: a name to look up in PATH, or a path. */
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly apiVersion: string;
  /** What to tell people when the program is not there. */
  readonly installHint: string | undefined;
  /** Whether the program may, or must, ask a person. */
  readonly interactiveMode: 'Never' | 'IfAvailable' | 'Always';
  /** What it is told of the cluster; undefined where the kubeconfig does not ask for that. */
  readonly cluster: Readonly<Record<string, unknown>> | undefined;
}

/** Where a plugin runs. */
export interface ExecSurroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether a person can answer: standard input is then the plugin's for the time it runs. */
  readonly isInteractive: boolean;
  readonly clock: Clock;
  readonly trust: Pick<ServerTrust, 'authorities'>;
  readonly timeoutMs?: number;
}

/** A plugin that opens a browser takes as long as its user. */
const INTERACTIVE_MS = 300_000;
const ALONE_MS = 60_000;
/** How long after its end what a plugin printed may still come. */
const LEFT_OPEN_MS = 1000;
const MOST_OUTPUT = 1024 * 1024;
const MOST_WORDS = 2000;

/** Credentials of a plugin: it runs when there are none, when they expire, and when the server refuses them. */
export function execCredentials(plugin: ExecPlugin, surroundings: ExecSurroundings): Credentials {
  return issuedCredentials(
    (signal) => issue(plugin, surroundings, signal),
    () => surroundings.clock.now(),
  );
}

async function issue(
  plugin: ExecPlugin,
  surroundings: ExecSurroundings,
  signal: AbortSignal,
): Promise<Result<Issued, KubeFailure>> {
  const interactive = surroundings.isInteractive && plugin.interactiveMode !== 'Never';
  if (plugin.interactiveMode === 'Always' && !interactive)
    return err(
      failure('credentials', `The credential plugin ${plugin.command} needs a person, and none is here.`),
    );
  const cluster = await clusterFor(plugin, surroundings);
  if (!cluster.ok) return cluster;
  const info = {
    apiVersion: plugin.apiVersion,
    kind: 'ExecCredential',
    spec: { interactive, ...(cluster.value !== undefined && { cluster: cluster.value }) },
  };
  const env = { ...surroundings.env, ...plugin.env, KUBERNETES_EXEC_INFO: JSON.stringify(info) };
  const output = await run(plugin, {
    env,
    interactive,
    signal,
    timeoutMs: surroundings.timeoutMs ?? (interactive ? INTERACTIVE_MS : ALONE_MS),
  });
  return output.ok ? readExecCredential(output.value, plugin.apiVersion) : output;
}

async function clusterFor(
  { cluster }: ExecPlugin,
  { trust }: ExecSurroundings,
): Promise<Result<Readonly<Record<string, unknown>> | undefined, KubeFailure>> {
  if (cluster === undefined) return ok(undefined);
  const authorities = await trust.authorities();
  if (!authorities.ok) return authorities;
  if (authorities.value === undefined) return ok(cluster);
  return ok({ ...cluster, 'certificate-authority-data': Buffer.from(authorities.value).toString('base64') });
}

interface RunOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly interactive: boolean;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
}

/** Runs the program and gives what it prints; what it says on standard error goes into the failure, without secrets. */
function run(plugin: ExecPlugin, options: RunOptions): Promise<Result<string, KubeFailure>> {
  const { command, args, installHint } = plugin;
  return new Promise((resolve) => {
    const child = spawn(command, [...args], {
      env: options.env,
      stdio: [options.interactive ? 'inherit' : 'ignore', 'pipe', 'pipe'],
      timeout: options.timeoutMs,
      signal: options.signal,
      killSignal: 'SIGKILL',
    });
    const output = new Collected(MOST_OUTPUT);
    const words = new Collected(MOST_WORDS);
    child.stdout.on('data', (part: Buffer) => output.add(part));
    child.stderr.on('data', (part: Buffer) => words.add(part));
    const fail = (why: string): void =>
      resolve(err(failure('credentials', `The credential plugin ${command} ${why}.`)));
    child.on('error', (error) => {
      if (options.signal.aborted) {
        resolve(err(failure('aborted', `The credential plugin ${command} was ended.`)));
        return;
      }
      const isMissing = 'code' in error && error.code === 'ENOENT';
      const hint = installHint === undefined ? '' : `: ${printable(installHint)}`;
      fail(isMissing ? `is not installed${hint}` : 'cannot be started');
    });
    child.on('exit', (_status, signal) => {
      // What it started may hold the pipes open for as long as it likes.
      const cut = (): void => {
        for (const pipe of [child.stdout, child.stderr]) pipe.destroy();
      };
      if (signal === 'SIGKILL') cut();
      // What it printed is read first, however long this thread was busy meanwhile.
      else setTimeout(() => setImmediate(cut), LEFT_OPEN_MS).unref();
    });
    child.on('close', (status, signal) => {
      if (status === 0) resolve(ok(output.text()));
      else if (signal === 'SIGKILL')
        fail(`was ended: it had not finished after ${options.timeoutMs / 1000} s`);
      else fail(`fails with ${signal ?? `status ${status}`}${saidOf(words.text())}`);
    });
  });
}

/** The beginning of an output. */
class Collected {
  private readonly most: number;
  private readonly parts: Buffer[] = [];
  private size = 0;

  constructor(most: number) {
    this.most = most;
  }

  add(part: Buffer): void {
    if (this.size >= this.most) return;
    this.parts.push(part);
    this.size += part.length;
  }

  text(): string {
    return Buffer.concat(this.parts).subarray(0, this.most).toString('utf8');
  }
}

function saidOf(words: string): string {
  const said = printable(words.split('\n').map(withoutSecrets).join(' '));
  return said === '' ? '' : `: ${said}`;
}

/** As long as a token, and no path. */
const LONG_WORD = /^[\w+=.~-]*\/?[\w+=.~-]*$/;
const TOKEN_LENGTH = 40;

function withoutSecrets(line: string): string {
  return line.split(/(\s+)/).map(withoutSecret).join('');
}

function withoutSecret(word: string): string {
  if (word.length >= TOKEN_LENGTH && LONG_WORD.test(word)) return '[redacted]';
  const redacted = redactDeep(word);
  return typeof redacted === 'string' ? redacted : '';
}

/** Text of another program on one line, without what drives a terminal. */
function printable(text: string): string {
  return text
    .replaceAll(/\u001b\[[0-9;]*[A-Za-z]/g, '')
    .replaceAll(/[\p{Cc}\s]+/gu, ' ')
    .trim();
}
