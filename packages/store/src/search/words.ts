import { foldCase, type Query, type TextPattern } from '@bulwark/core';
import { type RawBuilder, sql } from 'kysely';
import type { Store } from '../store.ts';

/** Beyond this many words a text is found faster by looking at findings one after the other. */
const MOST_WORDS = 300;
const SEPARATORS = /[ ./]/;
/** An index of PostgreSQL takes no more than 2,704 bytes of a word, and refuses the whole row; a letter has four at most. */
const LONG_WORD = /([^ ./]{500})[^ ./]+/gu;

/** The words of a live finding, exactly as the index on them has it. */
export const WORDS_OF_FINDING = `string_to_array(replace(replace(lower((message || ' ' || path || ' ' || control || ' ' || namespace || ' ' || name || ' ' || coalesce(container, '')) collate "C"), '.', ' '), '/', ' '), ' ')`;

/**
 * A text of which each word fits into the index: what is longer ends with an ellipsis after 500 letters. Whoever may write one
 * object could else keep everything beside it from being stored.
 */
export function inShortWords(text: string): string {
  return text.length <= 500 ? text : text.replace(LONG_WORD, '$1…');
}

/** The words of texts, as the index of findings splits them. */
export function wordsIn(texts: readonly (string | undefined)[]): string[] {
  return texts.flatMap((text) => (text === undefined ? [] : foldCase(text).split(SEPARATORS)));
}

/** The texts that each record of an answer must hold, whatever else it must be. */
function requiredTexts(query: Query): readonly TextPattern[] {
  if (query.op === 'text') return [query.parts];
  return query.op === 'and' ? query.items.flatMap(requiredTexts) : [];
}

/** LIKE patterns of which a record has, for each, a word: what stands between separators is a word as a whole. */
export function wordPatterns(parts: TextPattern): string[] {
  return parts.flatMap((part) => {
    const pieces = foldCase(part).split(SEPARATORS);
    return pieces.flatMap((piece, index) => {
      // No text of the database holds a NUL.
      if (piece === '' || piece.includes('\0')) return [];
      const escaped = piece.replaceAll(/[\\%_]/g, '\\$&');
      return [`${index === 0 ? '%' : ''}${escaped}${index === pieces.length - 1 ? '%' : ''}`];
    });
  });
}

/**
 * A condition that the index of words answers and that all findings with the texts of a query fit; undefined where the
 * words are too many to help. It is more than the texts ask for only by chance, and comes beside them.
 */
export async function wordCondition(
  { db }: Store,
  query: Query,
  clusters: readonly number[],
): Promise<RawBuilder<boolean> | undefined> {
  const patterns = [...new Set(requiredTexts(query).flatMap(wordPatterns))];
  const conditions: RawBuilder<boolean>[] = [];
  for (const pattern of patterns) {
    const { rows } = await sql<{ word: string }>`
      select distinct word from word where cluster_id = any(${[...clusters]}::int[]) and word like ${pattern}
      limit ${MOST_WORDS + 1}`.execute(db);
    const words = rows.map(({ word }) => word);
    if (words.length <= MOST_WORDS)
      conditions.push(sql<boolean>`${sql.raw(WORDS_OF_FINDING)} && ${words}::text[]`);
  }
  return conditions.length === 0 ? undefined : sql<boolean>`(${sql.join(conditions, sql.raw(' and '))})`;
}
