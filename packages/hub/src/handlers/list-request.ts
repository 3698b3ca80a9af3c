import { FRAMEWORKS } from '@bulwark/controls';
import { AppError, EVERY_RECORD, parseQuery, type Query, type QueryField } from '@bulwark/core';
import type { ListRequest, Times } from '@bulwark/store';

/** What a list of the API is asked with. */
export interface Asked {
  readonly q?: string | undefined;
  readonly sort?: string | undefined;
  readonly limit?: number;
  readonly cursor?: string | undefined;
  readonly asOf?: string | undefined;
  readonly since?: string | undefined;
}

/** @throws AppError `bad-query`, with the place and what was probably meant. */
export function queryOf(text: string | undefined, fields: readonly QueryField[]): Query {
  if (text === undefined || text.trim() === '') return EVERY_RECORD;
  const parsed = parseQuery(text, fields);
  if (parsed.ok) return parsed.value;
  const { position, message, nearest } = parsed.error;
  throw new AppError('bad-query', {
    errors: [{ path: 'q', message, position, ...(nearest !== undefined && { nearest }) }],
  });
}

/** The controls that each framework asks for, by its id: what `framework:` finds. */
export const CONTROLS_OF_FRAMEWORKS: ReadonlyMap<string, readonly string[]> = new Map(
  FRAMEWORKS.map(({ id, requirements }) => [
    id,
    requirements.flatMap(({ coverage }) => (coverage.kind === 'automated' ? coverage.controls : [])),
  ]),
);

/** @throws AppError `bad-cursor` for what is no number of a row, in decimal digits. */
export function rowBelow(cursor: string | undefined): number | undefined {
  if (cursor === undefined) return undefined;
  if (!/^\d{1,15}$/.test(cursor)) throw new AppError('bad-cursor');
  return Number(cursor);
}

/** What a list is asked with, for the store. */
export function listRequestOf(asked: Asked, fields: readonly QueryField[], now: Date): ListRequest & Times {
  return {
    query: queryOf(asked.q, fields),
    sort: asked.sort,
    limit: asked.limit ?? 100,
    cursor: asked.cursor,
    now: asked.asOf === undefined ? now : new Date(asked.asOf),
    asOf: asked.asOf === undefined ? undefined : new Date(asked.asOf),
    since: asked.since === undefined ? undefined : new Date(asked.since),
    frameworks: CONTROLS_OF_FRAMEWORKS,
  };
}
