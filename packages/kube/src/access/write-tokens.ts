import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import type { Secret } from '@bulwark/core';
import type { AccessProblem } from './access.ts';
import { Fields, jsonOf } from './fields.ts';
import { reasonOf } from './fresh-file.ts';
import { readKubeconfigText } from './kubeconfig-file.ts';
import { type MappingNode, readLocated, type SourceText } from './located-yaml.ts';
import { lockFile } from './lock-file.ts';
import type { OidcPlace } from './oidc.ts';
import { rewriteFile } from './rewrite-file.ts';

/** The tokens of a user, before and after they were renewed. */
export interface Renewal {
  readonly before: Secret<string>;
  readonly refreshToken: Secret<string>;
  readonly idToken: Secret<string>;
}

/** kubectl gives up at once where it finds the lock, and holds it for a moment. */
const LOCKED_FOR_MS = 3000;

/**
 * Writes new tokens into the kubeconfig that those of before stand in, under the lock that the tools of Kubernetes take to
 * write it (`<kubeconfig>.lock`). Everything else in it stays as it is, byte for byte. Nothing is written where the file has
 * another refresh token by now: somebody has signed in meanwhile.
 *
 * @returns why they could not be written; undefined where they are, or need not be.
 */
export async function writeTokens(place: OidcPlace, renewal: Renewal): Promise<string | undefined> {
  const path = `${place.file}.lock`;
  const lock = await lockFile(path, { withinMs: LOCKED_FOR_MS });
  if (lock === 'taken') return `another program holds ${path}, or has left it behind`;
  try {
    const bytes = readFileSync(place.file);
    const source = { file: place.file, text: bytes.toString('utf8') };
    if (!Buffer.from(source.text).equals(bytes)) return 'it is not UTF-8';
    const text = withTokens(source, place.user, renewal);
    if (text === undefined) return 'its tokens are written in a form in which they cannot be exchanged';
    if (text !== source.text) rewriteFile(place.file, text);
    return undefined;
  } catch (error) {
    return reasonOf(error);
  } finally {
    if (lock !== 'impossible') lock.release();
  }
}

/** The text with the new tokens; as it is where it has other ones, and undefined where they cannot be put in. */
function withTokens(source: SourceText, user: string, renewal: Renewal): string | undefined {
  const config = configOf(source, user);
  const before = config?.entries.get('refresh-token');
  if (config === undefined || before?.kind !== 'scalar' || before.text !== renewal.before.reveal())
    return source.text;
  const changes: Change[] = [];
  if (before.extent !== undefined)
    changes.push({ ...before.extent, text: JSON.stringify(renewal.refreshToken.reveal()) });
  changes.push(...idTokenChange(source.text, config, JSON.stringify(renewal.idToken.reveal())));
  const text = changed(source.text, changes);
  return isExchanged(source, { ...source, text }, user, renewal) ? text : undefined;
}

interface Change {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

function changed(text: string, changes: readonly Change[]): string {
  return changes
    .toSorted((a, b) => b.start - a.start)
    .reduce((so, { start, end, text: part }) => so.slice(0, start) + part + so.slice(end), text);
}

/** None where it stands in a form that has no place for it: the refresh token alone will do. */
function idTokenChange(text: string, config: MappingNode, value: string): readonly Change[] {
  const before = config.entries.get('id-token');
  if (before !== undefined)
    return before.kind === 'scalar' && before.extent !== undefined ? [{ ...before.extent, text: value }] : [];
  const at = config.keysAt.get('refresh-token');
  if (at === undefined) return [];
  if (config.isFlow) return [{ start: at, end: at, text: `"id-token": ${value}, ` }];
  const indent = text.slice(text.lastIndexOf('\n', at - 1) + 1, at);
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  return indent.trim() === '' ? [{ start: at, end: at, text: `id-token: ${value}${newline}${indent}` }] : [];
}

/** Whether the tokens of the user, and nothing else, are others. */
function isExchanged(before: SourceText, after: SourceText, user: string, renewal: Renewal): boolean {
  const config = configOf(after, user);
  const next = config?.entries.get('refresh-token');
  if (next?.kind !== 'scalar' || next.text !== renewal.refreshToken.reveal()) return false;
  return isDeepStrictEqual(withoutTokens(before, user), withoutTokens(after, user));
}

function configOf(source: SourceText, user: string): MappingNode | undefined {
  const problems: AccessProblem[] = [];
  const entry = readKubeconfigText(source, problems)?.users.get(user);
  return entry?.fields.mapping('auth-provider')?.mapping('config')?.node;
}

/** What else the file says: an anchor may carry a token to other places. */
function withoutTokens(source: SourceText, user: string): unknown {
  const root = readLocated(source);
  if (!root.ok || root.value?.kind !== 'mapping') return undefined;
  const others = new Fields(source, root.value, [])
    .mappings('users')
    .filter((item) => item.text('name') !== user);
  const sections = [...root.value.entries].filter(([key]) => key !== 'users');
  const config = [...(configOf(source, user)?.entries ?? [])].filter(([key]) => !TOKENS.has(key));
  return [
    others.map(({ node }) => jsonOf(node)),
    ...[...sections, ...config].map(([, node]) => jsonOf(node)),
  ];
}

const TOKENS = new Set(['id-token', 'refresh-token']);
