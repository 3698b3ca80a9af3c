import { spawn } from 'node:child_process';
import { chown, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { AppError } from '@bulwark/core';
import type { Place } from './place.ts';

/** Makes the data of a new server, under another name until it is whole. */
export async function initialise({ data, binaries, user }: Place, password: string): Promise<void> {
  const unfinished = `${data}.new`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { mode: 0o700 });
  if (user !== undefined) await chown(unfinished, user.uid, user.gid);
  // A file, as initdb takes the password from nothing else that a process can be given (a pipe of Node is a socket).
  const passwordFile = `${unfinished}.password`;
  await rm(passwordFile, { force: true });
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600, flag: 'wx' });
  if (user !== undefined) await chown(passwordFile, user.uid, user.gid);
  const args = [
    '-D',
    unfinished,
    '-U',
    'bulwark',
    '--auth=scram-sha-256',
    `--pwfile=${passwordFile}`,
    '--encoding=UTF8',
    '--locale=C',
    '--data-checksums',
    '--no-instructions',
  ];
  const child = spawn(binaries.initdb, args, { ...user, env: {}, stdio: ['ignore', 'ignore', 'pipe'] });
  const said: Buffer[] = [];
  child.stderr.on('data', (part: Buffer) => said.push(part));
  try {
    const status = await new Promise<number | null>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', resolve);
    });
    if (status !== 0)
      throw new AppError('conflict', {
        detail: `The database could not be made: ${Buffer.concat(said).toString('utf8').trim()}`,
      });
  } finally {
    await rm(passwordFile, { force: true });
  }
  await rename(unfinished, data);
}
