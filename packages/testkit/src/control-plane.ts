import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { sharedPath } from './shared.ts';

const execute = promisify(execFile);

/** The users of a control plane: the second reads everything but Secrets, the third has no right of its own. */
export type ControlPlaneUser = 'admin' | 'reader' | 'nobody';

const START_ATTEMPTS = 3;
const MOST_STARTS = 10;
const MOST_OUTPUT = 256 * 1024 * 1024;

/** The program that starts control planes; undefined where it is not there. */
export const CONTROL_PLANE = sharedPath('testbed', 'cluster');

/** A real Kubernetes control plane with simulated nodes, in a folder of its own. */
export class ControlPlane {
  readonly folder: string;
  private readonly script: string;

  private constructor(script: string, folder: string) {
    this.script = script;
    this.folder = folder;
  }

  /** Starts one. The very first builds its programs, which takes minutes; every other takes seconds. */
  static async start({ nodes = 3 }: { readonly nodes?: number } = {}): Promise<ControlPlane> {
    if (CONTROL_PLANE === undefined) throw new Error('the folder shared/testbed is not beside the checkout');
    const plane = new ControlPlane(CONTROL_PLANE, mkdtempSync(join(tmpdir(), 'bulwark-plane-')));
    // Two that start at the same moment can choose the same free port; the one that comes too late chooses anew.
    for (let attempt = 1; ; attempt++)
      try {
        await execute(plane.script, ['up', '--nodes', String(nodes), '--dir', plane.folder], {
          env: { ...process.env, ...(await freePorts()) },
          maxBuffer: MOST_OUTPUT,
        });
        return plane;
      } catch (error) {
        await plane.run('down');
        if (attempt === START_ATTEMPTS) throw error;
      }
  }

  /** The path of a user's kubeconfig. */
  kubeconfig(user: ControlPlaneUser = 'admin'): string {
    return join(this.folder, `${user}.kubeconfig`);
  }

  /** Applies the workloads of the testbed: a shop with every kind of mistake, and a namespace done well. */
  async load(): Promise<void> {
    await this.run('load');
  }

  /** The path of kubectl, to be run without any of the users. */
  get program(): string {
    return join(readFileSync(join(this.folder, 'run', 'bin'), 'utf8').trim(), 'kubectl');
  }

  /** Runs kubectl as the administrator, and answers what it prints. */
  async kubectl(...args: readonly string[]): Promise<string> {
    const env = { ...process.env, BULWARK_TESTBED_DIR: this.folder };
    const { stdout } = await execute(this.script, ['kubectl', ...args], { env, maxBuffer: MOST_OUTPUT });
    return stdout;
  }

  /** Applies objects. */
  async apply(...objects: readonly object[]): Promise<void> {
    const file = join(this.folder, 'apply.json');
    writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }));
    await this.kubectl('apply', '-f', file);
  }

  /** Stops the API server from answering, as a network does that loses packets; the answer ends that. */
  freeze(): () => void {
    const { pid } = this.apiServer();
    process.kill(pid, 'SIGSTOP');
    return () => {
      process.kill(pid, 'SIGCONT');
    };
  }

  /**
   * Ends the API server without a warning; the answer starts it again, with more flags where some are given, and waits until
   * it is ready. Of a flag that is given twice the last one holds.
   */
  async crash(): Promise<(...flags: readonly string[]) => Promise<void>> {
    const { pid, command } = this.apiServer();
    process.kill(pid, 'SIGKILL');
    while (isRunning(pid)) await pause(20);
    return async (...flags) => {
      const [program = '', ...args] = command;
      // Its port may be taken for a moment, by whoever asks for it while nobody listens.
      for (let attempt = 0; attempt < MOST_STARTS; attempt++) {
        const log = openSync(join(this.folder, 'log', 'apiserver.log'), 'a');
        const child = spawn(program, [...args, ...flags], { detached: true, stdio: ['ignore', log, log] });
        closeSync(log);
        child.unref();
        const started = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[19];
        writeFileSync(join(this.folder, 'run', 'apiserver.pid'), `${child.pid} ${started}\n`);
        if (await this.ready(child)) return;
        await pause(1000);
      }
      throw new Error(`the API server does not start: ${join(this.folder, 'log', 'apiserver.log')}`);
    };
  }

  /** Ends everything and removes the folder. */
  async stop(): Promise<void> {
    await this.run('down');
    rmSync(this.folder, { recursive: true, force: true });
    rmSync(`${this.folder}.lock`, { force: true });
  }

  /** Waits until the API server is ready; false where it has ended. */
  private async ready(server: ChildProcess): Promise<boolean> {
    for (let attempt = 0; attempt < 300; attempt++) {
      if (server.exitCode !== null || server.signalCode !== null) return false;
      const answer = await this.kubectl('get', '--raw', '/readyz').catch(() => '');
      if (answer === 'ok') return true;
      await pause(200);
    }
    throw new Error('the API server is not ready after a minute');
  }

  private apiServer(): { readonly pid: number; readonly command: readonly string[] } {
    const pid = Number(readFileSync(join(this.folder, 'run', 'apiserver.pid'), 'utf8').split(' ')[0]);
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
    return { pid, command };
  }

  private async run(...args: readonly string[]): Promise<void> {
    await execute(this.script, [...args, '--dir', this.folder], { maxBuffer: MOST_OUTPUT });
  }
}

/** Ports that nobody has, for each process: the program's own choice gives two processes of a third cluster the same one. */
async function freePorts(): Promise<Record<string, string>> {
  const names = ['API', 'ETCD', 'ETCD_PEER', 'CONTROLLER_MANAGER', 'SCHEDULER'];
  const servers = await Promise.all(
    names.map(async () => {
      const server = createServer();
      await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  return Object.fromEntries(
    names.map((name, index) => [`BULWARK_TESTBED_${name}_PORT`, String(ports[index])]),
  );
}

function isRunning(pid: number): boolean {
  try {
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
