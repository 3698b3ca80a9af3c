import { resourcesOf } from '@bulwark/testkit';
import { describe, expect, it } from 'vitest';
import { type Control, configureControl, containers, defineControl, placeholdersOf } from './control.ts';
import { Engine } from './engine.ts';
import type { Json } from './json.ts';
import {
  amountsParam,
  integerParam,
  kindsParam,
  type Param,
  pathParam,
  patternParam,
  quantityParam,
  textParam,
  textsParam,
  whyNotParam,
  whyNotRange,
} from './param.ts';
import { Plan } from './plan.ts';

describe('a value', () => {
  it.each<{ param: Param; value: Json; reason: RegExp | undefined }>([
    { param: integerParam('x', { minimum: 2 }), value: 2, reason: undefined },
    { param: integerParam('x', { minimum: 2 }), value: 1, reason: /^must be at least 2$/ },
    { param: integerParam('x'), value: 1.5, reason: /^must be a whole number, not 1.5$/ },
    { param: integerParam('x'), value: '2', reason: /whole number, not "2"/ },
    { param: textsParam('x', { minimum: 1 }), value: [], reason: /at least 1 items$/ },
    { param: textsParam('x'), value: ['a', 1], reason: /a list of texts/ },
    { param: patternParam('x'), value: '^a(', reason: /a regular expression/ },
    { param: patternParam('x'), value: '^a', reason: undefined },
    { param: patternParam('x'), value: 1, reason: /^must be a regular expression, not 1$/ },
    { param: patternParam('x'), value: '(?=a)', reason: /^must be a regular expression: it looks around/ },
    { param: pathParam('x'), value: 'spec.containers[*].image', reason: undefined },
    { param: pathParam('x'), value: 'spec..a', reason: /^must be a path of fields: a key is missing here/ },
    { param: pathParam('x'), value: 1, reason: /^must be a path of fields such as spec.replicas, not 1$/ },
    { param: quantityParam('x'), value: '1.5Gi', reason: undefined },
    { param: quantityParam('x'), value: null, reason: undefined },
    { param: quantityParam('x'), value: '1 GB', reason: /^must be an amount .*, not "1 GB"$/ },
    { param: amountsParam('x'), value: { cpu: 2, memory: '1Gi' }, reason: undefined },
    { param: amountsParam('x'), value: {}, reason: /^must be amounts by name/ },
    { param: amountsParam('x'), value: { memory: 'lots' }, reason: /, not {"memory":"lots"}$/ },
    { param: amountsParam('x'), value: ['1Gi'], reason: /^must be amounts by name/ },
    { param: kindsParam('x'), value: ['*', 'workload', 'Pod', 'apps/Deployment'], reason: undefined },
    { param: kindsParam('x'), value: ['deployments'], reason: /^must be a list of kinds/ },
    { param: kindsParam('x'), value: [], reason: /at least 1 items$/ },
    { param: textParam('x', { choices: ['a', 'b'] }), value: 'b', reason: undefined },
    { param: textParam('x', { choices: ['a', 'b'] }), value: 'c', reason: /^must be one of a, b, not "c"$/ },
    {
      param: textsParam('x', { choices: ['a', 'b'] }),
      value: ['a', 'c'],
      reason: /^must be of a, b, not "c"$/,
    },
  ])('$value for a parameter that is $param.type', ({ param, value, reason }) => {
    if (reason === undefined) expect(whyNotParam(param, value)).toBeUndefined();
    else expect(whyNotParam(param, value)).toMatch(reason);
  });
});

describe('the ends of a range', () => {
  it.each<[string | number | null, string | number | null, boolean]>([
    [1, 1, true],
    ['100m', 1, true],
    [null, 1, true],
    [1, null, true],
    [null, null, true],
    ['2Ki', 2047, false],
    [80, 10, false],
  ])('from %s to %s: %s', (minimum, maximum, isRight) => {
    expect(whyNotRange({ minimum, maximum })).toEqual(
      isRight
        ? undefined
        : { param: 'maximum', reason: `must not be below the minimum, which is ${minimum}` },
    );
  });
});

const NAMED = defineControl({
  id: 'named',
  aliases: ['old-name'],
  title: 'Containers must have a short name',
  problem: 'have a long name',
  message: 'The name of {container} is long.',
  severity: 'low',
  profile: 'opt-in',
  since: '0.1.0',
  rationale: 'Because.',
  remediation: 'Shorten it.',
  references: [],
  attack: [],
  params: { longest: integerParam('The most characters.') },
  appliesTo: containers,
  looks: 'object',
  reads: [],
  *evaluate({ container, params, at }) {
    if (container.name.length > params.longest) yield at('name');
  },
});

describe('a control with a parameter', () => {
  const [pod] = resourcesOf(
    '{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {containers: [{name: app, image: x}]}}',
  );
  const judge = (control: Control) => {
    if (pod === undefined) throw new Error('no pod');
    return new Engine(new Plan([control]), { minor: 37, text: '1.37' }).outcome(control, pod);
  };

  it('is not checked until a parameter that only a team can know is set', () => {
    expect(judge(NAMED)).toMatchObject({
      verdict: 'not-checked',
      reason: 'The parameter longest of named is not set.',
    });
  });

  it('judges by what the configuration sets', () => {
    const verdicts = [2, 3].map((longest) => judge(configureControl(NAMED, { values: { longest } })).verdict);

    expect(verdicts).toEqual(['fail', 'pass']);
  });

  it('is not checked with values that do not go together', () => {
    const ranged = {
      ...NAMED,
      params: { minimum: integerParam('x', { default: 1 }), maximum: integerParam('x', { default: 9 }) },
      refuses: whyNotRange,
    };

    expect(judge(configureControl(ranged, { values: { minimum: 10 } }))).toMatchObject({
      verdict: 'not-checked',
      reason: 'The parameter maximum of named must not be below the minimum, which is 10.',
    });
    expect(judge(ranged).verdict).not.toBe('not-checked');
  });

  it('has a message with names to fill in', () => {
    expect(placeholdersOf(NAMED)).toEqual(['container', 'resource']);
    expect(placeholdersOf({ message: '{a} {b-c} { d } {a} {resource}' })).toEqual([
      'a',
      'resource',
      'container',
    ]);
  });

  it('becomes a control of its own under another id, without the aliases', () => {
    const own = configureControl(NAMED, { id: 'our-names', severity: 'high', values: { longest: 2 } });

    expect(own).toMatchObject({ id: 'our-names', severity: 'high', aliases: [], title: NAMED.title });
    expect(NAMED).not.toHaveProperty('values');
  });
});
