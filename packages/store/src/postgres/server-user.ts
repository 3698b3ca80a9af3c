import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
const NAME = 'bulwark';

/** Whom the database server runs as: the present user, or, as PostgreSQL refuses root, a system user of its own. */
export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

/** Undefined where the present user will do. As root the system user `bulwark` is made when it is not there. */
export async function serverUser(): Promise<ServerUser | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const known = await find();
  if (known !== undefined) return known;
  await run('useradd', [
    '--system',
    '--user-group',
    '--no-create-home',
    '--home-dir',
    '/var/lib/bulwark',
    '--shell',
    '/usr/sbin/nologin',
    NAME,
  ]);
  const made = await find();
  if (made === undefined) throw new Error(`the system user ${NAME} could not be made`);
  return made;
}

async function find(): Promise<ServerUser | undefined> {
  const users = await readFile('/etc/passwd', 'utf8');
  const [, , uid, gid] =
    users
      .split('\n')
      .find((line) => line.startsWith(`${NAME}:`))
      ?.split(':') ?? [];
  return uid === undefined || gid === undefined ? undefined : { uid: Number(uid), gid: Number(gid) };
}
