import { describe, expect, it } from 'vitest';
import type { Exception } from './exception.ts';
import type { Finding } from './finding.ts';
import {
  type Framework,
  frameworkResult,
  noRequirementCounts,
  type Ran,
  type RequirementCounts,
  type RequirementState,
  requirementsOf,
  withExcepted,
} from './framework.ts';
import type { Verdict } from './verdict.ts';

function frameworkOf(...requirements: Framework['requirements']): Framework {
  return { id: 'house', title: 'House rules', version: '1', source: 'https://example.com', requirements };
}

const automated = (id: string, ...controls: string[]): Framework['requirements'][number] => ({
  id,
  title: `Requirement ${id}`,
  coverage: { kind: 'automated', controls },
});

function counted(entries: Record<string, Partial<RequirementCounts>>): Map<string, RequirementCounts> {
  return new Map(
    Object.entries(entries).map(([id, counts]) => [id, { ...noRequirementCounts(), ...counts }]),
  );
}

describe('the result of an automated requirement', () => {
  const table: readonly {
    readonly name: string;
    readonly a: Partial<RequirementCounts>;
    readonly b: Partial<RequirementCounts>;
    readonly verdict: Verdict;
  }[] = [
    { name: 'passes when all that was judged passes', a: { pass: 3 }, b: { pass: 1 }, verdict: 'pass' },
    {
      name: 'passes beside what does not apply',
      a: { pass: 1 },
      b: { 'not-applicable': 2 },
      verdict: 'pass',
    },
    { name: 'fails by one violation among many', a: { pass: 90, fail: 1 }, b: { pass: 9 }, verdict: 'fail' },
    { name: 'does not pass beside an error', a: { pass: 1 }, b: { error: 1 }, verdict: 'error' },
    {
      name: 'does not pass beside what could not be checked',
      a: { pass: 1 },
      b: { 'not-checked': 1 },
      verdict: 'not-checked',
    },
    {
      name: 'is not applicable when all that was read is exempt',
      a: { 'not-applicable': 2 },
      b: {},
      verdict: 'not-applicable',
    },
  ];

  it.each(table)('$name', ({ a, b, verdict }) => {
    const result = frameworkResult(frameworkOf(automated('1', 'a', 'b')), counted({ a, b }), {
      ran: new Set(['a', 'b']),
    });

    expect(result.requirements[0]?.verdict).toBe(verdict);
    expect(result.verdict).toBe(verdict);
  });

  it('adds the counts of its controls up', () => {
    const counts = counted({ a: { pass: 2, fail: 1 }, b: { pass: 3 }, other: { pass: 50 } });

    const { requirements } = frameworkResult(frameworkOf(automated('1', 'a', 'b')), counts, {
      ran: new Set(['a', 'b']),
    });

    expect(requirements[0]).toMatchObject({
      counts: { ...noRequirementCounts(), pass: 5, fail: 1 },
      controls: ['a', 'b'],
    });
    expect(requirements[0]).not.toHaveProperty('reason');
  });

  it('does not pass when one of its controls did not run', () => {
    const { requirements } = frameworkResult(
      frameworkOf(automated('1', 'a', 'b')),
      counted({ a: { pass: 2 } }),
      { ran: new Set(['a']) },
    );

    expect(requirements[0]).toMatchObject({ verdict: 'not-checked', counts: { pass: 2, 'not-checked': 1 } });
  });

  it('is unchecked, and says so, when nothing was there to judge', () => {
    const { verdict, requirements } = frameworkResult(frameworkOf(automated('1', 'a')), new Map(), {
      ran: new Set(['a']),
    });

    expect(verdict).toBe('not-checked');
    expect(requirements[0]).toMatchObject({ verdict: 'not-checked', counts: noRequirementCounts() });
    expect(requirements[0]?.reason).toContain('Nothing that was read');
  });
});

describe('the result of a requirement without controls', () => {
  it.each(['manual', 'not-checked'] as const)('is %s, with the reason', (kind) => {
    const framework = frameworkOf({ id: '1', title: 'One', coverage: { kind, reason: 'It is elsewhere.' } });

    const { verdict, requirements } = frameworkResult(framework, new Map(), { ran: new Set() });

    expect(verdict).toBe(kind);
    expect(requirements).toEqual([
      {
        id: '1',
        title: 'One',
        verdict: kind,
        counts: { ...noRequirementCounts(), [kind]: 1 },
        controls: [],
        reason: 'It is elsewhere.',
      },
    ]);
  });

  it('keeps its framework from passing', () => {
    const framework = frameworkOf(automated('1', 'a'), {
      id: '2',
      title: 'Two',
      coverage: { kind: 'not-checked', reason: 'It is elsewhere.' },
    });

    expect(frameworkResult(framework, counted({ a: { pass: 1 } }), { ran: new Set(['a']) }).verdict).toBe(
      'not-checked',
    );
  });
});

describe('a failure that exceptions accept', () => {
  const finding = (control: string, name: string, reason?: string): Finding => ({
    fingerprint: `${control}${name}`,
    control,
    severity: 'high',
    message: '',
    resource: { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name },
    path: '',
    semanticPath: '',
    isFixable: false,
    ...(reason !== undefined && {
      exception: { origin: 'configuration', source: 'x', scope: {}, reason } satisfies Exception,
    }),
  });
  const table: readonly {
    readonly name: string;
    readonly counts: Partial<RequirementCounts>;
    readonly findings: readonly Finding[];
    readonly expected: Partial<RequirementCounts>;
    readonly verdict: RequirementState;
  }[] = [
    {
      name: 'is neither fail nor pass',
      counts: { pass: 2, fail: 1 },
      findings: [finding('a', 'x', 'known')],
      expected: { pass: 2, excepted: 1 },
      verdict: 'excepted',
    },
    {
      name: 'leaves the others failing',
      counts: { fail: 2 },
      findings: [finding('a', 'x', 'known'), finding('a', 'y')],
      expected: { fail: 1, excepted: 1 },
      verdict: 'fail',
    },
    {
      name: 'accepts no object of which something stands',
      counts: { fail: 1 },
      findings: [finding('a', 'x', 'known'), finding('a', 'x')],
      expected: { fail: 1 },
      verdict: 'fail',
    },
    {
      name: 'takes along the pods whose findings moved to their owner',
      counts: { fail: 3 },
      findings: [finding('a', 'x', 'known')],
      expected: { excepted: 3 },
      verdict: 'excepted',
    },
    {
      name: 'of another control changes nothing',
      counts: { fail: 1 },
      findings: [finding('a', 'x'), finding('b', 'x', 'known')],
      expected: { fail: 1 },
      verdict: 'fail',
    },
    {
      name: 'hides no error',
      counts: { fail: 1, error: 1 },
      findings: [finding('a', 'x', 'known')],
      expected: { excepted: 1, error: 1 },
      verdict: 'error',
    },
  ];

  it.each(table)('$name', ({ counts, findings, expected, verdict }) => {
    const decided = withExcepted(counted({ a: counts }), findings);
    const result = frameworkResult(frameworkOf(automated('1', 'a')), decided, { ran: new Set(['a']) });

    expect(result.requirements[0]?.counts).toEqual({ ...noRequirementCounts(), ...expected });
    expect(result.verdict).toBe(verdict);
  });
});

it('names the requirements that a control helps to decide, in every framework', () => {
  const other = { ...frameworkOf(automated('x', 'b')), id: 'other' };

  expect(requirementsOf('b', [frameworkOf(automated('1', 'a'), automated('2', 'a', 'b')), other])).toEqual([
    'house/2',
    'other/x',
  ]);
});

describe('a requirement whose controls judge several families of kinds', () => {
  const families: Readonly<Record<string, string>> = {
    pods: 'workload',
    labels: 'Namespace',
    other: 'Namespace',
  };
  const known = { ran: new Set(['pods', 'labels', 'other', 'rare']), familyOf: (id: string) => families[id] };
  const of = (counts: Parameters<typeof counted>[0], controls: Ran = known) =>
    frameworkResult(frameworkOf(automated('1', 'pods', 'labels', 'other', 'rare')), counted(counts), controls)
      .requirements[0];

  it('does not pass while one of the families was not there to be judged', () => {
    expect(of({ pods: { pass: 3 } })).toMatchObject({
      verdict: 'not-checked',
      reason: 'What was read passes, and it holds no Namespace, which decides too.',
    });
  });

  it.each([
    { why: 'one control of each has judged something', counts: { pods: { pass: 1 }, other: { pass: 1 } } },
    { why: 'what was read needs no judging', counts: { pods: { pass: 1 }, labels: { 'not-applicable': 1 } } },
  ])('passes when $why', ({ counts }) => {
    expect(of(counts)?.verdict).toBe('pass');
  });

  it('fails by what was read, whatever is missing', () => {
    expect(of({ pods: { fail: 1 } })?.verdict).toBe('fail');
  });

  it.each([
    { why: 'passed', counts: { pods: { pass: 1 }, labels: { pass: 1 } } },
    { why: 'needed no judging', counts: { pods: { 'not-applicable': 1 } } },
  ])('does not pass by what $why while something could not be read', ({ counts }) => {
    expect(of(counts, { ...known, lost: '2 inputs could not be read' })).toMatchObject({
      verdict: 'not-checked',
      reason: 'Nothing that was read fails, and 2 inputs could not be read.',
    });
  });

  it('says why its controls did not run', () => {
    const whyNot = (control: string) => (control === 'pods' ? 'was left out' : undefined);

    expect(
      of({}, { ran: new Set(['labels', 'other', 'rare']), familyOf: () => undefined, whyNot }),
    ).toMatchObject({
      verdict: 'not-checked',
      reason: 'pods was left out.',
    });
  });

  it('passes without them where everything is known to have been read', () => {
    expect(of({ pods: { pass: 1 } }, { ran: known.ran, familyOf: () => undefined })?.verdict).toBe('pass');
  });
});
