import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { hubFaults } from '@bulwark/api';
import { isObject, Secret } from '@bulwark/core';
import type { Faults } from '../config/faults.ts';
import { readYamlFile } from '../config/yaml-file.ts';
import type { Io } from '../io.ts';
import { HUB_SETTINGS, SETTING_NAMES, type SettingName, settingOf } from './settings.ts';
import type { WrittenValue } from './value.ts';

/** What a file of settings says. */
export interface FileSettings {
  readonly values: ReadonlyMap<SettingName, WrittenValue>;
  /** Everything that is wrong with it, each with its place. */
  readonly faults: readonly string[];
  /** Where in it a setting stands. */
  readonly placeOf: (name: SettingName) => string;
}

/**
 * Reads `hub.yaml`. Files that it names lie beside it where they are no absolute paths.
 *
 * @param shown how messages name the file.
 * @throws UsageError where it is no YAML.
 */
export function readSettingsFile(file: string, shown: string, { env }: Pick<Io, 'env'>): FileSettings {
  const { value, faults } = readYamlFile(file, shown);
  const wrong = hubFaults(HUB_SETTINGS, value);
  for (const { path, message, unknown } of wrong) faults.add(path, message, unknown);
  const bad = new Set(wrong.map(({ path: [first] }) => first));
  const values = new Map<SettingName, WrittenValue>();
  for (const name of SETTING_NAMES) {
    const written = isObject(value) && !bad.has(name) ? value[name] : undefined;
    if (written === undefined) continue;
    const read = valueIn(name, written, { folder: dirname(file), env, faults });
    if (read !== undefined) values.set(name, read);
  }
  return {
    values,
    faults: faults.lines(),
    placeOf: (name) => `${faults.sourceOf([name])}: ${name}`,
  };
}

interface Around {
  readonly folder: string;
  readonly env: Io['env'];
  readonly faults: Faults;
}

/** A value that the schema accepted, as a flag would give it. */
function valueIn(name: SettingName, written: unknown, around: Around): WrittenValue | undefined {
  const { kind } = settingOf(name);
  if (kind === 'secret') return secretIn(name, written as SecretPlace, around);
  if (kind === 'list' && typeof written === 'string') return [written];
  if (kind === 'file' || kind === 'folder') return resolve(around.folder, written as string);
  return written as WrittenValue;
}

interface SecretPlace {
  readonly file?: string;
  readonly env?: string;
}

function secretIn(
  name: SettingName,
  place: SecretPlace,
  { folder, env, faults }: Around,
): Secret<string> | undefined {
  const [key, where] = place.file === undefined ? ['env', place.env ?? ''] : ['file', place.file];
  const text = key === 'env' ? env[where] : contentOf(resolve(folder, where));
  const secret = text?.replace(/\r?\n$/, '');
  if (secret !== undefined && secret !== '') return new Secret(secret);
  const what = key === 'env' ? 'there is no variable' : 'there is no readable file';
  faults.add([name, key], `${what} ${where}, or it is empty`);
  return undefined;
}

function contentOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
