import { readdirSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Secret } from '@bulwark/core';
import { isServerOf } from './left-over.ts';
import { isAlive } from './lock.ts';

const DATA = /^data-\d+$/;

function dataIn(folder: string): string[] {
  const isFolder = statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true;
  return isFolder ? readdirSync(folder).filter((name) => DATA.test(name)) : [];
}

/** Whether a folder holds the data of a server, whichever its version. */
export function hasEmbedded(folder: string): boolean {
  return dataIn(folder).length > 0;
}

/** Versions of PostgreSQL whose data a folder holds besides those of a version, such as `17`, which that one cannot read. */
export function otherVersionsIn(folder: string, version: string): string[] {
  const own = `data-${Number.parseInt(version, 10)}`;
  return dataIn(folder)
    .filter((name) => name !== own)
    .map((name) => name.slice('data-'.length));
}

/** Where a server of ours listens. */
export function serverAddress(password: string, port: number): string {
  return `postgres://bulwark:${password}@127.0.0.1:${port}/postgres`;
}

/**
 * The address of a server that runs in a folder already, for a program beside the hub that started it.
 *
 * @returns undefined where none runs, or its files are not for this user.
 */
export async function runningEmbedded(folder: string): Promise<Secret<string> | undefined> {
  for (const data of dataIn(folder).map((name) => join(folder, name))) {
    const text = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '');
    // Lines as PostgreSQL writes them: its process, the data, its start, its port.
    const [pid = 0, , , port = 0] = text.split('\n').map((line) => Number(line));
    if (!(pid > 1) || !(port > 0) || !isAlive(pid) || !(await isServerOf(pid, data))) continue;
    const password = await readFile(join(folder, 'password'), 'utf8').catch(() => '');
    if (password !== '') return new Secret(serverAddress(password, port));
  }
  return undefined;
}
