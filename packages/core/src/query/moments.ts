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

const DATE = /^(\d{4})(?:-(\d\d)(?:-(\d\d))?)?$/;
const CLOCK = /^(\d\d)(?::(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?)?$/;
const ZONE = /(?:Z|([+-])(\d\d):(\d\d))$/;

/**
 * Reads a year, month, day, hour, minute or second as ISO 8601 writes it, and answers the whole of it. Without an offset
 * it is in UTC; an offset is allowed from the minute on. Undefined for anything else, days that do not exist included.
 */
export function parsePeriod(text: string): Period | undefined {
  const [day = '', clock, ...more] = text.slice(0, 41).toUpperCase().split('T');
  const date = more.length > 0 ? undefined : parseDate(day);
  if (date === undefined || clock === undefined) return date;
  const within = date.to - date.from === DAY ? parseClock(clock) : undefined;
  return within && { from: date.from + within.from, to: date.from + within.to };
}

function parseDate(text: string): Period | undefined {
  const [, year, month, day] = (DATE.exec(text) ?? []).map(numberOf);
  return year === undefined ? undefined : dateOf(year, month, day);
}

function numberOf(digits: string | undefined): number | undefined {
  return digits === undefined ? undefined : Number(digits);
}

/** An hour, minute or second of a day that begins at 0; an offset may move it out of that day. */
function parseClock(text: string): Period | undefined {
  const zone = ZONE.exec(text)?.[0] ?? '';
  const [, hour, minute, second] = (CLOCK.exec(text.slice(0, text.length - zone.length)) ?? []).map(numberOf);
  const offset = zone.length > 1 && minute === undefined ? undefined : offsetOf(zone);
  if (offset === undefined || hour === undefined || !isClock(hour, minute, second)) return undefined;
  const unit = second !== undefined ? SECOND : minute !== undefined ? MINUTE : HOUR;
  const from = hour * HOUR + (minute ?? 0) * MINUTE + (second ?? 0) * SECOND - offset;
  return { from, to: from + unit };
}

function offsetOf(zone: string): number | undefined {
  const [, sign, hours, minutes] = ZONE.exec(zone) ?? [];
  if (sign === undefined) return 0;
  const offset = Number(hours) * HOUR + Number(minutes) * MINUTE;
  if (!isClock(Number(hours), Number(minutes))) return undefined;
  return sign === '-' ? -offset : offset;
}

function isClock(hour: number, minute = 0, second = 0): boolean {
  return hour < 24 && minute < 60 && second < 60;
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
