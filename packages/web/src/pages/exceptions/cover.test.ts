import type { ExceptionItem } from '@bulwark/api';
import { describe, expect, it } from 'vitest';
import { effectOf, whatOf, whereOf } from './cover.ts';
import { item, NONE, PID } from './item.testing.ts';

const PRIVILEGED = { id: 'privileged-container', title: 'Containers must not be privileged' };

const ABOUT = item({}).about;
const NOTHING = { covers: 0, waiting: 0, counts: NONE } as const;
/** What the hub says of an exception that is over: nothing stands under it, whatever is there. */
const OVER = { ...NOTHING, about: { controls: [], controlCount: 0, objects: 0, worst: null } };

describe('what an exception covers, in words', () => {
  it.each<{ name: string; parts: Partial<ExceptionItem>; what: string; where: string }>([
    { name: 'one finding', parts: {}, what: PID.title, where: 'Pod shop/cart' },
    {
      name: 'several of one control',
      parts: { covers: 14, about: { ...ABOUT, objects: 14 } },
      what: `14 findings: ${PID.title}`,
      where: '14 objects, such as Pod shop/cart',
    },
    {
      name: 'several controls',
      parts: { covers: 3, about: { ...ABOUT, controls: [PRIVILEGED, PID], controlCount: 2, objects: 2 } },
      what: `3 findings of 2 controls: ${PRIVILEGED.title}; ${PID.title}`,
      where: '2 objects, such as Pod shop/cart',
    },
    {
      name: 'more controls than are named',
      parts: { covers: 1200, about: { ...ABOUT, controlCount: 6 } },
      what: `1,200 findings of 6 controls: ${PID.title}; ...`,
      where: 'Pod shop/cart',
    },
    {
      name: 'a control of which nothing is found',
      parts: {
        ...NOTHING,
        scope: { controls: ['host-pid'], namespaces: ['shop', 'pay'] },
        about: { ...ABOUT, objects: 0, worst: null },
      },
      what: PID.title,
      where: 'namespaces: shop, pay',
    },
    {
      name: 'findings of a query that are gone',
      parts: {
        ...NOTHING,
        query: 'namespace:shop',
        about: { controls: [], controlCount: 0, objects: 0, worst: null },
      },
      what: 'Findings that are no longer there',
      where: '',
    },
    {
      name: 'a finding that somebody chose a moment ago',
      parts: { ...OVER, isCounted: false },
      what: '1 finding that was chosen',
      where: '',
    },
    {
      name: 'findings that somebody chose and that are gone',
      parts: { ...NOTHING, about: { controls: [], controlCount: 0, objects: 0, worst: null } },
      what: 'Findings that are no longer there',
      where: '',
    },
    {
      name: 'findings that somebody chose, where it was refused or ended',
      parts: { ...OVER, state: 'revoked', scope: { fingerprints: 224 } },
      what: '224 findings that were chosen',
      where: '',
    },
    {
      name: 'one finding that somebody chose, where it has run out',
      parts: { ...OVER, state: 'expired' },
      what: '1 finding that was chosen',
      where: '',
    },
    {
      name: 'whatever is found in a namespace',
      parts: {
        ...NOTHING,
        scope: { namespaces: ['shop'] },
        about: { controls: [], controlCount: 0, objects: 0, worst: null },
      },
      what: 'Every control',
      where: 'namespaces: shop',
    },
  ])('is said of $name', ({ parts, what, where }) => {
    expect([whatOf(item(parts)), whereOf(item(parts))]).toEqual([what, where]);
  });
});

describe('what comes of a decision, in a sentence', () => {
  const two = { covers: 2, waiting: 2, counts: { ...NONE, critical: 1, high: 1 } };

  it.each<{ act: Parameters<typeof effectOf>[0]; parts: Partial<ExceptionItem>; says: string }>([
    {
      act: 'approve',
      parts: {},
      says: 'Approving it hides 1 finding, high. What is found later is not hidden.',
    },
    {
      act: 'approve',
      parts: two,
      says: 'Approving it hides 2 findings, the worst critical. What is found later is not hidden.',
    },
    {
      act: 'approve',
      parts: { ...two, scope: { controls: ['host-pid'] } },
      says: 'Approving it hides 2 findings, the worst critical. What is found there later is hidden too.',
    },
    {
      act: 'approve',
      parts: { ...two, covers: 5 },
      says: 'Approving it hides 2 findings, the worst of its 5 critical. What is found later is not hidden.',
    },
    {
      act: 'approve',
      parts: NOTHING,
      says: 'Approving it hides no finding. What is found later is not hidden.',
    },
    {
      act: 'approve',
      parts: { ...NOTHING, isCounted: false },
      says: 'Nothing is judged by it yet: what it covers is said in a moment.',
    },
    { act: 'refuse', parts: two, says: 'Refusing it leaves 2 findings, the worst critical, open.' },
    { act: 'refuse', parts: NOTHING, says: 'Refusing it leaves no finding open.' },
    {
      act: 'end',
      parts: { ...two, waiting: 0, state: 'active' },
      says: 'Ending it opens 2 findings, the worst critical, again.',
    },
  ])('says of $act: $says', ({ act, parts, says }) => {
    expect(effectOf(act, item(parts))).toBe(says);
  });
});
