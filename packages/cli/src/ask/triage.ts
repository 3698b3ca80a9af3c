import type { ROUTES, RouteResult } from '@bulwark/api';
import { counted } from '@bulwark/formats';
import { UsageError } from '../exit.ts';
import type { HubConnection } from '../hub-client/connection.ts';
import { countsText } from './words.ts';

/** What a query finds, before something is decided about all of it. */
export interface Selection {
  readonly q: string;
  readonly found: RouteResult<(typeof ROUTES)['previewSelection']>;
  /** `12 findings (2 critical, 10 high)`. */
  readonly text: string;
}

/**
 * Looks at what is to be decided about. The hub refuses the decision where that changes before it comes.
 *
 * @throws UsageError where no query says what, or it finds nothing.
 */
export async function select(hub: HubConnection, words: readonly string[]): Promise<Selection> {
  const q = words.join(' ').trim();
  if (q === '') throw new UsageError('a query has to say which findings; severity:>=info are all');
  const found = await hub.call('previewSelection', { body: { q } });
  if (found.matches === 0) throw new UsageError('the query finds nothing');
  const of = countsText(found.counts);
  return { q, found, text: `${counted(found.matches, 'finding')}${of === '' ? '' : ` (${of})`}` };
}
