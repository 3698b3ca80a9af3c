import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FINDING_FIELDS } from './fields.ts';
import { matchesQuery, type QueryRecord, type RecordValue } from './match.ts';
import { parseQuery } from './parse.ts';

const NOW = Date.UTC(2026, 10, 26, 12);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const context = { fields: FINDING_FIELDS, now: NOW };

const record = recordOf({
  severity: 'high',
  control: 'host-pid',
  namespace: 'payments',
  kind: 'apps/Deployment',
  name: 'ledger',
  fixable: true,
  'first-seen': NOW - 7 * DAY - HOUR,
  age: 7 * DAY + HOUR,
  framework: ['cis-kubernetes', 'pss-baseline'],
});

function recordOf(values: Readonly<Record<string, RecordValue>>): QueryRecord {
  return {
    value: (field) => values[field],
    texts: ['Deployment/ledger shares the process namespace of its node.', 'spec.template.spec.hostPID'],
  };
}

function fits(text: string): boolean {
  const query = parseQuery(text, FINDING_FIELDS);
  if (!query.ok) throw new Error(query.error.message);
  return matchesQuery(query.value, record, context);
}

describe('matchesQuery', () => {
  it.each([
    ['', true],
    ['severity:>=high namespace:pay* -control:image-* owner:none fixable:yes', true],
    ['severity:>high', false],
    ['severity:<critical severity:>medium severity:<=high', true],
    ['severity:critical,high', true],
    ['namespace:PAYMENTS', true],
    ['namespace:pay', false],
    ['namespace:*me*s', true],
    ['namespace:*ments*payments', false],
    ['kind:deployment', true],
    ['kind:deployment.apps', true],
    ['kind:deploy*.app*', true],
    ['kind:*.apps', true],
    ['kind:Deployment.', false],
    ['kind:Deployment.extensions', false],
    ['-kind:Deployment.extensions', true],
    ['kind:*s', false],
    ['kind:apps/Deployment', false],
    ['owner:none', true],
    ['owner:*', false],
    ['-owner:*', true],
    ['namespace:none', false],
    ['framework:pss-*', true],
    ['framework:none', false],
    ['fixable:no', false],
    ['acknowledged:no', false],
    ['age:7d', true],
    ['age:6d', false],
    ['age:>7d', true],
    ['age:>=8d', false],
    ['age:<8d', true],
    ['first-seen:2026-11-19', true],
    ['first-seen:<2026-11-19', false],
    ['first-seen:<=2026-11-19', true],
    ['first-seen:>2026-11-19', false],
    ['first-seen:>=2026-11-19', true],
    ['first-seen:2026', true],
    ['first-seen:<now-7d', true],
    ['first-seen:>now-7d', false],
    ['first-seen:<now+7d', true],
    ['first-seen:>now+0s', false],
    ['ledger', true],
    ['"process namespace"', true],
    ['PROCESS*NODE', true],
    ['node*process', false],
    ['process hostPID', true],
    ['process OR nothing', true],
    ['-(process nothing)', true],
  ])('says of %s: %s', (text, expected) => {
    expect(fits(text)).toBe(expected);
  });

  it.each([
    ['owner:équipe-A', true],
    ['owner:ÉQUIPE-a', false],
    ['owner:équ*-a', true],
    ['owner:É*', false],
    ['owner:ıngress', false],
  ])(
    'takes capitals A to Z alone for small letters, so that of équipe-a it says of %s: %s',
    (text, expected) => {
      const query = parseQuery(text, FINDING_FIELDS);

      expect(query.ok && matchesQuery(query.value, recordOf({ owner: 'équipe-a' }), context)).toBe(expected);
    },
  );

  it('orders no value that is not in the list', () => {
    const query = parseQuery('severity:<critical', FINDING_FIELDS);

    expect(query.ok && matchesQuery(query.value, recordOf({ severity: 'unheard-of' }), context)).toBe(false);
  });

  it('says the opposite of a negated query', () => {
    const terms = fc.constantFrom('severity:>=high', 'owner:none', 'age:<7d', 'ledger', 'namespace:x');
    fc.assert(
      fc.property(fc.array(terms, { minLength: 1 }), fc.constantFrom(' ', ' OR '), (items, joint) => {
        expect(fits(`-(${items.join(joint)})`)).toBe(!fits(items.join(joint)));
      }),
    );
  });
});
