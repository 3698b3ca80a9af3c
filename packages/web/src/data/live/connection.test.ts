import { expect, it } from 'vitest';
import { type Connection, nextConnection } from './connection.ts';

const OPENING: Connection = { kind: 'opening' };
const OPEN: Connection = { kind: 'open' };
const LOST: Connection = { kind: 'lost', what: 'hub', since: 1 };
const AWAY: Connection = { kind: 'lost', what: 'database', since: 1 };

it.each([
  { what: 'is open when it was opened', known: OPENING, told: OPEN, next: OPEN },
  { what: 'is lost when it ended', known: OPEN, told: LOST, next: LOST },
  { what: 'is lost since the first word of it', known: LOST, told: { ...LOST, since: 2 }, next: LOST },
  { what: 'is lost for the hub, whose database was away before', known: AWAY, told: LOST, next: LOST },
  { what: 'is lost for the database, once the hub says so', known: LOST, told: AWAY, next: AWAY },
  { what: 'is lost while another tab takes over', known: LOST, told: OPENING, next: LOST },
  { what: 'is open again', known: LOST, told: OPEN, next: OPEN },
] satisfies { what: string; known: Connection; told: Connection; next: Connection }[])(
  'a connection $what',
  ({ known, told, next }) => {
    expect(nextConnection(known, told)).toEqual(next);
  },
);
