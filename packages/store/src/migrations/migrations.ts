import { MODEL } from './0001-model.ts';
import { BUILDS } from './0003-builds.ts';
import { VIEWS } from './0004-views.ts';

/** Every step of the schema, in order, never changed once released. */
export const MIGRATIONS: readonly { readonly name: string; readonly sql: string }[] = [
  { name: '0001-model', sql: MODEL },
  { name: '0003-builds', sql: BUILDS },
  { name: '0004-views', sql: VIEWS },
];
