import { isAway } from './away.ts';
import { WriteMissing } from './write/last-write.ts';

/** Why something could not be written. */
export interface WriteFault {
  /** Sentences for people, with the code of PostgreSQL, and with nothing of what was to be written. */
  readonly reason: string;
  /** Whether the database takes nothing at all now, whatever it is. */
  readonly isWhole: boolean;
}

type Meaning = readonly [begin: string, meaning: string, remedy?: string];

/** What each code means (PostgreSQL, Appendix A), by its beginning: the first that fits. */
const TAKES_NOTHING: readonly Meaning[] = [
  ['53100', 'its disk is full', 'Give it space.'],
  ['53200', 'it is out of memory', 'Give it memory.'],
  ['53300', 'it has no connection left', 'Let it take more of them.'],
  ['53', 'it has too little of something, as its log says', 'Give it more.'],
  ['25006', 'it only reads', 'Let it write, or give the hub the address of the one that does.'],
  ['28', 'it does not let the hub in', 'Let it in.'],
  ['57P', 'it is being stopped or started'],
  ['58', 'it cannot use its files, as its log says', 'Mend its disk.'],
];

const REFUSES: readonly Meaning[] = [
  ['22', 'a value is none that it takes'],
  ['23', 'a rule of the table forbids it'],
  ['54', 'something is longer, or more, than PostgreSQL takes'],
  ['42501', 'the user of the hub may not do it', 'Grant it.'],
  ['42', 'the table is not as the hub left it', 'Look who changed it.'],
  ['40', 'others changed the same at once'],
  ['55', 'others hold it'],
  ['57014', 'it took longer than it may'],
  ['XX', 'it failed itself, or its files are damaged', 'Look into its log.'],
];

/** What is refused for what it is, however often it is tried. */
const LASTING = /^(?:22|23|54)...$/;
/** What others were just doing stood in the way: a deadlock, a lock, a statement that took too long. */
const PASSING = /^(?:40...|55P03|57014)$/;
/** Codes of the system begin with E, and none of PostgreSQL does. */
const SQLSTATE = /^[0-9A-DF-Z][0-9A-Z]{4}$/;

/** Whether the database refuses what is to be written for what it is, and may take all that is beside it. */
export function isRefused(error: unknown): boolean {
  return LASTING.test(textOf(error, 'code'));
}

/** Whether the database may well take the same a moment later. */
export function isPassing(error: unknown): boolean {
  return PASSING.test(textOf(error, 'code'));
}

/** Whether an error is one of the database, or of the way to it. */
export function isOfDatabase(error: unknown): boolean {
  return error instanceof WriteMissing || isAway(error) || SQLSTATE.test(textOf(error, 'code'));
}

/** Why the database takes nothing though it answers, and what to do, in sentences for people; undefined where it does not. */
export function whyNothingIsTaken(error: unknown): string | undefined {
  const code = textOf(error, 'code');
  const meaning = meaningOf(TAKES_NOTHING, code);
  if (meaning === undefined) return undefined;
  const [, what, remedy] = meaning;
  return sentences(`The database takes nothing: ${what} (${code}).`, remedy);
}

/** Why the database takes nothing, or refuses what was to be written; and what to do, where that can be said. */
export function whyNotWritten(error: unknown): WriteFault {
  if (error instanceof WriteMissing) return { reason: GONE_BACK, isWhole: false };
  const code = textOf(error, 'code');
  if (isAway(error)) {
    // Of a connection that was broken off here nobody else said anything.
    const by = code === '' || code === 'database-away' ? '.' : ` (${code}).`;
    const said = whyNothingIsTaken(error) ?? `The database does not answer${by}`;
    return { reason: sentences(said, 'What is seen waits, and is written then.'), isWhole: true };
  }
  if (!SQLSTATE.test(code)) return { reason: OWN_FAULT, isWhole: false };
  const [, what, remedy] = meaningOf(REFUSES, code) ?? ['', 'its log says why'];
  const table = textOf(error, 'table');
  const where = /^\w+$/.test(table) ? ` in its table ${table}` : '';
  const said = `The database refuses what is to be written${where}: ${what} (${code}).`;
  return { reason: sentences(said, remedy), isWhole: false };
}

const GONE_BACK =
  'The database does not have what was written to it last: it has gone back to an earlier state, or another hub wrote meanwhile. Everything is read anew.';
const OWN_FAULT = 'What is seen is not judged or not written, for a fault of the hub that its log tells.';

function meaningOf(meanings: readonly Meaning[], code: string): Meaning | undefined {
  return meanings.find(([begin]) => code.startsWith(begin));
}

function sentences(...said: readonly (string | undefined)[]): string {
  return said.filter((each) => each !== undefined).join(' ');
}

/** Of an error the text and the details are never shown, as they may hold what was to be written. */
function textOf(error: unknown, name: 'code' | 'table'): string {
  const value =
    typeof error === 'object' && error !== null ? (error as Record<string, unknown>)[name] : undefined;
  return typeof value === 'string' ? value : '';
}
