import { DEFAULT_OWNERSHIP } from '@bulwark/core';
import { expect, it } from 'vitest';
import { DecisionFeed } from './decision-feed.ts';
import type { DecisionSettings } from './decisions.ts';

function settings(id: number): DecisionSettings {
  return {
    exceptions: [],
    annotations: { annotations: 'accept', otherTools: 'ignore', controlsNamed: () => [] },
    ownership: DEFAULT_OWNERSHIP,
    answers: new Map([['asked', { id, approvedBy: 'bob' }]]),
  };
}

/** A feed whose answers are given by the test, and what it brought, by the number of the answer. */
function feed() {
  const waiting: ((settings: DecisionSettings | Error) => void)[] = [];
  const brought: (number | undefined)[] = [];
  let faults = 0;
  const made = new DecisionFeed({
    read: () =>
      new Promise((resolve, reject) => {
        waiting.push((answer) => (answer instanceof Error ? reject(answer) : resolve(answer)));
      }),
    onFault: () => {
      faults++;
    },
    againMs: 1,
  });
  const judging = {
    decide: async ({ answers }: DecisionSettings) => {
      brought.push(answers?.get('asked')?.id);
    },
  };
  const answer = async (given: DecisionSettings | Error) => {
    while (waiting.length === 0) await new Promise((resolve) => setImmediate(resolve));
    waiting.shift()?.(given);
  };
  return { feed: made, judging, brought, answer, faults: () => faults };
}

it('brings what has changed, one after the other', async () => {
  const { feed: decisions, judging, brought, answer } = feed();
  decisions.attach(judging, 1);
  const all = [decisions.changed(), decisions.changed()];
  await answer(settings(1));
  await answer(settings(2));
  await Promise.all(all);

  expect(brought).toEqual([1, 2]);
});

it('brings what changed before anybody could take it', async () => {
  const { feed: decisions, judging, brought, answer } = feed();
  const first = decisions.first(1);
  await decisions.changed();
  await answer(settings(1));
  await first;
  decisions.attach(judging, 1);
  await answer(settings(2));
  while (brought.length === 0) await new Promise((resolve) => setImmediate(resolve));

  expect(brought).toEqual([2]);
});

it('brings nothing to whoever judged before, once another one begins', async () => {
  const { feed: decisions, judging, brought, answer } = feed();
  decisions.attach({ decide: () => Promise.reject(new Error('it judges no more')) }, 1);
  const first = decisions.first(1);
  await decisions.changed();
  await answer(settings(1));
  await first;
  decisions.attach(judging, 1);
  await answer(settings(2));
  while (brought.length === 0) await new Promise((resolve) => setImmediate(resolve));

  expect(brought).toEqual([2]);
});

it('reads again what could not be read, and says so once', async () => {
  const { feed: decisions, judging, brought, answer, faults } = feed();
  decisions.attach(judging, 1);
  void decisions.changed();
  await answer(new Error('the database is away'));
  await answer(new Error('it still is'));
  await answer(settings(1));
  while (brought.length === 0) await new Promise((resolve) => setImmediate(resolve));
  void decisions.changed();
  await answer(new Error('and once more'));
  await answer(settings(2));
  while (brought.length === 1) await new Promise((resolve) => setImmediate(resolve));

  expect([faults(), brought]).toEqual([2, [1, 2]]);
});

it('says when decisions cannot be read, and goes on', async () => {
  const { feed: decisions, judging, brought, answer, faults } = feed();
  decisions.attach(judging, 1);
  const all = [decisions.changed(), decisions.changed()];
  await answer(new Error('the database is away'));
  await answer(settings(2));
  await Promise.all(all);

  expect([faults(), brought]).toEqual([1, [2]]);
});
