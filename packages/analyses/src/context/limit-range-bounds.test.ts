import { quantityToNumber, World } from '@bulwark/core';
import { resourcesOf } from '@bulwark/testkit';
import { describe, expect, it } from 'vitest';
import { limitRangeBounds } from './limit-range-bounds.ts';

const range = (name: string, item: string) =>
  `{apiVersion: v1, kind: LimitRange, metadata: {name: ${name}, namespace: shop}, spec: {limits: [${item}]}}`;

describe('limit range bounds', () => {
  const bounds = (...ranges: readonly string[]) => {
    const found = World.of(resourcesOf(ranges.join('\n---\n')))
      .world.get(limitRangeBounds)
      .of('shop');
    const memory = (field: 'min' | 'max' | 'ratio') => {
      const amount = found?.[field].get('memory');
      return amount && quantityToNumber(amount);
    };
    return [memory('min'), memory('max'), memory('ratio')];
  };

  it.each([
    ['none', ['{}'], [undefined, undefined, undefined]],
    [
      'one item',
      [
        range(
          'a',
          '{type: Container, min: {memory: 1}, max: {memory: 9}, maxLimitRequestRatio: {memory: 1.5}}',
        ),
      ],
      [1, 9, 1.5],
    ],
    [
      'the tightest of several',
      [
        range(
          'a',
          '{type: Container, min: {memory: 1}, max: {memory: 9}}, {type: Container, min: {memory: 2}}',
        ),
        range('b', '{type: Container, max: {memory: 8}, maxLimitRequestRatio: {memory: 2}}'),
        range(
          'c',
          '{type: Container, min: {memory: 1}, max: {memory: 10}, maxLimitRequestRatio: {memory: 3}}',
        ),
      ],
      [2, 8, 2],
    ],
    ['nothing for pods', [range('a', '{type: Pod, max: {memory: 9}}')], [undefined, undefined, undefined]],
    [
      'nothing that is no amount',
      [range('a', '{type: Container, max: {memory: lots}, min: [1]}')],
      [undefined, undefined, undefined],
    ],
  ])('of a namespace with %s', (_name, ranges, expected) => {
    expect(bounds(...ranges)).toEqual(expected);
  });
});
