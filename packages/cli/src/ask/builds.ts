import { counted } from '@bulwark/formats';
import { defineList } from './asked-list.ts';
import { ageOf, countsText, details, sourceOf, tailOf } from './words.ts';

/** `bulwark builds`: what `scan --record` has told the hub. */
export const builds = defineList({
  name: 'builds',
  plural: 'builds',
  none: 'No build is recorded; bulwark scan --record tells of one.',
  hasPages: true,
  route: 'listBuildRecords',
  entries: (item, { now }) => [
    {
      ...(item.verdict === 'passed'
        ? { label: 'PASSED', style: 'faint' as const }
        : { label: 'FAILED', style: 'high' as const }),
      whole: sourceOf(item),
      text: `(${details(item.ref, item.author, item.system === 'other' ? '' : item.system, `${ageOf(item.received, now)} ago`)})`,
      ...tailOf(countsText(item.findings)),
    },
    {
      text: details(
        counted(item.objects, 'object'),
        `${counted(item.images, 'image')} by digest`,
        `against ${counted(item.controls, 'control')}`,
        item.failOn === 'never' ? 'passes whatever it finds' : `fails from ${item.failOn} on`,
        item.run,
      ),
    },
  ],
});
