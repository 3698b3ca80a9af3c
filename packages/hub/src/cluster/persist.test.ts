import { LeaseLost } from '@bulwark/store';
import { describe, expect, it } from 'vitest';
import { persist } from './persist.ts';

const fault = (code: string): Error => Object.assign(new Error(code), { code });

/** Fails as it is said, and then works; answers what was told. */
async function told(...faults: readonly Error[]): Promise<readonly string[]> {
  const heard: string[] = [];
  const left = [...faults];
  await persist(
    {
      wait: async () => undefined,
      onDatabase: (each) => heard.push(/\((\w+)\)/.exec(each?.reason ?? '')?.[1] ?? 'again'),
    },
    async () => {
      const next = left.shift();
      if (next !== undefined) throw next;
    },
  );
  return heard;
}

const FULL = fault('53100');
const AWAY = fault('ECONNREFUSED');

describe('what is written to a database', () => {
  it.each([
    { what: 'is told of nothing where it works', faults: [], heard: [] },
    { what: 'is told of nothing where it works the second time', faults: [AWAY], heard: [] },
    {
      what: 'is told why it waits, once, and when it goes on',
      faults: [FULL, FULL, FULL],
      heard: ['53100', 'again'],
    },
    {
      what: 'is told of each other reason that stays',
      faults: [FULL, AWAY, AWAY, FULL, FULL],
      heard: ['ECONNREFUSED', '53100', 'again'],
    },
    {
      what: 'is told of one reason where they take turns',
      faults: [FULL, AWAY, FULL, AWAY, FULL, AWAY],
      heard: ['ECONNREFUSED', 'again'],
    },
    { what: 'is told of nothing where a deadlock passes', faults: [fault('40P01')], heard: [] },
    {
      what: 'is told what it waits for, where a lock stays',
      faults: [fault('55P03'), fault('57014'), fault('57014')],
      heard: ['57014', 'again'],
    },
    { what: 'waits for the lease without a word', faults: [new LeaseLost(), new LeaseLost()], heard: [] },
  ])('$what', async ({ faults, heard }) => {
    expect(await told(...faults)).toEqual(heard);
  });

  it('is read anew where a lock stays for longer', async () => {
    await expect(told(...Array(4).fill(fault('55P03')))).rejects.toThrow('55P03');
  });

  it.each([['23505'], ['54000'], ['42P01']])(
    'is not tried again where that is of no use: %s',
    async (code) => {
      await expect(told(fault(code))).rejects.toThrow(code);
    },
  );
});
