const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Units of a duration by the letter that a query writes, from the longest. In milliseconds. */
const UNITS = [
  ['w', 7 * DAY],
  ['d', DAY],
  ['h', HOUR],
  ['m', MINUTE],
  ['s', SECOND],
] as const;
/** As far from 1970 as a moment can be (ECMA-262, 21.4.1.1). */
const LONGEST = 8_640_000_000_000_000;

/** A length of time and the smallest unit in which it was written, in milliseconds. */
export interface Duration {
  readonly milliseconds: number;
  readonly unit: number;
}

/** A stretch of time in milliseconds since 1970, `to` excluded. */
export interface Period {
  readonly from: number;
  readonly to: number;
}

const DURATION = /^(?:(\d{1,15})w)?(?:(\d{1,15})d)?(?:(\d{1,15})h)?(?:(\d{1,15})m)?(?:(\d{1,15})s)?$/;

/** Reads `7d`, `1w2d`, `90m`: units from the longest to the shortest. Undefined for anything else. */
export function parseDuration(text: string): Duration | undefined {
  const match = text === '' ? null : DURATION.exec(text);
  if (match === null) return undefined;
  let milliseconds = 0;
  let unit = 0;
  for (const [index, [, length]] of UNITS.entries()) {
    const amount = match[index + 1];
    if (amount === undefined) continue;
    milliseconds += Number(amount) * length;
    unit = length;
  }
  return milliseconds > LONGEST ? undefined : { milliseconds, unit };
}

/** A duration as a query writes it, all of it in its smallest unit. */
export function printDuration({ milliseconds, unit }: Duration): string {
  const [letter, length] = UNITS.find(([, candidate]) => candidate === unit) ?? ['s', SECOND];
  return `${Math.floor(milliseconds / length)}${letter}`;
}

/** A length of time in the longest unit that divides it. */
export function printMilliseconds(milliseconds: number): string {
  const [, unit] = UNITS.find(([, length]) => milliseconds % length === 0) ?? ['s', SECOND];
  return printDuration({ milliseconds, unit });
}

const TIME =
  /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[Tt](\d\d)(?::(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?)?)?)?)?([Zz]|[+-]\d\d:\d\d)?$/;
const OFFSET = /^([+-])(\d\d):(\d\d)$/;

/**
 * Reads a year, month, day, hour, minute or second as ISO 8601 writes it, and answers the whole of it. Without an offset
 * it is in UTC; an offset is allowed from the minute on. Undefined for anything else, days that do not exist included.
 */
export function parsePeriod(text: string): Period | undefined {
  const match = text.length > 40 ? null : TIME.exec(text);
  if (match === null) return undefined;
  const [year = 0, month, day, hour, minute, second] = match
    .slice(1, 7)
    .map((part) => (part === undefined ? undefined : Number(part)));
  const zone = match[7]?.toUpperCase() ?? '';
  if ((zone === 'Z' && hour === undefined) || (OFFSET.test(zone) && minute === undefined)) return undefined;
  if ((hour ?? 0) > 23 || (minute ?? 0) > 59 || (second ?? 0) > 59) return undefined;
  const date = dateOf(year, month, day);
  const offset = offsetOf(zone);
  if (date === undefined || offset === undefined) return undefined;
  if (hour === undefined) return date;
  const from = date.from + hour * HOUR + (minute ?? 0) * MINUTE + (second ?? 0) * SECOND - offset;
  const length = second !== undefined ? SECOND : minute !== undefined ? MINUTE : HOUR;
  return { from, to: from + length };
}

function dateOf(year: number, month: number | undefined, day: number | undefined): Period | undefined {
  if (month === undefined) return { from: daysTo(year, 1) * DAY, to: daysTo(year + 1, 1) * DAY };
  if (month < 1 || month > 12) return undefined;
  const first = daysTo(year, month);
  const next = daysTo(year, month + 1);
  if (day === undefined) return { from: first * DAY, to: next * DAY };
  if (day < 1 || day > next - first) return undefined;
  return { from: (first + day - 1) * DAY, to: (first + day) * DAY };
}

function offsetOf(zone: string): number | undefined {
  const [, sign, hours = '', minutes = ''] = OFFSET.exec(zone) ?? [];
  if (sign === undefined) return 0;
  if (Number(hours) > 23 || Number(minutes) > 59) return undefined;
  return (sign === '-' ? -1 : 1) * (Number(hours) * HOUR + Number(minutes) * MINUTE);
}

const BEFORE_MONTH = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

/** Days from 1970 to the first of a month; month 13 is January of the next year. */
function daysTo(year: number, month: number): number {
  const y = month > 12 ? year + 1 : year;
  const m = month > 12 ? 1 : month;
  const leapYears = (before: number): number =>
    Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400);
  const leapDay = m > 2 && isLeap(y) ? 1 : 0;
  return (y - 1970) * 365 + leapYears(y - 1) - leapYears(1969) + (BEFORE_MONTH[m - 1] ?? 0) + leapDay;
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** A period as ISO 8601 writes it, in UTC: the same period when it is read again. */
export function printPeriod({ from, to }: Period): string {
  const days = Math.floor(from / DAY);
  const { year, month, day } = civilOf(days);
  const two = (value: number): string => String(value).padStart(2, '0');
  const [y, m] = [String(year).padStart(4, '0'), two(month)];
  const length = to - from;
  if (length > 31 * DAY) return y;
  if (length > DAY) return `${y}-${m}`;
  const date = `${y}-${m}-${two(day)}`;
  if (length === DAY) return date;
  const rest = from - days * DAY;
  const [hour, minute, second] = [rest / HOUR, (rest % HOUR) / MINUTE, (rest % MINUTE) / SECOND].map(
    (amount) => two(Math.floor(amount)),
  );
  if (length === HOUR) return `${date}T${hour}`;
  return length === MINUTE ? `${date}T${hour}:${minute}` : `${date}T${hour}:${minute}:${second}`;
}

function civilOf(days: number): { year: number; month: number; day: number } {
  let year = 1970 + Math.floor(days / 365.2425);
  while (daysTo(year, 1) > days) year--;
  while (daysTo(year + 1, 1) <= days) year++;
  let month = 1;
  while (month < 12 && daysTo(year, month + 1) <= days) month++;
  return { year, month, day: days - daysTo(year, month) + 1 };
}
