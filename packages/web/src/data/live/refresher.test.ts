import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Refresher } from './refresher.ts';

const TOOK_MS = 300;

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** A page with queries, of which those of a given name are on it. */
async function page(...names: readonly string[]) {
  const asked: Record<string, number> = {};
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: 30_000 } } });
  queries.mount();
  let isHidden = false;
  for (const name of ['listFindings', 'listNodes']) {
    const observer = new QueryObserver(queries, {
      queryKey: [name, {}],
      queryFn: async () => {
        asked[name] = (asked[name] ?? 0) + 1;
        await new Promise((done) => setTimeout(done, TOOK_MS));
        return asked[name];
      },
    });
    const leave = observer.subscribe(() => undefined);
    await vi.advanceTimersByTimeAsync(TOOK_MS);
    if (!names.includes(name)) leave();
  }
  for (const name of Object.keys(asked)) asked[name] = 0;
  const refresher = new Refresher(queries, () => isHidden);
  const note = (name: string): void => refresher.note(({ queryKey }) => queryKey[0] === name);
  const hide = (is: boolean): void => {
    isHidden = is;
    if (!is) refresher.ask();
  };
  return { asked, queries, note, hide };
}

describe('what is on the page', () => {
  it('is asked for at once, and then about once a second while changes keep coming, the last of them included', async () => {
    const { asked, note } = await page('listFindings');
    note('listFindings');
    await vi.advanceTimersByTimeAsync(1);
    expect(asked['listFindings']).toBe(1);
    for (let count = 0; count < 50; count++) {
      note('listFindings');
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(asked['listFindings']).toBeLessThanOrEqual(8);
    const before = asked['listFindings'] ?? 0;
    note('listFindings');
    await vi.advanceTimersByTimeAsync(5000);
    expect(asked['listFindings']).toBeGreaterThan(before);
    const last = asked['listFindings'];
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked['listFindings']).toBe(last);
  });

  it('is asked for alone: what is not concerned or not on it is not', async () => {
    const { asked, queries, note } = await page('listFindings');
    note('listNodes');
    await vi.advanceTimersByTimeAsync(5000);

    expect(asked).toEqual({ listFindings: 0, listNodes: 0 });
    expect(queries.getQueryState(['listNodes', {}])?.isInvalidated).toBe(true);
  });

  it('is asked for when it is looked at again, and not before', async () => {
    const { asked, note, hide } = await page('listFindings', 'listNodes');
    hide(true);
    for (let count = 0; count < 10; count++) {
      note('listFindings');
      await vi.advanceTimersByTimeAsync(1000);
    }
    expect(asked['listFindings']).toBe(0);
    hide(false);
    await vi.advanceTimersByTimeAsync(5000);

    expect(asked).toEqual({ listFindings: 1, listNodes: 0 });
  });
});
