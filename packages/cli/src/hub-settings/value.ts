import { type Setting, type SettingKind, whyNoNumber } from '@bulwark/api';
import { err, ok, type Result, Secret } from '@bulwark/core';
import { type SettingName, settingOf } from './settings.ts';

/** The value of a setting as a flag or a variable gives it. */
export type WrittenValue = string | number | boolean | readonly string[] | Secret<string>;

type Reader = (text: string, setting: Setting) => Result<WrittenValue, string>;

/** What is wrong with the value of a flag, in its place: so it is said with all else that is wrong. */
export interface FaultyFlag {
  readonly fault: string;
}

/** Whether a flag was given a value that is none. */
export function isFaultyFlag(value: unknown): value is FaultyFlag {
  return typeof value === 'object' && value !== null && 'fault' in value;
}

const readText: Reader = (text, { whyNot }) => {
  const wrong = whyNot?.(text);
  return wrong === undefined ? ok(text) : err(wrong);
};

const READERS: Readonly<Record<SettingKind, Reader>> = {
  text: readText,
  file: readText,
  folder: readText,
  secret: (text) => ok(new Secret(text)),
  number: (text, setting) => {
    const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    const wrong = whyNoNumber(setting, number);
    return wrong === undefined ? ok(number) : err(wrong);
  },
  choice: (text, { choices = [] }) =>
    choices.includes(text) ? ok(text) : err(`must be one of ${choices.join(', ')}`),
  switch: (text) => {
    if (text === 'true' || text === '1') return ok(true);
    return text === 'false' || text === '0' ? ok(false) : err('must be true or false');
  },
  list: (text, { whyNot }) => {
    const parts = text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '');
    if (parts.length === 0) return err('must not be empty');
    const [wrong] = parts.flatMap((part) => whyNot?.(part) ?? []);
    return wrong === undefined ? ok(parts) : err(wrong);
  },
};

/**
 * Reads the text of a flag or a variable. A list has commas between its parts.
 *
 * @returns what is wrong with it, as the end of a sentence about it, without quoting it.
 */
export function readValue(name: SettingName, text: string): Result<WrittenValue, string> {
  const setting = settingOf(name);
  return READERS[setting.kind](text, setting);
}
