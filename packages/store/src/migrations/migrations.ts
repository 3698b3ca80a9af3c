import { MODEL } from './0001-model.ts';

/** Every step of the schema, in order, never changed once released. */
export const MIGRATIONS: readonly { readonly name: string; readonly sql: string }[] = [
  { name: '0001-model', sql: MODEL },
];
