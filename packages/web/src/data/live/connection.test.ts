import { expect, it } from 'vitest';
import { type Connection, nextConnection } from './connection.ts';

const OPENING: Connection = { kind: 'opening' };
const OPEN: Connection = { kind: 'open' };
const LOST: Connection = { kind: 'lost', since: 1 };

it.each([
  { what: 'is open when it was opened', known: OPENING, told: OPEN, next: OPEN },
  { what: 'is lost when it ended', known: OPEN, told: LOST, next: LOST },
  { what: 'is lost since the first word of it', known: LOST, told: { kind: 'lost', since: 2 }, next: LOST },
  { what: 'is lost while another tab takes over', known: LOST, told: OPENING, next: LOST },
  { what: 'is open again', known: LOST, told: OPEN, next: OPEN },
] satisfies { what: string; known: Connection; told: Connection; next: Connection }[])(
  'a connection $what',
  ({ known, told, next }) => {
    expect(nextConnection(known, told)).toEqual(next);
  },
);
