import { join, resolve } from 'node:path';
import { nearest, UsageError } from '../exit.ts';
import type { HubFlags } from '../flags.ts';
import type { Io } from '../io.ts';
import { isFile } from '../source/text-file.ts';
import type { FileSettings } from './read-file.ts';
import {
  flagOf,
  type HubSettings,
  SETTING_NAMES,
  type SettingName,
  settingOf,
  variableOf,
} from './settings.ts';
import { isFaultyFlag, readValue, type WrittenValue } from './value.ts';

const DEFAULT_FILE = 'hub.yaml';
const FILE_VARIABLE = 'BULWARK_HUB_CONFIG';

/** What the hub was told, by flags, variables and its file. */
export interface Told {
  readonly settings: HubSettings;
  /** How messages name where a setting was said: its flag, its variable, or its line in the file. */
  readonly sourceOf: (name: SettingName) => string;
  /** Everything that is wrong with flags, variables and file, each with its place; such settings are left out. */
  readonly faults: readonly string[];
}

type Surroundings = Pick<Io, 'env' | 'cwd'>;

/**
 * What was said, as `toldSettings` puts it together.
 *
 * @throws UsageError with everything that is wrong with it.
 */
export async function hubSettings(flags: HubFlags, io: Surroundings): Promise<Told> {
  const told = await toldSettings(flags, io);
  mustBeRight(told.faults);
  return told;
}

/** @throws UsageError with faults, where there are some. */
export function mustBeRight(faults: readonly string[]): void {
  if (faults.length > 0) throw new UsageError(`the settings of the hub are wrong\n${faults.join('\n')}`);
}

/** Puts together what was said: a flag wins over a variable, a variable over the file, the file over what holds else. */
export async function toldSettings(flags: HubFlags, io: Surroundings): Promise<Told> {
  const faults: string[] = [...misspeltVariables(io)];
  const found = await fileFor(flags.config, io);
  const file = typeof found === 'string' ? undefined : found;
  faults.push(...(typeof found === 'string' ? [found] : (file?.faults ?? [])));
  const settings = new Map<SettingName, WrittenValue>();
  const sources = new Map<SettingName, string>();
  for (const name of SETTING_NAMES) {
    const said = saidOf(name, { flags, io, file });
    if ('fault' in said) faults.push(`${said.source} ${said.fault}`);
    else if (said.value !== undefined) settings.set(name, said.value);
    sources.set(name, said.source);
  }
  return {
    settings: Object.fromEntries(settings) as HubSettings,
    sourceOf: (name) => sources.get(name) ?? name,
    faults,
  };
}

const PREFIX = 'BULWARK_';
/** What Kubernetes tells a pod of a Service that is called bulwark. */
const OF_SERVICE = /_(?:SERVICE_HOST|SERVICE_PORT(?:_\w+)?|PORT(?:_\d+_\w+)?)$/;
/** What other commands and the clients of a hub are told. */
const OF_OTHERS = ['BULWARK_HUB', 'BULWARK_HUB_TOKEN', 'BULWARK_HUB_CA'];

/** Variables that look like one of ours with a slip of the pen. Other programs may have some that begin alike. */
function misspeltVariables({ env }: Surroundings): string[] {
  const known = [...SETTING_NAMES.map(variableOf), FILE_VARIABLE, ...OF_OTHERS];
  const words = known.map((name) => name.slice(PREFIX.length));
  return Object.keys(env)
    .filter((name) => name.startsWith(PREFIX) && !known.includes(name) && !OF_SERVICE.test(name))
    .sort()
    .flatMap((name) => {
      const near = nearest(name.slice(PREFIX.length), words);
      return near === undefined ? [] : [`${name}: there is no such variable; did you mean ${PREFIX}${near}?`];
    });
}

type Said =
  | { readonly source: string; readonly value: WrittenValue | undefined }
  | { readonly source: string; readonly fault: string };

interface Sources {
  readonly flags: HubFlags;
  readonly io: Surroundings;
  readonly file: FileSettings | undefined;
}

function saidOf(name: SettingName, { flags, io, file }: Sources): Said {
  const flag = flags[name];
  if (isFaultyFlag(flag)) return { source: `${flagOf(name)}:`, fault: flag.fault };
  if (flag !== undefined) return { source: flagOf(name), value: placed(name, flag, io) };
  const variable = io.env[variableOf(name)];
  // Empty is how container files leave a variable out.
  if (variable !== undefined && variable !== '') {
    const value = readValue(name, variable);
    if (!value.ok) return { source: `${variableOf(name)}:`, fault: value.error };
    return { source: variableOf(name), value: placed(name, value.value, io) };
  }
  const written = file?.values.get(name);
  if (file !== undefined && written !== undefined) return { source: file.placeOf(name), value: written };
  return { source: flagOf(name), value: settingOf(name).default };
}

/** Files and folders of flags and variables are looked for from the working directory. */
function placed(name: SettingName, value: WrittenValue, { cwd }: Surroundings): WrittenValue {
  const { kind } = settingOf(name);
  return (kind === 'file' || kind === 'folder') && typeof value === 'string' ? resolve(cwd, value) : value;
}

/** The file, or what is wrong with how it is named. */
async function fileFor(
  flag: HubFlags['config'],
  io: Surroundings,
): Promise<FileSettings | string | undefined> {
  if (flag === false) return undefined;
  const variable = io.env[FILE_VARIABLE];
  const named = flag ?? (variable === '' ? undefined : variable);
  const file = named === undefined ? join(io.cwd, DEFAULT_FILE) : resolve(io.cwd, named);
  if (!isFile(file)) {
    if (named === undefined) return undefined;
    return `${flag === undefined ? FILE_VARIABLE : '--config'}: there is no file ${named}`;
  }
  // Loaded on demand: the schema library takes time to start.
  const { readSettingsFile } = await import('./read-file.ts');
  return readSettingsFile(file, named ?? DEFAULT_FILE, io);
}
